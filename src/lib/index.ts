/** What `import 'spillway'` gives: how scenarios are written. */
export * from '../scenario/define-scenario.ts';
/** The shape of a scenario and of one of its cases. */
export type { Scenario, ScenarioCase } from '../scenario/schema.ts';
