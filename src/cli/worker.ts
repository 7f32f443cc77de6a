/** The program of a worker thread: does jobs by name, one at a time, until it is stopped. */
import { parentPort } from 'node:worker_threads';
import { engine } from './live-engine.ts';
import { Receiver, Sender } from './parcels.ts';
import type { Answer, Order } from './worker-pool.ts';

const there = new Receiver();
const back = new Sender();

parentPort?.on('message', ({ job, index, task }: Order) => {
  parentPort?.postMessage(answer(job, index, there.unpack(task)));
});

function answer(job: string, index: number, task: unknown): Answer {
  try {
    const work = engine.jobs[job] as ((task: unknown) => unknown) | undefined;
    if (work === undefined) throw new Error(`there is no job ${job}`);
    return { index, result: back.pack(work(task)) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { index, failure: message, stack: stack ?? message };
  }
}
