/** Scenarios from YAML and from TypeScript: the same data, and the same problems with a place, the key, what is allowed, and what was meant. */
import { describe, expect, test } from 'vitest';
import {
  acked,
  afterFault,
  allBrokers,
  at,
  batchAppended,
  broker,
  client,
  controlledShutdown,
  controller,
  crash,
  defineScenario,
  dice,
  dropResponse,
  follower,
  followers,
  fsyncError,
  fsyncLie,
  isolate,
  isrSize,
  leader,
  leaderElected,
  moveLeader,
  noted,
  pause,
  powerLoss,
  reset,
  sameAs,
  sent,
  slowDisk,
  slowLink,
  stall,
  when,
} from '../../src/scenario/define-scenario.ts';
import { parseScenarioData, parseScenarioText, withSet } from '../../src/scenario/parse-scenario.ts';
import { planOf } from '../../src/scenario/plan-of.ts';

const yaml = `claim: acks=1 loses what the followers had not fetched
source: canon 20
kafka: 3.9
cluster: { brokers: 3, links: { broker-1 -> broker-2,broker-3: { latency: 40ms } } }
topics: { orders: { partitions: 1, replicationFactor: 3, config: { min.insync.replicas: 2 } } }
producers: { p1: { topic: orders, send: { count: 100, every: 1ms, keys: 4 }, onFailure: callback } }
faults: [ { when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 }, restartAfter: 20s } ]
cases:
  breaks: { set: { producers.p1.config.acks: 1 }, allow: [duplicated, reordered], expect: { lost: '>= 1', because: acks-1-leader-only } }
  mends: { set: { producers.p1.config.acks: all }, expect: { acknowledged: 100 } }
`;

const typescript = defineScenario({
  claim: 'acks=1 loses what the followers had not fetched',
  source: 'canon 20',
  kafka: '3.9',
  cluster: { brokers: 3, links: { 'broker-1 -> broker-2,broker-3': { latency: '40ms' } } },
  topics: { orders: { partitions: 1, replicationFactor: 3, config: { 'min.insync.replicas': 2 } } },
  producers: { p1: { topic: 'orders', send: { count: 100, every: '1ms', keys: 4 }, onFailure: 'callback' } },
  faults: [when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 1', because: 'acks-1-leader-only' },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100 } },
  },
});

/** Problems as `line:column code key found -> nearest`. */
function problems(text: string): string[] {
  return parseScenarioText(text, 'x.yaml').problems.map(
    (p) => `${p.line}:${p.column} ${p.code} ${p.key} ${p.found} -> ${p.nearest}`,
  );
}

/** The scenario with one line replaced, and the first problem that this makes. */
function spoilt(from: string | RegExp, to: string): string {
  const text = yaml.replace(from, to);
  expect(text).not.toBe(yaml);
  return problems(text).filter((p) => !p.includes('idempotence-disabled'))[0] ?? 'nothing';
}

