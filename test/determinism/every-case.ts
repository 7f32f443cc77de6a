/** Every case of every scenario of the repository as a Plan. */
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

export const everyCase: readonly Case[] = scenarios.flatMap((scenario) =>
  caseNames(scenario).map((name) => {
    const plan = planOf(scenario, name);
    return { name: plan.name, plan };
  }),
);

/** The scenario of the repository with this name. */
export function shippedScenario(name: string): LoadedScenario {
  const found = scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

/** The case with this name. */
export function caseNamed(name: string): Case {
  const found = everyCase.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}
