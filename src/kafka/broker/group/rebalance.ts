/**
 * How a group comes to its next generation. Source: GroupCoordinator.scala, DelayedJoin.scala, DelayedSync.scala,
 * DelayedHeartbeat.scala.
 *
 * Empty, Stable or CompletingRebalance
 *   -> PreparingRebalance: members have to rejoin. It is over when all have, or when the longest rebalance timeout has passed; for a
 *      group that was empty when group.initial.rebalance.delay.ms has passed without a newcomer.
 *   -> CompletingRebalance: one generation more, an assignor, a leader; JoinGroups are answered; everybody sends a SyncGroup.
 *   -> Stable: the leader's assignment is stored; SyncGroups are answered.
 * A group that nobody rejoined is Empty, and stays: offsets and groups do not expire here.
 */
import type { Micros, Millis } from '../../../base/units.ts';
import { RebalanceReason, RemovalReason } from '../../notes.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { BrokerContext } from '../context.ts';
import { BrokerTimer } from '../state.ts';
import {
  answerJoin,
  answerSync,
  electJoinedLeader,
  joinAcceptance,
  noAssignment,
  rebalanceTimeoutMs,
  refuseJoin,
  removeMember,
  selectProtocol,
} from './membership.ts';
import type { Group, GroupMember } from './state.ts';
import { storeGroup } from './store.ts';

/** Arms the one timer of all groups for a deadline, unless it fires earlier anyway. */
export function armGroups(b: BrokerContext, deadlineUs: Micros): void {
  const { groups } = b.state;
  if (groups.armedUs >= 0 && groups.armedUs <= deadlineUs) return;
  groups.armedUs = deadlineUs;
  b.out.setTimer(BrokerTimer.groups, Math.max(0, deadlineUs - b.step.monotonicUs));
}

/** When `ms` from now will be over; the timer of groups is armed for it. */
export function deadlineIn(b: BrokerContext, ms: Millis): Micros {
  const deadlineUs = b.step.monotonicUs + ms * 1000;
  armGroups(b, deadlineUs);
  return deadlineUs;
}

/**
 * The member has shown that it lives: its session starts anew. While a request of it waits here nobody looks, unless it is new
 * (MemberMetadata.hasSatisfiedHeartbeat).
 */
export function renewSession(b: BrokerContext, member: GroupMember, timeoutMs = member.sessionTimeoutMs): void {
  const waits = !member.isNew && (member.joining !== null || member.syncing !== null);
  member.sessionDeadlineUs = waits ? -1 : deadlineIn(b, timeoutMs);
}

/** Starts a rebalance if none is under way (GroupMetadata.canRebalance). */
export function maybePrepareRebalance(b: BrokerContext, group: Group, reason: RebalanceReason): void {
  if (group.phase !== 'PreparingRebalance' && group.phase !== 'Dead') prepareRebalance(b, group, reason);
}

/** Members have to rejoin: those who wait for their assignment are told at once, the others with their next heartbeat. */
export function prepareRebalance(b: BrokerContext, group: Group, reason: RebalanceReason): void {
  if (group.phase === 'CompletingRebalance') propagateError(b, group, ErrorCode.rebalanceInProgress);
  awaitNoSync(group);
  const timeoutMs = rebalanceTimeoutMs(group);
  const delayMs = b.state.config.groupInitialRebalanceDelayMs;
  const initial = group.phase === 'Empty';
  group.initialDelay = initial ? { delayMs, remainingMs: Math.max(timeoutMs - delayMs, 0) } : null;
  group.phase = 'PreparingRebalance';
  group.joinDeadlineUs = deadlineIn(b, initial ? delayMs : timeoutMs);
  b.out.note('group-rebalancing', group.number, reason, group.generation, group.members.length);
  tryCompleteJoin(b, group);
}

/** Somebody joined or is gone: the rebalance may be over (GroupCoordinator.tryCompleteJoin). */
export function tryCompleteJoin(b: BrokerContext, group: Group): void {
  if (group.phase !== 'PreparingRebalance' || group.initialDelay !== null) return;
  if (b.rules.allJoined(group)) completeJoin(b, group);
}

/** The time to join is over; an initial delay goes on while new members come (InitialDelayedJoin.onComplete). */
export function joinExpired(b: BrokerContext, group: Group): void {
  const initial = group.initialDelay;
  if (initial !== null && group.newMemberAdded && initial.remainingMs !== 0) {
    group.newMemberAdded = false;
    const delayMs = Math.min(b.state.config.groupInitialRebalanceDelayMs, initial.remainingMs);
    group.initialDelay = { delayMs, remainingMs: Math.max(initial.remainingMs - initial.delayMs, 0) };
    group.joinDeadlineUs = deadlineIn(b, delayMs);
  } else completeJoin(b, group);
}