describe('two ways to write one scenario', () => {
  test('YAML and TypeScript are the same data', () => {
    const fromYaml = parseScenarioText(yaml, 'scenarios/acks-1.yaml');
    const fromTypeScript = parseScenarioData(typescript, 'scenarios/acks-1.ts');
    expect(fromYaml.problems.filter((p) => p.severity === 'error')).toEqual([]);
    expect(fromYaml.scenario!.definition).toEqual(fromTypeScript.scenario!.definition);
    expect(fromYaml.scenario!.name).toBe('acks-1');
  });

  test('the only warning is what acks=1 does in silence, at the line of the case that does it', () => {
    expect(problems(yaml)).toEqual(['9:20 idempotence-disabled-by-acks producers.p1.config.enable.idempotence null -> null']);
    const { problems: ours } = parseScenarioData(
      typescript,
      'x.ts',
      `export default defineScenario({\n  cases: {\n    breaks: { set: { 'producers.p1.config.acks': 1 } } } })`,
    );
    expect(ours).toMatchObject([{ severity: 'warning', case: 'breaks', line: 3, column: 22 }]);
  });

  test('every function makes what the schema takes', () => {
    const faults = [
      when(at('1s'), pause(broker(1), { for: '2s' })),
      when(sent('p1', 5), isolate(client('p1'), { from: 'brokers', direction: 'out', for: '1s', jitter: '5ms' })),
      when(batchAppended('orders-0', 2), reset(leader('orders-0'), { from: 'clients' })),
      when(leaderElected('orders-0', 2), stall(follower('orders-0', 1), { for: '1s' })),
      when(isrSize('orders-0', 1), powerLoss(sameAs(0), { tornWrite: true, restartAfter: '3s' })),
      when(noted('log-truncated', 1), slowLink(followers('orders-0'), { by: '40ms', from: 'brokers' })),
      when(afterFault(0, '1s'), slowDisk(allBrokers(), { fsync: '100ms' })),
      when(dice('1s', '1/20', 3), controlledShutdown(broker(2), { restartAfter: '5s' })),
      when(at('2s'), fsyncError(broker(1))),
      when(at('2s'), fsyncLie(broker(1), { for: '10s' })),
      when(at('3s'), moveLeader('orders-0')),
      when(at('4s'), dropResponse(controller())),
    ];
    const parsed = parseScenarioData({ ...typescript, faults }, 'x.ts');
    expect(parsed.problems.filter((p) => p.severity === 'error')).toEqual([]);
    expect(planOf(parsed.scenario!, 'mends').faults).toMatchInlineSnapshot(`
      [
        {
          "healAfterUs": 2000000,
          "name": "pause",
          "target": {
            "id": 1,
            "kind": "broker",
          },
          "when": {
            "atUs": 1000000,
            "kind": "at",
          },
        },
        {
          "direction": "out",
          "healAfterUs": 1000000,
          "jitterUs": 5000,
          "name": "partition",
          "peers": "brokers",
          "target": {
            "kind": "client",
            "name": "p1",
          },
          "when": {
            "kind": "sent",
            "nth": 5,
            "producer": "p1",
          },
        },
        {
          "name": "reset",
          "peers": "clients",
          "target": {
            "kind": "leader",
            "partition": "orders-0",
          },
          "when": {
            "kind": "batch-appended",
            "nth": 2,
            "partition": "orders-0",
          },
        },
        {
          "healAfterUs": 1000000,
          "name": "stall",
          "peers": "everyone",
          "target": {
            "kind": "follower",
            "nth": 1,
            "partition": "orders-0",
          },
          "when": {
            "kind": "leader-elected",
            "nth": 2,
            "partition": "orders-0",
          },
        },
        {
          "healAfterUs": 3000000,
          "name": "power-loss",
          "target": {
            "fault": 0,
            "kind": "same-as",
          },
          "tornWrite": true,
          "when": {
            "kind": "isr-size",
            "partition": "orders-0",
            "size": 1,
          },
        },
        {
          "direction": "both",
          "extraUs": 40000,
          "name": "slow-link",
          "peers": "brokers",
          "target": {
            "kind": "followers",
            "partition": "orders-0",
          },
          "when": {
            "code": "log-truncated",
            "kind": "note",
            "nth": 1,
          },
        },
        {
          "appendUs": 1000,
          "fsyncUs": 100000,
          "name": "slow-disk",
          "target": {
            "kind": "all-brokers",
          },
          "when": {
            "delayUs": 1000000,
            "fault": 0,
            "kind": "after-fault",
          },
        },
        {
          "healAfterUs": 5000000,
          "name": "controlled-shutdown",
          "target": {
            "id": 2,
            "kind": "broker",
          },
          "when": {
            "budget": 3,
            "chance": {
              "denominator": 20,
              "numerator": 1,
            },
            "everyUs": 1000000,
            "kind": "dice",
          },
        },
        {
          "name": "fsync-error",
          "target": {
            "id": 1,
            "kind": "broker",
          },
          "when": {
            "atUs": 2000000,
            "kind": "at",
          },
        },
        {
          "healAfterUs": 10000000,
          "name": "fsync-lie",
          "target": {
            "id": 1,
            "kind": "broker",
          },
          "when": {
            "atUs": 2000000,
            "kind": "at",
          },
        },
        {
          "name": "leader-move",
          "partition": "orders-0",
          "target": {
            "kind": "leader",
            "partition": "orders-0",
          },
          "when": {
            "atUs": 3000000,
            "kind": "at",
          },
        },
        {
          "name": "drop-response",
          "target": {
            "kind": "controller",
          },
          "when": {
            "atUs": 4000000,
            "kind": "at",
          },
        },
      ]
    `);
  });
});

