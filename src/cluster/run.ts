/** One run of a Plan: a pure function of (plan, choices, engine version). */
import type { Choices } from '../base/choices.ts';
import type { Micros } from '../base/units.ts';
import type { History } from '../history/history.ts';
import { Kernel } from '../kernel/kernel.ts';
import { RandomChoices } from '../kernel/random-choices.ts';
import { Trace, type TraceEntry, type TraceMode } from '../kernel/trace.ts';
import type { FaultReport } from '../plan/faults.ts';
import type { Observer } from '../plan/observer.ts';
import { audit } from './audit.ts';
import { CausalKernel, type Undelivered } from './causal-kernel.ts';
import { Cluster } from './cluster.ts';
import { committedOffsets } from './committed.ts';
import type { CompiledPlan } from './compile.ts';
import { kafkaRules, type Rules } from './rules.ts';

export interface RunOptions {
  /** Any text; runs with the same seed are equal. Not used when `choices` is given. */
  readonly seed: string;
  /** Another backend of chance, a replay for example. */
  readonly choices?: Choices;
  /** @defaultValue 'hash' */
  readonly trace?: TraceMode;
  /** Made for the run when it needs to see the cluster's state. */
  readonly observers?: (cluster: Cluster) => readonly Observer[];
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
}

export interface RunResult {
  readonly history: History;
  readonly faults: readonly FaultReport[];
  /** 16 hexadecimal digits; the same for every trace mode but `off`. */
  readonly traceHash: string;
  readonly events: number;
  /** Virtual time at the end. */
  readonly virtualUs: Micros;
  /** `event-budget`: the run was cut off; what it was doing is in {@link RunResult.repeats}. */
  readonly ended: 'settled' | 'stuck' | 'event-budget';
  /** After an exhausted budget: the codes that were recorded most, with counts. */
  readonly repeats: readonly (readonly [string, number])[];
  readonly trace: readonly TraceEntry[];
  /** Messages that never arrived; known where the whole trace is kept. */
  readonly undelivered: readonly Undelivered[];
  /** When the first send was due. */
  readonly startedAtUs: Micros;
}

/** Reused between runs of one process: its arrays are worth keeping. */
const randomChoices = new RandomChoices('');

/** Partitions that are there beyond those of the beginning. */
function added({ compiled, registrations }: Cluster): { partitionsAdded?: readonly number[] } {
  const there: number[] = [];
  for (const { firstPartition, plan, assignments } of compiled.topics) {
    for (let p = plan.partitions; p < assignments.length; p++)
      if (registrations.of(firstPartition + p) !== null) there.push(firstPartition + p);
  }
  return there.length === 0 ? {} : { partitionsAdded: there };
}

/** Runs a plan to its end. */
export function run(compiled: CompiledPlan, options: RunOptions): RunResult {
  const kernel = options.trace === 'full' ? new CausalKernel() : new Kernel();
  let choices = options.choices;
  if (choices === undefined) {
    randomChoices.reseed(options.seed);
    choices = randomChoices;
  }
  const trace = new Trace(options.trace ?? 'hash');
  const cluster = new Cluster(compiled, choices, trace, options.rules ?? kafkaRules, kernel);
  if (options.observers !== undefined) cluster.watchedBy(options.observers(cluster));
  const counts = new Map<string, number>();
  const exhausted = !cluster.drive(compiled.plan.limits.events);
  const history = cluster.recorder.finish({
    producers: compiled.producerFacts,
    consumers: compiled.consumers.map((consumer) => consumer.name),
    partitions: compiled.partitionNames,
    ...added(cluster),
    groups: compiled.groupFacts,
    committed: exhausted ? [] : committedOffsets(cluster),
    audits: exhausted ? [] : audit(cluster),
    healedAtUs: cluster.phases.healedAtUs,
    settled: cluster.phases.settled,
    endedAtUs: kernel.nowUs,
  });
  if (exhausted) for (const entry of trace.entries()) counts.set(entry.code, (counts.get(entry.code) ?? 0) + 1);
  return {
    history,
    faults: cluster.director.reports(),
    traceHash: trace.digest(),
    events: kernel.handled,
    virtualUs: kernel.nowUs,
    ended: exhausted ? 'event-budget' : cluster.phases.settled ? 'settled' : 'stuck',
    repeats: [...counts].sort((x, y) => y[1] - x[1]).slice(0, 8),
    trace: trace.entries(),
    undelivered: kernel instanceof CausalKernel ? kernel.undelivered() : [],
    startedAtUs: cluster.phases.startedAtUs,
  };
}
