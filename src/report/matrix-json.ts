/** The matrix for machines: `matrix --json`. Schema-versioned; fields are only ever added. Counts are runs. */
import type { CellHarm, MatrixResult } from '../scenario/matrix/result.ts';

/** The whole matrix. */
export interface MatrixJson {
  readonly schema: 1;
  readonly engine: string;
  readonly kafka: string;
  readonly seeds: number;
  readonly workload: Readonly<Record<string, number | string>>;
  /** Name of the deliberate bug that was switched on; absent in a run of Kafka as it is. */
  readonly mutant?: string;
  readonly rows: readonly MatrixJsonRow[];
  readonly columns: readonly { readonly letter: string; readonly name: string; readonly title: string }[];
  readonly cells: readonly MatrixJsonCell[];
  /** Runs without any fault, and how many of them had an anomaly. */
  readonly control: { readonly runs: number; readonly harmed: number };
}

/** A row of settings. */
export interface MatrixJsonRow {
  readonly id: string;
  /** The settings that tell the row from the default, under their dotted names. */
  readonly settings: Readonly<Record<string, string>>;
  readonly isDefault: boolean;
  /** Code of the reason why Kafka refuses the combination. */
  readonly refused?: string;
}

/** A cell with its counts. */
export interface MatrixJsonCell {
  readonly id: string;
  readonly row: Readonly<Record<string, string>>;
  /** Stable name of the fault. */
  readonly column: string;
  readonly applicable: boolean;
  readonly runs: number;
  readonly bit: number;
  readonly harmed: number;
  readonly verdicts: Readonly<Record<CellHarm, number>>;
  readonly medianRecords: Readonly<Record<CellHarm, number>>;
  readonly truth: Readonly<Record<CellHarm, 'possible' | 'impossible'>>;
  /** The command that shows the first run with a harm; null when no run has one. */
  readonly witness: string | null;
}

/** How the matrix was asked for, as far as its report tells it again. */
export interface MatrixJsonOptions {
  /** Name of the deliberate bug that was switched on. */
  readonly mutant?: string;
  /** Flags that a command about one of its cells needs, each after a blank. */
  readonly flags?: string;
}

/** The matrix as plain data. */
export function matrixJson(result: MatrixResult, { mutant, flags = '' }: MatrixJsonOptions = {}): MatrixJson {
  const settings = new Map(result.rows.map((row) => [row.id, row.settings]));
  return {
    schema: 1,
    engine: result.engine,
    kafka: result.kafka,
    seeds: result.seeds,
    workload: result.workload,
    ...(mutant === undefined ? {} : { mutant }),
    rows: result.rows.map(({ id, settings: changed, isDefault, refused }) => ({
      id,
      settings: changed,
      isDefault,
      ...(refused === undefined ? {} : { refused }),
    })),
    columns: result.columns.map(({ letter, name, title }) => ({ letter, name, title: title.join(' ').trim() })),
    cells: result.cells.map((cell) => ({
      id: cell.id,
      row: settings.get(cell.row) ?? {},
      column: cell.column,
      applicable: cell.applicable,
      runs: cell.runs,
      bit: cell.bit,
      harmed: cell.harmed,
      verdicts: cell.verdicts,
      medianRecords: cell.medianRecords,
      truth: cell.truth,
      witness: cell.witnessSeed === null ? null : `spillway replay ${cell.id}${flags} --seed ${cell.witnessSeed}`,
    })),
    control: result.control,
  };
}
