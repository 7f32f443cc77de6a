/** Small-scope search: what is exhausted and in how many states, and that none of its reductions hides a finding. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/cluster/compile.ts';
import { mutantNamed } from '../../../src/cluster/mutants.ts';
import { kafkaRules } from '../../../src/cluster/rules.ts';
import { leftOut } from '../../../src/explore/search/fields.ts';
import { defaultScope, planOfScope, type Scope } from '../../../src/explore/search/scope.ts';
import { nameOfFinding, type SearchOptions, search } from '../../../src/explore/search/search.ts';
import { StateKey } from '../../../src/explore/search/state-key.ts';
import { tellSteps } from '../../../src/explore/search/tell.ts';
import { Visited } from '../../../src/explore/search/visited.ts';
import { Walk } from '../../../src/explore/search/walk.ts';

const scopeOf = (bounds: Partial<Scope>): Scope => ({ ...defaultScope, epochs: 1, ...bounds });

/** What a search came to, without what depends on how it went. */
function verdict(scope: Scope, options: SearchOptions): { findings: string[]; exhausted: boolean; states: number } {
  const { findings, exhausted, states } = search(scope, { ...options, all: true });
  return { findings: findings.map(nameOfFinding).sort(), exhausted, states };
}

describe('nothing in bounds', () => {
  test.each([
    [{ records: 1 }, 7],
    [{ records: 2 }, 36],
    [{ replicas: 3, records: 1 }, 13],
    [{ replicas: 3, records: 2 }, 101],
    [{ replicas: 1, powerLosses: 1 }, 30],
    [{ replicas: 1, epochs: 2, crashes: 1 }, 535],
  ] as const)('%j', { timeout: 60_000 }, (bounds, states) => {
    expect(verdict(scopeOf(bounds), {})).toEqual({ findings: [], exhausted: true, states });
  });
});

describe('reductions hide nothing', () => {
  const cases: readonly (readonly [Partial<Scope>, string | null])[] = [
    [{ records: 2 }, null],
    [{ records: 2 }, 'ack-before-isr'],
    [{ records: 2 }, 'high-watermark-ignores-a-follower'],
    [{ replicas: 1, powerLosses: 1 }, null],
    [{ replicas: 1, powerLosses: 1, topic: { 'flush.messages': 1 } }, 'fsync-does-nothing'],
    [{ replicas: 3 }, null],
    [{ epochs: 2, depth: 7 }, 'no-truncation'],
    [{ epochs: 2, depth: 5, lags: 1 }, null],
  ];
  const rulesOf = (name: string | null): SearchOptions => (name === null ? {} : { rules: mutantNamed(name)!.rules });

  test.each(cases)('%j under %s: states', { timeout: 120_000 }, (bounds, mutant) => {
    const scope = scopeOf({ depth: 12, ...bounds });
    const merged = verdict(scope, rulesOf(mutant));
    const apart = verdict(scope, { ...rulesOf(mutant), states: false });
    expect(merged.findings).toEqual(apart.findings);
    expect(merged.states).toBeLessThanOrEqual(apart.states);
  });

  test.each(cases.filter(([{ depth }]) => depth === undefined))(
    '%j under %s: partial order',
    { timeout: 120_000 },
    (bounds, mutant) => {
      const reduced = verdict(scopeOf(bounds), rulesOf(mutant));
      const whole = verdict(scopeOf(bounds), { ...rulesOf(mutant), partialOrder: false });
      expect(reduced.findings).toEqual(whole.findings);
      expect([reduced.exhausted, whole.exhausted]).toEqual([true, true]);
      expect(reduced.states).toBeLessThan(whole.states);
    },
  );

  test.each([{ records: 1 }, { records: 2 }])('three replicas, %j: symmetry', { timeout: 60_000 }, (bounds) => {
    const reduced = verdict(scopeOf({ replicas: 3, ...bounds }), {});
    const whole = verdict(scopeOf({ replicas: 3, ...bounds }), { symmetry: false });
    expect([reduced.findings, reduced.exhausted]).toEqual([whole.findings, whole.exhausted]);
    expect(reduced.states).toBeLessThan(whole.states);
  });
});

