/**
 * Who may do what: whether this broker coordinates the group, whether a member is who it says, whether a commit may be written. Every
 * function answers with an error code, 0 when nothing is wrong. Source: GroupCoordinator.scala (validateGroupStatus,
 * validateCurrentMember, validateSyncGroup, validateHeartbeat, validateOffsetCommit).
 */

import { assert } from '../../../base/assert.ts';
import { offsetsTopic } from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetCommitRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import { memberOf, staticMemberOf } from './membership.ts';
import { createGroup, type Group } from './state.ts';

/**
 * Partition of `__consumer_offsets` that a group belongs to: Java's hash of its name, as a positive number, modulo their count
 * (GroupMetadataManager.partitionFor, Utils.abs).
 */
export function partitionFor(b: BrokerContext, groupId: string): number {
  const topicId = b.state.image.topicIds.get(offsetsTopic);
  const topic = topicId === undefined ? undefined : b.state.image.topics[topicId];
  const partitions = topic?.partitions.length || b.state.config.offsetsTopicNumPartitions;
  let hash = 0;
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(hash, 31) + groupId.charCodeAt(i)) | 0;
  return (hash === -2147483648 ? 0 : Math.abs(hash)) % partitions;
}

/**
 * Whether this broker may answer for the group. COORDINATOR_LOAD_IN_PROGRESS never happens: a partition is loaded in the event
 * that makes this broker its leader. Commits and fetches of offsets allow a group without a name.
 */
export function groupStatus(b: BrokerContext, groupId: string, needsName: boolean): number {
  if (needsName && groupId === '') return ErrorCode.invalidGroupId;
  return b.state.groups.owned[partitionFor(b, groupId)] === undefined ? ErrorCode.notCoordinator : ErrorCode.none;
}

/** The group, if this broker coordinates it and it exists. */
export function groupNamed(b: BrokerContext, groupId: string): Group | undefined {
  return b.state.groups.owned[partitionFor(b, groupId)]?.get(groupId);
}

/** The same; makes it when it does not exist. The broker coordinates it. */
export function groupOrNew(b: BrokerContext, groupId: string): Group {
  const partition = partitionFor(b, groupId);
  const groups = b.state.groups.owned[partition];
  assert(groups !== undefined, 'only a coordinator makes groups');
  let group = groups.get(groupId);
  if (group === undefined) {
    group = createGroup(b.state.groups, groupId, partition);
    groups.set(groupId, group);
  }
  return group;
}

/** A static member is known by its instance id and has to know its present member id; any other has to be a member. */
export function validateMember(group: Group, memberId: string, groupInstanceId: string | null): number {
  if (groupInstanceId !== null) {
    const current = staticMemberOf(group, groupInstanceId);
    if (current === undefined) return ErrorCode.unknownMemberId;
    if (current.memberId !== memberId) return ErrorCode.fencedInstanceId;
  }
  return memberOf(group, memberId) === undefined ? ErrorCode.unknownMemberId : ErrorCode.none;
}

/** The same, and of the present generation. */
export function validateGeneration(group: Group, generationId: number, memberId: string, instanceId: string | null): number {
  const errorCode = validateMember(group, memberId, instanceId);
  if (errorCode !== ErrorCode.none) return errorCode;
  return generationId === group.generation ? ErrorCode.none : ErrorCode.illegalGeneration;
}

/**
 * Whether a commit may be written. Without a generation it is a client's that manages its partitions itself, which may only commit
 * for a group without members. Nobody looks whether the member owns the partition, nor whether the offset goes back.
 * While members rejoin (PreparingRebalance) the old generation still commits; once the new one is complete it has to fetch its
 * assignment first.
 */
export function validateOffsetCommit(group: Group | undefined, request: OffsetCommitRequest): number {
  const { generationId, memberId, groupInstanceId } = request;
  if (group === undefined) return generationId < 0 ? ErrorCode.none : ErrorCode.illegalGeneration;
  if (generationId < 0 && group.phase === 'Empty') return ErrorCode.none;
  if (generationId >= 0 || memberId !== '' || groupInstanceId !== null) {
    const errorCode = validateGeneration(group, generationId, memberId, groupInstanceId);
    if (errorCode !== ErrorCode.none) return errorCode;
  } else if (group.phase !== 'Empty') return ErrorCode.unknownMemberId;
  return group.phase === 'CompletingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none;
}
