/**
 * A leader epoch of a partition belongs to one broker: the one that the controller elected in it. (Two leaders at the same time, of
 * different epochs, are normal.) Where the controller lost part of its metadata log with its power (an fsync was under way, or had
 * failed, or its disk had lied), it hands out again what it has forgotten, and brokers go on with what they were shown: from there
 * only its own elections are held to the promise.
 */
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

export const oneLeaderPerEpoch = {
  name: 'one-leader-per-epoch',
  promise: 'a leader epoch belongs to one broker; voided for brokers once the controller lost metadata with its power',
  source: 'PartitionChangeBuilder, ClusterControlManager; KAFKA-18106',
  watch(scene: Scene) {
    /** By partition, then by epoch: broker id plus 1, 0 for none yet. */
    const owners: number[][] = Array.from({ length: scene.partitions }, () => []);
    /** By partition: {@link Scene.metadataLosses} at its last election. */
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
    return {
      memory: { leaders: owners, others: [lossesSeen] },
      elected: (partition, broker, epoch) => {
        if (lossesSeen[partition] !== scene.metadataLosses) {
          // The first election since: the controller has forgotten those from its epoch on.
          lossesSeen[partition] = scene.metadataLosses;
          const owned = owners[partition]!;
          if (epoch < owned.length) owned.length = Math.max(0, epoch);
        }
        if (broker >= 0 && epoch >= 0) claim(-1, partition, epoch, broker);
      },
      led: (host, partition, epoch) => {
        if (epoch >= 0 && scene.metadataLosses === 0) claim(host, partition, epoch, scene.layout.brokerOfHost[host]!);
      },
    };
  },
} satisfies Invariant;
