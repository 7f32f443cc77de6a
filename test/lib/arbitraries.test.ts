/** Every arbitrary makes valid things only, and shrinks to valid things only, which end small. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brokerSettings,
  consumerSettings,
  faults,
  groups,
  histories,
  plans,
  producerSettings,
  scenarios,
  seeds,
  topicSettings,
  workloads,
  wrongs,
} from '../../src/lib/fast-check.ts';
import { compile, OperationJudge, parseScenarioData, type Scenario } from '../../src/lib/index.ts';

const draws = { seed: 31, numRuns: 100 } as const;

function errors(definition: unknown): string[] {
  const { problems } = parseScenarioData(definition, 'drawn');
  return problems.filter(({ severity }) => severity === 'error').map(({ key, code, found }) => `${key}: ${code} ${found}`);
}

/** Walks down from drawn values by shrinks that the property's own dice pick, and looks at every value on the way. */
function onShrinkPaths<T>(arbitrary: fc.Arbitrary<T>, paths: number, look: (value: T) => void): number {
  let looked = 0;
  for (let path = 0; path < paths; path++) {
    let fails = path;
    // Fails for one value, then for some of what it shrinks to, by a fixed pattern: a walk through the tree of shrinks.
    fc.check(
      fc.property(arbitrary, (value) => {
        looked++;
        look(value);
        fails = (fails * 1103515245 + 12345) % 2147483648;
        return looked > 1 && (fails >> 16) % 3 === 0;
      }),
      { seed: 1000 + path, numRuns: 1 },
    );
  }
  return looked;
}

describe('shrinking is sound', { timeout: 120_000 }, () => {
  test('every scenario along 200 paths of shrinks is valid, and its plan compiles', () => {
    const looked = onShrinkPaths(scenarios(), 200, (definition) => {
      expect(errors(definition)).toEqual([]);
    });
    expect(looked).toBeGreaterThan(2000);
    onShrinkPaths(plans(), 30, (plan) => {
      compile(plan);
    });
  });

  test('so is every list of faults for a scenario of ours, wherever it stops', () => {
    const own: Scenario = {
      claim: 'a scenario of ours',
      cluster: { brokers: 2 },
      topics: { a: { partitions: 2, replicationFactor: 1 }, b: { replicationFactor: 2 } },
      producers: { sender: { topic: 'a', send: { count: 3 } } },
      groups: { readers: { topic: 'b', members: 2 } },
      expect: {},
    };
    const looked = onShrinkPaths(faults(own, { faults: { min: 1, max: 5 } }), 200, (drawn) => {
      expect(errors({ ...own, faults: drawn })).toEqual([]);
    });
    expect(looked).toBeGreaterThan(1000);
  });

  test.each([
    ['producerSettings', producerSettings(), (config: object) => ({ producers: { p1: { config } } })],
    ['topicSettings', topicSettings(), (config: object) => ({ topics: { orders: { config } } })],
    ['brokerSettings', brokerSettings(), (config: object) => ({ cluster: { config } })],
    ['consumerSettings', consumerSettings(), (config: object) => ({ groups: { billing: { config } } })],
    ['workloads', workloads(), (send: object) => ({ producers: { p1: { send } } })],
    ['groups', groups(), (billing: object) => ({ groups: { billing } })],
  ] as [string, fc.Arbitrary<object>, (drawn: object) => object][])('%s', (_, arbitrary, within) => {
    onShrinkPaths(arbitrary, 100, (drawn) => {
      expect(errors({ claim: 'x', expect: {}, ...within(drawn) })).toEqual([]);
    });
  });

  test('seeds are whole numbers from 1', () => {
    onShrinkPaths(seeds(), 50, (seed) => {
      expect(seed).toMatch(/^[1-9]\d*$/);
    });
  });
});

