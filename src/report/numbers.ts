/** How numbers are written: thousands separated, percentages rounded honestly, virtual time with its unit. */
import type { Micros } from '../base/units.ts';

/** `12345` as `12,345`. */
export function thousands(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Virtual time in a sentence: `420 µs`, `30.4 ms`, `20.03 s`. */
export function duration(us: Micros): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${trimmed(us / 1000, 2)} ms`;
  return `${trimmed(us / 1_000_000, 2)} s`;
}

/** Virtual time in a column, always milliseconds: `30.40`, `-2.50` before the first send. */
export function milliseconds(us: Micros): string {
  if (us < 0) return `-${milliseconds(-us)}`;
  const [whole = '', fraction = ''] = (us / 1000).toFixed(2).split('.');
  return `${thousands(Number(whole))}.${fraction}`;
}

function trimmed(value: number, digits: number): string {
  const written = value.toFixed(digits);
  return written.includes('.') ? written.replace(/\.?0+$/, '') : written;
}

/**
 * A share as whole percent that never lies at the ends: 0 only for none, 100 only for all.
 * `of` must be positive.
 */
export function wholePercent(count: number, of: number): number {
  if (count === 0) return 0;
  if (count === of) return 100;
  return Math.min(99, Math.max(1, Math.round((count / of) * 100)));
}

/** A probability as percent with two significant digits: `1.5 %`, `0.15 %`, `31 %`. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value === 0) return '0 %';
  if (value >= 99.95) return '100 %';
  if (value >= 10) return `${trimmed(value, value >= 99 ? 1 : 0)} %`;
  return `${Number(value.toPrecision(2))} %`;
}
