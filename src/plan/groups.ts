/**
 * Consumer groups as data: the members, and the application that runs in each of them. What Kafka's consumer does is a setting; when
 * records are handled, when offsets are committed and where effects go is the application's own.
 */
import type { Micros, Millis } from '../base/units.ts';
import type { LatencyPlan, RawSettings } from './plan.ts';

/**
 * When the application commits. `auto`: the consumer does, inside `poll()`. `before`: what `poll()` returned, before it is handled.
 * `after-batch`: what `poll()` returned, once all of it is handled. `after-record`: each record, once it is handled. `done-prefix`: in
 * every turn of the poll loop, as far as workers have finished without a gap. `in-sink`: never in Kafka; the sink keeps the offset.
 */
export const commitModes = ['auto', 'before', 'after-batch', 'after-record', 'done-prefix', 'in-sink'] as const;
export type CommitMode = (typeof commitModes)[number];

/**
 * Where effects go. `plain`: each is done. `unique-key`: one of a record that is there already is not done again. `transactional`: effect
 * and offset are stored together, if the offset is the one that the sink expects next. `transactional-unconditional`: the same
 * without looking at what is stored.
 */
export const sinkKinds = ['plain', 'unique-key', 'transactional', 'transactional-unconditional'] as const;
export type SinkKind = (typeof sinkKinds)[number];

export interface HandlerPlan {
  /** How long one record takes. */
  readonly takes: LatencyPlan;
  /** In the thread that calls `poll()`, or handed to workers while that thread goes on polling. */
  readonly where: 'poll-loop' | 'workers';
  /** How many workers a member has. */
  readonly workers: number;
  /** Records of one key always go to the same worker; otherwise to whichever is free. */
  readonly keyed: boolean;
  /** The first time it is given this record of a producer (counted from 1), it takes this long instead: a call that hangs. */
  readonly hangs?: { readonly ordinal: number; readonly takesUs: Micros };
  /** The handler throws, each time, for every nth record of a producer; 0: never. */
  readonly throwsEvery: number;
  /** `carry-on`: the exception is swallowed, the next record is handled. `close`: the consumer is closed. `crash`: the process ends. */
  readonly onThrow: 'carry-on' | 'close' | 'crash';
}

export interface GroupPlan {
  /** `group.id`. Members are named `<name>-1`, `<name>-2` … */
  readonly name: string;
  readonly topic: string;
  /** When each member starts, counted from the first send. */
  readonly memberStartsUs: readonly Micros[];
  readonly config: RawSettings;
  /** What the application gives `poll()`. */
  readonly pollTimeoutMs: Millis;
  readonly handler: HandlerPlan;
  readonly commit: CommitMode;
  readonly sink: SinkKind;
  /** Members hold their positions against the logs of new leaders (KIP-320). @defaultValue false */
  readonly validatesPositions?: boolean;
}
