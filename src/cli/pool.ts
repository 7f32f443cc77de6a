/** Chooses between this thread and a pool of threads. Starting threads costs about 50 ms, so little work stays here. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Context } from './context.ts';
import type { Engine } from './engine.ts';
import { inlinePool, threadPool, type WorkerPool } from './worker-pool.ts';

/** Fewer runs than this are done before threads have paid. */
const runsForThreads = 3000;

/** A pool whose tasks are done by the engine's job of this name. `runs` is how many runs are to come. */
export function poolFor(
  engine: Engine,
  job: string,
  workers: number | null,
  runs: number,
  { installation }: Context,
): WorkerPool {
  const size = workers ?? (runs < runsForThreads ? 1 : availableParallelism());
  const work = engine.jobs[job];
  if (work === undefined) throw new Error(`there is no job ${job}`);
  if (size <= 1) return inlinePool(work as (task: unknown) => unknown);
  inlineLess();
  return threadPool({ size, entry: installation.workerEntry, job });
}

/** A pool for a search, whose threads are started when there is enough to do, and last until it is closed. */
export function searchPool(engine: Engine, workers: number | null, { installation }: Context): WorkerPool {
  const size = workers ?? availableParallelism();
  if (size > 1) return threadPool({ size, entry: installation.workerEntry, job: 'search', lasting: true });
  return inlinePool(engine.jobs['search'] as (task: unknown) => unknown);
}

/**
 * Halves what V8 inlines into one function, before any thread starts. Each thread compiles the whole simulator for itself, at the cost of
 * cores that would run it: a tenth of the time of a matrix, and runs are hardly slower without.
 */
function inlineLess(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=460');
}
