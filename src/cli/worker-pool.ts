/**
 * Work spread over threads. A task and its result are plain data; results are collected by the index of their task, so what comes out
 * does not depend on how many workers there were, nor on who was first. With one worker the work is done here, without a thread.
 */
import { Worker } from 'node:worker_threads';
import { type Parcel, Receiver, Sender } from './parcels.ts';

/** What explorers are given. */
export interface WorkerPool {
  /** How many tasks may run at once. */
  readonly size: number;
  /**
   * `onResult` is called as results arrive, in no order. Rejects with the first failure, after stopping the rest. Once `stop` is aborted no
   * further task is begun; those under way are finished, and what was not begun is missing among the results.
   */
  run<T, R>(tasks: readonly T[], onResult?: (index: number, result: R) => void, stop?: AbortSignal): Promise<R[]>;
  /** Nothing more is to be run: lets go of threads that were kept between runs. */
  close(): void;
}

/** What a worker thread is told, and what it answers. */
export interface Order {
  readonly job: string;
  readonly index: number;
  readonly task: Parcel;
}
/** A result, or what went wrong. */
export type Answer =
  | { readonly index: number; readonly result: Parcel }
  | { readonly index: number; readonly failure: string; readonly stack: string };

/** A task failed in a worker; `stack` is the worker's. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  constructor(message: string, stack: string) {
    super(message);
    this.stack = stack;
  }
}

/** Does the work in this thread, giving way now and then so that a key press or a progress line gets its turn. */
export function inlinePool(work: (task: unknown) => unknown): WorkerPool {
  return {
    size: 1,
    async run<T, R>(tasks: readonly T[], onResult?: (index: number, result: R) => void, stop?: AbortSignal): Promise<R[]> {
      const results: R[] = [];
      for (const [index, task] of tasks.entries()) {
        if (stop?.aborted === true) break;
        const result = work(task) as R;
        results.push(result);
        onResult?.(index, result);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return results;
    },
    close: () => undefined,
  };
}

/** How a pool of threads is made. */
export interface ThreadPoolOptions {
  readonly size: number;
  /** The worker's program. */
  readonly entry: URL;
  /** Which of the worker's jobs does the work. */
  readonly job: string;
  /** Threads are kept from one run to the next, with all that they have learnt, until {@link WorkerPool.close}. @defaultValue false */
  readonly lasting?: boolean;
}

/** A thread, and both ways between it and this one. */
interface Thread {
  readonly worker: Worker;
  readonly there: Sender;
  readonly back: Receiver;
}

/** Threads that live as long as the pool's run does, or as the pool. */
export function threadPool({ size, entry, job, lasting = false }: ThreadPoolOptions): WorkerPool {
  const kept: Thread[] = [];
  return {
    size,
    run<T, R>(tasks: readonly T[], onResult?: (index: number, result: R) => void, stop?: AbortSignal): Promise<R[]> {
      const results = new Array<R>(tasks.length);
      let next = 0;
      let underWay = 0;
      const threads: Thread[] = [];
      const left = (): boolean => next < tasks.length && stop?.aborted !== true;
      const dismiss = (): void => {
        for (const { worker } of threads) void worker.terminate();
      };
      const done = (): void => {
        if (!lasting) dismiss();
        for (const thread of lasting ? threads : []) {
          // By name: a thread's port listens for these by itself.
          thread.worker.removeAllListeners('message');
          thread.worker.removeAllListeners('error');
          kept.push(thread);
        }
      };
      return new Promise<R[]>((resolve, reject) => {
        if (!left()) {
          resolve(results);
          return;
        }
        const fail = (error: unknown): void => {
          dismiss();
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        const give = ({ worker, there }: Thread): void => {
          if (!left()) return;
          const index = next++;
          underWay++;
          worker.postMessage({ job, index, task: there.pack(tasks[index]) } satisfies Order);
        };
        const take = (thread: Thread, answer: Answer): void => {
          if ('failure' in answer) {
            fail(new WorkerFailure(answer.failure, answer.stack));
            return;
          }
          const result = thread.back.unpack(answer.result) as R;
          results[answer.index] = result;
          try {
            onResult?.(answer.index, result);
          } catch (error) {
            fail(error);
            return;
          }
          underWay--;
          give(thread);
          if (underWay === 0) {
            done();
            resolve(results);
          }
        };
        for (let i = 0; i < Math.min(size, tasks.length); i++) {
          const thread = kept.pop() ?? { worker: new Worker(entry), there: new Sender(), back: new Receiver() };
          threads.push(thread);
          thread.worker.on('message', (answer: Answer) => take(thread, answer));
          thread.worker.on('error', fail);
          give(thread);
        }
        // A thread need not wait for its next task while its last one is on the way back; at the end none waits behind another.
        for (const thread of threads) if (tasks.length - next > size) give(thread);
      });
    },
    close() {
      for (const { worker } of kept.splice(0)) void worker.terminate();
    },
  };
}
