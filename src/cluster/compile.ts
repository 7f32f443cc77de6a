/**
 * A Plan made ready to run: settings resolved, hosts numbered, records and calls built once. Nothing here depends on a seed, so one
 * compilation serves any number of runs.
 */
import { assert } from '../base/assert.ts';
import type { GroupFacts, ProducerFacts } from '../history/history.ts';
import type { RecordFacts } from '../history/recorder.ts';
import type { BrokerConfig } from '../kafka/config/broker.ts';
import type { ConsumerConfig } from '../kafka/config/consumer.ts';
import type { ProducerConfig } from '../kafka/config/producer.ts';
import { type Resolved, resolveBroker, resolveConsumer, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import type { TopicConfig } from '../kafka/config/topic.ts';
import type { NewTopic, ProducerRecord } from '../kafka/machine.ts';
import { murmur2 } from '../kafka/producer/murmur2.ts';
import { offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import { apiNames } from '../kafka/protocol/messages.ts';
import type { GroupPlan, HandlerPlan } from '../plan/groups.ts';
import type { Plan, ProducerPlan, RawSettings, TopicPlan } from '../plan/plan.ts';
import { NetworkShape } from '../world/links.ts';

/**
 * Who keeps the metadata is host 0, a KRaft controller or ZooKeeper; broker n is host n; then the admin, the producers, the consumers, the
 * other controllers of a quorum.
 */
export const controllerHost = 0;

export interface CompiledProducer {
  readonly plan: ProducerPlan;
  readonly host: number;
  readonly config: ProducerConfig;
  /** Id of its first record; the others follow. */
  readonly firstRecord: number;
  /** What each tick sends, as long as nothing is sent again. */
  readonly bursts: readonly (readonly ProducerRecord[])[];
}

export interface CompiledConsumer {
  readonly validatesPositions: boolean;
  readonly name: string;
  readonly topic: string;
  readonly host: number;
  readonly config: ConsumerConfig;
}

export interface CompiledGroup {
  readonly plan: GroupPlan;
  readonly index: number;
  readonly config: ConsumerConfig;
  readonly topic: CompiledTopic;
  readonly members: readonly CompiledMember[];
}

export interface CompiledMember {
  readonly name: string;
  readonly host: number;
  readonly group: number;
  /** Within its group. */
  readonly ordinal: number;
}

export interface CompiledTopic {
  readonly plan: TopicPlan;
  readonly topicId: number;
  /** By partition, those that are added in the run included: how many there may be in the end. */
  readonly assignments: readonly (readonly number[])[];
  readonly config: TopicConfig;
  /** With every change of its settings in the run, one after the other. */
  readonly laterConfigs: readonly TopicConfig[];
  /** Index of its partition 0 among all partitions. */
  readonly firstPartition: number;
}

export interface CompiledPlan {
  readonly plan: Plan;
  readonly hostNames: readonly string[];
  readonly adminHost: number;
  /** Hosts of the controllers of KRaft; empty with ZooKeeper. Those after the first follow all others. */
  readonly controllers: readonly number[];
  readonly shape: NetworkShape;
  readonly brokerConfig: BrokerConfig;
  readonly defaultTopicConfig: TopicConfig;
  readonly topics: readonly CompiledTopic[];
  readonly partitionNames: readonly string[];
  readonly partitionCount: number;
  readonly newTopics: readonly NewTopic[];
  readonly producers: readonly CompiledProducer[];
  readonly producerFacts: readonly ProducerFacts[];
  readonly consumers: readonly CompiledConsumer[];
  readonly groups: readonly CompiledGroup[];
  readonly groupFacts: readonly GroupFacts[];
  /** Members of all groups, in the order of their hosts. */
  readonly members: readonly CompiledMember[];
  /** By record id. */
  readonly records: readonly ProducerRecord[];
  readonly recordFacts: RecordFacts;
  /** By record id: index of partition 0 of its topic. */
  readonly firstPartitionOf: Int32Array;
  /** Every setting of every client, topic and broker with its source, by dotted path. */
  readonly settings: Readonly<Record<string, { readonly value: string; readonly source: 'default' | 'yours' }>>;
}

/** Lanes of the network: a request and a response lane for each API, after one for connecting and one for closing. */
const apis = Object.keys(apiNames).map(Number);
const laneNames = [
  'connect',
  'close',
  ...apis.flatMap((api) => [apiNames[api as keyof typeof apiNames], `${apiNames[api as keyof typeof apiNames]} response`]),
];
const requestLanes: number[] = [];
apis.forEach((api, i) => {
  requestLanes[api] = 2 + 2 * i;
});

/** The lane of an API's requests; its responses have the next one. */
export function requestLane(api: number): number {
  return requestLanes[api]!;
}

/** Throws when the plan's settings are not valid: who builds plans from user input reports problems before. */
function valid<T>(resolved: Resolved<T>, where: string): T {
  const problem = resolved.problems.find((candidate) => candidate.severity === 'error');
  assert(problem === undefined, `${where}: ${problem?.setting} ${problem?.code}`);
  return resolved.config;
}

/**
 * `__consumer_offsets` is the brokers' own. They let no producer write to it (ReplicaManager.appendToLocalLog: InvalidTopicException), and
 * what a client would read there is no record of the plan.
 */
function keepsOffInternalTopics({ topics, producers, consumers, groups = [] }: Plan): void {
  for (const { name } of topics)
    assert(name !== offsetsTopic, `${offsetsTopic} is the brokers' own: no plan has a topic of that name`);
  for (const { name, topic } of [...producers, ...consumers, ...groups])
    assert(topic !== offsetsTopic, `${name} works on ${offsetsTopic}, which is the brokers' own`);
}

/** Makes a plan ready to run. */
export function compile(plan: Plan): CompiledPlan {
  keepsOffInternalTopics(plan);
  const isQuorum = plan.controllers !== undefined && plan.controllers > 1;
  const hostNames = [plan.metadata === 'zookeeper' ? 'zookeeper' : isQuorum ? 'controller-1' : 'controller'];
  for (let id = 1; id <= plan.brokers; id++) hostNames.push(`broker-${id}`);
  const adminHost = hostNames.length;
  hostNames.push('admin', ...plan.producers.map((p) => p.name), ...plan.consumers.map((c) => c.name));
  const groupPlans = plan.groups ?? [];
  const firstMember = hostNames.length;
  for (const group of groupPlans) hostNames.push(...group.memberStartsUs.map((_, i) => `${group.name}-${i + 1}`));

  const controllers = plan.metadata === 'zookeeper' ? [] : [controllerHost];
  if (isQuorum) for (let id = 2; id <= plan.controllers!; id++) controllers.push(hostNames.push(`controller-${id}`) - 1);

  const settings: Record<string, { value: string; source: 'default' | 'yours' }> = {};
  const note = (scope: string, resolved: Resolved<unknown>): void => {
    for (const [name, setting] of Object.entries(resolved.settings)) settings[`${scope}.${name}`] = setting;
  };
  const broker = resolveBroker(plan.brokerConfig, plan.kafka);
  const brokerConfig = valid(broker, 'broker');
  note('broker', broker);
  const defaultTopicConfig = valid(resolveTopic({}, brokerConfig, plan.kafka), 'topic');

  const partitionNames: string[] = [];
  const topics = [...plan.topics, ...internalTopics(plan)].map((topic, topicId): CompiledTopic => {
    const resolved = resolveTopic(topic.config, brokerConfig, plan.kafka, topic.replicationFactor);
    note(`topics.${topic.name}`, resolved);
    const firstPartition = partitionNames.length;
    const laterConfigs = laterSettings(plan, topic).map((settings) =>
      valid(resolveTopic(settings, brokerConfig, plan.kafka, topic.replicationFactor), `${topic.name}, changed`),
    );
    const assignments = assignmentsOf(plan, topic);
    for (let p = 0; p < assignments.length; p++) partitionNames.push(`${topic.name}-${p}`);
    return { plan: topic, topicId, assignments, config: valid(resolved, topic.name), laterConfigs, firstPartition };
  });

  const records: ProducerRecord[] = [];
  const keys: number[] = [];
  const owners: number[] = [];
  const producerFacts: ProducerFacts[] = [];
  const producers = plan.producers.map((producer, i): CompiledProducer => {
    const resolved = resolveProducer(producer.config, plan.kafka);
    note(`producers.${producer.name}`, resolved);
    const config = valid(resolved, producer.name);
    const firstRecord = records.length;
    const send = producer.send;
    const hashes = Array.from({ length: send.keys }, (_, key) => murmur2(`key-${key}`));
    for (let n = 0; n < send.count; n++) {
      const key = send.keys > 0 ? n % send.keys : -1;
      const big = send.oversize !== undefined && (n + 1) % send.oversize.every === 0;
      const record: ProducerRecord = {
        id: records.length,
        topic: producer.topic,
        partition: send.partition ?? -1,
        keyHash: key < 0 ? -1 : hashes[key]!,
        sizeBytes: big ? send.oversize!.valueBytes : send.valueBytes,
      };
      records.push(record);
      keys.push(key);
      owners.push(i);
    }
    producerFacts.push({
      name: producer.name,
      topic: producer.topic,
      acks: config.acks,
      idempotent: config.enableIdempotence,
      retries: config.retries,
      maxInFlight: config.maxInFlightRequestsPerConnection,
      onFailure: producer.onFailure,
      ...(config.partitionerIgnoreKeys ? { ignoresKeys: true } : {}),
    });
    return {
      plan: producer,
      host: adminHost + 1 + i,
      config,
      firstRecord,
      bursts: burstsOf(records.slice(firstRecord), send.burst),
    };
  });

  const consumers = plan.consumers.map((consumer, i): CompiledConsumer => {
    const resolved = resolveConsumer(consumer.config, plan.kafka);
    note(`consumers.${consumer.name}`, resolved);
    return {
      name: consumer.name,
      topic: consumer.topic,
      host: adminHost + 1 + producers.length + i,
      config: valid(resolved, consumer.name),
      validatesPositions: consumer.validatesPositions ?? false,
    };
  });

  const members: CompiledMember[] = [];
  const groups = groupPlans.map((group, index): CompiledGroup => {
    const resolved = resolveConsumer(groupConfig(group), plan.kafka);
    note(`groups.${group.name}`, resolved);
    const own = group.memberStartsUs.map((_, ordinal): CompiledMember => {
      const host = firstMember + members.length + ordinal;
      return { name: hostNames[host]!, host, group: index, ordinal };
    });
    members.push(...own);
    const topic = topics.find((candidate) => candidate.plan.name === group.topic);
    assert(topic !== undefined, 'a group reads a topic of the plan');
    return { plan: group, index, config: valid(resolved, group.name), topic, members: own };
  });

  return {
    plan,
    hostNames,
    adminHost,
    controllers,
    shape: new NetworkShape(hostNames, plan.network, laneNames),
    brokerConfig,
    defaultTopicConfig,
    topics,
    partitionNames,
    partitionCount: partitionNames.length,
    newTopics: topics.map(({ plan: topic, assignments }) => ({
      name: topic.name,
      assignments: assignments.slice(0, topic.partitions),
      config: Object.fromEntries(Object.entries(topic.config).map(([name, value]) => [name, String(value)])),
    })),
    producers,
    producerFacts,
    consumers,
    groups,
    groupFacts: groups.map(({ plan: { name, topic, handler, commit, sink }, config, members: own }) => ({
      name,
      topic,
      members: own.map((member) => member.name),
      where: handler.where,
      keyed: handler.keyed,
      outlastsPollInterval: outlastsPollInterval(handler, config, records.filter((record) => record.topic === topic).length),
      reset: config.autoOffsetReset,
      commit,
      sink,
    })),
    members,
    records,
    recordFacts: {
      count: records.length,
      producer: Int32Array.from(owners),
      ordinal: Int32Array.from(records, ({ id }) => id - producers[owners[id]!]!.firstRecord + 1),
      key: Int32Array.from(keys),
    },
    firstPartitionOf: Int32Array.from(
      records,
      (record) => topics.find(({ plan: topic }) => topic.name === record.topic)?.firstPartition ?? -1,
    ),
    settings,
  };
}

/** Whether a handler may need max.poll.interval.ms or longer for what one poll() returns; the interval is over when it has passed. */
function outlastsPollInterval({ where, takes }: HandlerPlan, config: ConsumerConfig, sent: number): boolean {
  if (where !== 'poll-loop') return false;
  const records = Math.min(config.maxPollRecords, sent);
  return (takes.baseUs + takes.jitterUs) * records >= config.maxPollIntervalMs * 1000;
}

/**
 * `__consumer_offsets`, for plans with groups. Kafka creates it at the first use, with 50 partitions; here it is there from the start, and
 * has as many partitions as there are groups unless `offsets.topic.num.partitions` says otherwise.
 */
function internalTopics(plan: Plan): readonly TopicPlan[] {
  const groups = plan.groups ?? [];
  if (groups.length === 0) return [];
  const partitions = Number(plan.brokerConfig['offsets.topic.num.partitions'] ?? groups.length);
  const replicas = Number(plan.brokerConfig['offsets.topic.replication.factor'] ?? 3);
  return [{ name: offsetsTopic, partitions, replicationFactor: Math.min(replicas, plan.brokers), config: {} }];
}

/** A group's settings: its name, and that it commits by itself only where the application leaves it to do so. */
export function groupConfig(group: GroupPlan): RawSettings {
  return { 'enable.auto.commit': group.commit === 'auto', ...group.config, 'group.id': group.name };
}

/** Records in groups of `size`. */
export function burstsOf(records: readonly ProducerRecord[], size: number): ProducerRecord[][] {
  const bursts: ProducerRecord[][] = [];
  for (let i = 0; i < records.length; i += size) bursts.push(records.slice(i, i + size));
  return bursts;
}

/** The settings of a topic after each change that an operator makes of them, in the order of the plan. */
function laterSettings({ faults }: Plan, topic: TopicPlan): RawSettings[] {
  const later: RawSettings[] = [];
  for (const fault of faults)
    if (fault.name === 'alter-config' && fault.topic === topic.name)
      later.push({ ...(later[later.length - 1] ?? topic.config), ...fault.config });
  return later;
}

/** Partition p goes to brokers p+1, p+2, … round robin, unless the plan says otherwise. */
function assignmentsOf(plan: Plan, topic: TopicPlan): readonly (readonly number[])[] {
  let partitions = topic.partitions;
  for (const fault of plan.faults)
    if (fault.name === 'add-partitions' && fault.topic === topic.name) partitions = Math.max(partitions, fault.to);
  return Array.from(
    { length: partitions },
    (_, p) => topic.assignment?.[p] ?? Array.from({ length: topic.replicationFactor }, (_, r) => ((p + r) % plan.brokers) + 1),
  );
}