describe('what is not there', () => {
  test.each([
    ['a wrong key', 'cluster: {', 'cluster: { brokrs: 1,', '4:12 unknown-key cluster.brokrs brokrs -> brokers'],
    ['a wrong key at the top', 'claim:', 'clam: x\nclaim:', '1:1 unknown-key clam clam -> claim'],
    [
      'a setting',
      'min.insync.replicas: 2',
      'min.isync.replicas: 2',
      '5:69 unknown-setting topics.orders.config.min.isync.replicas min.isync.replicas -> min.insync.replicas',
    ],
    ['a topic', 'topic: orders', 'topic: order', '6:27 no-such-topic producers.p1.topic order -> orders'],
    ['a producer', 'producer: p1', 'producer: p2', '7:40 no-such-producer faults.0.when.acked.producer p2 -> p1'],
    ['a partition', 'leader: orders-0', 'leader: orders-1', '7:73 no-such-partition faults.0.crash.leader orders-1 -> orders-0'],
    ['a broker', '{ leader: orders-0 }', '{ broker: 4 }', '7:73 no-such-broker faults.0.crash.broker 4 -> null'],
    [
      'a follower',
      '{ leader: orders-0 }',
      '{ follower: { partition: orders-0, nth: 3 } }',
      '7:103 no-such-follower faults.0.crash.follower.nth 3 -> null',
    ],
    ['a client', '{ leader: orders-0 }', '{ client: p }', '7:73 no-such-client faults.0.crash.client p -> p1'],
    ['another fault', '{ leader: orders-0 }', '{ sameAs: 0 }', '7:73 no-such-fault faults.0.crash.sameAs 0 -> null'],
    [
      'a note',
      '{ acked: { producer: p1, nth: 30 } }',
      '{ note: { code: log-truncted, nth: 1 } }',
      '7:34 no-such-note faults.0.when.note.code log-truncted -> log-truncated',
    ],
    [
      'a host',
      'broker-1 -> broker-2',
      'broker-1 -> broker-4',
      '4:33 no-such-host cluster.links.broker-1 -> broker-4,broker-3 broker-4 -> broker-1',
    ],
    ['a kind of fault', 'crash:', 'crsh:', '7:11 needs-one-of faults.0 crsh -> crash'],
    ['killing', 'crash:', 'kill:', '7:11 needs-one-of faults.0 kill -> crash'],
    ['an occasion', 'acked:', 'ackd:', '7:19 needs-one-of faults.0.when ackd -> acked'],
    ['a target', '{ leader: orders-0 }', '{ leadr: orders-0 }', '7:63 needs-one-of faults.0.crash leadr -> leader'],
    [
      'a target that is a word',
      '{ leader: orders-0 }',
      'allBroker',
      '7:63 value-not-in-list faults.0.crash allBroker -> allBrokers',
    ],
    ['a version', 'kafka: 3.9', 'kafka: 3.8', '3:8 value-not-in-list kafka 3.8 -> null'],
    ['a harm', '[duplicated, reordered]', '[duplicate]', '9:64 value-not-in-list cases.breaks.allow.0 duplicate -> duplicated'],
    [
      'a cause',
      'acks-1-leader-only',
      'acks-1-leader',
      '9:114 value-not-in-list cases.breaks.expect.because acks-1-leader -> acks-1-leader-only',
    ],
    ['a count', "lost: '>= 1'", "lots: '>= 1'", '9:88 unknown-key cases.breaks.expect.lots lots -> lost'],
    [
      'a path of set',
      'producers.p1.config.acks: 1',
      'producers.p2.config.acks: 1',
      '9:20 no-such-path cases.breaks.set.producers.p2.config.acks p2 -> p1',
    ],
    [
      'a setting in set',
      'producers.p1.config.acks: 1',
      'producers.p1.config.ack: 1',
      '9:20 unknown-setting producers.p1.config.ack ack -> acks',
    ],
  ])('%s', (_, from, to, problem) => {
    expect(spoilt(from, to)).toBe(problem);
  });
});

