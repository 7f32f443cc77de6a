/**
 * How the benchmark measures. Times are taken in many short rounds that visit every variant in turn; what counts is the fastest round of
 * each, because whatever else the machine does only ever slows one down. Allocations are sampled while the code is warm: after a forced collection V8
 * runs it unoptimised for a while, and it allocates twice as much.
 */
import { Session } from 'node:inspector';
import { Kernel } from '../../src/kernel/kernel.ts';

/** Nanoseconds that `body` takes. */
function nsOf(body: () => void): number {
  const from = process.hrtime.bigint();
  body();
  return Number(process.hrtime.bigint() - from);
}

/** Nanoseconds of each variant in each round, by name. */
export type Rounds<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Runs every variant once a round. */
export function inRounds<Name extends string>(rounds: number, variants: Readonly<Record<Name, () => void>>): Rounds<Name> {
  const names = Object.keys(variants) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) times[name].push(nsOf(variants[name]));
  return times;
}

/** The fastest of some rounds. */
export function fastest(times: readonly number[]): number {
  return Math.min(...times);
}

/** How many times as long `a` takes as `b`, the fastest round of each. */
export function ratioOf(a: readonly number[], b: readonly number[]): number {
  return fastest(a) / fastest(b);
}

/** Slope of log time over log size by least squares: 1 where twice the size takes twice the time. */
export function exponentOf(sizes: readonly number[], values: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = values.map(Math.log);
  const mean = (all: readonly number[]): number => all.reduce((sum, value) => sum + value, 0) / all.length;
  const [xMean, yMean] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - xMean) * (y[i]! - yMean), 0);
  return covariance / x.reduce((sum, value) => sum + (value - xMean) * (value - xMean), 0);
}

/**
 * Bytes that one call of `body` allocates on the heap, collected since or not: V8's sampling heap profiler over that many calls, good to a
 * few per cent. The buffers of typed arrays lie outside the heap and are not counted.
 */
export function bytesOf(calls: number, body: (call: number) => void): number {
  const session = new Session();
  session.connect();
  const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  session.post('HeapProfiler.startSampling', { samplingInterval: 2048, ...all });
  for (let call = 0; call < calls; call++) body(call);
  let bytes = 0;
  session.post('HeapProfiler.stopSampling', (error, result) => {
    if (error !== null) throw error;
    bytes = sampledBytes(result.profile.head);
  });
  session.disconnect();
  return bytes / calls;
}

interface SampledNode {
  readonly selfSize: number;
  readonly children: readonly SampledNode[];
}

function sampledBytes({ selfSize, children }: SampledNode): number {
  return children.reduce((sum, child) => sum + sampledBytes(child), selfSize);
}

/** A bare kernel: takes an event and schedules another, with as many pending all the time. */
export function hold(operations: number, pending = 64): void {
  const kernel = new Kernel();
  // Delays without a pattern that a branch predictor could learn, and without a draw that would be measured too.
  const delays = Float64Array.from({ length: 4096 }, (_, i) => 1 + ((i * 2654435761) % 1000));
  for (let i = 0; i < pending; i++) kernel.schedule(delays[i]!, 1, i, 0, null);
  for (let i = 0; i < operations; i++) {
    kernel.next();
    kernel.schedule(kernel.nowUs + delays[i & 4095]!, 1, kernel.present.target, 0, null);
  }
}
