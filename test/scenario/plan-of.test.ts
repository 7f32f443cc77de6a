/** From a scenario to a Plan: defaults, durations, links, clients, faults, limits; and the settings that reports show. */
import { describe, expect, test } from 'vitest';
import {
  defineScenario,
  dice,
  isolate,
  leader,
  moveLeader,
  slowDisk,
  slowLink,
  when,
} from '../../src/scenario/define-scenario.ts';
import { type LoadedScenario, parseScenarioData } from '../../src/scenario/parse-scenario.ts';
import { caseNames, definitionOf, planOf } from '../../src/scenario/plan-of.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { settingsOf } from '../../src/scenario/settings-of.ts';

function load(scenario: Scenario): LoadedScenario {
  const parsed = parseScenarioData(defineScenario(scenario), 'scenarios/some-claim.ts');
  expect(parsed.problems.filter((p) => p.severity === 'error')).toEqual([]);
  return parsed.scenario!;
}

test('a scenario that says next to nothing gets everything', () => {
  const scenario = load({ claim: 'x', expect: { lost: 0 } });
  expect(caseNames(scenario)).toEqual([null]);
  expect(planOf(scenario, null)).toEqual({
    name: 'some-claim',
    kafka: '3.9',
    brokers: 3,
    brokerConfig: {},
    network: { latency: { baseUs: 200, jitterUs: 300 }, links: {}, stallPerMille: 0, stallUs: 0, resetPerMille: 0 },
    disk: { fsync: { baseUs: 2000, jitterUs: 3000 }, writeBackUs: 30_000_000 },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, config: {} }],
    producers: [
      {
        name: 'p1',
        topic: 'orders',
        config: {},
        onFailure: 'callback',
        onRestart: 'continue',
        send: { count: 100, startUs: 0, everyUs: 1000, burst: 1, keys: 0, valueBytes: 100 },
      },
    ],
    consumers: [],
    faults: [],
    limits: { events: 2_000_000, healAtUs: 60_000_000, settleUs: 180_000_000 },
  });
});

test('a scenario that says everything keeps it', () => {
  const scenario = load({
    claim: 'x',
    kafka: '2.8',
    cluster: {
      brokers: 5,
      latency: { base: '1ms', jitter: '2ms' },
      stalls: { perMille: 8, for: '200ms' },
      resetsPerMille: 2,
      config: { 'replica.lag.time.max.ms': 2000 },
      disk: { fsync: '3ms', writeBack: '5s' },
    },
    topics: {
      a: {
        partitions: 2,
        replicationFactor: 2,
        assignment: [
          [1, 2],
          [3, 4],
        ],
        config: { 'min.insync.replicas': 2 },
      },
      b: {},
    },
    producers: {
      p: {
        topic: 'a',
        config: { acks: 'all' },
        onFailure: 'sync',
        onRestart: 'resend',
        send: {
          count: 5,
          start: '1s',
          every: '2ms',
          burst: 3,
          keys: 2,
          valueBytes: 7,
          oversize: { every: 2, valueBytes: 99 },
          partition: 1,
        },
      },
    },
    consumers: { c: { topic: 'b', config: { 'auto.offset.reset': 'earliest' } } },
    limits: { events: 10, heal: '1s', settle: '2s' },
    expect: { lost: 0 },
  });
  expect(planOf(scenario, null)).toMatchObject({
    kafka: '2.8',
    brokers: 5,
    brokerConfig: { 'replica.lag.time.max.ms': 2000 },
    network: { latency: { baseUs: 1000, jitterUs: 2000 }, stallPerMille: 8, stallUs: 200_000, resetPerMille: 2 },
    disk: { fsync: { baseUs: 3000, jitterUs: 0 }, writeBackUs: 5_000_000 },
    topics: [
      {
        name: 'a',
        partitions: 2,
        replicationFactor: 2,
        assignment: [
          [1, 2],
          [3, 4],
        ],
      },
      { name: 'b', replicationFactor: 3 },
    ],
    producers: [
      {
        topic: 'a',
        onFailure: 'sync',
        onRestart: 'resend',
        send: {
          count: 5,
          startUs: 1_000_000,
          everyUs: 2000,
          burst: 3,
          keys: 2,
          valueBytes: 7,
          oversize: { every: 2, valueBytes: 99 },
          partition: 1,
        },
      },
    ],
    consumers: [{ name: 'c', topic: 'b', config: { 'auto.offset.reset': 'earliest' } }],
    limits: { events: 10, healAtUs: 1_000_000, settleUs: 2_000_000 },
  });
});

