/** The real engine behind the command line's interface. */
import { kafkaRules, type Rules } from '../cluster/cluster.ts';
import { mutantNamed, mutants } from '../cluster/mutants.ts';
import type { RunResult } from '../report/run-result.ts';
import { type Evaluated, evaluateCase } from '../scenario/evaluate-case.ts';
import { settingsOf } from '../scenario/settings-of.ts';
import type { CaseTask, Engine, ToldRun } from './engine.ts';
import { engineVersion } from './version.ts';

function missing(): never {
  throw new Error('the engine is not built in yet');
}

function rulesOf({ mutant }: CaseTask): Rules {
  return mutant === null ? kafkaRules : (mutantNamed(mutant)?.rules ?? kafkaRules);
}

function runCase(task: CaseTask): RunResult {
  return resultOf(task, evaluateCase(task.scenario, task.case, { seed: task.seed, trace: 'hash', rules: rulesOf(task) }));
}

function tellCase(task: CaseTask, mode: 'hash' | 'full'): ToldRun {
  const evaluated = evaluateCase(task.scenario, task.case, { seed: task.seed, trace: mode, rules: rulesOf(task) });
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
    replay: `${task.again} --seed ${task.seed}`,
  };
}

/** The engine that simulates. */
export const engine: Engine = {
  mutants: mutants.map(({ name }) => name),
  matrix: missing,
  runCase,
  tellCase,
  cell: missing,
  jobs: { matrix: missing, case: runCase },
};
