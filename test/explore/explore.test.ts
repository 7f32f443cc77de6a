/** Explorations: drawn within bounds, the same in parts as whole, and what they find is there again. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { explore, nothingExplored, planned, seedsAPart, strategies, together } from '../../src/explore/explore.ts';
import { same, shows } from '../../src/explore/finding.ts';
import { choicesOfSeed } from '../../src/explore/patched-choices.ts';
import { PctChoices } from '../../src/explore/pct-choices.ts';
import { Swarm } from '../../src/explore/swarm.ts';
import { wildScenarios } from '../../src/explore/wild.ts';
import { witnessOf } from '../../src/explore/witness.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { permissionRules } from '../../src/oracle/permission.ts';
import type { FaultName } from '../../src/plan/faults.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { drawnKinds, faultNameOf } from '../../src/scenario/fault-kinds.ts';
import { type LoadedScenario, parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/schema.ts';

function loaded(scenario: Omit<Scenario, 'claim'>): LoadedScenario {
  const { scenario: parsed, problems } = parseScenarioData({ claim: 'explored', expect: {}, ...scenario }, 'explored');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return parsed!;
}

const weak = loaded({
  topics: { orders: {} },
  producers: { p1: { config: { acks: 1 }, send: { count: 40, every: '10ms' } } },
  consumers: { c1: { config: { 'auto.offset.reset': 'earliest' } } },
  explore: { vary: { 'producers.p1.config.acks': [0, 1, 'all'], 'topics.orders.config.min.insync.replicas': [1, 2] } },
});
const seeds = Array.from({ length: 150 }, (_, i) => String(i + 1));

describe('a swarm', () => {
  test('draws the same for the same seed, and something else for another', () => {
    const plans = seeds.map((seed) => new Swarm(weak, null).plan(seed));
    const swarm = new Swarm(weak, null);
    expect(seeds.toReversed().map((seed) => swarm.plan(seed))).toEqual(plans.toReversed());
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBe(seeds.length);
  });

  test('stays within the bounds of its scenario', () => {
    const bounded = loaded({
      ...weak.definition,
      explore: { faults: { kinds: ['crash', 'isolate'], most: 2, within: '1s' }, network: false, ...vary() },
    });
    const swarm = new Swarm(bounded, null);
    const acks = new Set<unknown>();
    for (const seed of seeds) {
      const { faults, network, producers } = swarm.plan(seed);
      expect(faults.length).toBeLessThanOrEqual(2);
      for (const { name, when } of faults) {
        expect(['process-crash', 'partition']).toContain(name);
        if (when.kind === 'at') expect(when.atUs).toBeLessThanOrEqual(1_000_000);
      }
      expect(network).toEqual(new Swarm(bounded, null).plan('1').network);
      acks.add(producers[0]!.config['acks']);
    }
    expect([...acks].map(String).sort()).toEqual(['1', 'all']);
  });

  const vary = (): Pick<NonNullable<Scenario['explore']>, 'vary'> => ({ vary: { 'producers.p1.config.acks': [1, 'all'] } });

  test('leaves each kind of fault out of many runs, and has each in many', () => {
    const swarm = new Swarm(weak, null);
    const has = new Map<FaultName, number>(drawnKinds.map((kind) => [faultNameOf[kind], 0]));
    for (const seed of seeds) {
      for (const name of new Set(swarm.plan(seed).faults.map((fault) => fault.name))) has.set(name, has.get(name)! + 1);
    }
    for (const [name, runs] of has) {
      expect(runs, name).toBeGreaterThan(5);
      expect(runs, name).toBeLessThan(seeds.length * 0.75);
    }
  });

  test.each(wildScenarios())('draws plans of $name that run, and run alike twice', (scenario) => {
    const explored = explore({ scenario, case: null, strategy: 'random', firstSeed: 1, seeds: 40, twice: true });
    expect(explored.failures).toEqual([]);
    expect(explored.found.filter(({ fingerprint }) => !fingerprint.permitted)).toEqual([]);
    expect(explored.runs).toBe(40);
    expect(explored.bit).toBeGreaterThan(20);
  });

  test('what soak explores has names of its own', () => {
    const names = wildScenarios().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('hits clients, unless they are to be spared', () => {
    const hits = (clients: boolean): boolean => {
      const { scenario } = parseScenarioData({ ...weak.definition, explore: { faults: { clients } } }, 'weak');
      const swarm = new Swarm(scenario!, null);
      return seeds.some((seed) => swarm.plan(seed).faults.some(({ target }) => target.kind === 'client'));
    };
    expect(hits(true)).toBe(true);
    expect(hits(false)).toBe(false);
  });

  test('tells of paths that lead nowhere, and of values that cannot stand there', () => {
    const text =
      'claim: x\nexpect: {}\nexplore:\n  vary:\n    producers.p9.config.acks: [1]\n    producers.p1.send.count: [5, many]\n';
    const { scenario, problems } = parseScenarioText(text, 'x.yaml');
    expect(scenario).toBeNull();
    expect(problems.map(({ code, line, found }) => [code, line, found])).toEqual([
      ['no-such-path', 5, 'p9'],
      ['wrong-type', 6, 'many'],
    ]);
  });
});

describe.each(strategies)('%s', (strategy) => {
  const part = (firstSeed: number, count: number) => explore({ scenario: weak, case: null, strategy, firstSeed, seeds: count });
  const parts = [1, 1 + seedsAPart].map((first) => part(first, seedsAPart));
  const total = parts.reduce(together, nothingExplored);

  test('comes to the same whoever does which part', () => {
    expect(together(part(1, seedsAPart), part(1 + seedsAPart, seedsAPart))).toEqual(total);
    expect(together(parts[1]!, parts[0]!)).toEqual(total);
    expect(total.runs).toBe(2 * seedsAPart);
    expect(total.failures).toEqual([]);
  });

  test('finds what weak settings lose, and nothing that no rule permits', () => {
    const kinds = new Set(total.found.map(({ fingerprint }) => fingerprint.kind));
    for (const kind of ['lost', 'duplicated', 'reordered', 'dirtyRead'] as const) expect(kinds).toContain(kind);
    expect(total.found.filter(({ fingerprint }) => !fingerprint.permitted)).toEqual([]);
  });

  test('names the rules that permit each harm', () => {
    const known = new Map(permissionRules.map((rule) => [rule.id, rule]));
    for (const { fingerprint, permittedBy } of total.found) {
      const { kind, because } = fingerprint;
      expect(permittedBy.length > 0, because).toBe(kind !== 'unavailable');
      for (const id of permittedBy) {
        expect(known.get(id)?.harm).toBe(kind);
        expect(known.get(id)?.reasons).toContain(because);
      }
    }
  });

  test('what it found is there again, with its seed alone', () => {
    for (const { fingerprint, seed } of total.found) {
      const { plan, choices } = planned(new Swarm(weak, null), strategy, seed);
      const evaluated = evaluate(compile(plan), { seed: 'any', trace: 'hash', choices });
      expect(shows(evaluated, fingerprint), `${seed} ${fingerprint.because}`).toBe(true);
      const again = planned(new Swarm(weak, null), strategy, seed);
      expect(witnessOf(plan, again.choices, undefined, (one) => same(one, fingerprint))?.fingerprint).toEqual(fingerprint);
    }
  });
});

test('every strategy reaches many marks', () => {
  const reached = strategies.map((strategy) => {
    const explored = explore({ scenario: weak, case: null, strategy, firstSeed: 1, seeds: 100 });
    return [strategy, Object.keys(explored.marks).length] as const;
  });
  for (const [strategy, marks] of reached) expect(marks, strategy).toBeGreaterThan(30);
});

describe('chance', () => {
  const draws = (seed: string): number[] => {
    const choices = choicesOfSeed(seed);
    const sites = ['latency a', 'latency b', 'fsync c'].map((label) => choices.site(label));
    return sites.flatMap((site) => Array.from({ length: 400 }, (_, i) => choices.below(site, i, 1_000_000)));
  };
  const alike = (a: readonly number[], b: readonly number[]): number => a.filter((value, i) => value === b[i]).length / a.length;

  test('a child has about three quarters of its parent, and a quarter of the seed that was added', () => {
    const child = draws('12+57');
    expect(alike(child, draws('12'))).toBeCloseTo(0.75, 1);
    expect(alike(child, draws('57'))).toBeCloseTo(0.25, 1);
    expect(draws('12+57')).toEqual(child);
    expect(draws('12')).toEqual(
      ((random) => {
        const sites = ['latency a', 'latency b', 'fsync c'].map((label) => random.site(label));
        return sites.flatMap((site) => Array.from({ length: 400 }, (_, i) => random.below(site, i, 1_000_000)));
      })(new RandomChoices('12')),
    );
  });

  test('by priority: on one lane all messages are about as late, and lanes differ', () => {
    const pct = new PctChoices(new RandomChoices('1'));
    const lanes = Array.from({ length: 40 }, (_, lane) => pct.site(`latency host-${lane}→other Fetch`));
    const delays = lanes.map((site) => [pct.below(site, 0, 50_001), pct.below(site, 1, 50_001)] as const);
    for (const [first, second] of delays) expect(second === first || second > 49_000).toBe(true);
    expect(new Set(delays.map(([first]) => first)).size).toBeGreaterThan(30);
    expect(delays.filter(([first]) => first < 6_250).length).toBeGreaterThan(12);
    const other = pct.site('fsync broker-1');
    expect(pct.below(other, 7, 1000)).toBe(new RandomChoices('1').below(other, 7, 1000));
  });
});
