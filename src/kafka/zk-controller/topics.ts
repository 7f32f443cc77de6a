/**
 * What the operator asks for: topics, elections, another order of replicas; and the periodic return to preferred leaders. Source:
 * ZkAdminManager.createTopics, KafkaController.processTopicChange, processReplicaLeaderElection, processApiPartitionReassignment,
 * checkAndTriggerAutoLeaderRebalance.
 *
 * Simplified: a topic is created by the controller's thread, and answered when it is written; a reassignment only reorders replicas, so
 * that it is complete at once.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { ElectLeadersRequest } from '../protocol/messages.ts';
import { ZkCode, type ZkOp, type ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { allPartitions, fenced, isActive, isLive, next, type ZkBrokerContext } from './context.ts';
import { learnTopic } from './office.ts';
import { electable } from './partitions.ts';
import type { ControlledTopic, PartitionRef, Task, TopicZnode } from './state.ts';
import { topicPath, topicsPath } from './znodes.ts';

type CreateTopics = Extract<Task, { kind: 'create-topics' }>;

/** First which topics there are, then the new ones. */
export function createTopics(b: ZkBrokerContext, { request, known, asker }: CreateTopics): ZkOp[][] | null {
  if (!isActive(b)) {
    const topics = request.topics.map(({ name }) => ({ name, topicId: -1, errorCode: ErrorCode.notController }));
    b.out.reply(asker.connection, asker.correlationId, { api: 19, topics });
    return null;
  }
  if (known === null) return [[{ type: 'getChildren', path: topicsPath, watch: false }]];
  return newTopics(request, known).map(({ name, topic }) => [
    {
      type: 'create',
      path: topicPath(name),
      data: topic,
      ephemeral: false,
      says: [{ code: 'topic-created', values: [topic.topicId, topic.assignments.length] }],
    },
  ]);
}

function newTopics(request: CreateTopics['request'], known: readonly string[]): { name: string; topic: TopicZnode }[] {
  return request.topics
    .filter(({ name }) => !known.includes(name))
    .map(({ name, assignments, configs }, i) => ({ name, topic: { topicId: known.length + i, assignments, config: configs } }));
}

export function topicsCreated(b: ZkBrokerContext, task: CreateTopics, results: readonly ZkTransactionResult[]): void {
  const { request, known, asker } = task;
  if (known === null) {
    next(b, { ...task, known: results[0]!.results[0]!.children.map(({ name }) => name) });
    return;
  }
  const made = newTopics(request, known);
  const topics = request.topics.map(({ name }) => {
    const at = made.findIndex((topic) => topic.name === name);
    const done = at >= 0 && results[at]!.code === ZkCode.ok;
    return {
      name,
      topicId: at < 0 ? known.indexOf(name) : made[at]!.topic.topicId,
      errorCode: done ? ErrorCode.none : ErrorCode.topicAlreadyExists,
    };
  });
  b.out.reply(asker.connection, asker.correlationId, { api: 19, topics });
}

/** Topics that are new get their first leaders. */
export function topicsListed(b: ZkBrokerContext, [listed]: readonly ZkTransactionResult[]): void {
  const partitions = listed!.results[0]!.children.filter(
    ({ data }) => b.state.controllerRole.topics[(data as TopicZnode).topicId] === undefined,
  ).flatMap(({ name, data }) => learnTopic(b, name, data as TopicZnode));
  if (partitions.length > 0) next(b, { kind: 'initialize', partitions });
}

// ---- elections on request

function named(b: ZkBrokerContext, name: string): ControlledTopic | undefined {
  return b.state.controllerRole.topics.find((topic) => topic.name === name);
}

function wanted(b: ZkBrokerContext, request: ElectLeadersRequest): PartitionRef[] {
  return request.topicPartitions.flatMap(({ topic, partitions }) => {
    const known = named(b, topic);
    return partitions.flatMap((index) => (known?.partitions[index] === undefined ? [] : [{ topicId: known.topicId, index }]));
  });
}

export function electOnRequest(b: ZkBrokerContext, { asker, request }: Extract<Task, { kind: 'elect-request' }>): void {
  const strategy = request.electionType === 'preferred' ? 'preferred' : 'offline-or-unclean';
  const needed = isActive(b) ? wanted(b, request).filter((of) => electable(b, of, strategy)) : [];
  const tasks: Task[] = [{ kind: 'elect-reply', asker, request, needed }];
  if (needed.length > 0) tasks.unshift({ kind: 'elect-leaders', partitions: needed, strategy });
  next(b, ...tasks);
}

