/**
 * The result of one run for machines: `spillway run --json`, one object a run. Schema-versioned; fields are only ever added. Counts are
 * records. The text of the same result is in `run-text.ts`.
 */
import type { Anomaly, Harm } from '../oracle/verdict.ts';

/** What a run came to, against what was expected of it. */
export type RunOutcome = 'as-expected' | 'expectation-broken' | 'inconclusive';

/** How many records came to what. */
export type RunCounts = Readonly<
  Record<
    'sent' | 'acknowledged' | 'failed' | 'unknown' | Harm | 'unavailable' | 'missed' | 'reprocessed' | 'appliedTwice',
    number
  >
>;

/** One run. */
export interface RunResult {
  readonly schema: 1;
  readonly scenario: string;
  /** Name of the case, null for a scenario without cases. */
  readonly case: string | null;
  /** What the scenario says of itself. */
  readonly claim: string;
  readonly engine: string;
  readonly kafka: string;
  readonly seed: string;
  readonly traceHash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly outcome: RunOutcome;
  /** Settings in force, by `producers.p1.acks` and the like: the value, and whether it is a default or was set. */
  readonly settings: Readonly<Record<string, { readonly value: string; readonly source: string; readonly because?: string }>>;
  /** Outcomes of sends, then harms, then the harms of consuming, which are 0 as long as no group consumes. */
  readonly counts: RunCounts;
  readonly anomalies: readonly RunAnomaly[];
  readonly faults: readonly RunFault[];
  readonly expect: readonly { readonly that: string; readonly held: boolean; readonly found: string }[];
  /** Code of the reason of an inconclusive run, null otherwise. */
  readonly inconclusive: string | null;
  /** The command that does it again. */
  readonly replay: string;
}

/** An anomaly as results show it. */
export type RunAnomaly = Omit<Anomaly, 'recordId'>;

/** A fault as results show it. */
export interface RunFault {
  readonly name: string;
  /** Hosts hit, joined by commas; empty when the fault never happened. */
  readonly target: string;
  /** Virtual time of the first injection, null when there was none. */
  readonly atMs: number | null;
  readonly bit: boolean;
}
