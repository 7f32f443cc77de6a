/**
 * Along a log the leader epochs of its batches never fall, its offsets have no gaps between batches, and no batch is of an epoch
 * that the replica has not heard of (KAFKA-18723); of that brokers knew nothing whose fetches do not tell where logs diverge.
 */
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

export const epochsMonotonic = {
  name: 'epochs-monotonic',
  promise: 'along a log leader epochs never fall, offsets follow one another, and no epoch is unheard of',
  source: 'LeaderEpochFileCache; KAFKA-18723',
  watch(scene: Scene) {
    const { partitions, layout } = scene;
    const refusesLater = (layout.truncation ?? 'kip-595') === 'kip-595';
    /** By host and partition: epoch and end of the batch appended last, end -1 when the log was cut or loaded since. */
    const lastEpochs = cells(scene.hosts * partitions, 0);
    const lastEnds = cells(scene.hosts * partitions, -1);
    return {
      memory: { byHost: [lastEpochs, lastEnds] },
      cut: (host, partition) => {
        lastEnds[host * partitions + partition] = -1;
      },
      appended: (host, partition, replica, batch) => {
        const at = host * partitions + partition;
        const epoch = batch.partitionLeaderEpoch;
        const offset = batch.baseOffset;
        let endBefore = lastEnds[at]!;
        let epochBefore = lastEpochs[at]!;
        if (endBefore < 0) {
          const before = offset > replica.logStartOffset ? replica.batchAt(offset - 1) : null;
          endBefore = before === null ? replica.logStartOffset : before.endOffset;
          epochBefore = before === null ? epoch : before.partitionLeaderEpoch;
        }
        if (epochBefore > epoch || endBefore !== offset) {
          scene.breach('epochs-monotonic', host, partition, { offset, epoch, epochBefore, endBefore });
        } else if (refusesLater && epoch > replica.leaderEpoch) {
          scene.breach('epochs-monotonic', host, partition, { offset, epoch, leaderEpoch: replica.leaderEpoch });
        }
        lastEpochs[at] = epoch;
        lastEnds[at] = batch.endOffset;
      },
    };
  },
} satisfies Invariant;
