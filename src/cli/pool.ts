/** Chooses between this thread and a pool of threads. Starting threads costs about 50 ms, so little work stays here. */
import { availableParallelism } from 'node:os';
import type { Context } from './context.ts';
import type { Engine } from './engine.ts';
import { inlinePool, threadPool, type WorkerPool } from './worker-pool.ts';

/** A pool whose tasks are done by the engine's job of this name. `runs` is how many runs are to come. */
export function poolFor(
  engine: Engine,
  job: string,
  workers: number | null,
  runs: number,
  { installation }: Context,
): WorkerPool {
  const size = workers ?? (runs < 3000 ? 1 : availableParallelism());
  const work = engine.jobs[job];
  if (work === undefined) throw new Error(`there is no job ${job}`);
  return size <= 1 ? inlinePool(work as (task: unknown) => unknown) : threadPool({ size, entry: installation.workerEntry, job });
}
