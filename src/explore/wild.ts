/**
 * What `soak` explores: scenarios with the widest bounds that all settings of the model allow, of the way in and of the way out, under
 * either metadata model. Nothing is expected of them but what holds of everything: no harm that no rule permits, no broken promise, no
 * run that fails or differs from itself.
 */
import { assert } from '../base/assert.ts';
import { harms } from '../oracle/verdict.ts';
import { kafkaVersions } from '../plan/plan.ts';
import { type LoadedScenario, parseScenarioData } from '../scenario/parse-scenario.ts';
import type { AllowInput, Scenario } from '../scenario/schema.ts';

const cluster = {
  kafka: [...kafkaVersions],
  'cluster.brokers': [1, 2, 3, 3, 4],
  'topics.orders.partitions': [1, 1, 2, 3],
  'topics.orders.replicationFactor': [1, 2, 3, 3],
  'topics.orders.config.min.insync.replicas': [1, 1, 2, 3],
  'topics.orders.config.unclean.leader.election.enable': [false, false, true],
  'topics.orders.config.flush.messages': ['9223372036854775807', 1, 10],
  'topics.orders.config.segment.bytes': [1_073_741_824, 4_000],
  'cluster.config.replica.lag.time.max.ms': [30_000, 10_000],
  'cluster.config.replica.fetch.wait.max.ms': [500, 50],
  'cluster.disk.writeBack': ['30s', '1s'],
};

const producer = {
  'producers.*.config.acks': [0, 1, 'all', 'all'],
  'producers.*.config.enable.idempotence': [true, true, false],
  'producers.*.config.retries': [2_147_483_647, 2_147_483_647, 0, 1],
  'producers.*.config.max.in.flight.requests.per.connection': [5, 5, 1],
  'producers.*.config.linger.ms': [0, 0, 5],
  'producers.*.config.batch.size': [16_384, 400],
  'producers.*.config.delivery.timeout.ms': [120_000, 40_000],
  'producers.*.onFailure': ['callback', 'callback', 'sync', 'forget'],
  'producers.*.onRestart': ['continue', 'resend'],
};

const publish: Scenario = {
  claim: 'whatever happens on the way in is what the rules permit',
  cluster: { metadata: 'kraft' },
  topics: { orders: { config: {} } },
  producers: {
    p1: { config: {}, send: { count: 60, every: '20ms', keys: 3 } },
    p2: { config: {}, send: { count: 20, every: '50ms' } },
  },
  consumers: { c1: { topic: 'orders', config: { 'auto.offset.reset': 'earliest' } } },
  explore: {
    faults: { most: 8 },
    vary: { ...cluster, ...producer, 'producers.p1.send.every': ['1ms', '20ms', '300ms'], 'producers.p1.send.burst': [1, 1, 5] },
  },
  expect: {},
};

const consume: Scenario = {
  claim: 'whatever happens on the way out is what the rules permit',
  cluster: { metadata: 'kraft' },
  topics: { orders: { config: {} } },
  producers: { p1: { config: {}, send: { count: 60, every: '50ms', keys: 3 } } },
  groups: { billing: { members: 2, config: { 'auto.offset.reset': 'earliest' }, handler: { takes: '10ms' } } },
  explore: {
    faults: { most: 6 },
    vary: {
      ...cluster,
      'producers.*.config.acks': [1, 'all', 'all'],
      'groups.billing.members': [1, 2, 2, 3],
      'groups.billing.commit': ['auto', 'auto', 'before', 'after-batch', 'after-record', 'done-prefix', 'in-sink'],
      'groups.billing.sink': ['plain', 'plain', 'unique-key', 'transactional', 'transactional-unconditional'],
      'groups.billing.handler.where': ['poll-loop', 'poll-loop', 'workers'],
      'groups.billing.handler.keyed': [false, true],
      'groups.billing.handler.takes': ['1ms', '10ms', '200ms'],
      'groups.billing.handler.onThrow': ['carry-on', 'close', 'crash'],
      'groups.billing.config.max.poll.records': [500, 5],
      'groups.billing.config.session.timeout.ms': [45_000, 6_000],
      'groups.billing.config.max.poll.interval.ms': [300_000, 8_000],
      'groups.billing.config.auto.commit.interval.ms': [5_000, 500],
      'groups.billing.config.auto.offset.reset': ['earliest', 'earliest', 'latest'],
    },
  },
  expect: {},
};

/** Brokers die, stand still or are cut off; their page caches survive, and so do clients. */
const harmless: Scenario = {
  claim: 'nothing is lost, repeated or reordered as long as brokers only die, stand still, move leaderships or are cut off',
  cluster: { brokers: 3 },
  topics: { orders: { replicationFactor: 3, config: { 'min.insync.replicas': 2 } } },
  producers: {
    p1: { config: { acks: 'all', 'enable.idempotence': true }, send: { count: 60, every: '20ms', keys: 3 } },
    p2: { config: { acks: 'all', 'enable.idempotence': true }, send: { count: 20, every: '50ms' } },
  },
  consumers: { c1: { topic: 'orders', config: { 'auto.offset.reset': 'earliest' } } },
  explore: {
    faults: {
      most: 6,
      clients: false,
      kinds: ['crash', 'pause', 'isolate', 'reset', 'stall', 'slowLink', 'slowDisk', 'controlledShutdown', 'moveLeader'],
    },
    vary: {
      'cluster.brokers': [3, 4],
      'topics.orders.partitions': [1, 1, 2, 3],
      'topics.orders.config.segment.bytes': [1_073_741_824, 4_000],
      'cluster.config.replica.lag.time.max.ms': [30_000, 10_000],
      'cluster.config.replica.fetch.wait.max.ms': [500, 50],
      'producers.*.config.max.in.flight.requests.per.connection': [5, 5, 1],
      'producers.*.config.linger.ms': [0, 0, 5],
      'producers.*.config.batch.size': [16_384, 400],
      'producers.*.config.delivery.timeout.ms': [120_000, 40_000],
      'producers.*.onFailure': ['callback', 'callback', 'sync'],
      'producers.p1.send.every': ['1ms', '20ms', '300ms'],
      'producers.p1.send.burst': [1, 1, 5],
    },
  },
  expect: {},
};

