/**
 * More partitions for a topic: its znode gets their replicas, then they get their first leaders like those of a new topic. Source:
 * ZkAdminManager.createPartitions, AdminZkClient.addPartitions, KafkaController.processPartitionModifications.
 *
 * Simplified: the controller's thread writes the znode itself, and answers when it is written.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { CreatePartitionsRequest } from '../protocol/messages.ts';
import type { ZkOp } from '../protocol/zookeeper-messages.ts';
import { fenced, isActive, isLive, next, type ZkBrokerContext } from './context.ts';
import type { ControlledTopic, PartitionRef, Task } from './state.ts';
import { topicPath } from './znodes.ts';

type CreatePartitions = Extract<Task, { kind: 'create-partitions' }>;
type Wanted = CreatePartitionsRequest['topics'][number];

function named(b: ZkBrokerContext, name: string): ControlledTopic | undefined {
  return b.state.controllerRole.topics.find((topic) => topic.name === name);
}

/** Why a topic cannot have them, 0 when it can: AdminZkClient.createPartitions, validateReplicaAssignment. */
function refusal(b: ZkBrokerContext, { name, count, assignments }: Wanted): number {
  const topic = named(b, name);
  if (topic === undefined) return ErrorCode.unknownTopicOrPartition;
  const from = topic.partitions.length;
  if (count <= from) return ErrorCode.invalidPartitions;
  const replicationFactor = topic.partitions[0]!.replicas.length;
  const fits = (replicas: readonly number[]): boolean =>
    replicas.length === replicationFactor &&
    new Set(replicas).size === replicas.length &&
    replicas.every((id) => isLive(b, id, true));
  return assignments.length === count - from && assignments.every(fits) ? ErrorCode.none : ErrorCode.invalidReplicaAssignment;
}

export function createPartitions(b: ZkBrokerContext, task: CreatePartitions): ZkOp[][] | null {
  const { request } = task;
  const errorCode = isActive(b)
    ? request.topics.map((topic) => refusal(b, topic)).find((code) => code !== 0)
    : ErrorCode.notController;
  if (errorCode !== undefined) {
    replyToCreatePartitions(b, task, errorCode);
    return null;
  }
  return request.topics.map(({ name, count, assignments }) => {
    const { topicId, partitions, config } = named(b, name)!;
    const data = { topicId, assignments: [...partitions.map(({ replicas }) => replicas), ...assignments], config };
    const says = [{ code: 'partitions-added' as const, values: [topicId, partitions.length, count] }];
    return fenced(b, { type: 'setData', path: topicPath(name), data, version: -1, says });
  });
}

export function partitionsCreated(b: ZkBrokerContext, task: CreatePartitions): void {
  const made: PartitionRef[] = [];
  for (const { name, assignments } of task.request.topics) {
    const { topicId, partitions } = named(b, name)!;
    for (const replicas of assignments) {
      const index = partitions.length;
      partitions.push({ topicId, index, replicas, state: 'new', info: null });
      made.push({ topicId, index });
    }
  }
  replyToCreatePartitions(b, task, ErrorCode.none);
  next(b, { kind: 'initialize', partitions: made });
}

export function replyToCreatePartitions(b: ZkBrokerContext, { asker, request }: CreatePartitions, errorCode: number): void {
  const results = request.topics.map(({ name }) => ({ name, errorCode }));
  b.out.reply(asker.connection, asker.correlationId, { api: 37, results });
}
