/** Chooses among scenarios, and changes them as flags ask. */
import { type LoadedScenario, parseScenarioData, withSet } from '../scenario/parse-scenario.ts';
import type { ScenarioProblem } from '../scenario/problem.ts';
import { BadInput, badInput } from './failure.ts';
import { kindOf } from './files.ts';
import { readAssignment, readPattern } from './flags.ts';
import type { Chosen } from './scenario-files.ts';

/** Scenarios whose name, claim or tags match the pattern. @throws BadInput when none does */
export function matching(chosen: readonly Chosen[], grep: string | undefined): readonly Chosen[] {
  if (grep === undefined) return chosen;
  const pattern = readPattern(grep);
  const found = chosen.filter(({ scenario: { name, definition } }) =>
    [name, definition.claim, ...(definition.tags ?? [])].some((text) => pattern.test(text)),
  );
  if (found.length === 0) throw badInput('no-scenario-matches', { found: JSON.stringify(grep) });
  return found;
}

/**
 * Scenarios with `--set path=value` applied, in every case of each: what the user asks for wins over what a case sets.
 * @throws BadInput
 */
export function withAssignments(chosen: readonly Chosen[], assignments: readonly string[]): readonly Chosen[] {
  const read = assignments.map(readAssignment);
  return chosen.map(({ name, scenario }) => ({
    name,
    scenario: read.reduce((changed, { path, value }) => {
      const parsed = changed.definition.cases === undefined ? withSet(changed, path, value) : inEveryCase(changed, path, value);
      if (parsed.scenario === null) throw new BadInput(parsed.problems.map(fromCommandLine));
      return parsed.scenario;
    }, scenario),
  }));
}

function inEveryCase(scenario: LoadedScenario, path: string, value: unknown): ReturnType<typeof parseScenarioData> {
  const cases = Object.entries(scenario.definition.cases ?? {}).map(([name, one]) => {
    const set = Object.fromEntries(Object.entries(one.set ?? {}).filter(([key]) => key !== path && !key.startsWith(`${path}.`)));
    return [name, { ...one, set: { ...set, [path]: value } }];
  });
  return parseScenarioData({ ...scenario.definition, cases: Object.fromEntries(cases) }, scenario.file);
}

/** The problem is with the flag, not with the file. */
function fromCommandLine(problem: ScenarioProblem): ScenarioProblem {
  return { ...problem, file: '--set', case: null };
}

/** `name/case` in its two parts; a path that exists is no case. */
export function splitCase(name: string, cwd: string): { readonly scenario: string; readonly case: string | null } {
  const at = name.lastIndexOf('/');
  if (at < 1 || kindOf(cwd, name) !== 'missing') return { scenario: name, case: null };
  const scenario = name.slice(0, at);
  const isFile = kindOf(cwd, scenario) === 'file';
  return isFile || !scenario.includes('/') ? { scenario, case: name.slice(at + 1) } : { scenario: name, case: null };
}
