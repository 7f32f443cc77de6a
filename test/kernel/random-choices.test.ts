/**
 * Chance by address: a draw depends on the seed, its site and its occurrence, and on nothing else; and draws whose addresses are
 * neighbours (seeds, labels, occurrences) have nothing to do with each other. The measures are shown to bite on a linear generator.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { happens } from '../../src/base/choices.ts';
import { ratio } from '../../src/base/ratio.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';

/** A draw of 0 … n-1. */
type Draw = (seed: number, label: string, occurrence: number, n: number) => number;

const all = 4294967296;
const choices = new RandomChoices('');
let seeded = '';
const spillway: Draw = (seed, label, occurrence, n) => {
  if (seeded !== String(seed)) {
    seeded = String(seed);
    choices.reseed(seeded);
  }
  return choices.below(choices.site(label), occurrence, n);
};

/** What must not be: each address moves the draw by a constant of its own. */
const linear: Draw = (seed, label, occurrence, n) => {
  const at = (seed * 2654435761 + label.length * 40503 + label.charCodeAt(label.length - 1) * 7919 + occurrence * 97) >>> 0;
  return Math.floor((at * n) / all);
};

const labels = Array.from({ length: 64 }, (_, i) => `latency broker-1→broker-2 Fetch ${i}`);

/** By how many standard deviations Pearson's χ² of a table of counts against equal shares exceeds what fair dice give. */
function roughness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const degrees = counts.length - 1;
  const chi2 = counts.reduce((sum, count) => sum + (count - expected) * (count - expected), 0) / expected;
  return (chi2 - degrees) / Math.sqrt(2 * degrees);
}

function counted(values: readonly number[], n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

/** Correlation of two rows of numbers. */
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mx = mean(xs);
  const my = mean(ys);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < xs.length; i++) {
    xy += (xs[i]! - mx) * (ys[i]! - my);
    xx += (xs[i]! - mx) * (xs[i]! - mx);
    yy += (ys[i]! - my) * (ys[i]! - my);
  }
  return xy / Math.sqrt(xx * yy);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Rows of draws along one part of the address, the others fixed. */
const along: Readonly<Record<string, (draw: Draw, n: number) => number[]>> = {
  occurrences: (draw, n) => numbers(4000).map((occurrence) => draw(7, labels[0]!, occurrence, n)),
  'occurrences beyond 32 bits': (draw, n) => numbers(4000).map((i) => draw(7, labels[0]!, i * all + 5, n)),
  'adjacent seeds': (draw, n) => numbers(4000).map((seed) => draw(seed, labels[0]!, 0, n)),
  'sibling labels': (draw, n) => numbers(4000).map((i) => draw(7, `latency broker-1→broker-2 Fetch ${i}`, 0, n)),
};

/** The row is even, and knows nothing of itself one place on. */
function looksRandom(row: (draw: Draw, n: number) => number[], draw: Draw): boolean {
  const even = [2, 10, 64, 1000].every((n) => roughness(counted(row(draw, n), n)) < 6);
  const values = row(draw, all);
  return even && Math.abs(correlation(values.slice(1), values.slice(0, -1))) < 0.06;
}

describe.each(Object.entries(along))('draws along %s', (_name, row) => {
  test('are even, and neighbours are independent', () => {
    expect(looksRandom(row, spillway)).toBe(true);
  });

  test('the measure bites', () => {
    expect(looksRandom(row, linear)).toBe(false);
  });

  test('every bit is fair', () => {
    const values = row(spillway, all);
    for (let bit = 0; bit < 32; bit++) {
      const ones = values.filter((value) => Math.floor(value / 2 ** bit) % 2 === 1).length;
      // Five standard deviations.
      expect(Math.abs(ones - 2000), `bit ${bit}`).toBeLessThan(158);
    }
  });
});

/** Two sibling labels over many seeds: correlated, or apart by few constants, would show. */
function siblingsIndependent(draw: Draw): boolean {
  const rows = labels.slice(0, 4).map((label) => numbers(2000).map((seed) => draw(seed, label, 3, all)));
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      const differences = new Set(rows[a]!.map((value, i) => (value - rows[b]![i]! + all) % all));
      const exclusive = new Set(rows[a]!.map((value, i) => (value ^ rows[b]![i]!) >>> 0));
      if (differences.size < 1990 || exclusive.size < 1990) return false;
      if (Math.abs(correlation(rows[a]!, rows[b]!)) > 0.09) return false;
    }
  }
  return true;
}

test('sibling labels are independent over seeds', () => {
  expect(siblingsIndependent(spillway)).toBe(true);
  expect(siblingsIndependent(linear)).toBe(false);
});

test('the same address gives the same value; draws elsewhere move nothing', () => {
  const address = fc.record({ label: fc.constantFrom(...labels), occurrence: fc.nat(1000), n: fc.integer({ min: 1, max: 100 }) });
  fc.assert(
    fc.property(fc.string(), fc.array(address, { maxLength: 40 }), address, (seed, before, asked) => {
      const fresh = new RandomChoices(seed);
      const expected = fresh.below(fresh.site(asked.label), asked.occurrence, asked.n);
      const busy = new RandomChoices(seed);
      for (const { label, occurrence, n } of before) busy.below(busy.site(label), occurrence, n);
      return busy.below(busy.site(asked.label), asked.occurrence, asked.n) === expected;
    }),
  );
});

test('a reseeded backend is as good as a new one, sites known to it or not', () => {
  const used = new RandomChoices('one');
  for (const label of labels) used.below(used.site(label), 1, 100);
  used.reseed('two');
  const fresh = new RandomChoices('two');
  const late = 'a site that nobody has asked for before';
  for (const label of [...labels, late]) {
    expect(used.below(used.site(label), 1, all)).toBe(fresh.below(fresh.site(label), 1, all));
  }
});

test('a draw lies in its range; one option is no choice', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: all }), (occurrence, n) => {
      const value = spillway(1, labels[0]!, occurrence, n);
      return Number.isInteger(value) && value >= 0 && value < n;
    }),
  );
  expect(spillway(1, labels[0]!, 0, 1)).toBe(0);
  expect(() => spillway(1, labels[0]!, 0, 0)).toThrow('between 1 and');
  expect(() => spillway(1, labels[0]!, 0, all + 1)).toThrow('between 1 and');
});

test('what happens with probability 3 in 10 happens so often, and its default is not to', () => {
  const site = choices.site('dice');
  choices.reseed('dice');
  seeded = '';
  const often = numbers(10000).filter((i) => happens(choices, site, i, ratio(3, 10))).length;
  // Five standard deviations.
  expect(Math.abs(often - 3000)).toBeLessThan(230);
  expect(happens(choices, site, 0, ratio(0, 10))).toBe(false);
  expect(happens(choices, site, 0, ratio(10, 10))).toBe(true);
  const always0 = { site: () => 0, below: () => 0 };
  expect(happens(always0, 0, 0, ratio(9, 10))).toBe(false);
});
