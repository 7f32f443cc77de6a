/**
 * What `import 'spillway/fast-check'` gives: arbitraries of scenarios and plans as plain data, within bounds. Whatever they make is
 * valid: settings that Kafka would refuse together, partitions and brokers that do not exist, occasions that cannot come are never
 * made. Everything is drawn as a flat record of small numbers, so that what fails shrinks to few brokers, few records and few faults.
 *
 * Left out: link by link latencies, several topics, keys, oversize records, faults placed by note or after one another; `drop-response`,
 * which no TCP connection would do.
 */
import * as fc from 'fast-check';
import type { Plan, RawSettings } from '../plan/plan.ts';
import { type FaultKind, faultKinds } from '../scenario/fault-kinds.ts';
import { parseScenarioData } from '../scenario/parse-scenario.ts';
import { planOf } from '../scenario/plan-of.ts';
import type { FaultInput, Scenario, TargetInput, TriggerInput } from '../scenario/schema.ts';

export { type FaultKind, faultKinds };

/** A range of integers, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Bounds {
  /** @defaultValue 1 to 4 */
  readonly brokers?: Range;
  /** Replicas of the topic, at most as many as there are brokers. @defaultValue 1 to 3 */
  readonly replicationFactor?: Range;
  /** @defaultValue 1 to 3 */
  readonly partitions?: Range;
  /** Records of each producer. @defaultValue 1 to 60 */
  readonly records?: Range;
  /** @defaultValue 1 to 2 */
  readonly producers?: Range;
  /** How many faults. @defaultValue 0 to 3 */
  readonly faults?: Range;
  /** Which faults. @defaultValue all of {@link faultKinds} */
  readonly kinds?: readonly FaultKind[];
  /** Instead of drawn settings of every producer. */
  readonly producer?: RawSettings;
  /** Instead of drawn settings of the topic. */
  readonly topic?: RawSettings;
  /** Instead of drawn settings of the brokers. */
  readonly broker?: RawSettings;
}

interface RawFault {
  readonly kind: FaultKind;
  readonly occasion: 'at' | 'sent' | 'acked' | 'batchAppended';
  readonly nth: number;
  readonly role: 'leader' | 'broker' | 'follower' | 'allBrokers';
  readonly whom: number;
  readonly ms: number;
  readonly peers: 'brokers' | 'controller' | 'clients' | 'everyone';
  readonly direction: 'both' | 'out' | 'in';
  readonly torn: boolean;
}

/** Settings of a producer, every combination that Kafka takes. */
export function producerSettings(): fc.Arbitrary<RawSettings> {
  const batching = {
    'batch.size': fc.constantFrom(16384, 1, 400),
    'linger.ms': fc.constantFrom(0, 1, 5),
    'max.in.flight.requests.per.connection': fc.integer({ min: 1, max: 5 }),
  };
  const idempotent = fc.record({ acks: fc.constant('all'), 'enable.idempotence': fc.constant(true), ...batching });
  const plain = fc.record({
    acks: fc.constantFrom('all', '1', '0'),
    'enable.idempotence': fc.constant(false),
    retries: fc.constantFrom(2147483647, 0, 1),
    ...batching,
  });
  return fc.oneof(idempotent, plain);
}

/** Settings of a topic. */
export function topicSettings(): fc.Arbitrary<RawSettings> {
  return fc.record({
    'min.insync.replicas': fc.integer({ min: 1, max: 3 }),
    'unclean.leader.election.enable': fc.boolean(),
    'flush.messages': fc.constantFrom(9007199254740991, 1, 10),
  });
}

/** Settings of every broker. */
export function brokerSettings(): fc.Arbitrary<RawSettings> {
  return fc.record({
    'replica.lag.time.max.ms': fc.constantFrom(30000, 10000),
    'replica.fetch.wait.max.ms': fc.constantFrom(500, 50),
  });
}

/** Scenarios that expect nothing: no harm is allowed and none is demanded, unless the property says so. Plain data. */
export function scenarios(bounds: Bounds = {}): fc.Arbitrary<Scenario> {
  const { brokers = { min: 1, max: 4 }, replicationFactor = { min: 1, max: 3 }, kinds = faultKinds } = bounds;
  const { partitions = { min: 1, max: 3 }, records = { min: 1, max: 60 }, producers = { min: 1, max: 2 } } = bounds;
  const { faults = { min: 0, max: 3 } } = bounds;
  const fault: fc.Arbitrary<RawFault> = fc.record({
    kind: fc.constantFrom(...kinds),
    occasion: fc.constantFrom('at', 'sent', 'acked', 'batchAppended'),
    nth: fc.nat({ max: 999 }),
    role: fc.constantFrom('leader', 'broker', 'follower', 'allBrokers'),
    whom: fc.nat({ max: 9 }),
    ms: fc.integer({ min: 1, max: 20_000 }),
    peers: fc.constantFrom('brokers', 'controller', 'clients', 'everyone'),
    direction: fc.constantFrom('both', 'out', 'in'),
    torn: fc.boolean(),
  });
  return fc
    .record({
      brokers: fc.integer(brokers),
      replicationFactor: fc.integer(replicationFactor),
      partitions: fc.integer(partitions),
      producers: fc.integer(producers),
      records: fc.integer(records),
      burst: fc.constantFrom(1, 5),
      everyUs: fc.constantFrom(1000, 100, 10_000),
      latencyUs: fc.constantFrom(200, 2000),
      jitterUs: fc.constantFrom(300, 0, 20_000),
      stallPerMille: fc.constantFrom(0, 8),
      resetPerMille: fc.constantFrom(0, 2),
      producer: bounds.producer === undefined ? producerSettings() : fc.constant(bounds.producer),
      topic: bounds.topic === undefined ? topicSettings() : fc.constant(bounds.topic),
      broker: bounds.broker === undefined ? brokerSettings() : fc.constant(bounds.broker),
      faults: fc.array(fault, { minLength: faults.min, maxLength: faults.max }),
    })
    .map(assemble);
}

