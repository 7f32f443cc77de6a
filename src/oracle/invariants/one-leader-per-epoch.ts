/**
 * A leader epoch of a partition belongs to one broker: the one that the controller elected in it. (Two leaders at the same time, of
 * different epochs, are normal.) Voided where the controller lost power and the election with it: because the fsync was still under
 * way, or because its disk had lied or failed an fsync. The epoch is then handed out again, and a broker that was shown the first
 * election may lead in it beside the second.
 */
import type { Invariant } from './invariant.ts';
import { cells } from './scene.ts';

export const oneLeaderPerEpoch: Invariant = {
  name: 'one-leader-per-epoch',
  promise: 'a leader epoch belongs to one broker; voided for elections that the controller lost with its power',
  source: 'PartitionChangeBuilder, ClusterControlManager; KAFKA-18106',
  watch(scene) {
    /** By partition, then by epoch: broker id plus 1, 0 for none yet. */
    const owners: number[][] = Array.from({ length: scene.partitions }, () => []);
    /** By partition: the epochs that were handed out again, `from` inclusive, `to` exclusive; and the losses looked at so far. */
    const voidFrom = cells(scene.partitions, 0);
    const voidTo = cells(scene.partitions, 0);
    const lossesSeen = cells(scene.partitions, 0);
    const claim = (host: number, partition: number, epoch: number, broker: number): void => {
      const owned = owners[partition]!;
      while (owned.length <= epoch) owned.push(0);
      const owner = owned[epoch]!;
      if (owner === 0) owned[epoch] = broker + 1;
      else if (owner !== broker + 1) {
        scene.breach('one-leader-per-epoch', host, partition, { epoch, broker, other: owner - 1 });
      }
    };
    /** The first election since the metadata log was cut: from its epoch on, what was handed out before counts for nothing. */
    const wentBack = (partition: number, epoch: number): void => {
      lossesSeen[partition] = scene.metadataLosses;
      const owned = owners[partition]!;
      if (epoch >= owned.length) return;
      voidFrom[partition] = voidTo[partition]! > voidFrom[partition]! ? Math.min(voidFrom[partition]!, epoch) : epoch;
      voidTo[partition] = Math.max(voidTo[partition]!, owned.length);
      owned.length = epoch;
    };
    return {
      elected: (partition, broker, epoch) => {
        if (lossesSeen[partition] !== scene.metadataLosses) wentBack(partition, epoch);
        if (broker >= 0 && epoch >= 0) claim(-1, partition, epoch, broker);
      },
      led: (host, partition, epoch) => {
        if (epoch >= voidFrom[partition]! && epoch < voidTo[partition]!) return;
        if (epoch >= 0) claim(host, partition, epoch, scene.layout.brokerOfHost[host]!);
      },
    };
  },
};
