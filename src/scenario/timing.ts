/** A delay as scenarios write it: fixed, or with a jitter. */
import type { LatencyPlan } from '../plan/plan.ts';
import { durationUs } from './duration.ts';
import type { TimingInput } from './schema.ts';

/** In microseconds; `fallback` where nothing is written. */
export function timing(input: TimingInput | undefined, fallback: LatencyPlan): LatencyPlan {
  if (input === undefined) return fallback;
  if (typeof input === 'string') return { baseUs: durationUs(input), jitterUs: 0 };
  return { baseUs: durationUs(input.base), jitterUs: input.jitter === undefined ? 0 : durationUs(input.jitter) };
}
