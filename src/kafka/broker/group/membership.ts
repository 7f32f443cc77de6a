/**
 * The members of a group: who belongs to it, who leads, which assignor they have in common, and the answers that wait. Nothing here
 * starts or ends a rebalance. Source: GroupMetadata.scala, MemberMetadata.scala.
 *
 * Where Kafka takes any element of a hash map (a new leader, a tie between assignors) the first to have joined is taken.
 */
import { assert } from '../../../base/assert.ts';
import { equalState } from '../../../base/state.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { JoinGroupRequest, JoinGroupResponse, Subscription } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import type { Group, GroupMember, Parked } from './state.ts';

/** The member with this id, if the group has it. */
export function memberOf(group: Group, memberId: string): GroupMember | undefined {
  return group.members.find((member) => member.memberId === memberId);
}

/** The static member with this `group.instance.id`, if there is one. */
export function staticMemberOf(group: Group, groupInstanceId: string): GroupMember | undefined {
  return group.members.find((member) => member.groupInstanceId === groupInstanceId);
}

/** True when the id was handed out and has not come back. */
export function isPending(group: Group, memberId: string): boolean {
  return group.pendingMembers.some((pending) => pending.memberId === memberId);
}

/** Adds a member; the first one leads (GroupMetadata.add). */
export function addMember(group: Group, member: GroupMember): void {
  assert(memberOf(group, member.memberId) === undefined, 'a member is added once');
  if (group.members.length === 0) group.protocolType = 'consumer';
  group.leader ??= member.memberId;
  group.members.push(member);
  dropPending(group, member.memberId);
}

/** Takes a member or a pending id out; another one leads if it did (GroupMetadata.remove). True when it was a member. */
export function removeMember(group: Group, memberId: string): boolean {
  const at = group.members.findIndex((member) => member.memberId === memberId);
  if (at >= 0) group.members.splice(at, 1);
  if (group.leader === memberId) group.leader = group.members[0]?.memberId ?? null;
  dropPending(group, memberId);
  const sync = group.pendingSync.indexOf(memberId);
  if (sync >= 0) group.pendingSync.splice(sync, 1);
  return at >= 0;
}

function dropPending(group: Group, memberId: string): void {
  const at = group.pendingMembers.findIndex((pending) => pending.memberId === memberId);
  if (at >= 0) group.pendingMembers.splice(at, 1);
}

/**
 * A static member has a new id, because its process started again; whoever still uses the old one is fenced
 * (GroupMetadata.replaceStaticMember).
 */
export function replaceMemberId(b: BrokerContext, group: Group, member: GroupMember, newMemberId: string): void {
  refuseJoin(b, member, ErrorCode.fencedInstanceId, member.memberId);
  answerSync(b, member, ErrorCode.fencedInstanceId);
  if (group.leader === member.memberId) group.leader = newMemberId;
  member.memberId = newMemberId;
}

/**
 * Another request of a member waits in the place of an earlier one, which is never answered. Its client has given that connection up;
 * here it is closed at once, where Kafka leaves it muted until `connections.max.idle.ms`.
 */
export function supersede(b: BrokerContext, earlier: Parked | null, later: Parked): void {
  if (earlier !== null && earlier.connection !== later.connection) b.out.close(earlier.connection);
}

/** What a JoinGroup says about a known member (GroupMetadata.updateMember). */
export function updateMember(b: BrokerContext, member: GroupMember, request: JoinGroupRequest, joining: Parked): void {
  supersede(b, member.joining, joining);
  member.protocols = request.protocols;
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.joining = joining;
}

/** True when the member names the same assignors with the same subscriptions as before (MemberMetadata.matches). */
export function matches(member: GroupMember, protocols: JoinGroupRequest['protocols']): boolean {
  return equalState(member.protocols, protocols);
}

/** Whether the group can take a member with these assignors: one of them is known to every member (GroupMetadata.supportsProtocols). */
export function supportsProtocols(group: Group, request: JoinGroupRequest): boolean {
  if (group.phase === 'Empty') return request.protocols.length > 0;
  return (
    group.protocolType === request.protocolType &&
    request.protocols.some(({ name }) => group.members.every((m) => knows(m, name)))
  );
}

