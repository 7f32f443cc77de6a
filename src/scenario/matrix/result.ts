/** What a matrix campaign produced: plain data for the terminal, `reports/matrix.md` and `--json`. */
import type { PublishHarm } from '../../oracle/verdict.ts';

export interface MatrixRow {
  /** `P1` … `P10`, `PY` for the user's own files; with `--full` also the unfolded ones. */
  readonly id: string;
  /** What the row shows in its columns acks, retries, idempotence; or one phrase for "the default with one change". */
  readonly label: { readonly acks: string; readonly retries: string; readonly idempotence: string } | { readonly change: string };
  /** The settings that tell this row from the default, under their dotted names with a scope: `producer.acks`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly isDefault: boolean;
  /** Set when Kafka refuses the combination: the code of the sentence that says why. Such a row has no runs. */
  readonly refused?: string;
}

export interface MatrixColumn {
  /** `a` … `h`. */
  readonly letter: string;
  /** Stable name: `leader-crash`. */
  readonly name: string;
  /** Two short lines for the heading. */
  readonly title: readonly [string, string];
}

/** A harm as the publish matrix counts it: an anomaly or the price paid (`unavailable`). */
export type CellHarm = PublishHarm | 'unavailable';

export interface MatrixCell {
  /** `P3g`: row and column. */
  readonly id: string;
  readonly row: string;
  readonly column: string;
  /** False where the fault has no meaning for the row (an ISR of one replica cannot shrink): no runs. */
  readonly applicable: boolean;
  readonly runs: number;
  /** Runs in which the fault bit; shares are over these. */
  readonly bit: number;
  /** Runs, among those in which the fault bit, with at least one anomaly of any kind (the price is not one). */
  readonly harmed: number;
  /** Runs, among those in which the fault bit, with at least one such harm. */
  readonly verdicts: Readonly<Record<CellHarm, number>>;
  /** Median number of records harmed, over the runs with that harm; 0 where there is none. */
  readonly medianRecords: Readonly<Record<CellHarm, number>>;
  readonly truth: Readonly<Record<CellHarm, 'possible' | 'impossible'>>;
  /** Lowest seed that shows the cell's first harm, null when there is none: `replay` uses it. */
  readonly witnessSeed: string | null;
}

export interface MatrixResult {
  readonly schema: 1;
  readonly engine: string;
  readonly kafka: string;
  readonly seeds: number;
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly MatrixColumn[];
  readonly cells: readonly MatrixCell[];
  /** Runs of every row without any fault, and how many of them had an anomaly. */
  readonly control: { readonly runs: number; readonly harmed: number };
  /** The workload in words' parameters: records per second, brokers, and so on. */
  readonly workload: Readonly<Record<string, number | string>>;
}
