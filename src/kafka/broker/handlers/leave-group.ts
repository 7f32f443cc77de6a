/** LeaveGroup: a member goes, and the others rebalance at once. Source: GroupCoordinator.handleLeaveGroup. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { RemovalReason } from '../../notes.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { LeaveGroupRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import { isPending, memberOf, removeMember, staticMemberOf } from '../group/membership.ts';
import { removeMemberAndRebalance, tryCompleteJoin } from '../group/rebalance.ts';
import type { Group } from '../group/state.ts';
import { groupNamed, groupStatus, validateMember } from '../group/validation.ts';

/** Members leave; an operator may name static ones by their instance id alone. */
export function handleLeaveGroup(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: LeaveGroupRequest,
): void {
  const errorCode = groupStatus(b, request.groupId, true);
  const group = groupNamed(b, request.groupId);
  const members =
    errorCode !== ErrorCode.none
      ? []
      : request.members.map((leaving) => ({
          memberId: leaving.memberId,
          errorCode: group === undefined ? ErrorCode.unknownMemberId : leave(b, group, leaving),
        }));
  b.out.reply(connection, header.correlationId, { api: 13, errorCode, members });
}

function leave(b: BrokerContext, group: Group, leaving: LeaveGroupRequest['members'][number]): number {
  const { memberId, groupInstanceId } = leaving;
  if (memberId === '') {
    const member = groupInstanceId === null ? undefined : staticMemberOf(group, groupInstanceId);
    if (member === undefined) return ErrorCode.unknownMemberId;
    removeMemberAndRebalance(b, group, member, RemovalReason.left);
    return ErrorCode.none;
  }
  if (isPending(group, memberId)) {
    removeMember(group, memberId);
    tryCompleteJoin(b, group);
    return ErrorCode.none;
  }
  const errorCode = validateMember(group, memberId, groupInstanceId);
  if (errorCode === ErrorCode.none) removeMemberAndRebalance(b, group, memberOf(group, memberId)!, RemovalReason.left);
  return errorCode;
}
