/**
 * Where a rate and a window decide how much is lost, the number of one run says little: over fifty seeds the mean and the bounds are those
 * of the closed form. And in what is lost the rows of the chaos scripts have the order that was published.
 */
import { describe, expect, test } from 'vitest';
import { chaosRows } from '../../src/report/canon/chaos-table.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import type { CountName } from '../../src/scenario/expectation.ts';
import { shippedScenario } from '../determinism/every-case.ts';

const seeds = Array.from({ length: 60 }, (_, i) => String(i + 1));

interface Sample {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

const known = new Map<string, readonly Readonly<Record<CountName, number>>[]>();

function runsOf(scenario: string, caseName: string): readonly Readonly<Record<CountName, number>>[] {
  const name = `${scenario}/${caseName}`;
  const runs =
    known.get(name) ?? seeds.map((seed) => evaluateCase(shippedScenario(scenario), caseName, { seed, trace: 'off' }).counts);
  known.set(name, runs);
  return runs;
}

function sample(scenario: string, caseName: string, count: CountName): Sample {
  const found = runsOf(scenario, caseName).map((counts) => counts[count]);
  return {
    least: Math.min(...found),
    mean: found.reduce((sum, one) => sum + one, 0) / found.length,
    most: Math.max(...found),
  };
}

/**
 * What a moment drawn evenly within a window of `full` records leaves: none to all of them, half in the mean. The standard error of a mean
 * over 60 seeds is full / sqrt(12 * 60), and the mean is within four of it.
 */
function expectEven({ least, mean, most }: Sample, full: number): void {
  const error = full / Math.sqrt(12 * seeds.length);
  expect(Math.abs(mean - full / 2)).toBeLessThan(4 * error);
  expect(least).toBeLessThan(full / 4);
  expect(most).toBeGreaterThan((full * 3) / 4);
  expect(most).toBeLessThanOrEqual(full);
}

describe('lost is the rate times the window', () => {
  test('1: one round trip of 10 ms, 1 record a ms', () => {
    const { least, most } = sample('01-fire-and-forget', 'breaks', 'lost');
    expect(least).toBeGreaterThanOrEqual(10);
    expect(most).toBeLessThanOrEqual(11);
  });

  test('5: what was sent in the fail-over, but for the last 5 s of it; the fail-over is 9 s after a heartbeat that is 0 to 2 s old', () => {
    const { mean, least, most } = sample('05-delivery-timeout-below-fail-over', 'breaks', 'unavailable');
    const perSecond = 50;
    expect(least).toBeGreaterThanOrEqual((7 - 5) * perSecond);
    expect(most).toBeLessThanOrEqual((9 + 0.5 + 1 - 5) * perSecond);
    expect(mean).toBeGreaterThan((8 - 5) * perSecond);
  });

  test('19: up to linger.ms of records, 10 a ms', () => {
    const { most, mean } = sample('19-lingering-records-die', 'breaks', 'swallowed');
    expect(most).toBeLessThanOrEqual(100 * 10);
    expect(mean).toBeGreaterThan(100 * 10 * 0.3);
    expect(mean).toBeLessThan(100 * 10 * 0.7);
  });

  test('20: within one round trip of a fetch, 10 ms, 10 records a ms', () =>
    expectEven(sample('20-leader-crash-at-a-high-rate', 'breaks', 'lost'), 100));

  test('21: within the 10 s from fetch to fetch, 20 records a second', () =>
    expectEven(sample('21-slow-followers-in-sync', 'breaks', 'lost'), 200));

  test('22: 20 s of zombie leader, 20 records a second', () => {
    const { least, most } = sample('22-zombie-leader-isolated', 'breaks', 'lost');
    expect(least).toBeGreaterThanOrEqual(20 * 20);
    expect(most).toBeLessThanOrEqual(20 * 20 + 2);
  });

  test('24: 10 s from the cut to the death of the leader, 50 records a second', () => {
    const { least, most } = sample('24-isr-of-one', 'breaks', 'lost');
    expect(least).toBeGreaterThanOrEqual(500 - 1);
    expect(most).toBeLessThanOrEqual(500 + 1);
  });

  test('57: 20 s with one copy, 20 records a second', () => {
    const { least, most } = sample('57-controller-down-freezes-the-isr', 'breaks', 'lost');
    expect(least).toBeGreaterThanOrEqual(20 * 20 - 1);
    expect(most).toBeLessThanOrEqual(20 * 20 + 1);
  });
});

describe('the chaos scripts, in shape', () => {
  const lost = (id: string): Sample => {
    const { scenario, caseName } = chaosRows.find((row) => row.id === id)!;
    return sample(scenario, caseName, 'lost');
  };

  test('a zombie leader loses far more than a crash at a high rate, that more than one at a low rate, which loses next to none', () => {
    for (const zombie of ['S4', 'S6']) expect(lost(zombie).least, zombie).toBeGreaterThan(3 * lost('S2b').most);
    expect(lost('S2b').mean).toBeGreaterThan(20 * lost('S2').mean);
    expect(lost('S2').most).toBeLessThanOrEqual(1);
    expect(lost('S1').least).toBeGreaterThan(0);
  });

  test.each(chaosRows.filter(({ acks }) => acks === 'all'))(
    '$id: acks=all loses none and fails some',
    ({ scenario, caseName }) => {
      for (const { lost: gone, acknowledged, sent } of runsOf(scenario, caseName)) {
        expect(gone).toBe(0);
        expect(acknowledged).toBeGreaterThan(0);
        expect(acknowledged).toBeLessThan(sent);
      }
    },
  );
});