export function replyToElection(b: ZkBrokerContext, { asker, request, needed }: Extract<Task, { kind: 'elect-reply' }>): void {
  const { electionType } = request;
  const strategy = electionType === 'preferred' ? 'preferred' : 'offline-or-unclean';
  const errorOf = (topic: string, index: number): number => {
    if (!isActive(b)) return ErrorCode.notController;
    const known = named(b, topic);
    if (known?.partitions[index] === undefined) return ErrorCode.unknownTopicOrPartition;
    const of = { topicId: known.topicId, index };
    if (!needed.some(({ topicId, index: i }) => topicId === of.topicId && i === index)) return ErrorCode.electionNotNeeded;
    if (!electable(b, of, strategy)) return ErrorCode.none;
    return electionType === 'preferred' ? ErrorCode.preferredLeaderNotAvailable : ErrorCode.eligibleLeadersNotAvailable;
  };
  const replicaElectionResults = request.topicPartitions.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode: errorOf(topic, partitionId) })),
  }));
  b.out.reply(asker.connection, asker.correlationId, { api: 43, replicaElectionResults });
}

/** auto.leader.rebalance.enable: where more than leader.imbalance.per.broker.percentage of a broker's partitions are led by others. */
export function balance(b: ZkBrokerContext): void {
  const byPreferred = new Map<number, { all: number; away: PartitionRef[] }>();
  for (const p of allPartitions(b)) {
    const { topicId, index, replicas, info } = p;
    const preferred = replicas[0]!;
    const own = byPreferred.get(preferred) ?? { all: 0, away: [] };
    own.all++;
    if (info !== null && info.leader !== preferred) own.away.push({ topicId, index });
    byPreferred.set(preferred, own);
  }
  const partitions: PartitionRef[] = [];
  for (const [preferred, { all, away }] of byPreferred) {
    if (away.length * 100 > all * b.state.config.leaderImbalancePerBrokerPercentage && isLive(b, preferred))
      partitions.push(...away);
  }
  if (partitions.length > 0) next(b, { kind: 'elect-leaders', partitions, strategy: 'preferred' });
}

// ---- another order of replicas

type Reassign = Extract<Task, { kind: 'reassign' }>;

/** By topic: what its znode is to hold. Null where the request cannot be met. */
function reordered(
  b: ZkBrokerContext,
  { request }: Reassign,
): { name: string; topic: ControlledTopic; znode: TopicZnode }[] | null {
  const topics: { name: string; topic: ControlledTopic; znode: TopicZnode }[] = [];
  for (const { name, partitions } of request.topics) {
    const topic = named(b, name);
    if (topic === undefined) return null;
    const assignments = topic.partitions.map(({ replicas }) => replicas);
    for (const { partitionIndex, replicas } of partitions) {
      const present = assignments[partitionIndex];
      if (
        replicas === null ||
        present === undefined ||
        present.length !== replicas.length ||
        !replicas.every((id) => present.includes(id))
      )
        return null;
      assignments[partitionIndex] = replicas;
    }
    topics.push({ name, topic, znode: { topicId: topic.topicId, assignments, config: topic.config } });
  }
  return topics;
}

export function reassign(b: ZkBrokerContext, task: Reassign): ZkOp[][] | null {
  const topics = isActive(b) ? reordered(b, task) : null;
  if (topics === null) {
    replyToReassignment(b, task, isActive(b) ? ErrorCode.invalidRequest : ErrorCode.notController);
    return null;
  }
  return topics.map(({ name, znode }) => fenced(b, { type: 'setData', path: topicPath(name), data: znode, version: -1 }));
}

export function reassigned(b: ZkBrokerContext, task: Reassign): void {
  const tasks: Task[] = [];
  for (const { topic, znode } of reordered(b, task)!) {
    topic.partitions.forEach((p, index) => {
      if (znode.assignments[index] === p.replicas) return;
      p.replicas = znode.assignments[index]!;
      const of = { topicId: topic.topicId, index };
      if (p.info === null) return;
      if (isLive(b, p.info.leader)) tasks.push({ kind: 'bump-epoch', of });
      else tasks.push({ kind: 'elect-leaders', partitions: [of], strategy: 'offline' });
    });
  }
  replyToReassignment(b, task, ErrorCode.none);
  next(b, ...tasks);
}

export function replyToReassignment(b: ZkBrokerContext, { asker, request }: Reassign, errorCode: number): void {
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
  b.out.reply(asker.connection, asker.correlationId, { api: 45, responses });
}
