/** What a matrix campaign produced: plain data for the terminal, `reports/matrix.md` and `--json`. */
import { type Harm, harms, type PublishHarm, publishHarms } from '../../oracle/verdict.ts';

/** The two tables: what happens on the way in to the log, and on the way out to a sink. */
export const tableNames = ['publish', 'consume'] as const;
export type TableName = (typeof tableNames)[number];

export interface MatrixRow {
  /** `P1` … `P10`, `C1` … `C7`; `PY`, `CY` … for the user's own files; with `--full` also the unfolded ones. */
  readonly id: string;
  /**
   * What the row shows, word by word in the columns of its table's heading; one phrase for "the default with one change"; or that it is
   * the user's own, from so many files, run in this way where the files cannot say it.
   */
  readonly label:
    | { readonly acks: string; readonly retries: string; readonly idempotence: string }
    | { readonly commit: string; readonly handler: string }
    | { readonly change: string }
    | { readonly files: number; readonly handler?: string };
  /**
   * What tells this row from the default, under dotted names with a scope: a setting as `producer.acks`, what the application does as
   * `application.commit`.
   */
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

/** What a cell counts: an anomaly, the price paid (`unavailable`), or what is none by itself (`reprocessed`). */
export type CellHarm = Harm | 'unavailable';

/** Everything that some cell counts, in the order of reports. */
export const cellHarms: readonly CellHarm[] = [...harms, 'unavailable'];

/** What a cell of the publish table counts. */
export type PublishCellHarm = PublishHarm | 'unavailable';
const ofPublish: readonly PublishCellHarm[] = [...publishHarms, 'unavailable'];

/** What the cells of each table count, in the order of reports. */
export const harmsOf = {
  publish: ofPublish,
  consume: ['lost', 'missed', 'duplicated', 'reprocessed', 'appliedTwice', 'reordered', 'stuck'],
} as const satisfies Record<TableName, readonly CellHarm[]>;

/** Whether a run with it counts as harmed: neither the price nor a second handling whose effect may not double. */
export function isAnomaly(harm: CellHarm): harm is Harm {
  return harm !== 'unavailable' && harm !== 'reprocessed';
}

/** A number, or whatever else, for everything that a cell may count. */
export function eachHarm<T>(of: (harm: CellHarm) => T): Record<CellHarm, T> {
  return Object.fromEntries(cellHarms.map((harm) => [harm, of(harm)])) as Record<CellHarm, T>;
}

/** What the rules say of harms in a cell; nothing of those that are no anomaly by themselves, nor in rows of the user's own. */
export type CellTruth = Readonly<Partial<Record<CellHarm, 'possible' | 'impossible'>>>;

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
  /** Runs, among those in which the fault bit, with at least one anomaly of any kind ({@link isAnomaly}). */
  readonly harmed: number;
  /** Runs, among those in which the fault bit, with at least one such harm. */
  readonly verdicts: Readonly<Record<CellHarm, number>>;
  /** Median number of records harmed, over the runs with that harm; 0 where there is none. */
  readonly medianRecords: Readonly<Record<CellHarm, number>>;
  readonly truth: CellTruth;
  /** Lowest seed that shows the cell's first harm, null when there is none: `replay` uses it. */
  readonly witnessSeed: string | null;
}

/** Something to say under a table: a code of the catalogue's section `matrixNotes`, and its values. */
export interface MatrixNote {
  readonly code: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface TableResult {
  readonly name: TableName;
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly MatrixColumn[];
  readonly cells: readonly MatrixCell[];
  /** Runs of every row without any fault, and how many of them had an anomaly. */
  readonly control: { readonly runs: number; readonly harmed: number };
  /** The workload in words' parameters: records per second, brokers, and so on. */
  readonly workload: Readonly<Record<string, number | string>>;
  readonly notes: readonly MatrixNote[];
}

/** What all tables of a campaign have in common. */
export interface MatrixAbout {
  readonly schema: 1;
  readonly engine: string;
  readonly kafka: string;
  readonly seeds: number;
}

export interface MatrixResult extends MatrixAbout {
  readonly tables: readonly TableResult[];
}
