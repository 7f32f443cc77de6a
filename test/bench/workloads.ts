/**
 * The workloads of the benchmark, all from one committed plan. W16F: 3 brokers, 3 replicas, acks=all, idempotent, 1,000 records in
 * batches of 16, one consumer; 0.8 % of the frames take 200 ms longer and 0.2 % reset their connection. W1: every record its own batch. WCell: a cell of
 * the consume matrix.
 */

import type { Cluster } from '../../src/cluster/cluster.ts';
import { type CompiledPlan, compile } from '../../src/cluster/compile.ts';
import { type RunResult, run } from '../../src/cluster/run.ts';
import { View } from '../../src/cluster/view.ts';
import { countHarms } from '../../src/oracle/counts.ts';
import { Evidence } from '../../src/oracle/evidence.ts';
import { InvariantMonitor } from '../../src/oracle/invariants/monitor.ts';
import type { Observer } from '../../src/plan/observer.ts';
import type { Plan, ProducerPlan } from '../../src/plan/plan.ts';
import { layoutOf } from '../../src/scenario/evaluate-case.ts';
import { consumeCellPlan, consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import committed from './w16f.json' with { type: 'json' };

export const w16f = committed as Plan;

/** How much of a run is watched. */
export interface Watching {
  /** The trace is hashed; otherwise it is off. */
  readonly hash: boolean;
  /** Evidence is kept, and every invariant looks on. */
  readonly invariants: boolean;
}

/** Everything on: what the figures are about unless they say otherwise. */
export const everything: Watching = { hash: true, invariants: true };

/** A plan ready to be run by number. */
export interface Workload {
  readonly plan: Plan;
  readonly compiled: CompiledPlan;
  /** Runs a seed to its end and counts its harms. */
  readonly once: (seed: number, watching?: Watching) => RunResult;
}

/** Makes a plan ready. Throws when a run breaks an invariant or shows a harm: a benchmark of wrong answers is worth nothing. */
export function workload(plan: Plan): Workload {
  const compiled = compile(plan);
  const layout = layoutOf(compiled);
  const evidence = new Evidence(layout);
  const once = (seed: number, { hash, invariants }: Watching = everything): RunResult => {
    let monitor: InvariantMonitor | null = null;
    const observers = (cluster: Cluster): readonly Observer[] => {
      if (!invariants) return [];
      evidence.reset();
      monitor = new InvariantMonitor(layout, new View(cluster));
      return [evidence, monitor];
    };
    const result = run(compiled, { seed: String(seed), trace: hash ? 'hash' : 'off', observers });
    const harms = countHarms(result.history, result.faults);
    const breaches = (monitor as InvariantMonitor | null)?.breachCount ?? 0;
    if (harms.lost + harms.duplicated + harms.reordered + harms.stuck + breaches > 0) {
      throw new Error(`seed ${seed} of ${plan.name} is harmed: ${JSON.stringify(harms)}, ${breaches} breaches`);
    }
    return result;
  };
  return { plan, compiled, once };
}

/** WCell: a cell of the consume matrix (C4a: a member dies, commits after every batch), with group, heal, quiescence and audit. */
export const wcell: Plan = consumeCellPlan(
  consumeRows.find(({ id }) => id === 'C4')!,
  consumeColumns.find(({ letter }) => letter === 'a')!,
  1,
  '3.9',
);

/** W16F with another number of records. */
export function withRecords(count: number): Plan {
  return { ...w16f, name: `records ${count}`, producers: [sending(w16f.producers[0]!, { count, burst: count })] };
}

/** W16F with every record in a batch of its own. */
export const w1: Plan = {
  ...w16f,
  name: 'w1',
  producers: w16f.producers.map((producer) => ({ ...producer, config: { ...producer.config, 'batch.size': 1 } })),
};

/** This many partitions, each with a producer of its own that sends 250 records. */
export function withPartitions(partitions: number): Plan {
  const producers = Array.from({ length: partitions }, (_, partition) => ({
    ...sending(w16f.producers[0]!, { count: 250, burst: 250, partition }),
    name: `p${partition + 1}`,
  }));
  return { ...w16f, name: `partitions ${partitions}`, topics: w16f.topics.map((topic) => ({ ...topic, partitions })), producers };
}

/** This many brokers, and a replica of the one partition on each. */
export function withBrokers(brokers: number): Plan {
  const topics = w16f.topics.map((topic) => ({ ...topic, replicationFactor: brokers }));
  return { ...w16f, name: `brokers ${brokers}`, brokers, topics };
}

function sending(producer: ProducerPlan, send: Partial<ProducerPlan['send']>): ProducerPlan {
  return { ...producer, send: { ...producer.send, ...send } };
}

/** Events of the seeds 1 to `runs`, all of them together. */
export function eventsOf({ once }: Workload, runs: number): number {
  let events = 0;
  for (let seed = 1; seed <= runs; seed++) events += once(seed, { hash: false, invariants: false }).events;
  return events;
}
