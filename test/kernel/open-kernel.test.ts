import { describe, expect, test } from 'vitest';
import { noEvent } from '../../src/kernel/kernel.ts';
import { OpenKernel } from '../../src/kernel/open-kernel.ts';

function kernelWith(...times: readonly number[]): OpenKernel {
  const kernel = new OpenKernel();
  for (const [i, atUs] of times.entries()) kernel.schedule(atUs, 1, i, 0, null);
  return kernel;
}

/** Targets in the order in which they come. */
function rest(kernel: OpenKernel): number[] {
  const targets: number[] = [];
  while (kernel.next()) targets.push(kernel.present.target);
  return targets;
}

describe('a kernel that lies open', () => {
  test('takes the earliest where nobody chooses, and what was scheduled first of two at one time', () => {
    expect(rest(kernelWith(30, 10, 20, 10))).toEqual([1, 3, 2, 0]);
  });

  test('takes what is chosen, late, and time does not go back for it', () => {
    const kernel = kernelWith(30, 10);
    kernel.choose(kernel.waiting[0]!, 0);
    expect(kernel.next()).toBe(true);
    expect([kernel.present.target, kernel.nowUs]).toEqual([0, 30]);
    expect(rest(kernel)).toEqual([1]);
    expect(kernel.nowUs).toBe(30);
  });

  test('lets time pass before what is chosen', () => {
    const kernel = kernelWith(30);
    kernel.choose(kernel.waiting[0]!, 100);
    kernel.next();
    expect(kernel.nowUs).toBe(100);
  });

  test('forgets what is cancelled, once', () => {
    const kernel = kernelWith(30, 10);
    const [, second] = kernel.waiting;
    kernel.cancel(second!);
    kernel.cancel(second!);
    kernel.cancel(noEvent);
    expect(kernel.pending).toBe(1);
    expect(kernel.peekUs()).toBe(30);
    expect(rest(kernel)).toEqual([0]);
    expect(kernel.peekUs()).toBe(-1);
  });

  test('counts what waits, like every kernel', () => {
    const kernel = kernelWith(30, 10, 20);
    const late = ({ atUs }: { readonly atUs: number }): boolean => atUs >= 20;
    expect(kernel.count(late)).toBe(2);
    kernel.cancel(kernel.waiting[0]!);
    expect(kernel.count(late)).toBe(1);
  });

  test('refuses a second choice before the first has happened', () => {
    const kernel = kernelWith(30, 10);
    kernel.choose(kernel.waiting[0]!, 0);
    expect(() => kernel.choose(kernel.waiting[1]!, 0)).toThrow('one event is chosen at a time');
  });
});
