/** The matrix for machines: `matrix --json`. Schema-versioned; fields are only ever added. Counts are runs. */
import {
  type CellHarm,
  type CellTruth,
  harmsOf,
  type MatrixResult,
  type TableName,
  type TableResult,
} from '../scenario/matrix/result.ts';

/** The whole matrix. */
export interface MatrixJson {
  readonly schema: 1;
  readonly engine: string;
  readonly kafka: string;
  readonly seeds: number;
  /** Of the first table; each has its own in {@link MatrixJson.tables}. */
  readonly workload: Readonly<Record<string, number | string>>;
  /** Name of the deliberate bug that was switched on; absent in a run of Kafka as it is. */
  readonly mutant?: string;
  readonly rows: readonly MatrixJsonRow[];
  readonly columns: readonly MatrixJsonColumn[];
  readonly cells: readonly MatrixJsonCell[];
  /** Runs without any fault, and how many of them had an anomaly: of all tables together. */
  readonly control: Control;
  /** What belongs to a table as a whole, in the order in which rows, columns and cells of the tables stand. */
  readonly tables: readonly {
    readonly table: TableName;
    readonly workload: Readonly<Record<string, number | string>>;
    readonly control: Control;
  }[];
}

interface Control {
  readonly runs: number;
  readonly harmed: number;
}

/** A column; its letter is unique within its table. */
export interface MatrixJsonColumn {
  readonly table: TableName;
  readonly letter: string;
  readonly name: string;
  readonly title: string;
}

/** A row of settings. */
export interface MatrixJsonRow {
  readonly table: TableName;
  readonly id: string;
  /** What tells the row from the default, under dotted names: `producer.acks`, `application.commit`. */
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
  /** For each harm that the table counts. */
  readonly verdicts: Readonly<Partial<Record<CellHarm, number>>>;
  readonly medianRecords: Readonly<Partial<Record<CellHarm, number>>>;
  /** Empty in rows of the user's own. */
  readonly truth: CellTruth;
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
  const { tables } = result;
  const sum = (of: keyof Control): number => tables.reduce((total, { control }) => total + control[of], 0);
  return {
    schema: 1,
    engine: result.engine,
    kafka: result.kafka,
    seeds: result.seeds,
    workload: tables[0]?.workload ?? {},
    ...(mutant === undefined ? {} : { mutant }),
    rows: tables.flatMap(({ name: table, rows }) =>
      rows.map(({ id, settings, isDefault, refused }) => ({
        table,
        id,
        settings,
        isDefault,
        ...(refused === undefined ? {} : { refused }),
      })),
    ),
    columns: tables.flatMap(({ name: table, columns }) =>
      columns.map(({ letter, name, title }) => ({ table, letter, name, title: title.join(' ').trim() })),
    ),
    cells: tables.flatMap((table) => cellsOf(table, flags)),
    control: { runs: sum('runs'), harmed: sum('harmed') },
    tables: tables.map(({ name, workload, control }) => ({ table: name, workload, control })),
  };
}

function cellsOf({ name, rows, cells }: TableResult, flags: string): MatrixJsonCell[] {
  const settings = new Map(rows.map((row) => [row.id, row.settings]));
  const counted = (of: Readonly<Record<CellHarm, number>>): Partial<Record<CellHarm, number>> =>
    Object.fromEntries(harmsOf[name].map((harm) => [harm, of[harm]]));
  return cells.map((cell) => ({
    id: cell.id,
    row: settings.get(cell.row) ?? {},
    column: cell.column,
    applicable: cell.applicable,
    runs: cell.runs,
    bit: cell.bit,
    harmed: cell.harmed,
    verdicts: counted(cell.verdicts),
    medianRecords: counted(cell.medianRecords),
    truth: cell.truth,
    witness: cell.witnessSeed === null ? null : `spillway replay ${cell.id}${flags} --seed ${cell.witnessSeed}`,
  }));
}
