/** Cases of the scenarios of the repository as Plans. */
import { shipped } from 'spillway-scenarios';
import type { Plan } from '../../src/plan/plan.ts';
import { type LoadedScenario, parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { caseNames, planOf } from '../../src/scenario/plan-of.ts';

export interface Case {
  /** `scenario/case`. */
  readonly name: string;
  readonly plan: Plan;
}

const scenarios: readonly LoadedScenario[] = shipped.map(({ file, definition, text }) => {
  return (text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file)).scenario!;
});

function casesOf(chosen: readonly LoadedScenario[]): readonly Case[] {
  return chosen.flatMap((scenario) =>
    caseNames(scenario).map((name) => {
      const plan = planOf(scenario, name);
      return { name: plan.name, plan };
    }),
  );
}

const inCanon = ({ file }: LoadedScenario): boolean => file.startsWith('scenarios/canon/');

/** Every case of every scenario at the top of `scenarios/`: small runs, for tests that need many of each. */
export const everyCase: readonly Case[] = casesOf(scenarios.filter((scenario) => !inCanon(scenario)));

/** Every case of the canon: larger runs. */
export const everyCanonCase: readonly Case[] = casesOf(scenarios.filter(inCanon));

/** The scenario of the repository with this name. */
export function shippedScenario(name: string): LoadedScenario {
  const found = scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

/** The case with this name. */
export function caseNamed(name: string): Case {
  const found = [...everyCase, ...everyCanonCase].find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}
