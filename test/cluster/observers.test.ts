/** When observers are told of what. */
import { expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import type { Observer } from '../../src/plan/observer.ts';
import { w16f } from '../bench/workloads.ts';

/** Writes down what it is told, as `what event`. */
function listener(told: string[]): Observer {
  return {
    note: (event) => told.push(`note ${event}`),
    afterNotes: (event) => told.push(`after ${event}`),
    handled: (event) => told.push(`handled ${event}`),
  };
}

test('each event is told once it is handled, and before that its end to those who heard notes of it', () => {
  const [first, second, third]: [string[], string[], string[]] = [[], [], []];
  const { events } = run(compile(w16f), {
    seed: '1',
    observers: () => [listener(first), listener(second), listener(third)],
  });
  const handled = first.filter((one) => one.startsWith('handled'));
  expect(handled).toEqual(Array.from({ length: events }, (_, i) => `handled ${i + 1}`));
  const noted = [...new Set(first.filter((one) => one.startsWith('note')).map((one) => one.slice('note '.length)))];
  expect(noted.length).toBeGreaterThan(100);
  expect(noted.length).toBeLessThan(events);
  // What the world says before the first event is told after it.
  expect(first.filter((one) => one.startsWith('after')).map((one) => one.slice('after '.length))).toEqual(
    noted.includes('1') ? noted : ['1', ...noted],
  );
  for (const event of noted) expect(first.indexOf(`after ${event}`)).toBeGreaterThan(first.lastIndexOf(`note ${event}`));
  for (const event of noted) expect(first.indexOf(`handled ${event}`)).toBe(first.indexOf(`after ${event}`) + 1);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
});
