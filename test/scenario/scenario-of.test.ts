/** A plan written as a scenario is the same plan when it is read again. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { plans } from '../../src/lib/fast-check.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { consumeTable } from '../../src/scenario/matrix/consume-table.ts';
import { publishTable } from '../../src/scenario/matrix/publish-table.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { planOf } from '../../src/scenario/plan-of.ts';
import { scenarioOf } from '../../src/scenario/scenario-of.ts';
import { everyCase } from '../determinism/every-case.ts';

function readAgain(plan: Plan): Plan {
  const text = stringify(scenarioOf(plan, { claim: 'the same plan', expect: {} }));
  const { scenario, problems } = parseScenarioText(text, 'again.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { ...planOf(scenario!, null), name: plan.name };
}

describe('written as YAML and read again', () => {
  test.each(everyCase)('$name', ({ plan }) => {
    expect(readAgain(plan)).toEqual(plan);
  });

  const request = { kafka: '3.9', full: true, own: null, seeds: 1, firstSeed: 1, mutant: null, tables: [] } as never;
  test.each([
    ['publish', publishTable(request)],
    ['consume', consumeTable(request)],
  ])('every cell of the %s table', (_, table) => {
    let cells = 0;
    for (const cell of table.cells.filter(({ applicable }) => applicable)) {
      for (const plan of cell.plans()) expect(readAgain(plan), cell.id).toEqual(plan);
      cells++;
    }
    expect(cells).toBeGreaterThan(40);
  });

  test('drawn plans', () => {
    fc.assert(
      fc.property(plans(), (plan) => {
        expect(readAgain(plan)).toEqual(plan);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
