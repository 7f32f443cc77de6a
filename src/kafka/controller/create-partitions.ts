/**
 * More partitions for a topic. Those that are there stay as they are, with all that they hold: nobody moves a record to where its key
 * would go now. Source: ReplicationControlManager.createPartitions.
 */
import type { ConnectionId, RequestHeader } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { CreatePartitionsRequest } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';
import { isActive } from './partition-change.ts';
import { checkAssignment } from './reassignment.ts';

/** The operator names how many partitions there are to be, and the replicas of the new ones. Only active brokers enter the first ISR. */
export function createPartitions(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: CreatePartitionsRequest,
): void {
  const records: MetadataRecord[] = [];
  const results = request.topics.map((topic) => ({ name: topic.name, errorCode: add(c, topic, records) }));
  commit(c, records);
  replyWhenCommitted(c, connection, header.correlationId, { api: 37, results });
}

function add(
  c: ControllerContext,
  { name, count, assignments }: CreatePartitionsRequest['topics'][number],
  records: MetadataRecord[],
): number {
  const topicId = c.state.topicIds.get(name);
  if (topicId === undefined) return ErrorCode.unknownTopicOrPartition;
  const { partitions } = c.state.topics[topicId]!;
  const from = partitions.length;
  if (count <= from) return ErrorCode.invalidPartitions;
  const replicationFactor = partitions[0]!.replicas.length;
  const fits = (replicas: readonly number[]): boolean =>
    replicas.length === replicationFactor &&
    checkAssignment(c, replicas) === ErrorCode.none &&
    replicas.some((id) => isActive(c, id));
  if (assignments.length !== count - from || !assignments.every(fits)) return ErrorCode.invalidReplicaAssignment;
  c.tell('partitions-added', topicId, from, count);
  assignments.forEach((replicas, i) => {
    const isr = replicas.filter((id) => isActive(c, id));
    records.push({
      kind: 'PartitionRecord',
      topicId,
      partitionId: from + i,
      replicas,
      isr,
      leader: isr[0]!,
      leaderEpoch: 0,
      partitionEpoch: 0,
    });
  });
  return ErrorCode.none;
}
