/**
 * What `import 'spillway/vitest'` gives: scenarios as tests. `expectCase` fails with the lines that did not hold, the causes that were
 * found, and the seed that shows it; an inconclusive run fails too, because a fault that never bit shows nothing.
 */
import { describe, expect, test } from 'vitest';
import { evaluateCase } from '../scenario/evaluate-case.ts';
import type { Outcome } from '../scenario/expectation.ts';
import { type LoadedScenario, parseScenarioData } from '../scenario/parse-scenario.ts';
import { caseNames } from '../scenario/plan-of.ts';
import type { Scenario } from '../scenario/schema.ts';

/** How many runs, and which. */
export interface ExpectOptions {
  /** @defaultValue 1 */
  readonly seeds?: number;
  /** @defaultValue 1 */
  readonly firstSeed?: number;
}

/** Checks a scenario and fails, with everything that is wrong with it, when it is none. */
export function loaded(scenario: Scenario | LoadedScenario, name = 'scenario'): LoadedScenario {
  if ('definition' in scenario) return scenario;
  const { scenario: parsed, problems } = parseScenarioData(scenario, name);
  if (parsed !== null) return parsed;
  const wrong = problems.filter(({ severity }) => severity === 'error');
  const lines = wrong.map(({ key, code, found, nearest }) => {
    const meant = nearest === null ? '' : `, did you mean ${nearest}`;
    return `${key}: ${code}, found ${found ?? 'nothing'}${meant}`;
  });
  return expect.fail(`${name} is no scenario:\n${lines.join('\n')}`);
}

/**
 * Runs a case of a scenario, or the scenario itself where it has no cases, and fails unless every run is as expected.
 * Without `caseName` every case is run.
 */
export function expectCase(scenario: Scenario | LoadedScenario, caseName?: string | null, options: ExpectOptions = {}): void {
  const checked = loaded(scenario);
  const { seeds = 1, firstSeed = 1 } = options;
  for (const name of caseName === undefined ? caseNames(checked) : [caseName]) {
    if (!caseNames(checked).includes(name)) {
      expect.fail(`${checked.name} has no case ${String(name)}; it has ${caseNames(checked).map(String).join(', ')}`);
    }
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const { outcome, judgement } = evaluateCase(checked, name, { seed: String(seed), trace: 'hash' });
      if (outcome.outcome === 'as-expected') continue;
      const causes = [...new Set(judgement.anomalies.map(({ kind, because }) => `${kind} because ${because.code}`))];
      expect.fail(
        [`${checked.name}/${name ?? ''} with seed ${seed}: ${outcome.outcome}`, ...told(outcome), ...causes].join('\n'),
      );
    }
  }
}

function told({ expect: lines, inconclusive }: Outcome): string[] {
  const broken = lines.filter(({ held }) => !held).map(({ that, found }) => `expected ${that}, found ${found}`);
  return inconclusive === null ? broken : [inconclusive, ...broken];
}

/** One test for each case of a scenario. */
export function describeScenario(scenario: Scenario | LoadedScenario, options: ExpectOptions = {}): void {
  const checked = loaded(scenario);
  describe(checked.definition.claim, () => {
    for (const name of caseNames(checked)) test(name ?? checked.name, () => expectCase(checked, name, options));
  });
}
