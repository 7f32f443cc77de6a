/** What an operator does to topics while they are used, through a whole cluster: with a controller of its own, and with ZooKeeper. */
import { describe, expect, test } from 'vitest';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';

type Evaluation = ReturnType<typeof evaluateCase>;

function evaluated(text: string, seed = '1'): Evaluation {
  const { scenario, problems } = parseScenarioText(text, 'operator.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return evaluateCase(scenario!, null, { seed, trace: 'full' });
}

/** Notes with a code, as their numbers. */
function noted({ run }: Evaluation, code: string): (readonly number[])[] {
  return run.trace.filter((entry) => entry.code === code).map(({ a, b, c, d }) => [a, b, c, d]);
}

function problemsOf(faults: string, more = ''): readonly (readonly [string, string | null])[] {
  const text = `claim: what Kafka refuses\n${more}\nfaults: [ { when: { at: 1s }, ${faults} } ]\nexpect: { lost: 0 }\n`;
  return parseScenarioText(text, 'operator.yaml').problems.map(({ code, found }) => [code, found]);
}

describe.each(['kraft', 'zookeeper'])('more partitions, metadata: %s', (metadata) => {
  const growing = (faults: string): string => `claim: a topic grows while it is used
cluster: { metadata: ${metadata} }
topics: { orders: { partitions: 2 } }
producers: { p1: { send: { count: 300, every: 10ms, keys: 24 }, config: { metadata.max.age.ms: 300 } } }
consumers: { c1: { topic: orders, config: { auto.offset.reset: earliest, metadata.max.age.ms: 300 } } }
groups: { billing: { topic: orders, members: 2, commit: after-batch, config: { auto.offset.reset: earliest, metadata.max.age.ms: 300 } } }
faults: ${faults}
allow: [ reprocessed, appliedTwice, reordered ]
expect: { lost: 0, missed: 0, acknowledged: 300 }
`;

  test('are written to and read by everybody who learns of them', () => {
    const run = evaluated(growing('[ { when: { at: 1s }, addPartitions: orders, to: 5 } ]'));
    expect(run.outcome.outcome).toBe('as-expected');
    expect(run.run.history.partitionsAdded).toEqual([2, 3, 4]);
    const { sends, audits } = run.run.history;
    expect(new Set(sends.partition)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(audits.filter(({ partition }) => partition < 5).map(({ replicas }) => replicas.length)).toEqual([3, 3, 3, 3, 3]);
    expect(run.breaches).toEqual([]);
  });

  test('that come twice: the second time fewer are refused, and the operator is told so', () => {
    const run = evaluated(
      growing('[ { when: { at: 1s }, addPartitions: orders, to: 5 }, { when: { at: 2s }, addPartitions: orders, to: 4 } ]'),
    );
    expect(noted(run, 'operation-refused').map(([errorCode]) => errorCode)).toEqual([37]);
    expect(run.run.history.partitionsAdded).toEqual([2, 3, 4]);
  });

  test('that never come leave nothing that cannot be told', () => {
    const run = evaluated(growing('[ { when: { note: { code: torn-batch-dropped, nth: 1 } }, addPartitions: orders, to: 5 } ]'));
    expect(run.judgement.cannotTell).toBe(false);
    expect(run.run.history.partitionsAdded).toBeUndefined();
    expect(run.outcome.outcome).toBe('inconclusive');
  });

  test('the order of a key counts among partitions only where their number has changed', () => {
    const spread = growing('[ { when: { at: 1s }, addPartitions: orders, to: 3 } ]').replace(
      'config: { metadata.max.age.ms: 300 }',
      'config: { metadata.max.age.ms: 300, partitioner.ignore.keys: true, batch.size: 200 }',
    );
    const ignoring = evaluated(spread);
    expect(ignoring.counts.keysSpread).toBeGreaterThan(0);
    expect(ignoring.counts.reordered).toBe(0);
  });
});

describe('other replicas', () => {
  const moving = (faults: string, more = ''): string => `claim: a partition moves while it is used
cluster: { brokers: 5 }
topics: { orders: { replicationFactor: 3, assignment: [[1, 2, 3]]${more} } }
producers: { p1: { send: { count: 400, every: 10ms } } }
consumers: { c1: { topic: orders, config: { auto.offset.reset: earliest } } }
faults: ${faults}
expect: { lost: 0, acknowledged: 400, duplicated: 0 }
`;

  test('copy the log, take over, and those that are gone have deleted theirs', () => {
    const run = evaluated(moving('[ { when: { at: 1s }, reassign: orders-0, to: [3, 4, 5] } ]'));
    expect(run.outcome.outcome).toBe('as-expected');
    expect(run.run.history.audits[0]!.replicas.map(({ broker, log }) => [broker, log.records.length])).toEqual([
      [3, 400],
      [4, 400],
      [5, 400],
    ]);
    expect(noted(run, 'replica-removed')).toHaveLength(2);
    expect(noted(run, 'reassignment-completed')).toEqual([[0, 0, 3, expect.any(Number)]]);
    expect(run.breaches).toEqual([]);
  });

  test('there and back: a broker that deleted its log begins with an empty one, after a crash too', () => {
    const run = evaluated(
      moving(`
  - { when: { at: 1s }, reassign: orders-0, to: [3, 4, 5] }
  - { when: { at: 2s }, reassign: orders-0, to: [1, 2, 3] }
  - { when: { at: 3s }, crash: { broker: 1 }, restartAfter: 12s }`),
    );
    expect(run.outcome.outcome).toBe('as-expected');
    expect(run.run.history.audits[0]!.replicas.map(({ broker, log }) => [broker, log.records.length])).toEqual([
      [1, 400],
      [2, 400],
      [3, 400],
    ]);
    expect(run.breaches).toEqual([]);
  });

  test('a broker that hears only at its start that it is no replica any more drops what it finds', () => {
    const run = evaluated(
      moving(`
  - { when: { at: 1s }, crash: { broker: 2 }, restartAfter: 20s }
  - { when: { at: 12s }, reassign: orders-0, to: [1, 3, 4] }`),
    );
    expect(run.outcome.outcome).toBe('as-expected');
    expect(run.run.history.audits[0]!.replicas.map(({ broker }) => broker)).toEqual([1, 3, 4]);
    expect(noted(run, 'replica-removed')).toEqual([]);
  });

  test('wait for one that is down: until it is back the partition has them all, and serves', () => {
    const run = evaluated(
      moving(`
  - { when: { at: 1s }, crash: { broker: 4 }, restartAfter: 30s }
  - { when: { at: 2s }, reassign: orders-0, to: [1, 2, 4] }`),
    );
    expect(run.outcome.outcome).toBe('as-expected');
    const [completed] = run.run.trace.filter(({ code }) => code === 'reassignment-completed');
    expect(completed!.atUs - run.run.startedAtUs).toBeGreaterThan(31_000_000);
  });
});

describe('a scenario is told before it runs', () => {
  test.each([
    ['addPartitions: orders, to: 2', 'topics: { orders: { partitions: 3 } }', [['not-more-partitions', '2']]],
    ['addPartitions: oders, to: 2', '', [['no-such-topic', 'oders']]],
    ['reassign: orders-0, to: [1, 9]', '', [['no-such-broker', '9']]],
    ['reassign: orders-0, to: [1, 1]', '', [['replica-named-twice', '1']]],
    ['reassign: orders-1, to: [1]', '', [['no-such-partition', 'orders-1']]],
    ['reassign: orders-0, to: [1]', 'cluster: { metadata: zookeeper }', [['needs-kraft', 'reassign']]],
    ['cancelReassignment: orders-0', 'cluster: { metadata: zookeeper }', [['needs-kraft', 'cancelReassignment']]],
    ['addPartitions: orders, to: 4', '', []],
    ['alterConfig: oders, config: { retention.ms: 1 }', '', [['no-such-topic', 'oders']]],
    ['alterConfig: orders, config: { min.insync.replica: 1 }', '', [['unknown-setting', 'min.insync.replica']]],
    ['alterConfig: orders, config: { min.insync.replicas: 0 }', '', [['out-of-range', '0']]],
    [
      'alterConfig: orders, config: { min.insync.replicas: 1 }',
      'cluster: { metadata: zookeeper }',
      [['needs-kraft', 'alterConfig']],
    ],
  ] as const)('%s', (faults, more, expected) => {
    expect(problemsOf(faults, more)).toEqual(expected);
  });
});

describe('settings', () => {
  const lowered = (faults: string): string => `claim: settings change while they count
topics: { orders: { config: { min.insync.replicas: 3 } } }
producers: { p1: { send: { count: 100, every: 10ms, valueBytes: 1500 }, config: { max.request.size: 100000 } } }
faults: ${faults}
limits: { heal: 70s }
expect: { lost: 0 }
`;

  test('that are lowered let in what was refused', () => {
    const cut = '{ when: { at: 0ms }, isolate: { follower: { partition: orders-0, nth: 1 } }, from: brokers }';
    const stays = evaluated(lowered(`[ ${cut} ]`));
    const change = '{ when: { at: 500ms }, alterConfig: orders, config: { min.insync.replicas: 2 } }';
    const changed = evaluated(lowered(`[ ${cut}, ${change} ]`));
    const lastAcknowledged = ({ run }: Evaluation): number => Math.max(...run.history.sends.completedAtUs) - run.startedAtUs;
    // Until the one that is cut off is in sync again, or the ISR has shrunk and two are enough.
    expect(lastAcknowledged(stays)).toBeGreaterThan(70_000_000);
    expect(lastAcknowledged(changed)).toBeLessThan(lastAcknowledged(stays));
    expect(changed.breaches).toEqual([]);
  });

  test('that are lowered refuse what was let in', () => {
    const run = evaluated(lowered('[ { when: { at: 500ms }, alterConfig: orders, config: { max.message.bytes: 1000 } } ]'));
    expect(run.counts.acknowledged).toBeGreaterThan(30);
    expect(run.counts.failed).toBeGreaterThan(30);
  });
});
