/**
 * DeleteRecords: the leader raises its log start offset, and answers when no living replica's log starts below. Source:
 * ReplicaManager.deleteRecords, Partition.deleteRecordsOnLeader, DelayedDeleteRecords.scala.
 */
import { shorten } from '../../../base/lists.ts';
import type { Offset } from '../../../base/units.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { LogStartReason } from '../../notes.ts';
import { offsetsTopic } from '../../protocol/coordinator-records.ts';
import { type DeleteRecordsRequest, toHighWatermark } from '../../protocol/delete-records-messages.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { type BrokerContext, partitionNamed, registeredBroker } from '../context.ts';
import { deletesOldRecords, raiseLogStart } from '../retention.ts';
import { BrokerTimer, type DelayedDeleteRecords, type DeleteRecordsPart, type Partition } from '../state.ts';

/** A request of the operator's client arrives. */
export function handleDeleteRecords(
  b: BrokerContext,
  connection: ConnectionId,
  { correlationId }: RequestHeader,
  { topics, timeoutMs }: DeleteRecordsRequest,
): void {
  const parts = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, offset }) => deleteRecords(b, name, partitionIndex, offset)),
  );
  const operation = { connection, correlationId, deadlineUs: b.step.monotonicUs + timeoutMs * 1000, parts };
  if (isDone(b, operation)) {
    answer(b, operation);
    return;
  }
  b.state.delayedDeleteRecords.push(operation);
  armDeleteRecords(b);
}

function deleteRecords(b: BrokerContext, name: string, partitionIndex: number, offset: Offset): DeleteRecordsPart {
  const refused = (errorCode: number): DeleteRecordsPart => ({
    name,
    partitionIndex,
    partition: null,
    requestedOffset: -1,
    errorCode,
  });
  if (name === offsetsTopic) return refused(ErrorCode.invalidTopic);
  const p = partitionNamed(b, name, partitionIndex);
  if (p === undefined) return refused(ErrorCode.unknownTopicOrPartition);
  if (p.role !== 'leader') return refused(ErrorCode.notLeaderOrFollower);
  if (!deletesOldRecords(p)) return refused(ErrorCode.policyViolation);
  const requestedOffset = offset === toHighWatermark ? p.log.highWatermark : offset;
  if (requestedOffset < 0 || requestedOffset > p.log.highWatermark) return refused(ErrorCode.offsetOutOfRange);
  raiseLogStart(b, p, requestedOffset, LogStartReason.deletedRecords);
  return { name, partitionIndex, partition: p, requestedOffset, errorCode: ErrorCode.none };
}

/** The lowest start of a log among the leader and the followers whose brokers live. Source: Partition.lowWatermarkIfLeader. */
function lowWatermark(b: BrokerContext, p: Partition): Offset {
  let low = p.log.logStartOffset;
  for (const { brokerId, logStartOffset } of p.remotes) {
    const broker = registeredBroker(b, brokerId);
    if (broker !== undefined && !broker.fenced && logStartOffset < low) low = logStartOffset;
  }
  return low;
}

function isReached(b: BrokerContext, { partition, requestedOffset }: DeleteRecordsPart): boolean {
  return partition === null || (partition.role === 'leader' && lowWatermark(b, partition) >= requestedOffset);
}

function isDone(b: BrokerContext, { parts }: DelayedDeleteRecords): boolean {
  return parts.every((part) => isReached(b, part));
}

function answer(b: BrokerContext, { connection, correlationId, parts }: DelayedDeleteRecords): void {
  const topics = parts.map((part) => {
    const { name, partition: p, partitionIndex } = part;
    const ended = p !== null && p.role !== 'leader' ? ErrorCode.notLeaderOrFollower : ErrorCode.requestTimedOut;
    const errorCode = isReached(b, part) ? part.errorCode : ended;
    const low = p === null || errorCode !== ErrorCode.none ? -1 : lowWatermark(b, p);
    return { name, partitions: [{ partitionIndex, lowWatermark: low, errorCode }] };
  });
  b.out.reply(connection, correlationId, { api: 21, topics });
}

/** A follower told where its log starts: answers what waited for it, and what has waited for too long. */
export function completeDeleteRecords(b: BrokerContext): void {
  const waiting = b.state.delayedDeleteRecords;
  let kept = 0;
  for (const operation of waiting) {
    if (operation.deadlineUs <= b.step.monotonicUs || isDone(b, operation)) answer(b, operation);
    else waiting[kept++] = operation;
  }
  shorten(waiting, kept);
}

/** The timer of the earliest deadline. */
export function onDeleteRecordsTimer(b: BrokerContext): void {
  completeDeleteRecords(b);
  armDeleteRecords(b);
}

function armDeleteRecords(b: BrokerContext): void {
  const waiting = b.state.delayedDeleteRecords;
  if (waiting.length === 0) return;
  const earliestUs = Math.min(...waiting.map(({ deadlineUs }) => deadlineUs));
  b.out.setTimer(BrokerTimer.deleteRecords, earliestUs - b.step.monotonicUs);
}
