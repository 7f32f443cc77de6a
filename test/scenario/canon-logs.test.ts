/** Where a published case says what the log holds in the end, it holds that, record by record. */
import { expect, test } from 'vitest';
import { type Truncation, truncations } from '../../src/plan/plan.ts';
import { runAsItWas, runCanonCase } from '../../src/report/canon/canon-runs.ts';
import { shippedScenario } from '../determinism/every-case.ts';

function logs(scenario: string, caseName: string): readonly string[] {
  return runCanonCase(shippedScenario(scenario), caseName, 20).logs;
}

function records(producer: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${producer}#${from + i}`);
}

function log(...parts: string[][]): string[] {
  return [`orders-0: ${parts.flat().join(', ')}`];
}

test('8: A, B, C, and then the two that were there already, the last first', () => {
  expect(logs('08-duplicate-and-out-of-order', 'breaks')).toEqual(log(['p1#1', 'p1#2', 'p1#3', 'p1#2', 'p1#1']));
  expect(logs('08-duplicate-and-out-of-order', 'mends')).toEqual(log(records('p1', 1, 3)));
});

test('12: the batch that was given up and the one after it, each once', () =>
  expect(logs('12-expired-batch-is-committed-later', 'breaks')).toEqual(log(records('p1', 1, 3))));

test('25: exactly first, third; and first, second, third without unclean elections', () => {
  expect(logs('25-unclean-election', 'breaks')).toEqual(log(['first#1', 'third#1']));
  expect(logs('25-unclean-election', 'mends')).toEqual(log(['first#1', 'second#1', 'third#2']));
});

test('28: the second ten records have the offsets 9 to 18, and 10 to 19 where each was flushed', () => {
  expect(logs('28-one-tail-lost-without-fsync', 'breaks')).toEqual(log(records('p1', 1, 9), records('p2', 1, 10)));
  expect(logs('28-one-tail-lost-without-fsync', 'mends')).toEqual(log(records('p1', 1, 10), records('p2', 1, 10)));
});

test('35: five, and then the ten that came after the loss', () =>
  expect(logs('35-logs-must-not-diverge', 'breaks')).toEqual(log(records('p1', 1, 5), records('p3', 1, 10))));

test('36: fifty, and then two batches of 77, every offset once', () =>
  expect(logs('36-offsets-must-not-go-backwards', 'breaks')).toEqual(log(records('p1', 1, 50), records('p3', 1, 154))));

test.each([
  ['37-follower-cut-to-its-high-watermark', 'high-watermark', 'kip-101'],
  ['40-epoch-that-the-leader-does-not-know', 'kip-101', 'kip-279'],
] as const)(
  '%s: with truncation of %s one committed record is lost, for certain; of %s and later none',
  (name, broken, mended) => {
    const lost = (truncation: Truncation): readonly number[] => {
      const form = { scenario: name, caseName: 'mends', truncation };
      const { counts } = runAsItWas(shippedScenario(name), form, 50);
      const found = counts.find((count) => count.name === 'lost')!;
      return [found.least, found.most];
    };
    expect(lost(broken)).toEqual([1, 1]);
    for (const later of truncations.slice(truncations.indexOf(mended))) expect(lost(later), later).toEqual([0, 0]);
  },
);
