/** Heartbeat of a member: its session goes on, and it learns of a rebalance. Source: GroupCoordinator.handleHeartbeat. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { HeartbeatRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import { memberOf } from '../group/membership.ts';
import { renewSession } from '../group/rebalance.ts';
import { groupNamed, groupStatus, validateGeneration } from '../group/validation.ts';

/** A member says that it lives. */
export function handleHeartbeat(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: HeartbeatRequest,
): void {
  b.out.reply(connection, header.correlationId, { api: 12, errorCode: heartbeat(b, request) });
}

function heartbeat(b: BrokerContext, request: HeartbeatRequest): number {
  const status = groupStatus(b, request.groupId, true);
  if (status !== ErrorCode.none) return status;
  const group = groupNamed(b, request.groupId);
  if (group === undefined) return ErrorCode.unknownMemberId;
  const errorCode = validateGeneration(group, request.generationId, request.memberId, request.groupInstanceId);
  if (errorCode !== ErrorCode.none) return errorCode;
  renewSession(b, memberOf(group, request.memberId)!);
  return group.phase === 'PreparingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none;
}
