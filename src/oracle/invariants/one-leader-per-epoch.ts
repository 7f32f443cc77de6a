/**
 * A leader epoch of a partition belongs to one broker: the one that the controller elected in it. Voided by nothing. (Two leaders
 * at the same time, of different epochs, are normal.)
 */
import type { Invariant } from './invariant.ts';

export const oneLeaderPerEpoch: Invariant = {
  name: 'one-leader-per-epoch',
  promise: 'a leader epoch belongs to one broker',
  source: 'PartitionChangeBuilder, ClusterControlManager; KAFKA-18106',
  watch(scene) {
    /** By partition, then by epoch: broker id plus 1, 0 for none yet. */
    const owners: number[][] = Array.from({ length: scene.partitions }, () => []);
    const claim = (host: number, partition: number, epoch: number, broker: number): void => {
      const owned = owners[partition]!;
      while (owned.length <= epoch) owned.push(0);
      const owner = owned[epoch]!;
      if (owner === 0) owned[epoch] = broker + 1;
      else if (owner !== broker + 1) {
        scene.breach('one-leader-per-epoch', host, partition, { epoch, broker, other: owner - 1 });
      }
    };
    return {
      elected: (partition, broker, epoch) => {
        if (broker >= 0 && epoch >= 0) claim(-1, partition, epoch, broker);
      },
      led: (host, partition, epoch) => {
        if (epoch >= 0) claim(host, partition, epoch, scene.layout.brokerOfHost[host]!);
      },
    };
  },
};
