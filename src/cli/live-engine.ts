/** The real engine behind the command line's interface. */
import type { RunResult } from '../report/run-result.ts';
import { settingsOf } from '../scenario/settings-of.ts';
import type { CaseTask, Engine, ToldRun } from './engine.ts';
import { type Evaluated, evaluateCase } from './evaluate-case.ts';
import { engineVersion } from './version.ts';

function missing(): never {
  throw new Error('the engine is not built in yet');
}

function runCase(task: CaseTask): RunResult {
  return resultOf(task, evaluateCase(task.scenario, task.case, { seed: task.seed, trace: 'hash' }));
}

function tellCase(task: CaseTask, mode: 'hash' | 'full'): ToldRun {
  const evaluated = evaluateCase(task.scenario, task.case, { seed: task.seed, trace: mode });
  const { compiled, run, judgement } = evaluated;
  return {
    result: resultOf(task, evaluated),
    history: run.history,
    anomalies: judgement.anomalies,
    startedAtUs: run.startedAtUs,
    trace: run.trace,
    hosts: compiled.hostNames,
    topics: compiled.topics.map(({ plan }) => plan.name),
    faults: compiled.plan.faults.map(({ name }) => name),
  };
}

function resultOf(task: CaseTask, { compiled, run, judgement, outcome }: Evaluated): RunResult {
  const { plan } = compiled;
  return {
    schema: 1,
    scenario: task.scenario.name,
    case: task.case,
    claim: task.scenario.definition.claim,
    engine: engineVersion,
    kafka: plan.kafka,
    seed: task.seed,
    traceHash: run.traceHash,
    events: run.events,
    virtualMs: Math.round(run.virtualUs / 1000),
    outcome: outcome.outcome,
    settings: settingsOf(plan),
    counts: { ...judgement.counts, unavailable: judgement.unavailable },
    anomalies: judgement.anomalies.map(({ kind, record, partition, offset, permitted, because, events }) => {
      return { kind, record, partition, offset, permitted, because, events };
    }),
    faults: run.faults.map(({ name, targets, atUs, bit }) => {
      const first = atUs[0];
      return { name, target: targets.join(', '), atMs: first === undefined ? null : (first - run.startedAtUs) / 1000, bit };
    }),
    expect: outcome.expect,
    inconclusive: outcome.inconclusive,
    replay: `spillway run ${plan.name} --seed ${task.seed}`,
  };
}

export const engine: Engine = {
  mutants: [],
  matrix: missing,
  runCase,
  tellCase,
  cell: missing,
  jobs: { matrix: missing, case: runCase },
};
