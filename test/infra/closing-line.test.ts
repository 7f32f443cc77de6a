import { expect, test } from 'vitest';
import { type CountedModule, count } from './closing-line.ts';

function module(states: readonly string[], errors: readonly unknown[] = []): CountedModule {
  return { children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) }, errors: () => errors };
}

test('passed and failed tests are counted, skipped ones are neither', () => {
  expect(count([module(['passed', 'skipped', 'failed']), module(['passed'])], 0)).toEqual({ passed: 2, failed: 1 });
});

test('a file that could not be collected is a failure', () => {
  expect(count([module([], [new Error('syntax')]), module(['passed'])], 0)).toEqual({ passed: 1, failed: 1 });
});

test('an error outside every test is a failure', () => {
  expect(count([module(['passed'])], 1)).toEqual({ passed: 1, failed: 1 });
});

test('a test that never ended is a failure', () => {
  expect(count([module(['pending'])], 0)).toEqual({ passed: 0, failed: 1 });
});
