/**
 * Committing offsets: automatically, and when the application says so. Source: ConsumerCoordinator.java (maybeAutoCommitOffsetsAsync,
 * commitOffsetsAsync, commitOffsetsSync, OffsetCommitResponseHandler).
 *
 * An automatic commit happens inside poll(), before a rebalance and in close(), and nowhere else. A commit is the last word of its
 * member: nothing checks that offsets grow. Left out: metadata of offsets, commits from within a rebalance callback.
 */
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { OffsetCommitPartition, OffsetCommitResponse } from '../protocol/group-messages.ts';
import { backoffMs, fail, type GroupConsumerContext, type Progress, topicIdOf } from './context.ts';
import { ensureCoordinatorReady, markCoordinatorUnknown, readyCoordinator, sendToCoordinator } from './coordinator.ts';
import { resetOnError } from './membership.ts';
import { type Call, generationIfStable, noGeneration, type PendingCommit, rebalanceInProgress, sameGeneration } from './state.ts';

/** In poll(): commits what earlier polls have returned, when auto.commit.interval.ms has passed. */
export function maybeAutoCommit(c: GroupConsumerContext): void {
  const { state, step } = c;
  const { config } = state;
  if (!config.enableAutoCommit || step.wallMs < state.nextAutoCommitMs) return;
  state.nextAutoCommitMs = step.wallMs + config.autoCommitIntervalMs;
  sendCommit(c, 'auto', -1, c.rules.autoCommitOffsets(state));
}

/** Sends a commit. It may be done at once: nothing to commit, or no member of a group. */
export function sendCommit(
  c: GroupConsumerContext,
  kind: PendingCommit['kind'],
  id: number,
  offsets: readonly OffsetCommitPartition[],
): PendingCommit {
  const commit: PendingCommit = { kind, id, generation: noGeneration, offsets, done: false, errorCode: 0 };
  if (offsets.length === 0) finish(c, commit, ErrorCode.none);
  else transmit(c, commit);
  return commit;
}

function transmit(c: GroupConsumerContext, commit: PendingCommit): void {
  const { state } = c;
  const channel = readyCoordinator(c);
  if (channel === null) {
    if (commit.kind === 'async') state.waitingCommits.push(commit);
    else finish(c, commit, ErrorCode.coordinatorNotAvailable);
    return;
  }
  const generation = generationIfStable(state);
  if (generation === null) {
    // CommitFailedException, unless the member knows that the group is rebalancing.
    finish(c, commit, rebalanceInProgress(state) ? ErrorCode.rebalanceInProgress : ErrorCode.unknownMemberId);
    return;
  }
  commit.generation = generation;
  for (const { partitionIndex, committedOffset } of commit.offsets)
    c.out.note('commit-sent', topicIdOf(c), partitionIndex, committedOffset, generation.generationId);
  sendToCoordinator(
    c,
    channel,
    {
      api: 8,
      groupId: state.groupId,
      generationId: generation.generationId,
      memberId: generation.memberId,
      groupInstanceId: state.config.groupInstanceId,
      topics: [{ name: state.topic, partitions: commit.offsets }],
    },
    commit,
  );
}

/** The coordinator is there: asynchronous commits that waited for it go out, in the order of their calls. */
export function sendWaitingCommits(c: GroupConsumerContext): void {
  const { state } = c;
  if (state.waitingCommits.length === 0 || readyCoordinator(c) === null) return;
  for (const commit of state.waitingCommits.splice(0)) transmit(c, commit);
}

/** Nobody knows the coordinator: asynchronous commits that waited for it have failed. */
export function failWaitingCommits(c: GroupConsumerContext, errorCode: number): void {
  for (const commit of c.state.waitingCommits.splice(0)) finish(c, commit, errorCode);
}

/** The answer, or null when it was lost: then the commit may have taken effect all the same. */
export function onCommitted(c: GroupConsumerContext, commit: PendingCommit, response: OffsetCommitResponse | null): void {
  if (response === null) finish(c, commit, ErrorCode.networkException);
  else finish(c, commit, judge(c, commit, response));
}

/** What an answer means for the membership, and what the caller is told. The first error counts. */
function judge(c: GroupConsumerContext, commit: PendingCommit, response: OffsetCommitResponse): number {
  const { state } = c;
  const { membership } = state;
  const errorCode = firstError(response);
  if (errorCode === ErrorCode.none) return errorCode;
  const unchanged = sameGeneration(commit.generation, membership.generation);
  switch (errorCode) {
    case ErrorCode.coordinatorNotAvailable:
    case ErrorCode.notCoordinator:
    case ErrorCode.requestTimedOut:
      markCoordinatorUnknown(c);
      return errorCode;
    case ErrorCode.fencedInstanceId:
      if (unchanged) return errorCode;
      return membership.phase === 'preparing-rebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.unknownMemberId;
    case ErrorCode.rebalanceInProgress:
      // Between JoinGroup and SyncGroup of the others: rejoin, with the generation as it is.
      membership.rejoinNeeded = true;
      return errorCode;
    case ErrorCode.unknownMemberId:
    case ErrorCode.illegalGeneration:
      if (!unchanged && membership.phase === 'preparing-rebalance') return ErrorCode.rebalanceInProgress;
      resetOnError(c, errorCode);
      return errorCode;
    default:
      return errorCode;
  }
}

function firstError({ topics }: OffsetCommitResponse): number {
  for (const { partitions } of topics) {
    for (const { errorCode } of partitions) if (errorCode !== ErrorCode.none) return errorCode;
  }
  return ErrorCode.none;
}

function finish(c: GroupConsumerContext, commit: PendingCommit, errorCode: number): void {
  const { state, step, out } = c;
  commit.done = true;
  commit.errorCode = errorCode;
  if (errorCode !== ErrorCode.none) {
    for (const { partitionIndex, committedOffset } of commit.offsets)
      out.note('commit-failed', topicIdOf(c), partitionIndex, committedOffset, errorCode);
  }
  if (commit.kind === 'sync') return;
  if (errorCode === ErrorCode.fencedInstanceId) state.asyncCommitFenced = true;
  if (commit.kind === 'async') out.complete(commit.id, errorCode);
  else if (isRetriable(errorCode)) state.nextAutoCommitMs = step.wallMs + state.config.retryBackoffMs;
}

/** `commitSync` and the commit in `close()`: again and again until it is done, cannot be done, or the time is over. */
export function runCommitSync(c: GroupConsumerContext, call: Call): Progress {
  const expired = c.step.wallMs >= call.deadlineMs;
  const timedOut = (): Progress => (expired ? fail(c, ErrorCode.requestTimedOut) : 'blocked');
  if (c.state.asyncCommitFenced) return fail(c, ErrorCode.fencedInstanceId);
  if (call.offsets.length === 0) return 'done';
  if (call.commit === null) {
    if (c.step.wallMs < call.notBeforeMs) return timedOut();
    const ready = ensureCoordinatorReady(c);
    if (ready !== 'done') return ready === 'failed' ? 'failed' : timedOut();
    call.commit = sendCommit(c, 'sync', call.id, call.offsets);
  }
  const { done, errorCode } = call.commit;
  if (!done) return timedOut();
  if (errorCode === ErrorCode.none) return 'done';
  if (!isRetriable(errorCode)) return fail(c, errorCode);
  call.commit = null;
  call.notBeforeMs = c.step.wallMs + backoffMs(c, 'commit', call.attempts, (call.id + 1) * 64 + Math.min(call.attempts, 63));
  call.attempts++;
  return timedOut();
}
