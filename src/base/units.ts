/**
 * Numbers that carry their unit. A plain number is accepted where a unit is asked for, one unit for another is not.
 * All of them are integers.
 */
declare const unit: unique symbol;

/** Virtual microseconds since the start of a run. */
export type Micros = number & { readonly [unit]?: 'us' };
/** Milliseconds, of a setting or of a wall clock. */
export type Millis = number & { readonly [unit]?: 'ms' };
/** Bytes. */
export type Bytes = number & { readonly [unit]?: 'bytes' };
/** A position in a partition's log; `…EndOffset` is exclusive, `last…Offset` inclusive. */
export type Offset = number & { readonly [unit]?: 'offset' };

/** Milliseconds as microseconds. */
export function micros(ms: Millis): Micros {
  return ms * 1000;
}

/** The largest integer that settings such as `log.flush.interval.messages` use for "never" and still order exactly. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;
