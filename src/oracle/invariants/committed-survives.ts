/**
 * A cleanly elected leader has everything that legitimate leaders before it exposed below their high watermarks; and a deposed
 * leader that has not heard of its successor exposes no more than that successor began with, or had held and lost with its power.
 * Voided by an unclean election, and by the election of a replica that had lost data with its power and not caught up since (a torn
 * tail and an fsync that lied show as such a loss), or once a leader forgot a proposal that the controller took (see
 * `electable-is-complete`): from there a new lineage counts.
 */
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

const name = 'committed-survives';

export const committedSurvives = {
  name,
  promise: 'a cleanly elected leader has all that was committed; voided by unclean elections and by data lost with power',
  source: 'Vanlightly, kafka-tlaplus; PartitionChangeBuilder, KIP-966',
  watch(scene: Scene) {
    /** The newest epoch that has led, and where its log began to be its own, by partition. */
    const newestEpoch = cells(scene.partitions, -1);
    const newestStart = cells(scene.partitions, 0);
    /** The same, with what that leader had held and lost with its power: its predecessor may still count on it. */
    const newestReach = cells(scene.partitions, 0);
    return {
      memory: { others: [newestEpoch, newestStart, newestReach] },
      led: (host, partition, epoch, endOffset) => {
        // A broker that started again may go through leaderships of its past; they are not elections.
        if (epoch < scene.lineageEpoch[partition]! || epoch < newestEpoch[partition]!) return;
        const committed = scene.committedEnd[partition]!;
        const unclean = scene.isUnclean(partition, newestEpoch[partition]!, epoch);
        const excused = scene.isDamaged(host, partition) || scene.droppedIn[partition]! >= 0;
        if (unclean || (endOffset < committed && excused)) {
          scene.lineageEpoch[partition] = epoch;
          // What an unclean leader commits is told by its own high watermark from here on.
          scene.committedEnd[partition] = unclean
            ? Math.min(committed, scene.replica(host, partition)?.highWatermark ?? 0)
            : endOffset;
        } else if (endOffset < committed) {
          scene.breach(name, host, partition, { epoch, endOffset, committed });
        }
        newestEpoch[partition] = epoch;
        newestStart[partition] = endOffset;
        newestReach[partition] = scene.reachOf(host, partition, endOffset);
      },
      advanced: (host, partition, replica, highWatermark) => {
        const epoch = replica.leaderEpoch;
        if (epoch < scene.lineageEpoch[partition]!) return;
        let committed = highWatermark;
        if (epoch < newestEpoch[partition]!) {
          const successorStart = newestStart[partition]!;
          if (highWatermark > newestReach[partition]!)
            scene.breach(name, host, partition, { epoch, highWatermark, successorStart });
          committed = Math.min(highWatermark, successorStart);
        }
        if (committed > scene.committedEnd[partition]!) scene.committedEnd[partition] = committed;
      },
    };
  },
} satisfies Invariant;
