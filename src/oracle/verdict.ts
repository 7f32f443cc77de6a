/** The words of a verdict, and what an anomaly carries. */
import type { Offset } from '../base/units.ts';

/** Anomalies in the order reports list them. `unavailable` is a price and not among them. */
export const harms = [
  'lost',
  'swallowed',
  'missed',
  'duplicated',
  'reprocessed',
  'appliedTwice',
  'reordered',
  'phantom',
  'dirtyRead',
  'diverged',
  'stuck',
] as const;
export type Harm = (typeof harms)[number];

/** Those of the way out: they need a consumer group. */
export const consumeHarms = ['missed', 'reprocessed', 'appliedTwice'] as const satisfies readonly Harm[];
/** Those that need none. */
export type PublishHarm = Exclude<Harm, (typeof consumeHarms)[number]>;
export const publishHarms: readonly PublishHarm[] = harms.filter(
  (harm): harm is PublishHarm => !(consumeHarms as readonly Harm[]).includes(harm),
);

/** Why: a code of the message catalogue and its parameters; never a sentence. */
export interface Because {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface Anomaly {
  readonly kind: Harm;
  /** `p1#29`, or null when the anomaly is about no single record. */
  readonly record: string | null;
  readonly recordId: number;
  /** `topic-partition`, or null. */
  readonly partition: string | null;
  readonly offset: Offset | null;
  /** True when the settings and the faults that bit allow it; false means a bug of Spillway's or a discovery. */
  readonly permitted: boolean;
  /** The rules that allow it, by id (`permission.ts`); empty when none does. */
  readonly permittedBy: readonly string[];
  readonly because: Because;
  /** Numbers of the events that witness it, ascending. */
  readonly events: readonly number[];
}
