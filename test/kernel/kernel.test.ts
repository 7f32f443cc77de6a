/** The queue: events happen in the order of (time, sequence), whatever else is going on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kernel, noEvent, type ScheduledEvent } from '../../src/kernel/kernel.ts';

/** The same queue, written to be obviously right. */
class Naive {
  private waiting: { at: number; sequence: number; kind: number; handle: number }[] = [];
  private sequence = 0;
  nowUs = 0;

  schedule(at: number, kind: number, handle: number): void {
    this.waiting.push({ at, sequence: this.sequence++, kind, handle });
  }

  cancel(handle: number): void {
    this.waiting = this.waiting.filter((event) => event.handle !== handle);
  }

  next(): { at: number; kind: number } | null {
    this.waiting.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
    const event = this.waiting.shift();
    if (event === undefined) return null;
    this.nowUs = event.at;
    return event;
  }
}

type Command =
  | { readonly do: 'schedule'; readonly delayUs: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'next' };

const command: fc.Arbitrary<Command> = fc.oneof(
  // Few distinct delays, so that equal times are common.
  { weight: 4, arbitrary: fc.record({ do: fc.constant('schedule' as const), delayUs: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('schedule' as const), delayUs: fc.integer({ min: 0, max: 4e9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(400) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'next' as const }) },
);

function next(kernel: Kernel): { at: number; kind: number; target: number; payload: unknown } | null {
  if (!kernel.next()) return null;
  const { kind, target, payload } = kernel.present;
  return { at: kernel.nowUs, kind, target, payload };
}

describe('the queue', () => {
  test('gives events in the order of (time, sequence), cancelled ones left out', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const kernel = new Kernel();
        const naive = new Naive();
        const handles: ScheduledEvent[] = [];
        const step = (): boolean => {
          const expected = naive.next();
          const got = next(kernel);
          if (expected === null || got === null) return expected === null && got === null;
          expect(got.payload).toBe(`payload ${got.kind}`);
          expect(got.target).toBe(got.kind + 7);
          return got.at === expected.at && got.kind === expected.kind;
        };
        for (const what of commands) {
          if (what.do === 'schedule') {
            const kind = handles.length + 1;
            const at = kernel.nowUs + what.delayUs;
            naive.schedule(at, kind, handles.length);
            handles.push(kernel.schedule(at, kind, kind + 7, 0, `payload ${kind}`));
          } else if (what.do === 'cancel' && handles.length > 0) {
            // Also events that happened long ago.
            const which = what.which % handles.length;
            naive.cancel(which);
            kernel.cancel(handles[which]!);
          } else if (what.do === 'next' && !step()) return false;
        }
        for (let left = 0; left <= handles.length; left++) if (!step()) return false;
        return kernel.pending === 0;
      }),
      { numRuns: 300 },
    );
  });

  test('cancelling an event that has happened, and cancelling twice, do no harm', () => {
    const kernel = new Kernel();
    const first = kernel.schedule(1, 1, 0, 0, null);
    kernel.next();
    const second = kernel.schedule(2, 2, 0, 0, null);
    const third = kernel.schedule(3, 3, 0, 0, null);
    for (const event of [first, second, second, noEvent]) kernel.cancel(event);
    expect(next(kernel)).toMatchObject({ at: 3, kind: 3 });
    kernel.cancel(third);
    expect(kernel.next()).toBe(false);
    kernel.schedule(4, 4, 0, 0, null);
    expect(next(kernel)).toMatchObject({ at: 4, kind: 4 });
  });

  test('more events than lie in order: each wave falls among those of the last', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(200), { minLength: 1, maxLength: 120 }), { maxLength: 8 }), (waves) => {
        const kernel = new Kernel();
        const naive = new Naive();
        let kind = 0;
        for (const wave of waves) {
          for (const delayUs of wave) {
            kind++;
            naive.schedule(kernel.nowUs + delayUs, kind, kind);
            kernel.schedule(kernel.nowUs + delayUs, kind, 0, 0, null);
          }
          // One step makes sure that some lie in order before the next wave.
          expect(next(kernel)?.kind).toBe(naive.next()?.kind);
        }
        while (kernel.pending > 0) expect(next(kernel)?.kind).toBe(naive.next()?.kind);
        return naive.next() === null;
      }),
      { numRuns: 200 },
    );
  });

  test('an event scheduled for now by an event comes after those that were scheduled for now before', () => {
    const kernel = new Kernel();
    for (let kind = 1; kind <= 3; kind++) kernel.schedule(10, kind, 0, 0, null);
    kernel.next();
    kernel.schedule(10, 4, 0, 0, null);
    expect([next(kernel)?.kind, next(kernel)?.kind, next(kernel)?.kind]).toEqual([2, 3, 4]);
  });

  test('times beyond 32 bits are exact', () => {
    const kernel = new Kernel();
    kernel.schedule(2 ** 40 + 1, 2, 0, 0, null);
    kernel.schedule(2 ** 40, 1, 0, 0, null);
    expect(kernel.peekUs()).toBe(2 ** 40);
    expect(next(kernel)).toMatchObject({ at: 2 ** 40, kind: 1 });
    expect(next(kernel)).toMatchObject({ at: 2 ** 40 + 1, kind: 2 });
  });

  test('the past cannot be scheduled', () => {
    const kernel = new Kernel();
    kernel.schedule(10, 1, 0, 0, null);
    kernel.next();
    expect(() => kernel.schedule(9, 1, 0, 0, null)).toThrow('in the past');
  });
});
