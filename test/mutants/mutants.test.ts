/**
 * Tests of the tests: each deliberate bug is caught by the checker or the invariant that is named for it, within a few seeds; and on the
 * same plans and seeds Kafka's own rules are caught by none.
 */
import { describe, expect, test } from 'vitest';
import { type CompiledPlan, compile } from '../../src/cluster/compile.ts';
import { mutants } from '../../src/cluster/mutants.ts';
import { kafkaRules, type Rules } from '../../src/cluster/rules.ts';
import { run } from '../../src/cluster/run.ts';
import { View } from '../../src/cluster/view.ts';
import { countHarms, type HarmCounts } from '../../src/oracle/counts.ts';
import { InvariantMonitor } from '../../src/oracle/invariants/monitor.ts';
import { invariants } from '../../src/oracle/invariants/registry.ts';
import { harms } from '../../src/oracle/verdict.ts';
import { layoutOf } from '../../src/scenario/evaluate-case.ts';
import { shownIn } from './shown-in.ts';

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];

/** Names of the invariants that were broken, and of the harms that were done. */
function catches(compiled: CompiledPlan, rules: Rules, seed: string): Set<string> {
  const monitors: InvariantMonitor[] = [];
  const { history, faults } = run(compiled, {
    seed,
    rules,
    observers: (cluster) => {
      monitors.push(new InvariantMonitor(layoutOf(compiled), new View(cluster)));
      return monitors;
    },
  });
  const caught = new Set(monitors[0]!.breaches.map(({ invariant }) => invariant));
  const counts: HarmCounts = countHarms(history, faults);
  for (const harm of [...harms, 'unavailable'] as const) {
    if (counts[harm] > 0) caught.add(harm);
  }
  return caught;
}

test('every mutant is looked for', () => {
  expect(Object.keys(shownIn)).toEqual(mutants.map(({ name }) => name));
});

describe.each(mutants)('$name', ({ name, caughtBy, rules }) => {
  const compiled = compile(shownIn[name]!);

  test(`is caught: ${caughtBy}`, () => {
    const catchers = seeds.map((seed) => catches(compiled, rules, seed));
    expect(catchers.some((caught) => caught.has(caughtBy))).toBe(true);
  });

  test('is not what Kafka does', () => {
    for (const seed of seeds) {
      const caught = catches(compiled, kafkaRules, seed);
      expect(caught.has(caughtBy), `seed ${seed}`).toBe(false);
      for (const invariant of invariants) expect(caught.has(invariant.name), `${invariant.name}, seed ${seed}`).toBe(false);
    }
  });
});
