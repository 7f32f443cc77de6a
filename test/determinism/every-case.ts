/** Every case of every scenario of the repository as a Plan. */
import { shipped } from 'spillway-scenarios';
import type { Plan } from '../../src/plan/plan.ts';
import { parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { caseNames, planOf } from '../../src/scenario/plan-of.ts';

export interface Case {
  /** `scenario/case`. */
  readonly name: string;
  readonly plan: Plan;
}

export const everyCase: readonly Case[] = shipped.flatMap(({ file, definition, text }) => {
  const { scenario } = text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file);
  return caseNames(scenario!).map((name) => {
    const plan = planOf(scenario!, name);
    return { name: plan.name, plan };
  });
});

/** The case with this name. */
export function caseNamed(name: string): Case {
  const found = everyCase.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}
