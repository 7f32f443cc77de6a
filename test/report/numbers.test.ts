import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, milliseconds, percent, thousands, wholePercent } from '../../src/report/numbers.ts';
import { boundOfNone, wilson } from '../../src/report/statistics.ts';

describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [1234.5, '1,234.5'],
  ])('thousands of %d are %s', (value, text) => expect(thousands(value)).toBe(text));

  test.each([
    [420, '420 µs'],
    [30_400, '30.4 ms'],
    [20_030_000, '20.03 s'],
    [1_000_000, '1 s'],
  ])('%d µs are %s', (us, text) => expect(duration(us)).toBe(text));

  test('a column of times keeps two digits', () => {
    expect(milliseconds(30_400)).toBe('30.40');
    expect(milliseconds(20_030_125)).toBe('20,030.13');
  });

  test('a share shows 0 only for none and 100 only for all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(100_000), (of, some) => {
        const count = Math.min(some, of);
        const shown = wholePercent(count, of);
        expect(shown === 0).toBe(count === 0);
        expect(shown === 100).toBe(count === of);
      }),
    );
  });

  test.each([
    [0, '0 %'],
    [0.0149, '1.5 %'],
    [0.0014967, '0.15 %'],
    [0.31, '31 %'],
    [0.996, '99.6 %'],
    [1, '100 %'],
  ])('%d is %s', (probability, text) => expect(percent(probability)).toBe(text));
});

describe('statistics', () => {
  test('none of 200 and of 2,000, as the rule of three says', () => {
    expect(boundOfNone(200)).toBeCloseTo(0.01487, 5);
    expect(boundOfNone(2000)).toBeCloseTo(0.001497, 6);
    expect(boundOfNone(0)).toBe(1);
  });

  test("Wilson's interval of 15 of 50", () => {
    // Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion", 2001, give the formula.
    const { low, high } = wilson(15, 50);
    expect(low).toBeCloseTo(0.19103, 4);
    expect(high).toBeCloseTo(0.43753, 4);
  });

  test('an interval holds its share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (n, some) => {
        const count = Math.min(some, n);
        const { low, high } = wilson(count, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(count / n);
        expect(high).toBeGreaterThanOrEqual(count / n);
      }),
    );
  });
});
