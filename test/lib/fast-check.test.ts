/**
 * Drawn scenarios are valid, plain data and within their bounds; and what they are for: whatever is drawn, the engine neither throws nor
 * breaks an invariant nor shows a harm that settings and faults do not permit; safe settings keep everything, weak ones do not.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bounds, type FaultKind, faultKinds, plans, scenarios } from '../../src/lib/fast-check.ts';
import {
  compile,
  countHarms,
  Evidence,
  factsOf,
  InvariantMonitor,
  judge,
  layoutOf,
  type Plan,
  parseScenarioData,
  planOf,
  run,
  View,
} from '../../src/lib/index.ts';

/** The same draws everywhere, so that a failure names a seed and a path that reproduce it. */
const draws = { seed: 20, numRuns: 150 } as const;

function errors(definition: unknown): string[] {
  const wrong = parseScenarioData(definition, 'drawn').problems.filter(({ severity }) => severity === 'error');
  return wrong.map(({ key, code }) => `${key}: ${code}`);
}

describe('what is drawn', () => {
  test('is valid', () => {
    fc.assert(
      fc.property(scenarios(), (definition) => {
        expect(errors(definition)).toEqual([]);
      }),
      draws,
    );
  });

  test('is plain data', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      draws,
    );
  });

  test.each(faultKinds)('%s: only that fault where only that is asked for', (kind) => {
    const bounds: Bounds = {
      kinds: [kind],
      faults: { min: 1, max: 3 },
      brokers: { min: 2, max: 3 },
      records: { min: 5, max: 9 },
    };
    fc.assert(
      fc.property(scenarios(bounds), (definition) => {
        for (const fault of definition.faults ?? []) expect(Object.keys(fault)).toContain(kind);
        expect(definition.cluster?.brokers).toBeGreaterThanOrEqual(2);
        for (const { send } of Object.values(definition.producers ?? {})) expect(send?.count).toBeLessThanOrEqual(9);
      }),
      { ...draws, numRuns: 20 },
    );
  });

  test('takes the settings it is given', () => {
    const bounds: Bounds = { producer: { acks: '1' }, topic: { 'min.insync.replicas': 2 } };
    const plan = fc.sample(plans(bounds), { ...draws, numRuns: 1 })[0];
    expect(plan?.producers[0]?.config).toEqual({ acks: '1' });
    expect(plan?.topics[0]?.config).toEqual({ 'min.insync.replicas': 2 });
  });

  test('shrinks to few brokers, records and faults', () => {
    const failed = fc.check(
      fc.property(plans(), (plan) => plan.faults.length === 0 || plan.brokers < 2),
      draws,
    );
    const smallest = failed.counterexample?.[0];
    expect(smallest).toMatchObject({ brokers: 2, producers: [{ send: { count: 1 } }] });
    expect(smallest?.faults).toHaveLength(1);
  });
});

interface Watched {
  readonly hash: string;
  readonly wrong: readonly string[];
  readonly counts: Readonly<Record<string, unknown>>;
}

/** Runs a plan under every watch there is. */
function watch(plan: Plan): Watched {
  const compiled = compile(plan);
  const layout = layoutOf(compiled);
  const evidence = new Evidence(layout);
  let monitor: InvariantMonitor | undefined;
  const result = run(compiled, {
    seed: '1',
    observers: (cluster) => {
      monitor = new InvariantMonitor(layout, new View(cluster));
      return [evidence, monitor];
    },
  });
  const judgement = judge(result.history, evidence, factsOf(compiled), result.faults);
  const breaches = (monitor?.breaches ?? []).map(({ invariant, event }) => `${invariant} broken in event ${event}`);
  const unpermitted = judgement.anomalies.filter(({ permitted }) => !permitted);
  const harms = unpermitted.map(
    ({ kind, because, record }) => `${kind} ${record ?? ''} because ${because.code} is not permitted`,
  );
  return { hash: result.traceHash, wrong: [...breaches, ...harms], counts: { ...judgement.counts } };
}

/** Nothing that these do may harm what acks=all and idempotence promise: no page cache is lost, no disk lies. */
const harmless: readonly FaultKind[] = [
  'crash',
  'controlledShutdown',
  'moveLeader',
  'pause',
  'isolate',
  'reset',
  'stall',
  'slowLink',
];
const safe: Bounds = {
  kinds: harmless,
  faults: { min: 1, max: 3 },
  brokers: { min: 3, max: 4 },
  replicationFactor: { min: 3, max: 3 },
  // What is asked of is the way in: handlers that throw bring groups harm of their own.
  groups: { min: 0, max: 0 },
  producer: { acks: 'all', 'enable.idempotence': true },
  topic: { 'min.insync.replicas': 2, 'unclean.leader.election.enable': false },
};

describe('what it is for', { timeout: 120_000 }, () => {
  test('no invariant breaks, and no harm comes that settings and faults do not permit', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        expect(watch(plan).wrong).toEqual([]);
      }),
      draws,
    );
  });

  test('a run is a function of its plan and its seed', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        expect(watch(structuredClone(plan)).hash).toBe(run(compile(plan), { seed: '1' }).traceHash);
      }),
      { ...draws, numRuns: 50 },
    );
  });

  test('acks=all with idempotence and min.insync.replicas=2 keeps every record, once and in order', () => {
    fc.assert(
      fc.property(plans(safe), (plan) => {
        expect(watch(plan).counts).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, dirtyRead: 0, diverged: 0, stuck: 0 });
      }),
      draws,
    );
  });

  test.each([
    ['lost', { producer: { acks: '1' }, kinds: ['crash'] }],
    ['duplicated', { producer: { acks: 'all', 'enable.idempotence': false }, kinds: ['reset'] }],
    ['lost', { producer: { acks: 'all' }, kinds: ['powerLoss'], topic: { 'min.insync.replicas': 1 } }],
  ] as const)('and is not too kind: %s is found within the same number of draws', (harm, weak) => {
    const found = fc.check(
      fc.property(plans({ ...safe, ...weak }), (plan) => {
        const { history, faults } = run(compile(plan), { seed: '1', trace: 'off' });
        return countHarms(history, faults)[harm] === 0;
      }),
      draws,
    );
    expect(found.failed).toBe(true);
  });
});

test('a drawn scenario and its plan are the same thing', () => {
  const definition = fc.sample(scenarios(), { ...draws, numRuns: 1 })[0];
  const plan = fc.sample(plans(), { ...draws, numRuns: 1 })[0];
  const { scenario } = parseScenarioData(definition, 'generated');
  expect(scenario === null ? null : planOf(scenario, null)).toEqual(plan);
});
