/**
 * Requests that wait: produce requests for the high watermark (or an fsync), fetches for data. Source: DelayedProduce.scala,
 * DelayedFetch.scala, DelayedOperationPurgatory.java.
 *
 * A delayed produce is answered when each of its partitions is satisfied:
 *   A. the broker no longer leads the partition: NOT_LEADER_OR_FOLLOWER;
 *   B. the high watermark has reached the required offset and the ISR still has min.insync.replicas members: success;
 *   C. the same, but the ISR has shrunk below it in between: NOT_ENOUGH_REPLICAS_AFTER_APPEND;
 *   D. its time is over: REQUEST_TIMED_OUT, and what was appended stays appended.
 */
import { shorten } from '../../base/lists.ts';
import type { Micros } from '../../base/units.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { PartitionProduceResponse, ProduceResponse } from '../protocol/messages.ts';
import { type BrokerContext, effectiveMinIsr } from './context.ts';
import { looksUntilEnough, readAll } from './reading.ts';
import { BrokerTimer, type DelayedFetch, type DelayedProduce, type DelayedProducePart, type Partition } from './state.ts';

/** Parks an operation until it is completed or its deadline comes. */
export function park(b: BrokerContext, operation: DelayedProduce | DelayedFetch): void {
  b.state.delayed.push(operation);
  armPurgatory(b, operation.deadlineUs);
}

function armPurgatory(b: BrokerContext, deadlineUs: Micros): void {
  const armed = b.state.purgatoryArmedUs;
  if (armed >= 0 && armed <= deadlineUs) return;
  b.state.purgatoryArmedUs = deadlineUs;
  b.out.setTimer(BrokerTimer.purgatory, Math.max(0, deadlineUs - b.step.monotonicUs));
}

/** Shared; never pushed to. */
const nothingDue: (DelayedProduce | DelayedFetch)[] = [];

/** The purgatory's timer: expires what is due and waits for the next deadline. */
export function onPurgatoryTimer(b: BrokerContext): void {
  const state = b.state;
  state.purgatoryArmedUs = -1;
  const nowUs = b.step.monotonicUs;
  const { delayed } = state;
  let due: (DelayedProduce | DelayedFetch)[] = nothingDue;
  let kept = 0;
  let next = -1;
  for (let i = 0; i < delayed.length; i++) {
    const operation = delayed[i]!;
    if (operation.done) continue;
    if (operation.deadlineUs <= nowUs) {
      if (due.length === 0) due = [operation];
      else due.push(operation);
      continue;
    }
    delayed[kept++] = operation;
    if (next < 0 || operation.deadlineUs < next) next = operation.deadlineUs;
  }
  shorten(delayed, kept);
  for (const operation of due) {
    if (operation.done) continue;
    if ('parts' in operation) expireProduce(b, operation);
    else answerFetch(b, operation);
  }
  if (next >= 0) armPurgatory(b, next);
}

function expireProduce(b: BrokerContext, operation: DelayedProduce): void {
  for (const part of operation.parts) {
    if (!part.waiting) continue;
    part.waiting = false;
    part.errorCode = ErrorCode.requestTimedOut;
    const p = part.partition!;
    b.out.note('produce-timed-out', p.topicId, p.index, part.requiredOffset, p.log.highWatermark);
  }
  // An append that still waits for its fsync blocks the thread that would answer.
  if (operation.fsyncsAwaited === 0) answerProduce(b, operation);
}

/** One of the fsyncs that a produce request waits for is done. */
export function produceFlushed(b: BrokerContext, operation: DelayedProduce): void {
  operation.fsyncsAwaited--;
  tryCompleteProduce(b, operation);
}

/** Looks whether a delayed produce can be answered now, and answers it. */
export function tryCompleteProduce(b: BrokerContext, operation: DelayedProduce): boolean {
  if (operation.done) return true;
  // The append itself is not over: nothing is looked at before (DelayedProduce is made after it).
  if (operation.fsyncsAwaited > 0) return false;
  let waiting = false;
  const { parts } = operation;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (!part.waiting) continue;
    if (!settlePart(b, part)) waiting = true;
  }
  if (waiting) return false;
  answerProduce(b, operation);
  return true;
}

