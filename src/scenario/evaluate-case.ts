/**
 * A compiled plan, run and judged; a case of a scenario, also held against what it expects: plan, run, evidence, judgement, expectation,
 * in this order. Pure but for a memory of compiled plans.
 */

import type { Choices } from '../base/choices.ts';
import type { Micros } from '../base/units.ts';
import { type CompiledPlan, compile } from '../cluster/compile.ts';
import { type DirtyLog, DirtyWatch } from '../cluster/dirty.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { type RunResult as ClusterRun, run } from '../cluster/run.ts';
import { View } from '../cluster/view.ts';
import { ReplayChoices } from '../kernel/replay-choices.ts';
import type { TraceMode } from '../kernel/trace.ts';
import { Evidence, type EvidenceCounts } from '../oracle/evidence.ts';
import type { ClusterLayout, RunFacts } from '../oracle/facts.ts';
import type { Breach } from '../oracle/invariants/invariant.ts';
import { InvariantMonitor } from '../oracle/invariants/monitor.ts';
import { type Judgement, judge } from '../oracle/judge.ts';
import type { Observer } from '../plan/observer.ts';
import { choicesOf, printChoice } from './choices.ts';
import { type CountName, checkExpectation, expectationOf, type Outcome } from './expectation.ts';
import { countGroups } from './group-counts.ts';
import { countOrder } from './order.ts';
import type { LoadedScenario } from './parse-scenario.ts';
import { definitionOf, planOf } from './plan-of.ts';

/** A run and what is to be thought of it. */
export interface Evaluated {
  readonly compiled: CompiledPlan;
  readonly run: ClusterRun;
  readonly judgement: Judgement;
  /** How often things happened in the run. */
  readonly seen: Readonly<EvidenceCounts>;
  /** Promises of the model that were broken: a bug of Spillway's, or a mutant. */
  readonly breaches: readonly Breach[];
  /** What a loss of power would have taken at the time that was asked for. */
  readonly dirty: readonly DirtyLog[];
}

/** How to run. */
export interface EvaluateOptions {
  readonly seed: string;
  readonly trace: TraceMode;
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
  /** Another backend of chance than the seed's, a replay for example. */
  readonly choices?: Choices;
  /** Who else watches. */
  readonly observers?: readonly Observer[];
  /** Also tells what a loss of power would take at this time, counted from the first send. */
  readonly dirtyAtUs?: Micros;
}

/** Runs a compiled plan and judges it. */
export function evaluate(
  compiled: CompiledPlan,
  { seed, trace, rules = kafkaRules, choices, observers = [], dirtyAtUs }: EvaluateOptions,
): Evaluated {
  const layout = layoutOf(compiled);
  const evidence = new Evidence(layout);
  let monitor: InvariantMonitor | undefined;
  let dirty: DirtyWatch | undefined;
  const finished = run(compiled, {
    seed,
    trace,
    rules,
    ...(choices === undefined ? {} : { choices }),
    observers: (cluster) => {
      monitor = new InvariantMonitor(layout, new View(cluster));
      if (dirtyAtUs !== undefined) dirty = new DirtyWatch(cluster, dirtyAtUs);
      return [evidence, monitor, ...(dirty === undefined ? [] : [dirty]), ...observers];
    },
  });
  const judgement = judge(finished.history, evidence, factsOf(compiled), finished.faults);
  return {
    compiled,
    run: finished,
    judgement,
    seen: evidence.counts,
    breaches: monitor?.breaches ?? [],
    dirty: dirty?.logs ?? [],
  };
}

/** Runs a case and holds it against what its scenario expects. */
export function evaluateCase(
  scenario: LoadedScenario,
  caseName: string | null,
  options: EvaluateOptions,
): Evaluated & { readonly outcome: Outcome; readonly counts: Readonly<Record<CountName, number>> } {
  const written = choicesOf(definitionOf(scenario, caseName));
  const replay = written === null || options.choices !== undefined ? null : new ReplayChoices(written);
  const compiled = compiledOf(scenario, caseName);
  const evaluated = evaluate(compiled, replay === null ? options : { ...options, choices: replay });
  const { run: finished, judgement, seen, breaches } = evaluated;
  const counts = {
    ...judgement.counts,
    unavailable: judgement.unavailable,
    ...countOrder(finished.history),
    ...countGroups(finished.history, seen),
  };
  const outcome = checkExpectation(expectationOf(scenario, caseName), {
    counts,
    anomalies: judgement.anomalies,
    faults: finished.faults,
    budgetEnded: finished.ended === 'event-budget',
    cannotTell: judgement.cannotTell,
    breaches: breaches.map(({ invariant }) => invariant),
    unmatched: replay === null ? [] : replay.unmatched().map(printChoice),
  });
  return { ...evaluated, outcome, counts };
}

const compiledPlans = new WeakMap<LoadedScenario, Map<string | null, CompiledPlan>>();

function compiledOf(scenario: LoadedScenario, caseName: string | null): CompiledPlan {
  const cases = compiledPlans.get(scenario) ?? new Map<string | null, CompiledPlan>();
  compiledPlans.set(scenario, cases);
  const known = cases.get(caseName) ?? compile(planOf(scenario, caseName));
  cases.set(caseName, known);
  return known;
}

/** Which host is which, for those who are told host indices. */
export function layoutOf({ hostNames, plan, producers, members, topics, controllers }: CompiledPlan): ClusterLayout {
  const names = topics.map(({ plan: topic }) => topic.name);
  return {
    partitionsPerTopic: topics.map(({ assignments }) => assignments.length),
    brokerOfHost: hostNames.map((_, host) => (host >= 1 && host <= plan.brokers ? host : -1)),
    producerOfHost: hostNames.map((_, host) => producers.findIndex((producer) => producer.host === host)),
    memberOfHost: hostNames.map((_, host) => members.find((member) => member.host === host)?.name ?? null),
    topicOfProducer: producers.map((producer) => names.indexOf(producer.plan.topic)),
    ...(controllers.length > 1 ? { hasQuorum: true } : {}),
    ...(plan.truncation === undefined ? {} : { truncation: plan.truncation }),
  };
}

/** Settings as the oracle asks for them. */
export function factsOf({ topics, plan }: CompiledPlan): RunFacts {
  return {
    topics: topics.map(({ plan: topic, config, laterConfigs, assignments }) => {
      // What an operator changes in the run counts by its weakest value: when a record was written is not asked.
      const all = [config, ...laterConfigs];
      return {
        name: topic.name,
        partitions: assignments.length,
        replicationFactor: topic.replicationFactor,
        minInsyncReplicas: Math.min(...all.map(({ minInsyncReplicas }) => minInsyncReplicas)),
        uncleanLeaderElection: all.some(({ uncleanLeaderElectionEnable }) => uncleanLeaderElectionEnable),
        flushMessages: Math.max(...all.map(({ flushMessages }) => flushMessages)),
      };
    }),
    onRestart: plan.producers.map(({ onRestart }) => onRestart),
  };
}
