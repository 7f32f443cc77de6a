/** Plans for tests of whole clusters, and what a test asks of their runs. */
import { type CompiledPlan, compile } from '../../src/cluster/compile.ts';
import { kafkaRules, type Rules } from '../../src/cluster/rules.ts';
import { type RunResult, run } from '../../src/cluster/run.ts';
import { Outcome } from '../../src/history/history.ts';
import type { NoteCode } from '../../src/kafka/notes.ts';
import type { TraceEntry } from '../../src/kernel/trace.ts';
import type { FaultPlan } from '../../src/plan/faults.ts';
import type { ConsumerPlan, MetadataModel, Plan, ProducerPlan, RawSettings, TopicPlan } from '../../src/plan/plan.ts';

export interface PlanOptions {
  readonly metadata: MetadataModel;
  readonly controllers: number;
  readonly brokers: number;
  readonly brokerConfig: RawSettings;
  readonly topic: Partial<TopicPlan>;
  readonly producer: Partial<Omit<ProducerPlan, 'send'>> & { readonly send?: Partial<ProducerPlan['send']> };
  /** More producers like the first one, which is `p1`. */
  readonly producers: number;
  readonly consumers: readonly ConsumerPlan[];
  readonly faults: readonly FaultPlan[];
  readonly network: Partial<Plan['network']>;
  readonly limits: Partial<Plan['limits']>;
}

export const reader: ConsumerPlan = { name: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } };

/** Three brokers, `orders` with one partition of three replicas, `p1` sends 50 records, one a millisecond. */
export function planOf(options: Partial<PlanOptions> = {}): Plan {
  const { topic, producer = {} } = options;
  const p1: ProducerPlan = {
    name: 'p1',
    topic: 'orders',
    config: {},
    onFailure: 'callback',
    onRestart: 'continue',
    ...producer,
    send: { count: 50, startUs: 0, everyUs: 1000, burst: 1, keys: 0, valueBytes: 100, ...producer.send },
  };
  return {
    name: 'test',
    kafka: '3.9',
    ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
    ...(options.controllers === undefined ? {} : { controllers: options.controllers }),
    brokers: options.brokers ?? 3,
    brokerConfig: options.brokerConfig ?? {},
    network: {
      latency: { baseUs: 200, jitterUs: 300 },
      links: {},
      stallPerMille: 0,
      stallUs: 0,
      resetPerMille: 0,
      ...options.network,
    },
    disk: { fsync: { baseUs: 2000, jitterUs: 3000 }, writeBackUs: 30_000_000 },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, config: {}, ...topic }],
    producers: Array.from({ length: options.producers ?? 1 }, (_, i) => ({ ...p1, name: `p${i + 1}` })),
    consumers: options.consumers ?? [],
    faults: options.faults ?? [],
    limits: { events: 1_000_000, healAtUs: 60_000_000, settleUs: 180_000_000, ...options.limits },
  };
}

/** A run, with questions. */
export class Ran {
  readonly compiled: CompiledPlan;
  readonly result: RunResult;

  constructor(plan: Plan, seed: string, rules: Rules) {
    this.compiled = compile(plan);
    this.result = run(this.compiled, { seed, trace: 'full', rules });
  }

  /** Lines of the trace with a code, times counted from the first send in milliseconds. */
  lines(code: NoteCode | 'stop' | 'call'): (TraceEntry & { readonly atMs: number })[] {
    const { trace, startedAtUs } = this.result;
    return trace.filter((entry) => entry.code === code).map((entry) => ({ ...entry, atMs: (entry.atUs - startedAtUs) / 1000 }));
  }

  /** The same of several codes, in the order of events. */
  trace(codes: readonly NoteCode[]): (TraceEntry & { readonly atMs: number })[] {
    return codes.flatMap((code) => this.lines(code)).toSorted((a, b) => a.event - b.event);
  }

  /** When, in milliseconds since the first send, something with this code was first said at or after a time. */
  first(code: NoteCode, fromMs = 0): number {
    return this.lines(code).find(({ atMs }) => atMs >= fromMs)?.atMs ?? -1;
  }

  /** How many records ended how. */
  get outcomes(): Record<keyof typeof Outcome, number> {
    const { outcome } = this.result.history.sends;
    const count = (wanted: Outcome): number => outcome.reduce((sum, one) => sum + (one === wanted ? 1 : 0), 0);
    return {
      pending: count(Outcome.pending),
      acknowledged: count(Outcome.acknowledged),
      failed: count(Outcome.failed),
      unknown: count(Outcome.unknown),
    };
  }

  /** Record ids in the leader's log of a partition, by the audit at the end. */
  log(partition = 0): number[] {
    const audit = this.result.history.audits[partition]!;
    return [...audit.replicas.find(({ broker }) => broker === audit.leader)!.log.records];
  }

  /** When each injection of a fault happened, in milliseconds since the first send. */
  injections(fault = 0): number[] {
    return this.result.faults[fault]!.atUs.map((atUs) => (atUs - this.result.startedAtUs) / 1000);
  }
}

export function ran(options: Partial<PlanOptions> = {}, seed = '1', rules: Rules = kafkaRules): Ran {
  return new Ran(planOf(options), seed, rules);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
