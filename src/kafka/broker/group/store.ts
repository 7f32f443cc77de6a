/**
 * What a coordinator writes to `__consumer_offsets`, through the same append as a produce request: the leader's page cache, min ISR,
 * high watermark and purgatory act on it alike. Source: GroupMetadataManager.scala (storeGroup, storeOffsets, appendForGroup).
 */
import { emptyList } from '../../../base/lists.ts';
import { cloneState } from '../../../base/state.ts';

import {
  type CoordinatorRecord,
  type CoordinatorValue,
  coordinatorRecordBytes,
  type GroupMetadataValue,
  type OffsetCommitValue,
  offsetsTopic,
} from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Assignment, OffsetCommitResponse } from '../../protocol/group-messages.ts';
import { batchOverheadBytes, RecordBatch, recordOverheadBytes } from '../../protocol/records.ts';
import { afterAppend, appendToLeader } from '../appending.ts';
import type { BrokerContext } from '../context.ts';
import type { DelayedProduce } from '../state.ts';
import { noAssignment, subscriptionOf } from './membership.ts';
import { type AfterGroupAppend, type Group, type GroupAppend, offsetKey } from './state.ts';

/** Writes the group as it is, with these assignments by member id. */
export function storeGroup(
  b: BrokerContext,
  group: Group,
  assignments: ReadonlyMap<string, Assignment>,
  then: AfterGroupAppend,
): void {
  const value: GroupMetadataValue = {
    kind: 'GroupMetadata',
    group: group.id,
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      // Not shared, as in copyOf.
      subscription: cloneState(subscriptionOf(group, member)),
      assignment: cloneState(assignments.get(member.memberId) ?? noAssignment),
    })),
  };
  write(b, [value], { group, errorCode: ErrorCode.none, baseOffset: -1, then });
}

/** What is in a log is shared by clones of this broker, so it shares nothing with what the coordinator remembers. */
export function copyOf(value: OffsetCommitValue): OffsetCommitValue {
  const { kind, group, topic, partition, offset, leaderEpoch, commitTimestampMs } = value;
  return { kind, group, topic, partition, offset, leaderEpoch, commitTimestampMs };
}

/** Writes offsets; the latest ones of a partition are remembered as pending until the append is complete. */
export function storeOffsets(b: BrokerContext, group: Group, then: Extract<AfterGroupAppend, { kind: 'offsets' }>): void {
  for (const value of then.offsets) group.pendingCommits.set(offsetKey(value.topic, value.partition), value);
  write(b, then.offsets.map(copyOf), { group, errorCode: ErrorCode.none, baseOffset: -1, then });
}

function write(b: BrokerContext, values: readonly CoordinatorValue[], append: GroupAppend): void {
  const index = append.group.partition;
  const records = values.map(
    (value): CoordinatorRecord => ({
      id: -1,
      topic: offsetsTopic,
      partition: index,
      keyHash: -1,
      sizeBytes: coordinatorRecordBytes,
      value,
    }),
  );
  const sizeBytes = batchOverheadBytes + records.length * (recordOverheadBytes + coordinatorRecordBytes);
  const batch = new RecordBatch(0, -1, -1, -1, -1, b.step.wallMs, sizeBytes, records);
  const acks = b.state.config.offsetsCommitRequiredAcks;
  if (acks !== -1 && acks !== 0 && acks !== 1) {
    // Kafka starts with such a number, and refuses every append (ReplicaManager.isValidRequiredAcks).
    append.errorCode = ErrorCode.invalidRequiredAcks;
    b.state.groups.completed.push(append);
    return;
  }
  const operation: DelayedProduce = {
    connection: -1,
    correlationId: -1,
    acks,
    deadlineUs: b.step.monotonicUs + b.state.config.offsetsCommitTimeoutMs * 1000,
    parts: emptyList(),
    fsyncsAwaited: 0,
    done: false,
    group: append,
  };
  const part = appendToLeader(b, operation, acks, offsetsTopic, index, batch);
  operation.parts.push(part);
  const appended = part.errorCode === ErrorCode.none;
  afterAppend(b, operation, appended, appended && operation.fsyncsAwaited === 0 ? [part.partition!] : null);
}

/** What a failed append of offsets means for the client; anything else is passed on (maybeConvertOffsetCommitError). */
export function offsetCommitError(errorCode: number): number {
  switch (errorCode) {
    case ErrorCode.unknownTopicOrPartition:
    case ErrorCode.notEnoughReplicas:
    case ErrorCode.notEnoughReplicasAfterAppend:
      return ErrorCode.coordinatorNotAvailable;
    case ErrorCode.notLeaderOrFollower:
    case ErrorCode.kafkaStorageError:
      return ErrorCode.notCoordinator;
    case ErrorCode.messageTooLarge:
    case ErrorCode.recordListTooLarge:
      return ErrorCode.invalidCommitOffsetSize;
    default:
      return errorCode;
  }
}

/** What a failed append of an assignment means for the members (the callback of storeGroup). */
export function groupStoreError(errorCode: number): number {
  switch (errorCode) {
    case ErrorCode.unknownTopicOrPartition:
    case ErrorCode.notEnoughReplicas:
    case ErrorCode.notEnoughReplicasAfterAppend:
      return ErrorCode.coordinatorNotAvailable;
    case ErrorCode.notLeaderOrFollower:
    case ErrorCode.kafkaStorageError:
      return ErrorCode.notCoordinator;
    case ErrorCode.requestTimedOut:
      return ErrorCode.rebalanceInProgress;
    case ErrorCode.messageTooLarge:
    case ErrorCode.recordListTooLarge:
      return ErrorCode.unknownServerError;
    default:
      return errorCode;
  }
}

/** The answer to a commit in which every partition that had no error of its own has this one. */
export function withError(topics: OffsetCommitResponse['topics'], errorCode: number): OffsetCommitResponse['topics'] {
  if (errorCode === ErrorCode.none) return topics;
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => (partition.errorCode === ErrorCode.none ? { ...partition, errorCode } : partition)),
  }));
}
