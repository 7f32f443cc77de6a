/**
 * JoinGroup: a consumer enters a group, or comes back for the next generation; answered when the rebalance is complete.
 * Source: GroupCoordinator.scala (handleJoinGroup, doNewMemberJoinGroup, doCurrentMemberJoinGroup, addMemberAndRebalance,
 * updateStaticMemberAndRebalance), KIP-394 (MEMBER_ID_REQUIRED), KIP-345 (static members), KIP-389 (group.max.size), KIP-814.
 */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { RebalanceReason, RemovalReason } from '../../notes.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { JoinGroupRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import {
  addMember,
  awaitingJoin,
  isPending,
  joinAcceptance,
  joinRefusal,
  matches,
  memberOf,
  noAssignment,
  replaceMemberId,
  selectProtocol,
  staticMemberOf,
  supportsProtocols,
  updateMember,
} from '../group/membership.ts';
import {
  deadlineIn,
  maybePrepareRebalance,
  prepareRebalance,
  removeAndNote,
  renewSession,
  tryCompleteJoin,
} from '../group/rebalance.ts';
import type { Group, GroupMember, Parked } from '../group/state.ts';
import { storeGroup } from '../group/store.ts';
import { groupNamed, groupOrNew, groupStatus, validateMember } from '../group/validation.ts';

/** Patience with a newcomer whose JoinGroup waits: its client may be long gone (GroupCoordinator.NewMemberJoinTimeoutMs). */
const newMemberJoinTimeoutMs = 300000;

/** A consumer wants to be a member. */
export function handleJoinGroup(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: JoinGroupRequest,
): void {
  const { groupId, memberId, sessionTimeoutMs } = request;
  const { config } = b.state;
  const status = groupStatus(b, groupId, true);
  let errorCode: number = ErrorCode.none;
  if (status !== ErrorCode.none) errorCode = status;
  else if (sessionTimeoutMs < config.groupMinSessionTimeoutMs || sessionTimeoutMs > config.groupMaxSessionTimeoutMs) {
    errorCode = ErrorCode.invalidSessionTimeout;
  } else if (memberId !== '' && groupNamed(b, groupId) === undefined) errorCode = ErrorCode.unknownMemberId;
  else {
    const parked: Parked = { connection, correlationId: header.correlationId };
    errorCode = join(b, groupOrNew(b, groupId), header.clientId, request, parked);
  }
  if (errorCode === ErrorCode.none) return;
  const told = errorCode === ErrorCode.groupMaxSizeReached ? '' : memberId;
  b.out.reply(connection, header.correlationId, joinRefusal(errorCode, told));
}

/** Takes the request into the group, or says why not. */
function join(b: BrokerContext, group: Group, clientId: string, request: JoinGroupRequest, parked: Parked): number {
  const { memberId } = request;
  let errorCode: number = ErrorCode.none;
  if (!hasRoom(b, group, memberId)) {
    removeAndNote(b, group, memberId, RemovalReason.groupFull);
    errorCode = ErrorCode.groupMaxSizeReached;
  } else if (!supportsProtocols(group, request)) errorCode = ErrorCode.inconsistentGroupProtocol;
  else if (memberId === '') joinAsNew(b, group, clientId, request, parked);
  else if (isPending(group, memberId)) enter(b, group, memberId, clientId, request, parked);
  else {
    errorCode = validateMember(group, memberId, request.groupInstanceId);
    if (errorCode === ErrorCode.none) rejoin(b, group, memberOf(group, memberId)!, request, parked);
  }
  tryCompleteJoin(b, group);
  return errorCode;
}

/**
 * group.max.size: while members rejoin, those who come last are out; otherwise members have a place and newcomers need one
 * (GroupCoordinator.acceptJoiningMember).
 */
function hasRoom(b: BrokerContext, group: Group, memberId: string): boolean {
  const most = b.state.config.groupMaxSize;
  const member = memberOf(group, memberId);
  if (group.phase === 'Empty') return true;
  if (group.phase === 'PreparingRebalance')
    return (member !== undefined && member.joining !== null) || awaitingJoin(group) < most;
  return member !== undefined || group.members.length < most;
}