/** The same as plans. */
export function plans(bounds: Bounds = {}): fc.Arbitrary<Plan> {
  return scenarios(bounds).map((definition) => {
    const { scenario, problems } = parseScenarioData(definition, 'generated');
    if (scenario === null) throw new Error(`a generated scenario is valid: ${JSON.stringify(problems)}`);
    return planOf(scenario, null);
  });
}

interface Drawn {
  readonly brokers: number;
  readonly replicationFactor: number;
  readonly partitions: number;
  readonly producers: number;
  readonly records: number;
  readonly burst: number;
  readonly everyUs: number;
  readonly latencyUs: number;
  readonly jitterUs: number;
  readonly stallPerMille: number;
  readonly resetPerMille: number;
  readonly producer: RawSettings;
  readonly topic: RawSettings;
  readonly broker: RawSettings;
  readonly faults: readonly RawFault[];
}

/** Where there are fewer brokers, replicas or records than were asked for, what refers to them is folded into those there are. */
function assemble(drawn: Drawn): Scenario {
  const replicationFactor = Math.min(drawn.replicationFactor, drawn.brokers);
  const names = Array.from({ length: drawn.producers }, (_, i) => `p${i + 1}`);
  const send = { count: drawn.records, every: us(drawn.everyUs), burst: drawn.burst };
  const producer = { topic: 'orders', config: { ...drawn.producer }, send };
  return {
    claim: 'a drawn scenario',
    kafka: '3.9',
    cluster: {
      brokers: drawn.brokers,
      latency: { base: us(drawn.latencyUs), jitter: us(drawn.jitterUs) },
      stalls: { perMille: drawn.stallPerMille, for: '200ms' },
      resetsPerMille: drawn.resetPerMille,
      config: { ...drawn.broker },
    },
    topics: { orders: { partitions: drawn.partitions, replicationFactor, config: { ...drawn.topic } } },
    producers: Object.fromEntries(names.map((name) => [name, producer])),
    consumers: { c1: { topic: 'orders', config: { 'auto.offset.reset': 'earliest' } } },
    faults: drawn.faults.map((raw) => faultOf(raw, { ...drawn, replicationFactor })),
    limits: { events: 300_000 },
    expect: {},
  };
}

function us(microseconds: number): `${number}us` {
  return `${microseconds}us`;
}

function faultOf(raw: RawFault, { brokers, replicationFactor, partitions, records, producers }: Drawn): FaultInput {
  const partition = `orders-${raw.whom % partitions}`;
  const when = triggerOf(raw, { partition, producer: `p${(raw.whom % producers) + 1}`, nth: 1 + (raw.nth % records) });
  const target = targetOf(raw, { partition, brokers, replicationFactor });
  const time: `${number}ms` = `${raw.ms}ms`;
  switch (raw.kind) {
    case 'crash':
      return { when, crash: target, restartAfter: time };
    case 'powerLoss':
      return { when, powerLoss: target, restartAfter: time, tornWrite: raw.torn };
    case 'controlledShutdown':
      return { when, controlledShutdown: target, restartAfter: time };
    case 'moveLeader':
      return { when, moveLeader: partition };
    case 'pause':
      return { when, pause: target, for: time };
    case 'isolate':
      return { when, isolate: target, from: raw.peers, direction: raw.direction, for: time };
    case 'reset':
      return { when, reset: target, from: raw.peers };
    case 'stall':
      return { when, stall: target, from: raw.peers, for: time };
    case 'slowLink':
      return { when, slowLink: target, from: raw.peers, direction: raw.direction, by: `${raw.whom * 50}ms`, for: time };
    case 'slowDisk':
      return { when, slowDisk: target, append: `${raw.whom}ms`, fsync: `${raw.whom * 10}ms`, for: time };
    case 'fsyncError':
      return { when, fsyncError: target };
    case 'fsyncLie':
      return { when, fsyncLie: target, for: time };
  }
}

function triggerOf({ occasion, nth: drawn }: RawFault, at: { partition: string; producer: string; nth: number }): TriggerInput {
  const { partition, producer, nth } = at;
  switch (occasion) {
    case 'at':
      return { at: `${drawn}ms` };
    case 'sent':
      return { sent: { producer, nth } };
    case 'acked':
      return { acked: { producer, nth } };
    case 'batchAppended':
      return { batchAppended: { partition, nth } };
  }
}

function targetOf(
  { role, whom }: RawFault,
  { partition, brokers, replicationFactor }: { partition: string; brokers: number; replicationFactor: number },
): TargetInput {
  switch (role) {
    case 'allBrokers':
      return 'allBrokers';
    case 'broker':
      return { broker: 1 + (whom % brokers) };
    case 'follower':
      if (replicationFactor > 1) return { follower: { partition, nth: 1 + (whom % (replicationFactor - 1)) } };
      return { leader: partition };
    case 'leader':
      return { leader: partition };
  }
}
