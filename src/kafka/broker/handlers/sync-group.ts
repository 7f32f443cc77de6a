/**
 * SyncGroup: the leader brings the assignment, the others ask for theirs and wait until it is stored. Source:
 * GroupCoordinator.doSyncGroup.
 */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Assignment, SyncGroupRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import { memberOf, noAssignment, supersede } from '../group/membership.ts';
import { renewSession, syncReceived } from '../group/rebalance.ts';
import type { Group } from '../group/state.ts';
import { storeGroup } from '../group/store.ts';
import { groupNamed, groupStatus, validateGeneration } from '../group/validation.ts';

/** A member of a new generation wants to know what it is to read. */
export function handleSyncGroup(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: SyncGroupRequest,
): void {
  const group = groupNamed(b, request.groupId);
  const errorCode = refusal(b, group, request);
  const member = group === undefined ? undefined : memberOf(group, request.memberId);
  if (errorCode !== ErrorCode.none || group === undefined || member === undefined) {
    b.out.reply(connection, header.correlationId, { api: 14, errorCode, assignment: noAssignment });
    return;
  }
  syncReceived(group, member.memberId);
  if (group.phase === 'Stable') {
    b.out.reply(connection, header.correlationId, { api: 14, errorCode, assignment: member.assignment });
    renewSession(b, member);
    return;
  }
  const syncing = { connection, correlationId: header.correlationId };
  supersede(b, member.syncing, syncing);
  member.syncing = syncing;
  if (group.leader !== member.memberId) return;
  // Members that the leader has left out get nothing.
  const given = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  const assignments = new Map<string, Assignment>();
  for (const { memberId } of group.members) assignments.set(memberId, given.get(memberId) ?? noAssignment);
  storeGroup(b, group, assignments, { kind: 'assignment', generation: group.generation, assignments });
}

function refusal(b: BrokerContext, group: Group | undefined, request: SyncGroupRequest): number {
  const status = groupStatus(b, request.groupId, true);
  if (status !== ErrorCode.none) return status;
  if (group === undefined) return ErrorCode.unknownMemberId;
  const errorCode = validateGeneration(group, request.generationId, request.memberId, request.groupInstanceId);
  if (errorCode !== ErrorCode.none) return errorCode;
  if (group.protocol !== request.protocolName) return ErrorCode.inconsistentGroupProtocol;
  return group.phase === 'PreparingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none;
}
