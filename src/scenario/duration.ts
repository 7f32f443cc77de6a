/** Durations as scenarios write them: `250us`, `1ms`, `20s`, `3m`. Whole microseconds; anything finer is refused. */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';

/** `20s`, `1.5ms`, `250us`, `3m`, `1h`. */
export type Duration = `${number}${'us' | 'ms' | 's' | 'm' | 'h'}`;

/** What a duration must look like: digits, at most three decimals, a unit. */
export const durationPattern: RegExp = /^\d{1,12}(\.\d{1,3})?(us|ms|s|m|h)$/;

const unitUs: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** Microseconds of a duration, or null when it is none (or not a whole number of them). */
export function readDuration(text: string): Micros | null {
  const match = /^(\d{1,12})(?:\.(\d{1,3}))?(us|ms|s|m|h)$/.exec(text);
  if (match === null) return null;
  const thousandths = Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0'));
  const us = (thousandths * unitUs[match[3]!]!) / 1000;
  return Number.isSafeInteger(us) ? us : null;
}

/** Microseconds of a duration that the schema has checked. */
export function durationUs(text: string): Micros {
  const us = readDuration(text);
  assert(us !== null, `a checked duration reads: ${text}`);
  return us;
}

/** The shortest way to write a duration: `1500us` is `1.5ms`. */
export function printDuration(us: Micros): Duration {
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const size = unitUs[unit]!;
    if (us >= size && (us * 1000) % size === 0) {
      const text = String(us / size);
      if (durationPattern.test(text + unit)) return `${text}${unit}` as Duration;
    }
  }
  return `${us}us`;
}
