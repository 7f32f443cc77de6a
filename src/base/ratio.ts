import { assert } from './assert.ts';

/** A probability as an integer fraction: floating point never decides what happens in a run. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** Makes a {@link Ratio}; throws when it is not a fraction of integers between 0 and 1. */
export function ratio(numerator: number, denominator: number): Ratio {
  assert(Number.isInteger(numerator) && Number.isInteger(denominator), 'a ratio is made of integers');
  assert(denominator > 0 && numerator >= 0 && numerator <= denominator, 'a ratio lies between 0 and 1');
  return { numerator, denominator };
}