function settlePart(b: BrokerContext, part: DelayedProducePart): boolean {
  const p = part.partition!;
  if (p.role !== 'leader' || p.leaderEpoch !== part.leaderEpoch) {
    part.errorCode = ErrorCode.notLeaderOrFollower;
  } else if (p.log.highWatermark >= b.rules.requiredHighWatermark(part.requiredOffset)) {
    const size = p.pendingIsr !== null && p.pendingIsr.kind === 'expand' ? p.pendingIsr.isr.length : p.isr.length;
    if (size < effectiveMinIsr(p)) {
      part.errorCode = ErrorCode.notEnoughReplicasAfterAppend;
      b.out.note('produce-refused', p.topicId, p.index, part.errorCode, size);
    }
  } else return false;
  part.waiting = false;
  return true;
}

/**
 * Sends the response of a produce request. With acks=0 there is none: an error closes the connection instead. What the group
 * coordinator wrote is laid out for it instead.
 */
export function answerProduce(b: BrokerContext, operation: DelayedProduce): void {
  operation.done = true;
  if (operation.group !== null) {
    operation.group.errorCode = operation.parts[0]!.errorCode;
    operation.group.baseOffset = operation.parts[0]!.baseOffset;
    b.state.groups.completed.push(operation.group);
    return;
  }
  if (operation.acks === 0) {
    if (operation.parts.some((part) => part.errorCode !== ErrorCode.none)) b.out.close(operation.connection);
    else b.out.reply(operation.connection, operation.correlationId, null);
    return;
  }
  let responses: { name: string; partitionResponses: PartitionProduceResponse[] }[] | null = null;
  const { parts } = operation;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const p = part.partition;
    if (p !== null && part.errorCode === ErrorCode.none) {
      b.out.note('produce-acknowledged', p.topicId, p.index, part.requiredOffset, operation.acks);
    }
    const moved = part.errorCode === ErrorCode.notLeaderOrFollower && p !== null;
    const answer: PartitionProduceResponse = {
      index: part.index,
      errorCode: part.errorCode,
      baseOffset: part.errorCode === ErrorCode.none ? part.baseOffset : -1,
      logStartOffset: p === null ? -1 : p.log.logStartOffset,
      currentLeader: moved ? p.leader : -1,
      currentLeaderEpoch: moved ? p.leaderEpoch : -1,
    };
    const last = responses?.[responses.length - 1];
    if (responses === null) responses = [{ name: part.name, partitionResponses: [answer] }];
    else if (last!.name === part.name) last!.partitionResponses.push(answer);
    else responses.push({ name: part.name, partitionResponses: [answer] });
  }
  const body: ProduceResponse = { api: 0, responses: responses ?? [] };
  b.out.reply(operation.connection, operation.correlationId, body);
}

/** The high watermark of a partition moved, or its leadership or ISR changed. */
export function completeProduces(b: BrokerContext, p: Partition): void {
  const waiting = p.delayedProduce;
  if (waiting.length === 0) return;
  let kept = 0;
  for (let i = 0; i < waiting.length; i++) {
    const operation = waiting[i]!;
    if (!tryCompleteProduce(b, operation)) waiting[kept++] = operation;
  }
  shorten(waiting, kept);
}

/** There may be more to read: answers the parked fetches of a partition that now find enough. */
export function completeFetches(b: BrokerContext, p: Partition): void {
  const waiting = p.delayedFetch;
  let kept = 0;
  for (let i = 0; i < waiting.length; i++) {
    const operation = waiting[i]!;
    if (!operation.done && !answerFetch(b, operation)) waiting[kept++] = operation;
  }
  shorten(waiting, kept);
}

/**
 * Looks again for a parked fetch. Answers it when it finds enough, an error, or its time is over; returns whether it did. What the
 * leader knows of a follower was updated when the fetch arrived and is not touched again.
 */
function answerFetch(b: BrokerContext, operation: DelayedFetch): boolean {
  const due = operation.deadlineUs <= b.step.monotonicUs;
  const looked = due ? 0 : looksUntilEnough(b, operation);
  if (looked === 0 && !due) return false;
  operation.done = true;
  b.out.reply(operation.connection, operation.correlationId, readAll(b, operation, looked));
  return true;
}