describe('what is wrong', () => {
  test.each([
    ['no YAML', 'claim: acks', 'claim: [acks', /^\d+:\d+ not-yaml/],
    ['the same key twice', 'kafka: 3.9', 'kafka: 3.9\nkafka: 4.1', /^4:1 duplicate-key/],
    ['two kinds of fault', 'crash:', 'pause: controller, crash:', /^7:11 needs-one-of faults\.0 (pause, crash|crash, pause)/],
    ['no occasion', 'when: { acked: { producer: p1, nth: 30 } }, ', '', /^7:11 missing-key faults\.0\.when nothing/],
    ['a number for a duration', 'restartAfter: 20s', 'restartAfter: 20', /^7:99 bad-duration faults\.0\.restartAfter 20/],
    ['no unit that is known', 'every: 1ms', 'every: 1min', /^6:56 bad-duration producers\.p1\.send\.every 1min/],
    ['the 0th', 'nth: 30', 'nth: 0', /^7:49 number-out-of-range faults\.0\.when\.acked\.nth 0/],
    ['half of one', 'count: 100', 'count: 1.5', /^6:43 wrong-type producers\.p1\.send\.count 1\.5/],
    ['an occasion that cannot come', 'nth: 30', 'nth: 101', /^7:49 never-happens faults\.0\.when\.acked\.nth 101/],
    ['no comparison', "'>= 1'", "'=> 1'", /^9:94 bad-comparison cases\.breaks\.expect\.lost => 1/],
    ['more replicas than brokers', 'replicationFactor: 3', 'replicationFactor: 4', /^5:56 replication-factor-above-brokers/],
    [
      'a value that Kafka refuses',
      'producers.p1.config.acks: 1',
      'producers.p1.config.acks: 2',
      /^9:20 value-not-allowed producers\.p1\.config\.acks 2/,
    ],
    ['a client named as a host', 'producers: { p1:', 'producers: { broker-2: {}, p1:', /^6:14 name-taken/],
    ['a topic that cannot be named so', 'topics: { orders:', 'topics: { "a b": {}, orders:', /^5:11 bad-name topics\.a b/],
    ['a list for a claim', /claim: .*\n/, 'claim: [1]\n', /^1:8 wrong-type claim \[1\]/],
    ['no claim', /claim: .*\n/, '', /missing-key claim nothing/],
  ])('%s', (_, from, to, problem) => {
    expect(spoilt(from, to)).toMatch(problem);
  });

  test('no scenario comes with an error, and nothing is thrown', () => {
    for (const text of [
      '',
      '42',
      '[]',
      'null',
      'claim:',
      '{',
      '\u0000',
      'a: &x [*x]',
      'faults: [1, {}, null]\nclaim: x\nexpect: {}',
    ]) {
      const parsed = parseScenarioText(text, 'x.yaml');
      expect(parsed.scenario, text).toBeNull();
      expect(parsed.problems.length, text).toBeGreaterThan(0);
    }
    for (const data of [undefined, null, 1, [], () => 1, { claim: 'x', faults: [undefined] }]) {
      expect(parseScenarioData(data, 'x.ts').scenario).toBeNull();
    }
  });

  test('a scenario that expects nothing could not be broken', () => {
    expect(problems('claim: x')).toEqual(['1:1 nothing-expected cases nothing -> null']);
    expect(problems('claim: x\nexpect: { lost: 0 }')).toEqual([]);
  });

  test('an impossible combination of a case is told at the case', () => {
    const text = yaml.replace('config.acks: all }', 'config.acks: 1, producers.p1.config.enable.idempotence: true }');
    expect(problems(text)).toContain('10:19 idempotence-needs-acks-all producers.p1.config.acks null -> null');
    expect(parseScenarioText(text, 'x.yaml').problems.find((p) => p.severity === 'error')!.case).toBe('mends');
  });

  test('what every case has is told once', () => {
    const text = yaml.replace('onFailure: callback', 'config: { compression.type: zstd }');
    expect(problems(text).filter((p) => p.includes('not-modelled-yet'))).toHaveLength(1);
  });

  test('settings as YAML would mangle them', () => {
    const text = yaml.replace('min.insync.replicas: 2', 'min.insync.replicas: 2, flush.messages: 9223372036854775807');
    expect(problems(text).filter((p) => p.includes('flush'))).toEqual([]);
  });
});

describe('--set', () => {
  const { scenario } = parseScenarioText(yaml, 'x.yaml');

  test('replaces one value and checks again', () => {
    const parsed = withSet(scenario!, 'producers.p1.send.count', 50);
    expect(planOf(parsed.scenario!, 'mends').producers[0]!.send.count).toBe(50);
    expect(planOf(withSet(scenario!, 'kafka', 4.1).scenario!, 'mends').kafka).toBe('4.1');
    expect(scenario!.definition.producers!['p1']!.send!.count).toBe(100);
  });

  test('what makes no sense is refused', () => {
    expect(withSet(scenario!, 'producers.p1.send.cuont', 50)).toMatchObject({
      scenario: null,
      problems: [{ code: 'no-such-path', found: 'cuont', nearest: 'count' }],
    });
    expect(withSet(scenario!, 'producers.p1.send.count', 20)).toMatchObject({
      scenario: null,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'never-happens' })]),
    });
    expect(withSet(scenario!, 'cluster.brokers', 'many').problems[0]).toMatchObject({
      code: 'wrong-type',
      key: 'cluster.brokers',
    });
  });
});
