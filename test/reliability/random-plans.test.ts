/** What `npm run reliability` does with 100,000 plans, with some hundred: none throws, none differs from itself, none is unexplained. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plans } from '../../src/lib/fast-check.ts';
import type { Plan } from '../../src/lib/index.ts';
import { runPart, runTwice, smallBounds } from './random-plans.ts';

test('300 random plans, each run twice', { timeout: 120_000 }, () => {
  const { plans: ran, wrong, bit, withGroups, harmed, settled } = runPart({ seed: 7, runs: 300 });
  expect(wrong).toEqual([]);
  expect(ran).toBe(300);
  // Else they would have shown nothing.
  for (const count of [bit, withGroups, harmed, settled]) expect(count).toBeGreaterThan(30);
});

test('a plan that breaks is told, with what draws it again', () => {
  const plan = fc.sample(plans(smallBounds), { seed: 7, numRuns: 1 })[0]!;
  expect(runTwice(plan).what).toEqual([]);
  const torn = { ...plan, topics: undefined } as unknown as Plan;
  expect(runTwice(torn).what[0]).toMatch(/^exception: /);
});
