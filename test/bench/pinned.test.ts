/**
 * The exact counts that the benchmark prints are the pinned ones. A change here is a change of what runs do: `npm run golden` writes the
 * new counts, and the changelog says why. No time is asserted.
 */
import { expect, test } from 'vitest';
import { run } from '../../src/cluster/run.ts';
import { expectGolden } from '../infra/golden.ts';
import { exponentOf, ratioOf } from './stopwatch.ts';
import { eventsOf, w1, w16f, wcell, withBrokers, withPartitions, withRecords, workload } from './workloads.ts';

test('events of W16F over 200 seeds, of W1 over 20, and of WCell over 50', { timeout: 120_000 }, () => {
  const pinned = {
    w16f: { seeds: 200, events: eventsOf(workload(w16f), 200) },
    w1: { seeds: 20, events: eventsOf(workload(w1), 20) },
    wcell: { seeds: 50, events: eventsOf(workload(wcell), 50) },
  };
  expectGolden('test/bench/pinned.json', `${JSON.stringify(pinned, null, 2)}\n`);
});

test('W16F sends 1,000 records in 63 batches of at most 16, W1 in 1,000', () => {
  const batches = (load: ReturnType<typeof workload>): number[] => {
    const sizes: number[] = [];
    const note = (
      _event: number,
      _atUs: number,
      _host: number,
      code: string,
      _a: number,
      _b: number,
      _c: number,
      count: number,
    ) => {
      if (code === 'batch-appended') sizes.push(count);
    };
    run(load.compiled, { seed: '1', trace: 'off', observers: () => [{ note }] });
    return sizes;
  };
  const sixteen = batches(workload(w16f));
  expect(sixteen).toHaveLength(63);
  expect(Math.max(...sixteen)).toBe(16);
  expect(batches(workload(w1))).toHaveLength(1000);
});

test('the other workloads run clean, with every invariant looking on', () => {
  for (const plan of [withRecords(250), withPartitions(3), withBrokers(5)]) {
    const load = workload(plan);
    for (let seed = 1; seed <= 3; seed++) expect(load.once(seed).ended).toBe('settled');
  }
});

test('ratios and exponents are what they say', () => {
  expect(ratioOf([4, 2, 60], [3, 2, 1])).toBe(2);
  expect(exponentOf([1, 2, 4, 8], [5, 10, 20, 40])).toBeCloseTo(1);
  expect(exponentOf([1, 2, 4], [1, 4, 16])).toBeCloseTo(2);
});