/** A consumer without a member id: a dynamic one has to come again with the id it gets, so that retries leave no dead members behind. */
function joinAsNew(b: BrokerContext, group: Group, clientId: string, request: JoinGroupRequest, parked: Parked): void {
  const memberId = freshMemberId(b, request.groupInstanceId ?? clientId);
  if (request.groupInstanceId === null) {
    group.pendingMembers.push({ memberId, deadlineUs: deadlineIn(b, request.sessionTimeoutMs) });
    b.out.reply(parked.connection, parked.correlationId, joinRefusal(ErrorCode.memberIdRequired, memberId));
    return;
  }
  const known = staticMemberOf(group, request.groupInstanceId);
  if (known === undefined) enter(b, group, memberId, clientId, request, parked);
  else replace(b, group, known, memberId, request, parked);
}

/**
 * Where Kafka draws a UUID, who gives it out and how many were: no two coordinators, and no two lives of a broker, give out the same.
 */
function freshMemberId(b: BrokerContext, prefix: string): string {
  const { id, brokerEpoch, groups } = b.state;
  return `${prefix}-${id}.${brokerEpoch}.${groups.nextMember++}`;
}

function enter(
  b: BrokerContext,
  group: Group,
  memberId: string,
  clientId: string,
  request: JoinGroupRequest,
  joining: Parked,
): void {
  const member: GroupMember = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: request.protocols,
    assignment: noAssignment,
    joining,
    syncing: null,
    isNew: true,
    sessionDeadlineUs: -1,
  };
  if (group.phase === 'PreparingRebalance' && group.generation === 0) group.newMemberAdded = true;
  addMember(group, member);
  renewSession(b, member, newMemberJoinTimeoutMs);
  maybePrepareRebalance(b, group, RebalanceReason.memberJoined);
}

/**
 * A known member joins again. Only a change starts a rebalance, or the leader, who may know of one that its subscription does not
 * show; otherwise the answer to its last JoinGroup got lost, and it gets it again.
 */
function rejoin(b: BrokerContext, group: Group, member: GroupMember, request: JoinGroupRequest, joining: Parked): void {
  const leads = group.phase === 'Stable' && group.leader === member.memberId;
  if (group.phase !== 'PreparingRebalance' && !leads && matches(member, request.protocols)) {
    b.out.reply(joining.connection, joining.correlationId, joinAcceptance(group, member.memberId));
    return;
  }
  updateMember(b, member, request, joining);
  maybePrepareRebalance(b, group, RebalanceReason.memberRejoined);
}

/**
 * A static member has started again: its new id replaces the old one, which is fenced from now on. A stable group that keeps its
 * assignor does not rebalance: the member gets what it had, a leader is told not to assign anew (KIP-814).
 */
function replace(
  b: BrokerContext,
  group: Group,
  member: GroupMember,
  memberId: string,
  request: JoinGroupRequest,
  joining: Parked,
): void {
  const { memberId: oldMemberId, rebalanceTimeoutMs: oldRebalanceTimeoutMs, sessionTimeoutMs: oldSessionTimeoutMs } = member;
  const oldLeader = group.leader;
  replaceMemberId(b, group, member, memberId);
  renewSession(b, member);
  updateMember(b, member, request, joining);
  if (group.phase === 'CompletingRebalance') {
    // The leader may be assigning to the old id.
    prepareRebalance(b, group, RebalanceReason.staticMemberReplaced);
  } else if (group.phase === 'Stable') {
    if (selectProtocol(group) !== group.protocol) {
      maybePrepareRebalance(b, group, RebalanceReason.staticMemberReplaced);
      return;
    }
    const assignments = new Map(group.members.map((each) => [each.memberId, each.assignment]));
    storeGroup(b, group, assignments, {
      kind: 'replaced',
      member,
      oldMemberId,
      oldLeader,
      oldRebalanceTimeoutMs,
      oldSessionTimeoutMs,
      request: joining,
    });
  }
}
