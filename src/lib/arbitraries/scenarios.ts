/**
 * Scenarios and plans within bounds. Everything is drawn as flat records of small numbers and put together afterwards, so that whatever
 * shrinks, shrinks to a valid scenario: where there are fewer brokers, replicas, records or clients than were drawn, what refers to them is
 * folded into those there are.
 */
import * as fc from 'fast-check';
import { type KafkaVersion, kafkaVersions, type Plan, type RawSettings } from '../../plan/plan.ts';
import { metadataHosts } from '../../scenario/defaults.ts';
import type { Duration } from '../../scenario/duration.ts';
import { drawnKinds } from '../../scenario/fault-kinds.ts';
import { parseScenarioData } from '../../scenario/parse-scenario.ts';
import { planOf } from '../../scenario/plan-of.ts';
import type { ConsumerInput, GroupInput, ProducerInput, Scenario, TopicInput } from '../../scenario/schema.ts';
import { type Bounds, groupName, topicName } from './bounds.ts';
import { placed, type RawFault, rawFaults, stageOf } from './faults.ts';
import { brokerSettings, consumerSettings, producerSettings, topicSettings } from './settings.ts';
import { groups, type Workload, workloads } from './workloads.ts';

interface RawTopic {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: RawSettings;
}

interface RawProducer {
  readonly topic: number;
  readonly send: Workload;
  readonly config: RawSettings;
  /** A partition of its own, modulo those there are; null: the partitioner's pick. */
  readonly partition: number | null;
  readonly onFailure: NonNullable<ProducerInput['onFailure']>;
  readonly onRestart: NonNullable<ProducerInput['onRestart']>;
}

/** A link between a broker and anybody. */
interface RawLink {
  readonly broker: number;
  readonly other: number;
  readonly out: boolean;
  readonly latency: Duration;
}

interface Drawn {
  readonly kafka: KafkaVersion;
  readonly brokers: number;
  readonly topics: readonly RawTopic[];
  readonly producers: readonly RawProducer[];
  readonly groups: readonly { readonly topic: number; readonly group: GroupInput }[];
  readonly latency: Duration;
  readonly jitter: Duration;
  readonly stallPerMille: number;
  readonly resetPerMille: number;
  readonly links: readonly RawLink[];
  readonly writeBack: Duration;
  readonly broker: RawSettings;
  readonly consumer: RawSettings;
  readonly faults: readonly RawFault[];
  readonly controllers: number;
}

/** Scenarios that expect nothing: no harm is allowed and none is demanded, unless the property says so. Plain data. */
export function scenarios(bounds: Bounds = {}): fc.Arbitrary<Scenario> {
  const { brokers = { min: 1, max: 4 }, replicationFactor = { min: 1, max: 3 }, kinds = drawnKinds } = bounds;
  const { topics = { min: 1, max: 2 }, partitions = { min: 1, max: 3 }, producers = { min: 1, max: 2 } } = bounds;
  const { groups: groupCount = { min: 0, max: 1 }, faults = { min: 0, max: 3 } } = bounds;
  const given = (settings: RawSettings | undefined, drawn: () => fc.Arbitrary<RawSettings>): fc.Arbitrary<RawSettings> =>
    settings === undefined ? drawn() : fc.constant(settings);
  const topic = fc.record({
    partitions: fc.integer(partitions),
    replicationFactor: fc.integer(replicationFactor),
    config: given(bounds.topic, topicSettings),
  });
  const producer = fc.record({
    topic: fc.nat({ max: 9 }),
    send: workloads(bounds),
    config: given(bounds.producer, producerSettings),
    partition: fc.option(fc.nat({ max: 9 }), { freq: 3 }),
    onFailure: fc.constantFrom('callback', 'forget', 'sync'),
    onRestart: fc.constantFrom('continue', 'resend'),
  });
  const link = fc.record({
    broker: fc.nat({ max: 9 }),
    other: fc.nat({ max: 20 }),
    out: fc.boolean(),
    latency: fc.constantFrom<Duration>('200us', '5ms', '40ms'),
  });
  return fc
    .record({
      kafka: fc.constantFrom<KafkaVersion>('3.9', ...kafkaVersions.filter((version) => version !== '3.9')),
      brokers: fc.integer(brokers),
      topics: fc.array(topic, { minLength: Math.max(1, topics.min), maxLength: topics.max }),
      producers: fc.array(producer, { minLength: Math.max(1, producers.min), maxLength: producers.max }),
      groups: fc.array(fc.record({ topic: fc.nat({ max: 9 }), group: groups(bounds) }), {
        minLength: groupCount.min,
        maxLength: groupCount.max,
      }),
      latency: fc.constantFrom<Duration>('200us', '2ms'),
      jitter: fc.constantFrom<Duration>('300us', '0us', '20ms'),
      stallPerMille: fc.constantFrom(0, 8),
      resetPerMille: fc.constantFrom(0, 2),
      links: fc.array(link, { maxLength: 2 }),
      writeBack: fc.constantFrom<Duration>('30s', '1s'),
      broker: given(bounds.broker, brokerSettings),
      consumer: given(bounds.consumer, consumerSettings),
      faults: rawFaults(faults, kinds),
      controllers: fc.constantFrom(1, 1, 1, 3),
    })
    .map((drawn) => assemble(drawn, bounds.heal ?? '60s'));
}

