/**
 * What `import 'spillway'` gives: how scenarios are written, checked, run and judged. Everything here is synchronous, touches nothing
 * outside, and runs in Node, in a browser and in a worker alike.
 *
 * From a scenario: {@link parseScenarioText} or {@link parseScenarioData}, then {@link evaluateCase}. From a {@link Plan}:
 * {@link compile}, then {@link run} and {@link judge}, or both with {@link evaluate}.
 */

export type { Choices } from '../base/choices.ts';
// ---- running a plan: a pure function of the plan, the choices and the version of this package
export { type CompiledPlan, compile } from '../cluster/compile.ts';
export { type RunOptions, type RunResult, run } from '../cluster/run.ts';
export { View } from '../cluster/view.ts';
// ---- many runs of a scenario, each drawn by its seed within the scenario's bounds
export {
  type Exploration,
  type Explored,
  explore,
  type Found,
  nothingExplored,
  planned,
  type Strategy,
  strategies,
  together,
} from '../explore/explore.ts';
export { type FindingKind, type Fingerprint, findingsOf, fingerprintOf } from '../explore/finding.ts';
export { Marks, markName } from '../explore/marks.ts';
// ---- from a finding of dice to the smallest witness of it
export { type ShrinkOptions, type Shrunk, shrink } from '../explore/shrink.ts';
// ---- what single changes would have made of a run, each run again with the same dice
export { type SingleChange, singleChanges } from '../explore/single-changes.ts';
export { type Bounds as SwarmBounds, boundsOf, Swarm } from '../explore/swarm.ts';
export { type Turnout, type WhatIf, type WhatIfOptions, whatIf } from '../explore/what-if.ts';
export { replayWitness, type Witness, witnessOf } from '../explore/witness.ts';
export { scenarioTypeScript, scenarioYaml, type WitnessAbout, witnessScenario } from '../explore/witness-file.ts';
// ---- judging a history, of a run or of a real system
export { type History, Outcome as SendOutcome } from '../history/history.ts';
export { type ChoiceEntry, ReplayChoices } from '../kernel/replay-choices.ts';
export type { TraceEntry, TraceMode } from '../kernel/trace.ts';
export { countHarms, type HarmCounts } from '../oracle/counts.ts';
export { Evidence } from '../oracle/evidence.ts';
export type { ClusterLayout, RunFacts } from '../oracle/facts.ts';
export type { Breach, Invariant } from '../oracle/invariants/invariant.ts';
// ---- the promises of the model, watched while a run goes on: `observers: (cluster) => [new InvariantMonitor(layout, new View(cluster))]`
export { InvariantMonitor } from '../oracle/invariants/monitor.ts';
export { invariants } from '../oracle/invariants/registry.ts';
export { type Judgement, judge } from '../oracle/judge.ts';
export {
  type HistoryCounts,
  type JudgeOptions,
  OperationJudge,
  type OperationVerdict,
} from '../oracle/operations/operation-judge.ts';
export { operationsOf } from '../oracle/operations/operations-of.ts';
export { NoOperation, readOperation } from '../oracle/operations/read-operation.ts';
export { type Anomaly, type Because, type Harm, harms } from '../oracle/verdict.ts';
export type { FaultName, FaultPlan, FaultReport, Target, Trigger } from '../plan/faults.ts';
export type { Observer } from '../plan/observer.ts';
// ---- plans: what a run is made from, as plain data
export {
  type KafkaVersion,
  kafkaVersions,
  type Plan,
  type ProducerPlan,
  type RawSettings,
  type TopicPlan,
} from '../plan/plan.ts';
// ---- writing scenarios: `defineScenario` and the small functions that make its faults
export * from '../scenario/define-scenario.ts';
export { type Duration, printDuration, readDuration } from '../scenario/duration.ts';
export { type Evaluated, type EvaluateOptions, evaluate, evaluateCase, factsOf, layoutOf } from '../scenario/evaluate-case.ts';
export type { Held, Outcome } from '../scenario/expectation.ts';
export { scenarioJsonSchema } from '../scenario/json-schema.ts';
// ---- checking them: problems are values with a place, a code and the nearest right name
export {
  type LoadedScenario,
  type ParsedScenario,
  parseScenarioData,
  parseScenarioText,
  withSet,
} from '../scenario/parse-scenario.ts';
// ---- running a case and holding it against what its scenario expects
export { caseNames, planOf } from '../scenario/plan-of.ts';
export type { ScenarioProblem } from '../scenario/problem.ts';
export { scenarioOf } from '../scenario/scenario-of.ts';
export type {
  DirectionInput,
  ExpectationInput,
  FaultInput,
  PeersInput,
  ProducerInput,
  Scenario,
  ScenarioCase,
  TargetInput,
  TopicInput,
  TriggerInput,
} from '../scenario/schema.ts';
