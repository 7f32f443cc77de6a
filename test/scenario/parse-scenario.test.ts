/**
 * Scenarios from YAML and from TypeScript: the same data, and the same problems with a place, the key, what is allowed, and
 * what was meant.
 */
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
source: KIP-966
kafka: 3.9
cluster: { brokers: 3, links: { 'broker-1 -> broker-2,broker-3': { latency: 40ms } } }
topics: { orders: { partitions: 1, replicationFactor: 3, config: { min.insync.replicas: 2 } } }
producers: { p1: { topic: orders, send: { count: 100, every: 1ms, keys: 4 }, onFailure: callback } }
faults: [ { when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 }, restartAfter: 20s } ]
cases:
  breaks: { set: { producers.p1.config.acks: 1 }, allow: [duplicated, reordered], expect: { lost: '>= 1', because: acks-1-leader-only } }
  mends: { set: { producers.p1.config.acks: all }, expect: { acknowledged: 100 } }
`;

const typescript = defineScenario({
  claim: 'acks=1 loses what the followers had not fetched',
  source: 'KIP-966',
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

/** Problems as `code key found -> nearest @ the text they point at`. */
function problems(text: string): string[] {
  const lines = text.split('\n');
  return parseScenarioText(text, 'x.yaml').problems.map((p) => {
    const at = lines[p.line! - 1]!.slice(p.column! - 1).match(/^['"[{]*[^,:}\]]*/)![0];
    return `${p.code} ${p.key} ${p.found} -> ${p.nearest} @ ${at}`;
  });
}

/** The scenario with one part replaced, and the first problem that this makes. */
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
    expect(problems(yaml)).toEqual(['idempotence-disabled-by-acks producers.p1.config.enable.idempotence null -> null @ 1 ']);
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
    const plans = planOf(parsed.scenario!, 'mends').faults;
    expect(plans.map(({ name, when: { kind }, target }) => `${name} of ${target.kind}, ${kind}`)).toEqual([
      'pause of broker, at',
      'partition of client, sent',
      'reset of leader, batch-appended',
      'stall of follower, leader-elected',
      'power-loss of same-as, isr-size',
      'slow-link of followers, note',
      'slow-disk of all-brokers, after-fault',
      'controlled-shutdown of broker, dice',
      'fsync-error of broker, at',
      'fsync-lie of broker, at',
      'leader-move of leader, at',
      'drop-response of controller, at',
    ]);
  });
});

test('the compiler knows the settings and the forms', () => {
  defineScenario({
    claim: 'x',
    producers: { p1: { config: { acks: 'all', 'linger.ms': '5', 'enable.idempotence': true } } },
    expect: {},
  });
  // @ts-expect-error acks takes four spellings
  defineScenario({ claim: 'x', producers: { p1: { config: { acks: 2 } } }, expect: {} });
  // @ts-expect-error no such setting
  defineScenario({ claim: 'x', producers: { p1: { config: { ackz: 1 } } }, expect: {} });
  // @ts-expect-error a duration has a unit
  defineScenario({ claim: 'x', limits: { heal: '20' }, expect: {} });
  // @ts-expect-error no such harm
  defineScenario({ claim: 'x', allow: ['gone'], expect: {} });
  expect(true).toBe(true);
});

describe('what is not there', () => {
  test.each([
    ['a wrong key', 'cluster: {', 'cluster: { brokrs: 1,', 'unknown-key cluster.brokrs brokrs -> brokers @ brokrs'],
    ['a wrong key at the top', 'claim:', 'clam: x\nclaim:', 'unknown-key clam clam -> claim @ clam'],
    [
      'a setting',
      'min.insync',
      'min.isync',
      'unknown-setting topics.orders.config.min.isync.replicas min.isync.replicas -> min.insync.replicas @ min.isync.replicas',
    ],
    ['a topic', 'topic: orders', 'topic: order', 'no-such-topic producers.p1.topic order -> orders @ order'],
    ['a producer', 'producer: p1', 'producer: p2', 'no-such-producer faults.0.when.acked.producer p2 -> p1 @ p2'],
    [
      'a partition',
      'leader: orders-0',
      'leader: orders-1',
      'no-such-partition faults.0.crash.leader orders-1 -> orders-0 @ orders-1 ',
    ],
    ['a broker', '{ leader: orders-0 }', '{ broker: 4 }', 'no-such-broker faults.0.crash.broker 4 -> null @ 4 '],
    [
      'a follower',
      '{ leader: orders-0 }',
      '{ follower: { partition: orders-0, nth: 3 } }',
      'no-such-follower faults.0.crash.follower.nth 3 -> null @ 3 ',
    ],
    ['a client', '{ leader: orders-0 }', '{ client: p }', 'no-such-client faults.0.crash.client p -> p1 @ p '],
    ['another fault', '{ leader: orders-0 }', '{ sameAs: 0 }', 'no-such-fault faults.0.crash.sameAs 0 -> null @ 0 '],
    [
      'a note',
      'acked: { producer: p1, nth: 30 }',
      'note: { code: log-truncted, nth: 1 }',
      'no-such-note faults.0.when.note.code log-truncted -> log-truncated @ log-truncted',
    ],
    [
      'a host',
      'broker-1 -> broker-2',
      'broker-1 -> broker-4',
      "no-such-host cluster.links.broker-1 -> broker-4,broker-3 broker-4 -> broker-1 @ 'broker-1 -> broker-4",
    ],
    ['a kind of fault', 'crash:', 'crsh:', 'needs-one-of faults.0 crsh -> crash @ { when'],
    ['a fault by another name', 'crash:', 'shutdown:', 'needs-one-of faults.0 shutdown -> controlledShutdown @ { when'],
    ['an occasion', 'acked:', 'ackd:', 'needs-one-of faults.0.when ackd -> acked @ { ackd'],
    ['a target', '{ leader: orders-0 }', '{ leadr: orders-0 }', 'needs-one-of faults.0.crash leadr -> leader @ { leadr'],
    [
      'a target that is a word',
      '{ leader: orders-0 }',
      'allBroker',
      'value-not-in-list faults.0.crash allBroker -> allBrokers @ allBroker',
    ],
    ['a version', 'kafka: 3.9', 'kafka: 3.8', 'value-not-in-list kafka 3.8 -> null @ 3.8'],
    [
      'a harm',
      '[duplicated, reordered]',
      '[duplicate]',
      'value-not-in-list cases.breaks.allow.0 duplicate -> duplicated @ duplicate',
    ],
    [
      'a cause',
      'acks-1-leader-only',
      'acks-1-leader',
      'value-not-in-list cases.breaks.expect.because acks-1-leader -> acks-1-leader-only @ acks-1-leader ',
    ],
    ['a count', "lost: '>= 1'", "lots: '>= 1'", 'unknown-key cases.breaks.expect.lots lots -> lost @ lots'],
    [
      'a path of set',
      'p1.config.acks: 1',
      'p2.config.acks: 1',
      'no-such-path cases.breaks.set.producers.p2.config.acks p2 -> p1 @ producers.p2.config.acks',
    ],
    [
      'a setting in set',
      'p1.config.acks: 1',
      'p1.config.ack: 1',
      'unknown-setting producers.p1.config.ack ack -> acks @ producers.p1.config.ack',
    ],
  ])('%s', (_, from, to, problem) => {
    expect(spoilt(from, to)).toBe(problem);
  });
});

describe('what is wrong', () => {
  test.each([
    ['the same key twice', 'kafka: 3.9', 'kafka: 3.9\nkafka: 4.1', 'duplicate-key kafka kafka -> null @ kafka'],
    ['two kinds of fault', 'crash:', 'pause: controller, crash:', 'needs-one-of faults.0 pause, crash -> null @ { when'],
    ['no occasion', 'when: { acked: { producer: p1, nth: 30 } }, ', '', 'missing-key faults.0.when nothing -> null @ { crash'],
    ['a number for a duration', 'restartAfter: 20s', 'restartAfter: 20', 'bad-duration faults.0.restartAfter 20 -> null @ 20 '],
    ['no unit that is known', 'every: 1ms', 'every: 1min', 'bad-duration producers.p1.send.every 1min -> null @ 1min'],
    ['the 0th', 'nth: 30', 'nth: 0', 'number-out-of-range faults.0.when.acked.nth 0 -> null @ 0 '],
    ['half of one', 'count: 100', 'count: 1.5', 'wrong-type producers.p1.send.count 1.5 -> null @ 1.5'],
    ['an occasion that cannot come', 'nth: 30', 'nth: 101', 'never-happens faults.0.when.acked.nth 101 -> null @ 101 '],
    ['no comparison', "'>= 1'", "'=> 1'", "bad-comparison cases.breaks.expect.lost => 1 -> null @ '=> 1'"],
    [
      'more replicas than brokers',
      'replicationFactor: 3',
      'replicationFactor: 4',
      'replication-factor-above-brokers topics.orders.replicationFactor 4 -> null @ 4',
    ],
    [
      'a value that Kafka refuses',
      'p1.config.acks: 1',
      'p1.config.acks: 2',
      'value-not-allowed producers.p1.config.acks 2 -> null @ 2 ',
    ],
    [
      'a client named as a host',
      'producers: { p1:',
      'producers: { broker-2: {}, p1:',
      'name-taken producers.broker-2 broker-2 -> null @ broker-2',
    ],
    [
      'a topic that cannot be named so',
      'topics: { orders:',
      'topics: { "a b": {}, orders:',
      'bad-name topics.a b a b -> null @ "a b"',
    ],
    ['a list for a claim', /claim: .*\n/, 'claim: [1]\n', 'wrong-type claim [1] -> null @ [1'],
    ['no claim', /claim: .*\n/, '', 'missing-key claim nothing -> null @ source'],
    [
      'a partition that is none',
      'leader: orders-0',
      'leader: orders',
      'bad-partition faults.0.crash.leader orders -> null @ orders ',
    ],
    [
      'a chance that is none',
      'acked: { producer: p1, nth: 30 }',
      'dice: { every: 1s, chance: 0.5, budget: 1 }',
      'bad-ratio faults.0.when.dice.chance 0.5 -> null @ 0.5',
    ],
    [
      'an ISR of none',
      'acked: { producer: p1, nth: 30 }',
      'isrSize: { partition: orders-0, size: 0 }',
      'number-out-of-range faults.0.when.isrSize.size 0 -> null @ 0 ',
    ],
    [
      'a partition beyond the last',
      'every: 1ms',
      'every: 1ms, partition: 1',
      'number-out-of-range producers.p1.send.partition 1 -> null @ 1',
    ],
    [
      'an assignment for other brokers',
      'partitions: 1',
      'partitions: 1, assignment: [[1, 2, 4]]',
      'no-such-broker topics.orders.assignment.0.2 4 -> null @ 4',
    ],
    [
      'an assignment of other sizes',
      'partitions: 1',
      'partitions: 1, assignment: [[1, 2]]',
      'assignment-does-not-fit topics.orders.assignment [[1,2]] -> null @ [[1',
    ],
    [
      'a link to nowhere',
      'broker-1 -> broker-2,broker-3',
      'broker-1',
      "bad-link cluster.links.broker-1 broker-1 -> null @ 'broker-1'",
    ],
  ])('%s', (_, from, to, problem) => {
    expect(spoilt(from, to)).toBe(problem);
  });

  test('no YAML', () => {
    const [problem] = parseScenarioText('claim: [acks\nkafka: 3.9\n', 'x.yaml').problems;
    expect(problem).toMatchObject({ code: 'not-yaml', file: 'x.yaml', line: 2 });
    expect(problem!.params['reason']).toMatch(/flow/i);
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
    expect(problems('claim: x')).toEqual(['nothing-expected cases nothing -> null @ claim']);
    expect(problems('claim: x\nexpect: { lost: 0 }')).toEqual([]);
  });

  test('an impossible combination of a case is told at the case', () => {
    const text = yaml.replace('config.acks: all }', 'config.acks: 1, producers.p1.config.enable.idempotence: true }');
    expect(problems(text)).toContain('idempotence-needs-acks-all producers.p1.config.acks null -> null @ 1');
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