/** What happens within what the settings tolerate all the same: defects of the versions themselves, by the reasons that tell them apart. */
const knownDefects: readonly AllowInput[] = [
  // KAFKA-14034, KAFKA-14359: an idempotent producer gives new sequences to what may have been written.
  { harm: 'duplicated', because: 'epoch-bumped-after-expiry' },
  { harm: 'reordered', because: 'epoch-bumped-then-overtaken' },
  // A registration of a former life that is handled late; see MODEL.md.
  { harm: 'stuck', because: 'broker-deposed' },
];

/** Metadata that comes late, by so many milliseconds at most, to followers that are slow as well. */
function slowLinks(lateMs: number): Record<string, object> {
  const links = [1, 2, 3].flatMap((id): [string, object][] => [
    [`controller -> broker-${id}`, { latency: '5ms', jitter: `${lateMs}ms` }],
    [`broker-${id} -> broker-${(id % 3) + 1}`, { latency: '1ms', jitter: `${lateMs / 4}ms` }],
  ]);
  return Object.fromEntries(links);
}

const elections: Scenario = {
  claim: 'whatever happens while leaderships change faster than brokers hear of them is what the rules permit',
  cluster: {
    brokers: 3,
    config: {
      'broker.session.timeout.ms': 1500,
      'broker.heartbeat.interval.ms': 300,
      'replica.lag.time.max.ms': 1000,
      'replica.fetch.wait.max.ms': 100,
      'replica.fetch.backoff.ms': 100,
    },
  },
  topics: { orders: { replicationFactor: 3, config: {} } },
  producers: { p1: { config: { acks: 'all', 'linger.ms': 0 }, send: { count: 100, every: '50ms' } } },
  explore: {
    faults: { most: 20, within: '4s', kinds: ['moveLeader', 'crash', 'powerLoss', 'pause', 'isolate', 'controlledShutdown'] },
    vary: {
      kafka: ['3.9', '4.1'],
      'topics.orders.config.min.insync.replicas': [1, 2],
      'producers.p1.send.every': ['10ms', '50ms', '200ms'],
      'cluster.links': [{}, ...[4, 100, 400, 1000].map(slowLinks)],
    },
  },
  expect: {},
};

/** The same where ZooKeeper keeps the metadata, in the versions that have it. */
function withZooKeeper(wild: Scenario): Scenario {
  const { faults, vary } = wild.explore ?? {};
  const versions = kafkaVersions.filter((version) => version !== '4.1');
  return {
    ...wild,
    kafka: '3.9',
    cluster: { ...wild.cluster, metadata: 'zookeeper' },
    explore: { ...(faults === undefined ? {} : { faults }), vary: { ...vary, kafka: versions } },
  };
}

/** The same with three controllers, which is what a cluster has. */
function withQuorum(wild: Scenario): Scenario {
  return { ...wild, kafka: '3.9', cluster: { ...wild.cluster, metadata: 'kraft', controllers: 3 } };
}

/** By name, in the order in which `soak` runs them. */
export function wildScenarios(): readonly LoadedScenario[] {
  const all = {
    publish,
    consume,
    elections,
    'publish-zookeeper': withZooKeeper(publish),
    'consume-zookeeper': withZooKeeper(consume),
    'publish-quorum': withQuorum(publish),
  };
  const beyond = Object.entries(all).map(([name, definition]) => sound({ ...definition, allow: [...harms] }, `soak-${name}`));
  return [...beyond, ...withinScenarios()];
}

/** Every preset under faults that its settings tolerate: nothing may happen but what is known of that version. */
function withinScenarios(): LoadedScenario[] {
  const presets: Readonly<Record<string, Pick<Scenario, 'kafka'> & { readonly cluster: Scenario['cluster'] }>> = {
    // No dots: what follows one is the ending of a file's name.
    '2-8': { kafka: '2.8', cluster: { metadata: 'zookeeper' } },
    '3-9': { kafka: '3.9', cluster: { metadata: 'kraft' } },
    '3-9-zookeeper': { kafka: '3.9', cluster: { metadata: 'zookeeper' } },
    '3-9-quorum': { kafka: '3.9', cluster: { metadata: 'kraft', controllers: 3 } },
    '4-1': { kafka: '4.1', cluster: { metadata: 'kraft' } },
  };
  return Object.entries(presets).map(([name, { kafka, cluster: kind }]) =>
    sound({ ...harmless, kafka, cluster: { ...harmless.cluster, ...kind }, allow: [...knownDefects] }, `soak-within-${name}`),
  );
}

function sound(definition: Scenario, name: string): LoadedScenario {
  const { scenario } = parseScenarioData(definition, name);
  assert(scenario !== null, 'what soak explores is sound');
  return scenario;
}