/** The same as plans. */
export function plans(bounds: Bounds = {}): fc.Arbitrary<Plan> {
  return scenarios(bounds).map((definition) => {
    const { scenario, problems } = parseScenarioData(definition, 'generated');
    if (scenario === null) throw new Error(`a generated scenario is valid: ${JSON.stringify(problems)}`);
    return planOf(scenario, null);
  });
}

/** Seeds of runs, small ones first. */
export function seeds(): fc.Arbitrary<string> {
  return fc.nat({ max: 999_999_999 }).map((seed) => String(seed + 1));
}

function assemble(drawn: Drawn, heal: Duration): Scenario {
  const topics = drawn.topics.map(({ partitions, replicationFactor, config }) => ({
    partitions,
    replicationFactor: Math.min(replicationFactor, drawn.brokers),
    config: { ...config } as NonNullable<TopicInput['config']>,
  }));
  const topicOf = (number: number): string => topicName(number % topics.length);
  const producers = drawn.producers.map(({ topic, config, send, partition, onFailure, onRestart }): ProducerInput => {
    const { partitions } = topics[topic % topics.length]!;
    const own = partition === null ? {} : { partition: partition % partitions };
    const settings = { ...config } as NonNullable<ProducerInput['config']>;
    return { topic: topicOf(topic), config: settings, send: { ...send, ...own }, onFailure, onRestart };
  });
  const reader = { ...drawn.consumer } as NonNullable<ConsumerInput['config']>;
  const groupsOf = drawn.groups.map(({ topic, group }, i) => [groupName(i), { topic: topicOf(topic), ...group }] as const);
  const scenario: Scenario = {
    claim: 'a drawn scenario',
    kafka: drawn.kafka,
    cluster: {
      brokers: drawn.brokers,
      // 2.8 has ZooKeeper where nothing is said.
      ...(drawn.controllers > 1 && drawn.kafka !== '2.8' ? { controllers: drawn.controllers } : {}),
      latency: { base: drawn.latency, jitter: drawn.jitter },
      stalls: { perMille: drawn.stallPerMille, for: '200ms' },
      resetsPerMille: drawn.resetPerMille,
      config: { ...drawn.broker },
      disk: { writeBack: drawn.writeBack },
    },
    topics: Object.fromEntries(topics.map((topic, i) => [topicName(i), topic])),
    producers: Object.fromEntries(producers.map((producer, i) => [`p${i + 1}`, producer])),
    consumers: Object.fromEntries(topics.map((_, i) => [`c${i + 1}`, { topic: topicName(i), config: reader }])),
    ...(groupsOf.length === 0 ? {} : { groups: Object.fromEntries(groupsOf) }),
    limits: { events: 300_000, heal },
    expect: {},
  };
  const stage = stageOf(scenario);
  const links = linksOf(drawn.links, drawn.brokers, [...stage.clients, ...metadataHosts(scenario)]);
  return {
    ...scenario,
    cluster: { ...scenario.cluster, ...(links.length === 0 ? {} : { links: Object.fromEntries(links) }) },
    faults: placed(drawn.faults, stage),
  };
}

function linksOf(links: readonly RawLink[], brokers: number, clients: readonly string[]): [link: string, latency: Duration][] {
  return links.map(({ broker, other, out, latency }) => {
    const one = `broker-${1 + (broker % brokers)}`;
    const others = [...clients, ...Array.from({ length: brokers }, (_, i) => `broker-${i + 1}`)];
    const another = others.filter((host) => host !== one)[other % (others.length - 1)]!;
    return [out ? `${one} -> ${another}` : `${another} -> ${one}`, latency];
  });
}
