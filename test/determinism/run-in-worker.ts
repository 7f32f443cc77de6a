/** What the worker thread of the determinism test runs: plans and seeds in, digests out. Bundled by the test, never imported. */
import { parentPort, workerData } from 'node:worker_threads';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import type { Plan } from '../../src/plan/plan.ts';

const { plans, seeds } = workerData as { plans: readonly Plan[]; seeds: readonly string[] };

parentPort!.postMessage(
  plans.map((plan) => {
    const compiled = compile(plan);
    return seeds.map((seed) => run(compiled, { seed }).traceHash);
  }),
);
