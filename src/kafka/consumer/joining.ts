/**
 * Joining the group: JoinGroup, the assignment by the leader, SyncGroup. Source: AbstractCoordinator.java (joinGroupIfNeeded,
 * JoinGroupResponseHandler, SyncGroupResponseHandler), ConsumerCoordinator.java (onLeaderElected, rejoinNeededOrPending).
 *
 * A join begins and ends inside poll(); in between poll() does not wait for it (KIP-266).
 */
import { assert } from '../../base/assert.ts';
import { metadataDueMs } from '../client/metadata.ts';
import { GroupRole } from '../notes.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { JoinGroupResponse, SyncGroupRequest, SyncGroupResponse } from '../protocol/group-messages.ts';
import { fail, type GroupConsumerContext, type Progress } from './context.ts';
import { ensureCoordinatorReady, markCoordinatorUnknown, readyCoordinator, sendToCoordinator } from './coordinator.ts';
import { resetGeneration, resetOnError, startHeartbeats } from './membership.ts';
import { assignRanges } from './range-assignor.ts';
import { onJoinComplete, onJoinPrepare } from './rebalance.ts';
import { type Generation, type GroupConsumerState, type PendingJoin, sameGeneration } from './state.ts';

/** Added to the rebalance timeout, for a JoinGroup request waits that long on the coordinator (JOIN_GROUP_TIMEOUT_LAPSE). */
const joinGroupTimeoutLapseMs = 5000;

/** What a JoinGroup or SyncGroup request in flight belongs to. */
export interface JoinContext {
  readonly join: PendingJoin;
  readonly generation: Generation;
}

/** Errors of a join that are answered by the next one at once. */
const rejoinsAtOnce: ReadonlySet<number> = new Set<number>([
  ErrorCode.unknownMemberId,
  ErrorCode.illegalGeneration,
  ErrorCode.rebalanceInProgress,
  ErrorCode.memberIdRequired,
]);

/** One turn of poll() on membership: `done` when the member is in the group and has what it was assigned. */
export function joinGroupIfNeeded(c: GroupConsumerContext): Progress {
  const { state, step } = c;
  const { membership, config } = state;
  if (assignedFromOldMetadata(state)) membership.rejoinNeeded = true;
  while (membership.rejoinNeeded || membership.join !== null) {
    const ready = ensureCoordinatorReady(c);
    if (ready !== 'done') return ready;
    if (membership.needsJoinPrepare) {
      if (!onJoinPrepare(c)) return 'pending';
      membership.needsJoinPrepare = false;
    }
    if (membership.join === null) {
      if (step.wallMs < membership.joinNotBeforeMs) return 'pending';
      sendJoinGroup(c);
    }
    const { join } = membership;
    if (join === null || !join.done) return 'pending';
    membership.join = null;
    const { errorCode } = join;
    if (errorCode === ErrorCode.none) {
      if (membership.generation.protocolName !== null && membership.phase === 'stable') {
        assert(join.assignment !== null, 'a join that has succeeded has an assignment');
        membership.needsJoinPrepare = true;
        // The application has its callback before poll() goes on.
        if (onJoinComplete(c, join.assignment)) return 'pending';
      } else resetGeneration(state, true);
      continue;
    }
    if (errorCode !== ErrorCode.memberIdRequired) membership.rejoinNeeded = true;
    if (rejoinsAtOnce.has(errorCode)) continue;
    if (!isRetriable(errorCode)) return fail(c, errorCode);
    membership.joinNotBeforeMs = step.wallMs + config.retryBackoffMs;
    return 'pending';
  }
  return 'done';
}

/** The leader watches the topics that it has assigned. */
function assignedFromOldMetadata({ membership, metadata }: GroupConsumerState): boolean {
  const snapshot = membership.assignmentSnapshot;
  if (snapshot === null) return false;
  return snapshot.some(({ topic, partitions }) => (metadata.topics.get(topic)?.partitions.length ?? 0) !== partitions);
}

function sendJoinGroup(c: GroupConsumerContext): void {
  const { state } = c;
  const { membership, config } = state;
  const channel = readyCoordinator(c);
  if (channel === null) return;
  membership.phase = 'preparing-rebalance';
  const join: PendingJoin = { done: false, errorCode: 0, assignment: null };
  membership.join = join;
  const metadata = { topics: [state.topic] };
  sendToCoordinator(
    c,
    channel,
    {
      api: 11,
      groupId: state.groupId,
      sessionTimeoutMs: config.sessionTimeoutMs,
      rebalanceTimeoutMs: config.maxPollIntervalMs,
      memberId: membership.generation.memberId,
      groupInstanceId: config.groupInstanceId,
      protocolType: 'consumer',
      protocols: state.assignors.map((name) => ({ name, metadata })),
    },
    { join, generation: membership.generation } satisfies JoinContext,
    Math.max(config.requestTimeoutMs, config.maxPollIntervalMs + joinGroupTimeoutLapseMs),
  );
}

function conclude(join: PendingJoin, errorCode: number): void {
  join.done = true;
  join.errorCode = errorCode;
}

