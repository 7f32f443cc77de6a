/** The publish table: rows of `rows.ts` under columns of `columns.ts`, their plans from `cell-plan.ts`, their rules from `truth.ts`. */
import type { KafkaVersion } from '../../plan/plan.ts';
import { cellPlan, defaultWorkload, type MatrixWorkload } from './cell-plan.ts';
import { type ColumnDefinition, columnDefinitions, outageUs, refusedUs, shrinkingLagMs, shrunkUs } from './columns.ts';
import { type CellTruth, harmsOf } from './result.ts';
import { isDefaultRow, ownRow, type RowDefinition, rowDefinitions, settingsOfRow } from './rows.ts';
import type { Cell, OwnSettings, Table } from './table.ts';
import { claimFor } from './truth.ts';

/** What the publish table depends on. */
export interface PublishRequest {
  readonly kafka: KafkaVersion;
  readonly full: boolean;
  readonly own: OwnSettings | null;
  /** @defaultValue {@link defaultWorkload} */
  readonly workload?: MatrixWorkload;
}

/** Whether a column's fault has a meaning for a row. */
export function isApplicable(row: RowDefinition, column: ColumnDefinition): boolean {
  if (column.needsReplicas && row.replicationFactor === 1) return false;
  return (
    !column.needsFlush || row.topic['flush.messages'] !== undefined || row.broker['log.flush.interval.messages'] !== undefined
  );
}

/** The table; a row of the user's own comes last. */
export function publishTable({ kafka, full, own, workload = defaultWorkload }: PublishRequest): Table {
  const mine = own === null ? null : ownRow(own);
  const rows = rowDefinitions.filter((row) => full || row.extra !== true || row.refused !== undefined);
  const definitions = mine === null ? rows : [...rows, mine];
  const columns = columnDefinitions.filter((column) => full || column.extra !== true);
  const shown = new Map(
    definitions.map((row) => [
      row.id,
      {
        id: row.id,
        label: row.label,
        settings: settingsOfRow(row),
        isDefault: row !== mine && isDefaultRow(row, kafka),
        ...(row.refused === undefined ? {} : { refused: row.refused }),
      },
    ]),
  );
  const cell = (row: RowDefinition, column: ColumnDefinition | null): Cell => ({
    id: row.id + (column?.letter ?? ''),
    row: shown.get(row.id)!,
    column,
    applicable: column === null || isApplicable(row, column),
    truth: row === mine ? {} : truthOf(row.id, column?.letter ?? '', kafka),
    plans: () =>
      column === null
        ? [cellPlan(row, columnDefinitions[0]!, -1, kafka, workload)]
        : column.placements.map((_, placement) => cellPlan(row, column, placement, kafka, workload)),
    bit: (_plan, { faults }) => faults[faults.length - 1]?.bit ?? true,
  });
  return {
    name: 'publish',
    rows: [...shown.values()],
    columns: columns.map(({ letter, name, title }) => ({ letter, name, title })),
    cells: definitions
      .filter((row) => row.refused === undefined)
      .flatMap((row) => [...columns, null].map((column) => cell(row, column))),
    workload: {
      client: 'java',
      metadata: '3.9 KRaft',
      brokers: 3,
      replicationFactor: 3,
      recordsPerSecond: workload.recordsPerSecond,
      clientLatencyMs: `0.5-${workload.clientLatencyMs + 0.5}`,
      followerLagMs: `0-${workload.followerLagMs}`,
      outageSeconds: outageUs / 1_000_000,
      shrinkingLagSeconds: shrinkingLagMs / 1000,
      shrunkSeconds: shrunkUs / 1_000_000,
      refusedSeconds: refusedUs / 1_000_000,
    },
    notes: [],
  };
}

function truthOf(row: string, column: string, kafka: KafkaVersion): CellTruth {
  return Object.fromEntries(
    harmsOf.publish.map((harm) => [harm, claimFor(row, column, harm, kafka) === null ? 'impossible' : 'possible']),
  );
}
