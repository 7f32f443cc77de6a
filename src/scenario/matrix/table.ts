/**
 * A table of the matrix, ready to be run: rows, columns, and of each cell its plans, when its fault bit, and what the rules say. The
 * campaign, `explain` and `replay` know tables only as this; what is particular to one is in `publish-table.ts` and `consume-table.ts`.
 */
import type { RunResult } from '../../cluster/run.ts';
import type { Plan, RawSettings } from '../../plan/plan.ts';
import type { CellTruth, MatrixColumn, MatrixNote, MatrixRow, TableName } from './result.ts';

/** Settings of the user's own files, by what they configure; undefined where there is no such file. */
export interface OwnSettings {
  readonly producer?: RawSettings;
  readonly broker?: RawSettings;
  readonly topic?: RawSettings;
  readonly consumer?: RawSettings;
}

/** One cell; or, without a column, the control of a row. */
export interface Cell {
  /** `P3g`; the row's id for a control. */
  readonly id: string;
  readonly row: MatrixRow;
  readonly column: MatrixColumn | null;
  /** How long its fault lasts, in seconds, where that was fitted to the user's settings; its column says it otherwise. */
  readonly lastsSeconds?: number;
  /** False where the fault has no meaning for the row. */
  readonly applicable: boolean;
  readonly truth: CellTruth;
  /** One for each placement of the fault; seed s takes plan s modulo their number. */
  plans(): readonly Plan[];
  /** Whether what the cell is about happened in a run and was felt; true of a control. */
  bit(plan: Plan, run: RunResult): boolean;
}

export interface Table {
  readonly name: TableName;
  /** Refused ones included. */
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly MatrixColumn[];
  /** Every row that is not refused under every column, and its control last. */
  readonly cells: readonly Cell[];
  /** See `TableResult`. */
  readonly workload: Readonly<Record<string, number | string>>;
  readonly notes: readonly MatrixNote[];
}
