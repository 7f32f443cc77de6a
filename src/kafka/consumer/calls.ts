/**
 * What the application's calls do. Source: ClassicKafkaConsumer.java (poll, pollForFetches, commitSync, commitAsync, close),
 * ConsumerCoordinator.java (poll, close).
 *
 * A call that has to wait is looked at again with every input, from its beginning, as Kafka's loops are run again.
 */
import { assert } from '../../base/assert.ts';
import { type Millis, NEVER } from '../../base/units.ts';
import type { Operation } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { OffsetCommitPartition } from '../protocol/group-messages.ts';
import { maybeAutoCommit, runCommitSync, sendCommit } from './commits.ts';
import { allConsumed, fail, type GroupConsumerContext, type Progress } from './context.ts';
import { ensureCoordinatorReady, findCoordinator } from './coordinator.ts';
import { collectFetch, sendFetches } from './fetching.ts';
import { joinGroupIfNeeded } from './joining.ts';
import { leaveGroup } from './membership.ts';
import { moveTo, resetPositions, updatePositions } from './positions.ts';
import { onLeavePrepare } from './rebalance.ts';
import type { Call } from './state.ts';

/** KafkaConsumer.DEFAULT_CLOSE_TIMEOUT_MS: for a process that is asked to stop. */
export const defaultCloseTimeoutMs = 30_000;

/** The application calls. */
export function begin(c: GroupConsumerContext, id: number, operation: Operation): void {
  const { state } = c;
  switch (operation.kind) {
    case 'poll':
      start(c, 'poll', id, operation.timeoutMs, []);
      return;
    case 'seek':
      moveTo(c, operation.partition, operation.offset);
      return;
    case 'commit': {
      const offsets =
        operation.offsets?.map(
          ({ partition, offset }): OffsetCommitPartition => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedLeaderEpoch: -1,
          }),
        ) ?? allConsumed(state);
      if (operation.sync) start(c, 'commit', id, state.config.defaultApiTimeoutMs, offsets);
      else if (state.asyncCommitFenced) c.out.complete(id, ErrorCode.fencedInstanceId);
      else {
        if (state.coordinator === null) findCoordinator(c);
        sendCommit(c, 'async', id, offsets);
      }
      return;
    }
    case 'close':
      beginClose(c, id, operation.timeoutMs);
      return;
    case 'send':
    case 'createTopics':
    case 'moveLeader':
    case 'addPartitions':
    case 'reassign':
    case 'alterConfig':
    case 'deleteRecords':
      return;
  }
}

/** A call that is under way ends: poll() wakes up with nothing, a commit with an outcome that nobody knows. */
export function beginClose(c: GroupConsumerContext, id: number, timeoutMs: Millis): void {
  const { state } = c;
  if (state.call?.kind === 'close') return;
  if (state.call !== null) complete(c, state.call.kind === 'commit' ? ErrorCode.requestTimedOut : ErrorCode.none);
  const offsets = state.config.enableAutoCommit ? c.rules.autoCommitOffsets(state) : [];
  start(c, 'close', id, Math.min(timeoutMs, state.config.requestTimeoutMs), offsets);
}

function start(
  c: GroupConsumerContext,
  kind: Call['kind'],
  id: number,
  timeoutMs: Millis,
  offsets: readonly OffsetCommitPartition[],
): void {
  assert(c.state.call === null, 'a consumer is not safe for access by several threads: one call at a time');
  const deadlineMs = Math.min(NEVER, c.step.wallMs + timeoutMs);
  // Backoffs grow within one call.
  c.state.lookup.attempts = 0;
  c.state.offsetFetchAttempts = 0;
  c.state.call = { kind, id, deadlineMs, errorCode: 0, offsets, commit: null, notBeforeMs: 0, attempts: 0, stage: 'commit' };
}

function complete(c: GroupConsumerContext, errorCode: number): void {
  const { call } = c.state;
  assert(call !== null, 'a call is completed once');
  c.state.call = null;
  if (call.id >= 0) c.out.complete(call.id, errorCode);
}

/** The call that is under way goes on as far as it can. */
export function runCall(c: GroupConsumerContext): void {
  const { call } = c.state;
  if (call === null) return;
  if (call.kind === 'poll') runPoll(c, call);
  else if (call.kind === 'close') runClose(c, call);
  else {
    const progress = runCommitSync(c, call);
    if (progress === 'done') complete(c, ErrorCode.none);
    else if (progress === 'failed') complete(c, call.errorCode);
  }
}

/** Membership first, then positions, then what is buffered; the next fetches leave before records are returned. */
function runPoll(c: GroupConsumerContext, call: Call): void {
  const { state, step } = c;
  const expired = step.wallMs >= call.deadlineMs;
  state.heartbeat.pollDueMs = step.wallMs + state.config.maxPollIntervalMs;
  let progress = pollCoordinator(c);
  if (state.inCallback) return;
  if (progress === 'done') progress = updatePositions(c);
  if (progress === 'failed') {
    complete(c, call.errorCode);
    return;
  }
  if (progress === 'blocked' && !expired) return;
  const collected = collectFetch(c);
  if (collected === 'failed') {
    complete(c, call.errorCode);
    return;
  }
  // What was found out of range.
  if (progress === 'done') resetPositions(c);
  sendFetches(c);
  if (collected === 'records' || expired) complete(c, ErrorCode.none);
}

/** Source: ConsumerCoordinator.poll. */
function pollCoordinator(c: GroupConsumerContext): Progress {
  const { state } = c;
  if (state.asyncCommitFenced) return fail(c, ErrorCode.fencedInstanceId);
  const { failure } = state.heartbeat;
  if (failure !== 0) {
    state.heartbeat.failure = 0;
    return fail(c, failure);
  }
  if (state.coordinator === null) return ensureCoordinatorReady(c);
  const progress = joinGroupIfNeeded(c);
  if (progress !== 'done') return progress;
  maybeAutoCommit(c);
  return 'done';
}

/** Commits if that is automatic, gives everything up, leaves, and waits for what is under way to the coordinator. */
function runClose(c: GroupConsumerContext, call: Call): void {
  const { state, step, out } = c;
  const expired = step.wallMs >= call.deadlineMs;
  if (call.stage === 'commit') {
    // An error is of no consequence: the member leaves all the same.
    if (runCommitSync(c, call) === 'blocked') return;
    call.stage = 'leave';
  }
  if (call.stage === 'leave') {
    if (state.waitingCommits.length > 0 && !expired) {
      ensureCoordinatorReady(c);
      return;
    }
    state.heartbeat.enabled = false;
    onLeavePrepare(c);
    leaveGroup(c);
    call.stage = 'drain';
  }
  if (state.coordinator !== null && state.coordinator.inFlight.length > 0 && !expired) return;
  complete(c, ErrorCode.none);
  state.closed = true;
  out.halt();
}
