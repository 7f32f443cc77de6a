/**
 * Being a member: what is forgotten when membership is lost, heartbeats, leaving. Source: AbstractCoordinator.java (HeartbeatThread,
 * HeartbeatResponseHandler, maybeLeaveGroup), Heartbeat.java.
 *
 * Simplified: the heartbeat thread looks at the network at once, not every retry.backoff.ms.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { HeartbeatResponse } from '../protocol/group-messages.ts';
import { backoffMs, type GroupConsumerContext } from './context.ts';
import { findCoordinator, markCoordinatorUnknown, readyCoordinator, sendToCoordinator } from './coordinator.ts';
import { type Generation, type GroupConsumerState, noGeneration, sameGeneration } from './state.ts';

/** The member id may still be good (ILLEGAL_GENERATION), or is gone too. Source: AbstractCoordinator.resetStateAndRejoin. */
export function resetGeneration(state: GroupConsumerState, forgetsMemberId: boolean): void {
  const { membership } = state;
  membership.phase = 'unjoined';
  membership.generation = forgetsMemberId ? noGeneration : { ...noGeneration, memberId: membership.generation.memberId };
  membership.rejoinNeeded = true;
  membership.needsJoinPrepare = true;
}

/** Source: AbstractCoordinator.resetStateOnResponseError: ILLEGAL_GENERATION leaves the member id. */
export function resetOnError({ state, out }: GroupConsumerContext, errorCode: number): void {
  const { phase, generation } = state.membership;
  // A second answer finds it lost already.
  if (phase !== 'unjoined') out.note('membership-lost', errorCode, generation.generationId, state.owned.length);
  resetGeneration(state, errorCode !== ErrorCode.illegalGeneration);
}

/** From JoinGroup's answer on. Source: HeartbeatThread.enable, Heartbeat.resetTimeouts. */
export function startHeartbeats(c: GroupConsumerContext): void {
  const { heartbeat, config } = c.state;
  const { wallMs } = c.step;
  heartbeat.enabled = true;
  heartbeat.dueMs = wallMs + config.heartbeatIntervalMs;
  heartbeat.sessionDueMs = wallMs + config.sessionTimeoutMs;
  heartbeat.pollDueMs = wallMs + config.maxPollIntervalMs;
}

/** One turn of the heartbeat thread. */
export function runHeartbeats(c: GroupConsumerContext): void {
  const { state, step } = c;
  const { heartbeat, membership, config } = state;
  if (!heartbeat.enabled) return;
  if (membership.phase === 'unjoined' || membership.phase === 'preparing-rebalance' || heartbeat.failure !== 0) {
    heartbeat.enabled = false;
    return;
  }
  if (state.coordinator === null) {
    findCoordinator(c);
    return;
  }
  if (step.wallMs >= heartbeat.sessionDueMs) {
    markCoordinatorUnknown(c);
    return;
  }
  if (state.call?.kind !== 'poll' && step.wallMs >= heartbeat.pollDueMs) {
    const { generationId } = membership.generation;
    c.out.note('poll-interval-exceeded', config.maxPollIntervalMs, generationId, state.owned.length);
    leaveGroup(c);
    heartbeat.enabled = false;
    return;
  }
  if (step.wallMs < heartbeat.dueMs) return;
  const channel = readyCoordinator(c);
  if (channel === null) return;
  heartbeat.dueMs = step.wallMs + config.heartbeatIntervalMs;
  heartbeat.sent++;
  const { generationId, memberId } = membership.generation;
  const { groupId } = state;
  const { groupInstanceId } = config;
  sendToCoordinator(c, channel, { api: 12, groupId, generationId, memberId, groupInstanceId }, membership.generation);
}

/** The answer to a heartbeat of that generation, or null when it was lost. */
export function onHeartbeat(c: GroupConsumerContext, sent: Generation, response: HeartbeatResponse | null): void {
  const { state } = c;
  const { membership } = state;
  if (response === null) {
    heartbeatFailed(c);
    return;
  }
  const { errorCode } = response;
  switch (errorCode) {
    case ErrorCode.none:
      heartbeatReceived(c);
      return;
    case ErrorCode.coordinatorNotAvailable:
    case ErrorCode.notCoordinator:
      markCoordinatorUnknown(c);
      heartbeatFailed(c);
      return;
    case ErrorCode.rebalanceInProgress:
      // The coordinator counts it all the same: the member stays in the group while others rejoin.
      if (membership.phase === 'stable') membership.rejoinNeeded = true;
      heartbeatReceived(c);
      return;
    case ErrorCode.illegalGeneration:
    case ErrorCode.unknownMemberId:
    case ErrorCode.fencedInstanceId:
      if (!sameGeneration(sent, membership.generation)) {
        heartbeatReceived(c);
        return;
      }
      resetOnError(c, errorCode);
      if (errorCode === ErrorCode.fencedInstanceId) state.heartbeat.failure = errorCode;
      else heartbeatFailed(c);
      return;
    default:
      heartbeatFailed(c);
  }
}

function heartbeatReceived(c: GroupConsumerContext): void {
  const { heartbeat, config } = c.state;
  heartbeat.attempts = 0;
  heartbeat.sessionDueMs = c.step.wallMs + config.sessionTimeoutMs;
}

function heartbeatFailed(c: GroupConsumerContext): void {
  const { heartbeat } = c.state;
  heartbeat.dueMs = c.step.wallMs + backoffMs(c, 'heartbeat', heartbeat.attempts++, heartbeat.sent);
}

/**
 * A dynamic member tells the coordinator; a static one does not (KIP-345), its place is kept until the session ends. Nobody waits for
 * the answer but close().
 */
export function leaveGroup(c: GroupConsumerContext): void {
  const { state } = c;
  const { membership, config } = state;
  const { memberId } = membership.generation;
  if (config.groupInstanceId === null && membership.phase !== 'unjoined' && memberId !== '') {
    const channel = readyCoordinator(c);
    if (channel !== null) {
      const members = [{ memberId, groupInstanceId: null }];
      sendToCoordinator(c, channel, { api: 13, groupId: state.groupId, members }, null);
    }
  }
  resetGeneration(state, true);
}
