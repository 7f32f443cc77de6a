/**
 * What a count of runs says about the share behind it. A share is given with its Wilson interval; none at all with the exact bound of
 * Clopper and Pearson, which "the rule of three" approximates. Never "safe": always "0 of n, below x".
 *
 * Runs are independent draws of the dice, so the binomial model holds by construction.
 */

/** 97.5 % quantile of the normal distribution. */
const z = 1.959963984540054;

/** A share lies between these, with 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % Wilson score interval of a share. `n` must be positive.
 * Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
 */
export function wilson(count: number, n: number): Interval {
  const share = count / n;
  const spread = (z * z) / n;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / n + spread / (4 * n));
  return { low: count === 0 ? 0 : centre - half, high: count === n ? 1 : centre + half };
}

/**
 * Upper 95 % bound of a share of which no case was seen in `n` runs: the largest p with (1 - p)^n >= 5 %. About 3/n.
 * Source: C. J. Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial", 1934.
 */
export function boundOfNone(n: number): number {
  return n <= 0 ? 1 : 1 - 0.05 ** (1 / n);
}