describe('what is drawn', () => {
  test('has every kind of fault, occasion and target, groups, keys, large records, links, several topics', () => {
    const seen = new Set<string>();
    for (const { faults: drawn = [], groups: of, topics, producers, cluster } of fc.sample(scenarios(), {
      seed: 5,
      numRuns: 1500,
    })) {
      for (const fault of drawn) {
        for (const key of [...Object.keys(fault), ...Object.keys(fault.when)]) seen.add(key);
        for (const value of Object.values(fault))
          for (const key of typeof value === 'object' ? Object.keys(value) : [value]) seen.add(key);
      }
      for (const { commit, sink, handler } of Object.values(of ?? {}))
        for (const one of [commit, sink, handler?.where]) seen.add(one!);
      for (const { send } of Object.values(producers ?? {})) {
        if (send?.oversize !== undefined) seen.add('oversize');
        if ((send?.keys ?? 0) > 0) seen.add('keys');
      }
      if (Object.keys(topics ?? {}).length > 1) seen.add('topics');
      if (cluster?.links !== undefined) seen.add('links');
    }
    const kinds = [
      'crash',
      'powerLoss',
      'controlledShutdown',
      'moveLeader',
      'pause',
      'isolate',
      'reset',
      'stall',
      'slowLink',
      'slowDisk',
    ];
    const occasions = [
      'at',
      'sent',
      'acked',
      'batchAppended',
      'leaderElected',
      'isrSize',
      'handled',
      'applied',
      'note',
      'afterFault',
    ];
    const targets = ['leader', 'broker', 'follower', 'followers', 'allBrokers', 'controller', 'client', 'sameAs'];
    const applications = [
      'auto',
      'before',
      'after-batch',
      'after-record',
      'done-prefix',
      'in-sink',
      'plain',
      'unique-key',
      'transactional',
    ];
    const more = [
      'fsyncError',
      'fsyncLie',
      'workers',
      'poll-loop',
      'oversize',
      'keys',
      'topics',
      'links',
      'transactional-unconditional',
    ];
    const missing = [...kinds, ...occasions, ...targets, ...applications, ...more].filter((name) => !seen.has(name));
    expect(missing).toEqual([]);
  });
});

describe('shrinks end small', () => {
  const smallest = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): T => {
    const { counterexample } = fc.check(
      fc.property(arbitrary, (value) => holds(value)),
      { ...draws, numRuns: 1000 },
    );
    expect(counterexample).not.toBeNull();
    return counterexample![0];
  };

  test('one broker, one topic, one partition, one record and the one fault', () => {
    const plan = smallest(plans(), ({ faults: drawn }) => !drawn.some(({ name }) => name === 'power-loss'));
    expect(plan).toMatchObject({
      brokers: 1,
      topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }],
      producers: [{ name: 'p1', send: { count: 1, keys: 0, burst: 1 }, config: { acks: 'all', 'enable.idempotence': true } }],
      faults: [{ name: 'power-loss', when: { kind: 'at', atUs: 0 }, target: { kind: 'leader', partition: 'orders-0' } }],
    });
    for (const list of [plan.topics, plan.producers, plan.faults, plan.consumers]) expect(list).toHaveLength(1);
    expect(plan.groups).toBeUndefined();
  });

  test('one group of one member that commits as the default does', () => {
    const plan = smallest(plans(), ({ groups: drawn = [] }) => drawn.every(({ sink }) => sink !== 'unique-key'));
    expect(plan.groups).toMatchObject([{ name: 'billing', memberStartsUs: [0], commit: 'auto', sink: 'unique-key' }]);
    expect(plan).toMatchObject({ brokers: 1, faults: [], producers: [{ send: { count: 1 } }] });
  });

  test('two operations for a history that loses a record', () => {
    const history = smallest(histories({ wrong: ['lose'] }), (operations) => {
      const judge = new OperationJudge();
      for (const operation of operations) judge.add(operation);
      return judge.verdict().valid;
    });
    expect(history.length).toBeLessThanOrEqual(6);
  });
});

describe('histories', () => {
  const judged = (operations: Parameters<OperationJudge['add']>[0][]): readonly string[] => {
    const judge = new OperationJudge();
    for (const operation of operations) judge.add(operation);
    return judge.verdict().findings.map(({ kind }) => kind);
  };

  test('nothing is wrong with those in which no step does wrong, nor with what they shrink to', () => {
    const looked = onShrinkPaths(histories(), 200, (operations) => {
      expect(judged([...operations]).filter((kind) => kind !== 'unseen')).toEqual([]);
    });
    expect(looked).toBeGreaterThan(500);
    for (const operations of fc.sample(histories(), { seed: 8, numRuns: 2000 })) {
      expect(judged([...operations]).filter((kind) => kind !== 'unseen')).toEqual([]);
    }
  });

  test.each(wrongs.map((wrong) => [wrong] as const))('%s is seen by the judge', (wrong) => {
    const kinds = new Set<string>();
    for (const operations of fc.sample(histories({ wrong: [wrong] }), { seed: 3, numRuns: 300 })) {
      for (const kind of judged([...operations])) kinds.add(kind);
    }
    const shows = { lose: 'lost-write', duplicate: 'duplicate', skip: 'poll-skip', rewind: 'nonmonotonic-poll' };
    const all = { ...shows, invent: 'no-writer', move: 'inconsistent-offsets' };
    expect([...kinds]).toContain(all[wrong]);
  });
});