describe('a bound that is not exhausted', () => {
  test('says how far it got', () => {
    let asked = 0;
    const told: number[] = [];
    const result = search(scopeOf({ epochs: 2 }), {
      shouldStop: () => ++asked === 3,
      onProgress: ({ states }) => told.push(states),
    });
    expect(result.exhausted).toBe(false);
    expect(result.open).toBeGreaterThan(0);
    expect(result.depth).toBeGreaterThan(3);
    expect(told).toHaveLength(3);
  });

  test('by its depth is exhausted', () => {
    const { exhausted, depth, open } = search(scopeOf({ epochs: 2, depth: 5 }));
    expect({ exhausted, depth, open }).toEqual({ exhausted: true, depth: 5, open: 0 });
  });
});

describe('a behaviour', () => {
  const scope = scopeOf({ epochs: 2, powerLosses: 1 });
  /** A fetch of a follower's former life arrives after the follower has lost its power, and what it had fetched. */
  const lateFetch = [[2], [2], [2], [1, 0], [3], [1], [3], [3], [0]];

  test('is taken again step by step', () => {
    const { steps } = tellSteps(scope, lateFetch, false);
    expect(steps.map(({ kind, host, peer }) => `${kind} ${host} ${peer}`)).toEqual([
      'send p1 p1',
      'request broker-1 p1',
      'answer broker-2 broker-1',
      'power-loss broker-2 broker-2',
      'session-ends controller broker-2',
      'restart broker-2 broker-2',
      'request controller broker-2',
      'answer broker-2 controller',
      'request broker-1 broker-2',
    ]);
    expect(steps[8]!.notes.map(({ code }) => code)).toContain('high-watermark-advanced');
  });

  test('in which a leader counts on a fetch of a former life breaks no promise', () => {
    const walk = Walk.open(scope, compile(planOfScope(scope)), kafkaRules);
    walk.follow(lateFetch);
    expect(walk.monitor.breaches).toEqual([]);
  });

  test('that the scope does not have is refused', () => {
    expect(() => tellSteps(scope, [[99]], false)).toThrow(RangeError);
  });
});

describe('keys', () => {
  const keyOf = (walk: Walk): string => {
    const key = new StateKey();
    key.of(walk, true);
    return `${key.a} ${key.b}`;
  };
  const walkOf = (scope: Scope): Walk => Walk.open(scope, compile(planOfScope(scope)), kafkaRules);

  test('of one behaviour are one, of another one another', () => {
    const scope = scopeOf({ epochs: 2 });
    const [one, same, other] = [walkOf(scope), walkOf(scope), walkOf(scope)];
    for (const walk of [one, same]) walk.follow([[0], [0]]);
    other.follow([[0], [1]]);
    expect(keyOf(one)).toBe(keyOf(same));
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  test('leave out nothing that no machine has', () => {
    const names = new Set<string>();
    let seen = new Set<object>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
      seen.add(value);
      if (value instanceof Map || Array.isArray(value)) for (const held of value.values()) collect(held);
      else {
        for (const [name, held] of Object.entries(value)) {
          names.add(name);
          if (name !== 'config') collect(held);
        }
      }
    };
    for (const scope of [scopeOf({ records: 2 }), scopeOf({ epochs: 2, crashes: 1 })]) {
      const walk = walkOf(scope);
      for (let step = 0; step < 8; step++) {
        seen = new Set();
        for (const machine of walk.cluster.machines) collect(machine?.state);
        for (const host of walk.cluster.world.hosts) collect(host.disk);
        for (const { payload } of walk.kernel.waiting) collect((payload as { payload?: unknown } | null)?.payload);
        collect(walk.monitor.memory());
        walk.take(walk.options()[0]!);
      }
    }
    expect(Object.keys(leftOut).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('visited states', () => {
  test('are known again, and the way to each', () => {
    const visited = new Visited();
    const count = 100_000;
    for (let i = 0; i < count; i++) expect(visited.add(i * 7919, i ^ 0x5bd1e995, i - 1, i % 10)).toBe(true);
    for (let i = 0; i < count; i += 997) expect(visited.add(i * 7919, i ^ 0x5bd1e995, -1, 0)).toBe(false);
    expect(visited.size).toBe(count);
    expect(visited.pathTo(3)).toEqual([1, 2, 3]);
  });
});
