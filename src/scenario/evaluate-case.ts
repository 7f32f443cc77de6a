/**
 * One case of a scenario, run and judged: plan, run, evidence, judgement, expectation, in this order. Pure but for a memory of compiled
 * plans. Imports nothing above floor 5.
 */

import { kafkaRules, type Rules } from '../cluster/cluster.ts';
import { type CompiledPlan, compile } from '../cluster/compile.ts';
import { type RunResult as ClusterRun, run } from '../cluster/run.ts';
import { Evidence } from '../oracle/evidence.ts';
import type { ClusterLayout, RunFacts } from '../oracle/facts.ts';
import { type Judgement, judge } from '../oracle/judge.ts';
import { checkExpectation, expectationOf, type Outcome } from './expectation.ts';
import { countOrder } from './order.ts';
import type { LoadedScenario } from './parse-scenario.ts';
import { planOf } from './plan-of.ts';

export interface Evaluated {
  readonly compiled: CompiledPlan;
  readonly run: ClusterRun;
  readonly judgement: Judgement;
  readonly outcome: Outcome;
}

export interface EvaluateOptions {
  readonly seed: string;
  readonly trace: 'hash' | 'full';
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
}

/** Runs a case and holds it against what its scenario expects. */
export function evaluateCase(scenario: LoadedScenario, caseName: string | null, options: EvaluateOptions): Evaluated {
  const compiled = compiledOf(scenario, caseName);
  const evidence = new Evidence(layoutOf(compiled));
  const finished = run(compiled, {
    seed: options.seed,
    trace: options.trace,
    rules: options.rules ?? kafkaRules,
    observers: () => [evidence],
  });
  const judgement = judge(finished.history, evidence, factsOf(compiled), finished.faults);
  const outcome = checkExpectation(expectationOf(scenario, caseName), {
    counts: { ...judgement.counts, unavailable: judgement.unavailable, ...countOrder(finished.history) },
    anomalies: judgement.anomalies,
    faults: finished.faults,
    budgetEnded: finished.ended === 'event-budget',
    cannotTell: judgement.cannotTell,
  });
  return { compiled, run: finished, judgement, outcome };
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
export function layoutOf({ hostNames, plan, producers, topics }: CompiledPlan): ClusterLayout {
  const names = topics.map(({ plan: topic }) => topic.name);
  return {
    partitionsPerTopic: topics.map(({ plan: topic }) => topic.partitions),
    brokerOfHost: hostNames.map((_, host) => (host >= 1 && host <= plan.brokers ? host : -1)),
    producerOfHost: hostNames.map((_, host) => producers.findIndex((producer) => producer.host === host)),
    topicOfProducer: producers.map((producer) => names.indexOf(producer.plan.topic)),
  };
}

/** Settings as the oracle asks for them. */
export function factsOf({ topics, plan }: CompiledPlan): RunFacts {
  return {
    topics: topics.map(({ plan: topic, config }) => ({
      name: topic.name,
      partitions: topic.partitions,
      replicationFactor: topic.replicationFactor,
      minInsyncReplicas: config.minInsyncReplicas,
      uncleanLeaderElection: config.uncleanLeaderElectionEnable,
      flushMessages: config.flushMessages,
    })),
    onRestart: plan.producers.map(({ onRestart }) => onRestart),
  };
}