function knows(member: GroupMember, protocol: string): boolean {
  return member.protocols.some(({ name }) => name === protocol);
}

/**
 * The assignor of the next generation: every member votes for the first of its own that all have in common; most votes win
 * (GroupMetadata.selectProtocol).
 */
export function selectProtocol(group: Group): string {
  const votes = new Map<string, number>();
  for (const member of group.members) {
    const vote = member.protocols.find(({ name }) => group.members.every((other) => knows(other, name)));
    assert(vote !== undefined, 'members of a group have an assignor in common');
    votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
  }
  let chosen = '';
  let most = 0;
  for (const [name, count] of votes) {
    if (count <= most) continue;
    chosen = name;
    most = count;
  }
  assert(most > 0, 'a group without members has no assignor');
  return chosen;
}

/** Members whose JoinGroup waits. */
export function awaitingJoin(group: Group): number {
  let count = 0;
  for (const member of group.members) if (member.joining !== null) count++;
  return count;
}

/** Every known member has rejoined, and no handed-out id is still out (GroupMetadata.hasAllMembersJoined). */
export function hasAllMembersJoined(group: Group): boolean {
  return awaitingJoin(group) === group.members.length && group.pendingMembers.length === 0;
}

/** The longest that a member may take to rejoin, 0 without members. */
export function rebalanceTimeoutMs(group: Group): number {
  let longest = 0;
  for (const member of group.members) longest = Math.max(longest, member.rebalanceTimeoutMs);
  return longest;
}

/**
 * A leader that has not rejoined is replaced by a member that has. False when nobody has, or there is nobody
 * (GroupMetadata.maybeElectNewJoinedLeader).
 */
export function electJoinedLeader(group: Group): boolean {
  if (group.leader === null) return false;
  if (memberOf(group, group.leader)?.joining) return true;
  const joined = group.members.find((member) => member.joining !== null);
  if (joined !== undefined) group.leader = joined.memberId;
  return joined !== undefined;
}

/** The answer to a JoinGroup that is refused. */
export function joinRefusal(errorCode: number, memberId: string): JoinGroupResponse {
  return {
    api: 11,
    errorCode,
    generationId: -1,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** The answer to a JoinGroup that takes a member into the present generation; the leader learns of all members. */
export function joinAcceptance(group: Group, memberId: string, skipAssignment = false): JoinGroupResponse {
  return {
    api: 11,
    errorCode: ErrorCode.none,
    generationId: group.generation,
    protocolName: group.protocol,
    leader: group.leader ?? '',
    skipAssignment,
    memberId,
    members: group.leader === memberId ? group.members.map((member) => described(group, member)) : [],
  };
}

function described(group: Group, member: GroupMember): JoinGroupResponse['members'][number] {
  return { memberId: member.memberId, groupInstanceId: member.groupInstanceId, metadata: subscriptionOf(group, member) };
}

/** What the member subscribes to under the assignor that was chosen. */
export function subscriptionOf(group: Group, member: GroupMember): Subscription {
  const protocol = member.protocols.find(({ name }) => name === group.protocol);
  assert(protocol !== undefined, 'the chosen assignor is known to every member');
  return protocol.metadata;
}

/** Answers a JoinGroup that waits, if one does. */
export function answerJoin(b: BrokerContext, member: GroupMember, response: JoinGroupResponse): void {
  if (member.joining === null) return;
  b.out.reply(member.joining.connection, member.joining.correlationId, response);
  member.joining = null;
}

/** Refuses a JoinGroup that waits, if one does. */
export function refuseJoin(b: BrokerContext, member: GroupMember, errorCode: number, memberId: string): void {
  answerJoin(b, member, joinRefusal(errorCode, memberId));
}

/** Answers a SyncGroup that waits with the member's assignment; true when one did. */
export function answerSync(b: BrokerContext, member: GroupMember, errorCode: number): boolean {
  if (member.syncing === null) return false;
  const assignment = errorCode === ErrorCode.none ? member.assignment : noAssignment;
  b.out.reply(member.syncing.connection, member.syncing.correlationId, { api: 14, errorCode, assignment });
  member.syncing = null;
  return true;
}

/** Nothing is assigned. */
export const noAssignment = { assignedPartitions: [] } as const;