test('two brokers hold two replicas unless told otherwise', () => {
  expect(planOf(load({ claim: 'x', cluster: { brokers: 2 }, expect: {} }), null).topics[0]!.replicationFactor).toBe(2);
});

describe('links', () => {
  const links = (input: Record<string, '5ms' | { latency: '5ms'; jitter: '1ms' }>): Record<string, unknown> =>
    planOf(load({ claim: 'x', cluster: { brokers: 2, links: input }, expect: {} }), null).network.links;

  test('each direction is its own link, lists and * are spelt out, nobody is linked to itself', () => {
    expect(links({ 'broker-1 -> broker-2,p1': '5ms' })).toEqual({
      'broker-1 -> broker-2': { baseUs: 5000, jitterUs: 0 },
      'broker-1 -> p1': { baseUs: 5000, jitterUs: 0 },
    });
    expect(Object.keys(links({ '* -> p1': '5ms' }))).toEqual([
      'broker-1 -> p1',
      'broker-2 -> p1',
      'controller -> p1',
      'admin -> p1',
    ]);
    expect(links({ 'p1->controller': { latency: '5ms', jitter: '1ms' } })).toEqual({
      'p1 -> controller': { baseUs: 5000, jitterUs: 1000 },
    });
  });
});

test('faults in microseconds, with what they do not say', () => {
  const scenario = load({
    claim: 'x',
    faults: [
      when(dice('10ms', '3/1000', 2), isolate(leader('orders-0'))),
      when({ at: '1s' }, slowLink({ broker: 1 }, { by: '40ms', for: '2s', jitter: '5ms' })),
      when({ afterFault: { fault: 1, delay: '1s' } }, slowDisk({ broker: 1 }, {})),
      when({ at: '1s' }, moveLeader('orders-0')),
    ],
    expect: {},
  });
  expect(planOf(scenario, null).faults).toEqual([
    {
      name: 'partition',
      target: { kind: 'leader', partition: 'orders-0' },
      peers: 'everyone',
      direction: 'both',
      when: { kind: 'dice', everyUs: 10_000, chance: { numerator: 3, denominator: 1000 }, budget: 2 },
    },
    {
      name: 'slow-link',
      target: { kind: 'broker', id: 1 },
      peers: 'everyone',
      direction: 'both',
      extraUs: 40_000,
      healAfterUs: 2_000_000,
      jitterUs: 5000,
      when: { kind: 'at', atUs: 1_000_000 },
    },
    {
      name: 'slow-disk',
      target: { kind: 'broker', id: 1 },
      appendUs: 1000,
      fsyncUs: 50_000,
      when: { kind: 'after-fault', fault: 1, delayUs: 1_000_000 },
    },
    {
      name: 'leader-move',
      target: { kind: 'leader', partition: 'orders-0' },
      partition: 'orders-0',
      when: { kind: 'at', atUs: 1_000_000 },
    },
  ]);
});

describe('cases', () => {
  const scenario = load({
    claim: 'x',
    producers: { p1: { config: { acks: 'all' } } },
    cases: {
      breaks: { set: { 'producers.p1.config.acks': 1, 'producers.p1.config.linger.ms': 3 }, expect: { lost: '>= 1' } },
      mends: { expect: { lost: 0 } },
    },
  });

  test('each has its own Plan and leaves the others alone', () => {
    expect(caseNames(scenario)).toEqual(['breaks', 'mends']);
    expect(planOf(scenario, 'breaks')).toMatchObject({
      name: 'some-claim/breaks',
      producers: [{ config: { acks: 1, 'linger.ms': 3 } }],
    });
    expect(planOf(scenario, 'mends')).toMatchObject({ name: 'some-claim/mends', producers: [{ config: { acks: 'all' } }] });
    expect(definitionOf(scenario, 'breaks').producers).toEqual({ p1: { config: { acks: 1, 'linger.ms': 3 } } });
  });

  test('a case that there is not is a bug of the caller', () => {
    expect(() => planOf(scenario, 'brakes')).toThrow(/has a case brakes/);
  });

  test("settings are shown under Kafka's names: yours as yours, a default as a default, and what changed it", () => {
    const settings = settingsOf(planOf(scenario, 'breaks'));
    expect(settings['producers.p1.acks']).toEqual({ value: '1', source: 'scenario' });
    expect(settings['producers.p1.enable.idempotence']).toEqual({
      value: 'false',
      source: 'default',
      because: 'idempotence-disabled-by-acks',
    });
    expect(settings['topics.orders.flush.messages']).toEqual({ value: '9223372036854775807', source: 'default' });
    expect(settings['cluster.replica.lag.time.max.ms']).toEqual({ value: '30000', source: 'default' });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });
});
