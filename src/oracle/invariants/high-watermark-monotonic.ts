/**
 * Within one leadership (a leader epoch, on one process) the high watermark never goes back. Followers may go back, and so may
 * a leader that was elected again or whose process began anew (its high watermark comes from a checkpoint).
 */
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

export const highWatermarkMonotonic = {
  name: 'high-watermark-monotonic',
  promise: 'within one leadership the high watermark never goes back',
  source: 'Partition.maybeIncrementLeaderHW',
  watch(scene: Scene) {
    const { partitions } = scene;
    /** Leader epoch last seen by host and partition, -1 for "not leading". */
    const epochs = cells(scene.hosts * partitions, -1);
    const marks = cells(scene.hosts * partitions, 0);
    return {
      memory: { byHost: [epochs, marks] },
      restarted: (host) => {
        epochs.fill(-1, host * partitions, (host + 1) * partitions);
      },
      changed: (host, partition, replica) => {
        const at = host * partitions + partition;
        if (!replica.isLeader) {
          epochs[at] = -1;
          return;
        }
        const highWatermark = replica.highWatermark;
        const epoch = replica.leaderEpoch;
        if (epochs[at] === epoch && highWatermark < marks[at]!) {
          scene.breach('high-watermark-monotonic', host, partition, { epoch, from: marks[at]!, to: highWatermark });
        }
        epochs[at] = epoch;
        marks[at] = highWatermark;
      },
    };
  },
} satisfies Invariant;
