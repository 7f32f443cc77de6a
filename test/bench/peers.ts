/**
 * Other people's kernels at the task that every kernel has: 64 processes, each of which sleeps for a random time, for ever. The same delays
 * for all, drawn before. Peers that answer through promises or the event loop are measured over fewer events.
 */

import * as fc from 'fast-check';
import { scheduler } from 'fast-check';
import jssim from 'js-simulator';
import { Kernel } from '../../src/kernel/kernel.ts';

const processes = 64;

/** Exponential with a mean of 1,000: whole numbers above 0. */
const delays = Int32Array.from(
  { length: 4096 },
  (_, i) => 1 + Math.floor(-1000 * Math.log(1 - ((i * 2654435761) % 4096) / 4096)),
);

/** A kernel: runs so many events of sleeping processes, and gives how many it ran. */
export interface Peer {
  readonly name: string;
  /** What it is, in a word or two. */
  readonly kind: string;
  readonly events: number;
  readonly run: (events: number) => Promise<number> | number;
}

/** A process of ours: a class with a handler, as machines are. */
class Sleeper {
  private readonly kernel: Kernel;
  private readonly index: number;
  private slept = 0;
  constructor(kernel: Kernel, index: number) {
    this.kernel = kernel;
    this.index = index;
  }
  sleep(): void {
    const { kernel } = this;
    kernel.schedule(kernel.nowUs + delays[(this.index * 61 + this.slept++) & 4095]!, 1, this.index, 0, null);
  }
}

function ours(events: number): number {
  const kernel = new Kernel();
  const sleepers = Array.from({ length: processes }, (_, i) => new Sleeper(kernel, i));
  for (const sleeper of sleepers) sleeper.sleep();
  while (kernel.handled < events && kernel.next()) sleepers[kernel.present.target]!.sleep();
  return kernel.handled;
}

function jsSimulator(events: number): number {
  const kernel = new jssim.Scheduler();
  let handled = 0;
  for (let i = 0; i < processes; i++) {
    const event = new jssim.SimEvent(1);
    let slept = 0;
    event.update = () => {
      handled++;
      kernel.scheduleOnceIn(event, delays[(i * 61 + slept++) & 4095]!);
    };
    kernel.scheduleOnceIn(event, delays[i]!);
  }
  while (handled < events && kernel.hasEvents()) kernel.update();
  return handled;
}

interface Simjs {
  readonly Sim: new () => {
    addEntity(entity: unknown, ...args: unknown[]): unknown;
    simulate(end: number, events: number): boolean;
  };
  readonly Entity: new (...args: unknown[]) => { setTimer(duration: number): { done(callback: () => void): void } };
}

/** It gives itself to the window of a browser and to nobody else. */
async function loadSimjs(): Promise<Simjs> {
  const global = globalThis as { window?: { Sim?: Simjs } };
  global.window = {};
  await import('simjs');
  const { Sim } = global.window;
  delete global.window;
  if (Sim === undefined) throw new Error('simjs did not load');
  return Sim;
}

function simjs({ Sim, Entity }: Simjs, events: number): number {
  let handled = 0;
  class Sleeping extends Entity {
    private index = 0;
    private slept = 0;
    start(index: number): void {
      this.index = index;
      this.sleep();
    }
    sleep(): void {
      this.setTimer(delays[(this.index * 61 + this.slept++) & 4095]!).done(() => {
        handled++;
        this.sleep();
      });
    }
  }
  const kernel = new Sim();
  for (let i = 0; i < processes; i++) kernel.addEntity(Sleeping, `p${i}`, i);
  kernel.simulate(Number.POSITIVE_INFINITY, events);
  return handled;
}

/** Who is next is drawn by fast-check; it knows no time. */
async function fastCheckScheduler(events: number): Promise<number> {
  const kernel = fc.sample(scheduler(), { numRuns: 1, seed: 1 })[0]!;
  let handled = 0;
  const sleep = async (): Promise<void> => {
    while (handled < events) {
      await kernel.schedule(Promise.resolve());
      handled++;
    }
  };
  for (let i = 0; i < processes; i++) void sleep();
  await kernel.waitIdle();
  return handled;
}

/** The event loop of Node itself, which knows no virtual time either. */
function setImmediates(events: number): Promise<number> {
  return new Promise((resolve) => {
    let handled = 0;
    const next = (): void => {
      if (++handled < events) setImmediate(next);
      else resolve(handled);
    };
    setImmediate(next);
  });
}

/** Ours first. */
export async function peers(): Promise<readonly Peer[]> {
  const loaded = await loadSimjs();
  return [
    { name: 'this kernel', kind: 'virtual time, order by (time, sequence)', events: 400_000, run: ours },
    { name: 'js-simulator', kind: 'virtual time, no order at one time', events: 400_000, run: jsSimulator },
    { name: 'simjs', kind: 'virtual time', events: 200_000, run: (events) => simjs(loaded, events) },
    { name: 'setImmediate', kind: "Node's event loop, no time", events: 50_000, run: setImmediates },
    { name: "fast-check's scheduler", kind: 'promises in a drawn order, no time', events: 10_000, run: fastCheckScheduler },
  ];
}

/** Nanoseconds an event, the fastest of some rounds. */
export async function nsAnEvent({ events, run }: Peer, rounds: number): Promise<number> {
  await run(events);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const from = process.hrtime.bigint();
    const handled = await run(events);
    best = Math.min(best, Number(process.hrtime.bigint() - from) / handled);
  }
  return best;
}
