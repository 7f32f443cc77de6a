/** Cells of the consume matrix, run as a campaign runs them, to be held against its truth table. */
import { type CampaignRequest, runCell } from '../../src/scenario/matrix/campaign.ts';
import { type ConsumeColumn, type ConsumeRow, consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import { type ConsumeHarm, consumeCellHarms } from '../../src/scenario/matrix/consume-truth.ts';

/** `column` null is the control. */
export interface ConsumeCell {
  readonly row: ConsumeRow;
  readonly column: ConsumeColumn | null;
}

/** Every cell, and the control of every row. */
export const consumeCells: readonly ConsumeCell[] = consumeRows.flatMap((row) =>
  [null, ...consumeColumns].map((column) => ({ row, column })),
);

export function consumeCell(row: string, column: string | null): ConsumeCell {
  return {
    row: consumeRows.find(({ id }) => id === row)!,
    column: consumeColumns.find(({ letter }) => letter === column) ?? null,
  };
}

export interface ConsumeTally {
  readonly bit: number;
  /** Runs that ended by their event budget. */
  readonly cutOff: number;
  /** Runs with at least one such harm, among those in which the cell's fault bit. */
  readonly runs: Readonly<Record<ConsumeHarm, number>>;
}

/** Runs seeds 1 … `seeds` of a cell. */
export function consumeTallyOf({ row, column }: ConsumeCell, seeds: number, mutant: string | null = null): ConsumeTally {
  const request: CampaignRequest = { tables: ['consume'], kafka: '3.9', firstSeed: 1, seeds, full: true, mutant, own: null };
  const cell = row.id + (column?.letter ?? '');
  const { bit, cutOff, records } = runCell({ request, table: 'consume', cell, firstSeed: 1, seeds });
  const runs = Object.fromEntries(consumeCellHarms.map((harm) => [harm, records[harm].length]));
  return { bit, cutOff, runs: runs as Record<ConsumeHarm, number> };
}
