/** What `import 'spillway'` gives: how scenarios are written. */
export * from '../scenario/define-scenario.ts';
export type { Scenario, ScenarioCase } from '../scenario/schema.ts';