/**
 * The next generation starts with those who are here. Dynamic members that have not rejoined are out; static ones stay until
 * their session ends (GroupCoordinator.onCompleteJoin).
 */
function completeJoin(b: BrokerContext, group: Group): void {
  group.joinDeadlineUs = -1;
  group.initialDelay = null;
  for (const member of group.members.filter((candidate) => candidate.joining === null && candidate.groupInstanceId === null)) {
    removeAndNote(b, group, member.memberId, RemovalReason.didNotRejoin);
  }
  if (!electJoinedLeader(group) && group.members.length > 0) {
    // Static members alone, and none of them here: wait until one comes back, or their sessions have ended.
    group.joinDeadlineUs = deadlineIn(b, Math.max(1, rebalanceTimeoutMs(group)));
    return;
  }
  group.generation++;
  group.pendingSync.length = 0;
  if (group.members.length === 0) {
    group.protocol = null;
    group.phase = 'Empty';
    b.out.note('group-generation', group.number, group.generation, 0);
    storeGroup(b, group, new Map(), { kind: 'empty' });
    return;
  }
  group.protocol = selectProtocol(group);
  group.phase = 'CompletingRebalance';
  b.out.note('group-generation', group.number, group.generation, group.members.length);
  for (const member of group.members) {
    answerJoin(b, member, joinAcceptance(group, member.memberId));
    renewSession(b, member);
    member.isNew = false;
    group.pendingSync.push(member.memberId);
  }
  group.syncDeadlineUs = deadlineIn(b, rebalanceTimeoutMs(group));
}

/** A member asked for its assignment: it is no longer awaited. */
export function syncReceived(group: Group, memberId: string): void {
  const at = group.pendingSync.indexOf(memberId);
  if (at >= 0) group.pendingSync.splice(at, 1);
  if (group.pendingSync.length === 0) group.syncDeadlineUs = -1;
}

/** Nobody is awaited any more. */
export function awaitNoSync(group: Group): void {
  group.pendingSync.length = 0;
  group.syncDeadlineUs = -1;
}

/** Members have their generation for the whole rebalance timeout and never asked for their assignment (onExpirePendingSync). */
export function syncExpired(b: BrokerContext, group: Group): void {
  if (group.pendingSync.length === 0) return;
  for (const memberId of group.pendingSync.slice()) removeAndNote(b, group, memberId, RemovalReason.didNotSync);
  prepareRebalance(b, group, RebalanceReason.syncMissing);
}

/** Everybody who waits gets the assignment that the members now hold. */
export function propagateAssignment(b: BrokerContext, group: Group): void {
  for (const member of group.members) if (answerSync(b, member, ErrorCode.none)) renewSession(b, member);
}

/** There is no assignment: everybody who waits is told why. */
export function propagateError(b: BrokerContext, group: Group, errorCode: number): void {
  for (const member of group.members) {
    member.assignment = noAssignment;
    if (answerSync(b, member, errorCode)) renewSession(b, member);
  }
}

/** A member is out: the others rebalance, or the rebalance under way may be over (removeMemberAndUpdateGroup). */
export function removeMemberAndRebalance(b: BrokerContext, group: Group, member: GroupMember, reason: RemovalReason): void {
  refuseJoin(b, member, ErrorCode.unknownMemberId, '');
  removeAndNote(b, group, member.memberId, reason);
  if (group.phase === 'PreparingRebalance') tryCompleteJoin(b, group);
  else if (group.phase !== 'Empty') maybePrepareRebalance(b, group, RebalanceReason.memberRemoved);
}

/** Takes a member out; the note says what is left. Nothing is said of an id that was only handed out. */
export function removeAndNote(b: BrokerContext, group: Group, memberId: string, reason: RemovalReason): void {
  if (!removeMember(group, memberId)) return;
  b.out.note('member-removed', group.number, reason, group.generation, group.members.length);
}

/** A session ended. Members whose request waits here are alive as far as anybody can tell, unless they are new. */
export function sessionExpired(b: BrokerContext, group: Group, member: GroupMember): void {
  member.sessionDeadlineUs = -1;
  if (!member.isNew && (member.joining !== null || member.syncing !== null)) return;
  if (b.rules.sessionExpires(member)) removeMemberAndRebalance(b, group, member, RemovalReason.sessionExpired);
}