/** The answer to JoinGroup, or null when it was lost. */
export function onJoinGroup(
  c: GroupConsumerContext,
  { join, generation }: JoinContext,
  response: JoinGroupResponse | null,
): void {
  const { state } = c;
  const { membership } = state;
  if (response === null) {
    conclude(join, ErrorCode.networkException);
    return;
  }
  const { errorCode } = response;
  switch (errorCode) {
    case ErrorCode.none:
      if (membership.phase !== 'preparing-rebalance') {
        // Left in the meantime; it may join again.
        conclude(join, ErrorCode.rebalanceInProgress);
        return;
      }
      membership.phase = 'completing-rebalance';
      membership.generation = {
        generationId: response.generationId,
        memberId: response.memberId,
        protocolName: response.protocolName,
      };
      startHeartbeats(c);
      if (response.leader === response.memberId) {
        c.out.note('member-joined', response.generationId, GroupRole.leader);
        onLeaderElected(c, join, response);
      } else {
        c.out.note('member-joined', response.generationId, GroupRole.follower);
        sendSyncGroup(c, join, []);
      }
      return;
    case ErrorCode.memberIdRequired:
      membership.generation = { generationId: -1, memberId: response.memberId, protocolName: null };
      membership.rejoinNeeded = true;
      break;
    case ErrorCode.unknownMemberId:
      if (sameGeneration(generation, membership.generation)) resetOnError(c, errorCode);
      break;
    case ErrorCode.coordinatorNotAvailable:
    case ErrorCode.notCoordinator:
      markCoordinatorUnknown(c);
      break;
    default:
      break;
  }
  conclude(join, errorCode);
}

/** The leader watches all topics of the group from now on, and assigns partitions as soon as its metadata is fresh. */
function onLeaderElected(c: GroupConsumerContext, join: PendingJoin, response: JoinGroupResponse): void {
  const { state, step } = c;
  const { metadata, config } = state;
  for (const topic of response.members.flatMap((member) => member.metadata.topics)) {
    if (metadata.wanted.includes(topic)) continue;
    metadata.wanted.push(topic);
    metadata.updateRequested = true;
    state.metadataOutdated = metadata.inFlight;
  }
  const stale = metadata.updateRequested || metadata.inFlight || metadataDueMs(metadata, config) <= step.wallMs;
  const metadataVersion = state.metadataVersion + (stale ? 1 : 0);
  state.membership.assigning = { join, response, metadataVersion };
}

/** The leader's part of a rebalance, once its metadata is fresh enough. */
export function assignIfLeader(c: GroupConsumerContext): void {
  const { state } = c;
  const { membership, metadata } = state;
  const { assigning } = membership;
  if (assigning === null || state.metadataVersion < assigning.metadataVersion) return;
  membership.assigning = null;
  const { members, skipAssignment } = assigning.response;
  const partitionsOf = (topic: string): number => metadata.topics.get(topic)?.partitions.length ?? 0;
  membership.assignmentSnapshot = metadata.wanted.map((topic) => ({ topic, partitions: partitionsOf(topic) }));
  sendSyncGroup(c, assigning.join, skipAssignment ? [] : assignRanges(members, partitionsOf));
}

function sendSyncGroup(c: GroupConsumerContext, join: PendingJoin, assignments: SyncGroupRequest['assignments']): void {
  const { state } = c;
  const { generation } = state.membership;
  const { generationId, memberId, protocolName } = generation;
  const channel = readyCoordinator(c);
  if (channel === null) {
    conclude(join, ErrorCode.coordinatorNotAvailable);
    return;
  }
  // Membership was lost while the leader waited for metadata: the coordinator need not be told.
  if (protocolName === null) {
    conclude(join, ErrorCode.illegalGeneration);
    return;
  }
  const { groupId } = state;
  const { groupInstanceId } = state.config;
  sendToCoordinator(c, channel, { api: 14, groupId, generationId, memberId, groupInstanceId, protocolName, assignments }, {
    join,
    generation,
  } satisfies JoinContext);
}

/** The answer to SyncGroup, or null when it was lost. */
export function onSyncGroup(
  c: GroupConsumerContext,
  { join, generation }: JoinContext,
  response: SyncGroupResponse | null,
): void {
  const { membership } = c.state;
  if (response === null) {
    conclude(join, ErrorCode.networkException);
    return;
  }
  const { errorCode } = response;
  switch (errorCode) {
    case ErrorCode.none:
      if (membership.generation.protocolName === null || membership.phase !== 'completing-rebalance') {
        // Membership was lost in the meantime.
        conclude(join, ErrorCode.illegalGeneration);
        return;
      }
      membership.phase = 'stable';
      membership.rejoinNeeded = false;
      join.assignment = response.assignment;
      break;
    case ErrorCode.unknownMemberId:
    case ErrorCode.illegalGeneration:
      if (sameGeneration(generation, membership.generation)) resetOnError(c, errorCode);
      break;
    case ErrorCode.coordinatorNotAvailable:
    case ErrorCode.notCoordinator:
      markCoordinatorUnknown(c);
      break;
    default:
      break;
  }
  conclude(join, errorCode);
}
