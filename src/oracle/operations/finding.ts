/** What a judge of operations finds, with the operations that show it. */
import type { Offset } from '../../base/units.ts';
import type { Operation, Value } from '../../history/operations.ts';
import type { CycleKind } from './kinds.ts';

/** Two values that follow each other in a client, and how far apart they are in the log. `skipped`: the first of those in between. */
export interface Step {
  readonly key: string;
  readonly values: readonly [Value, Value];
  /** By how many places the second lies behind the first: 1 is next to it, 0 the same, negative before it. */
  readonly delta: number;
  readonly skipped: readonly Value[];
}

/** Why one operation came before another. */
export type Edge =
  | { readonly type: 'ww'; readonly key: string; readonly value: Value; readonly next: Value }
  | { readonly type: 'wr'; readonly key: string; readonly value: Value }
  | { readonly type: 'process'; readonly process: string }
  | { readonly type: 'realtime' };

export type Finding =
  /** An offset that held more than one value; `index` is its place among the offsets that held any. */
  | {
      readonly kind: 'inconsistent-offsets';
      readonly key: string;
      readonly offset: Offset;
      readonly index: number;
      readonly values: readonly Value[];
    }
  /** A value at more than one offset. */
  | { readonly kind: 'duplicate'; readonly key: string; readonly value: Value; readonly offsets: readonly Offset[] }
  /** A value that was written before another that was read, and was never read itself. */
  | {
      readonly kind: 'lost-write';
      readonly key: string;
      readonly value: Value;
      readonly index: number;
      /** The furthest place that somebody read. */
      readonly readUpTo: number;
      readonly writer: Operation;
      /** Who read that far. */
      readonly reader: Operation;
    }
  /** Acknowledged and never read, as far as this history goes: a delay would look the same. */
  | { readonly kind: 'unseen'; readonly key: string; readonly values: readonly Value[] }
  /** Read although its write failed for certain. */
  | {
      readonly kind: 'G1a';
      readonly key: string;
      readonly value: Value;
      readonly writer: Operation;
      readonly reader: Operation;
    }
  /** Read by the transaction that sent it. */
  | { readonly kind: 'precommitted-read'; readonly key: string; readonly value: Value; readonly operation: Operation }
  /** Read, and sent by nobody. */
  | { readonly kind: 'no-writer'; readonly key: string; readonly value: Value; readonly reader: Operation }
  /** Within one operation. */
  | (Step & {
      readonly kind: 'int-poll-skip' | 'int-nonmonotonic-poll' | 'int-send-skip' | 'int-nonmonotonic-send';
      readonly operation: Operation;
    })
  /** From one operation of a process to its next. */
  | (Step & {
      readonly kind: 'poll-skip' | 'nonmonotonic-poll' | 'nonmonotonic-send';
      readonly operations: readonly [Operation, Operation];
    })
  /** Operations each of which came before the next, and the last before the first; `edges[i]` leads from operation i on. */
  | { readonly kind: CycleKind; readonly operations: readonly Operation[]; readonly edges: readonly Edge[] };

/** Findings of one kind. */
export type FindingOf<K extends Finding['kind']> = Extract<Finding, { readonly kind: K }>;
