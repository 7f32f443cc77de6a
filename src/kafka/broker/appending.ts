/**
 * Writing to a log as its leader: what a produce request and a coordinator's own record have in common. The leader appends to its page
 * cache; the answer follows at once (acks=1), not at all (acks=0), or when the high watermark has passed the batch (acks=all).
 * Source: ReplicaManager.appendRecords, Partition.appendRecordsToLeader.
 */
import { appendBatch } from '../log/partition-log.ts';
import { checkSequence, expectedSequence } from '../log/producer-state.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { type BrokerContext, effectiveMinIsr, partitionNamed, whyAbsent } from './context.ts';
import { flushAfterAppend } from './flush.ts';
import { maybeAdvanceHighWatermark } from './high-watermark.ts';
import { answerProduce, completeFetches, park, tryCompleteProduce } from './purgatory.ts';
import { segmentRolled } from './retention.ts';
import type { DelayedProduce, DelayedProducePart, Partition } from './state.ts';

/** There is more in the log: the high watermark may move (an ISR of one), and fetches may find what they wait for. */
export function announceAppend(b: BrokerContext, p: Partition): void {
  maybeAdvanceHighWatermark(b, p);
  completeFetches(b, p);
}

/**
 * What follows once every part of an operation was appended or refused: it is answered or parked, and the appends are announced.
 * `announced`: the partitions whose appends are over, that is without those that are still being flushed.
 */
export function afterAppend(b: BrokerContext, operation: DelayedProduce, appended: boolean, announced: Partition[] | null): void {
  const { parts } = operation;
  if (operation.fsyncsAwaited === 0 && (operation.acks !== -1 || !appended)) {
    answerProduce(b, operation);
  } else {
    // Before it can be completed by anything, so that nothing is missed.
    for (let i = 0; i < parts.length; i++) if (parts[i]!.waiting) parts[i]!.partition!.delayedProduce.push(operation);
  }
  if (announced !== null) for (let i = 0; i < announced.length; i++) announceAppend(b, announced[i]!);
  if (!operation.done && !tryCompleteProduce(b, operation)) park(b, operation);
}

/** Appends a batch, or says why not. */
export function appendToLeader(
  b: BrokerContext,
  operation: DelayedProduce,
  acks: -1 | 0 | 1,
  topic: string,
  index: number,
  batch: RecordBatch,
): DelayedProducePart {
  const p = partitionNamed(b, topic, index);
  if (p === undefined) return refused(null, topic, index, whyAbsent(b, topic, index));
  if (p.role !== 'leader') return refuse(b, p, ErrorCode.notLeaderOrFollower);
  if (acks === -1 && p.isr.length < effectiveMinIsr(p)) return refuse(b, p, ErrorCode.notEnoughReplicas);
  if (batch.sizeBytes > p.config.maxMessageBytes) return refuse(b, p, ErrorCode.messageTooLarge);
  if (batch.sizeBytes > p.config.segmentBytes) return refuse(b, p, ErrorCode.recordListTooLarge);
  const log = p.log;
  if (batch.producerId >= 0) {
    const known = b.rules.duplicateOf(log.producers, batch);
    if (known !== null) {
      b.out.note('duplicate-batch', p.topicId, p.index, known.baseOffset, batch.baseSequence);
      return accepted(p, acks, known.endOffset, known.baseOffset);
    }
    const errorCode = checkSequence(log.producers, batch);
    if (errorCode !== ErrorCode.none) {
      b.out.note(
        'out-of-order-sequence',
        p.topicId,
        p.index,
        expectedSequence(log.producers, batch.producerId),
        batch.baseSequence,
      );
      return refuse(b, p, errorCode);
    }
  }
  const stamped = batch.stamped(log.logEndOffset, p.leaderEpoch);
  const rolled = appendBatch(log, stamped, p.config.segmentBytes, b.state.files, b.out, p.config.segmentMs);
  b.out.note('batch-appended', p.topicId, p.index, stamped.baseOffset, stamped.records.length);
  if (rolled) segmentRolled(b, p);
  if (flushAfterAppend(b, p, operation)) operation.fsyncsAwaited++;
  return accepted(p, acks, stamped.endOffset, stamped.baseOffset);
}

function accepted(p: Partition, acks: -1 | 0 | 1, requiredOffset: number, baseOffset: number): DelayedProducePart {
  return {
    name: p.topic,
    partition: p,
    index: p.index,
    leaderEpoch: p.leaderEpoch,
    requiredOffset,
    baseOffset,
    waiting: acks === -1,
    errorCode: ErrorCode.none,
  };
}

function refuse(b: BrokerContext, p: Partition, errorCode: number): DelayedProducePart {
  b.out.note('produce-refused', p.topicId, p.index, errorCode, p.isr.length);
  return refused(p, p.topic, p.index, errorCode);
}

function refused(partition: Partition | null, name: string, index: number, errorCode: number): DelayedProducePart {
  return { name, partition, index, leaderEpoch: -1, requiredOffset: -1, baseOffset: -1, waiting: false, errorCode };
}
