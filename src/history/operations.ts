/**
 * A history as a list of operations, the shape in which Jepsen's Kafka workload writes what the clients of any Kafka-like system saw: a
 * process invokes an operation, and later it completes as `ok`, as `fail` (it certainly did not happen) or as `info` (nobody knows).
 * Source: jepsen-io/jepsen, `jepsen/src/jepsen/tests/kafka.clj`.
 */
import type { Offset } from '../base/units.ts';

/** What a record carries. A value is sent once to a key. */
export type Value = string | number;

/** `invoke` begins an operation of a process, the others complete it. */
export type OperationType = 'invoke' | 'ok' | 'fail' | 'info';

/** A record sent to a key, which stands for one partition of one topic. */
export interface Send {
  readonly kind: 'send';
  readonly key: string;
  readonly value: Value;
  /** Where the record lies; null when the client was not told. */
  readonly offset: Offset | null;
}

/** What one poll returned of one key, in the order in which it came. */
export interface PolledKey {
  readonly key: string;
  readonly records: readonly PolledRecord[];
}

export interface PolledRecord {
  /** Null when it is not known. */
  readonly offset: Offset | null;
  readonly value: Value;
}

/** One call of a consumer's `poll()`. */
export interface Poll {
  readonly kind: 'poll';
  readonly keys: readonly PolledKey[];
}

export interface Operation {
  /** Position in the history; by this readers find the operation again. */
  readonly index: number;
  /** Who did it: one thread of a client. */
  readonly process: string;
  readonly type: OperationType;
  /** `send`, `poll`, `txn` (both), `assign`, `subscribe`; any other name is of no interest to a judge. */
  readonly f: string;
  /** Of `send`, `poll` and `txn`: what was done, in order. */
  readonly actions: readonly (Send | Poll)[];
  /** Of `assign` and `subscribe`: the keys that the consumer reads from now on. */
  readonly keys: readonly string[];
  /** Keys that a rebalance gave or took while the operation lasted (`:rebalance-log`). */
  readonly rebalanced: readonly string[];
  /** Since the beginning, in nanoseconds; null when the history has no times. */
  readonly timeNs: number | null;
}

/** Operations that carry records; the others only say who reads what. */
export function carriesRecords({ f }: Operation): boolean {
  return f === 'send' || f === 'poll' || f === 'txn';
}
