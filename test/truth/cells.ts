/** Cells of the full matrix, run as a campaign runs them and held against the truth table. */
import type { KafkaVersion } from '../../src/plan/plan.ts';
import { type CampaignRequest, type CellTally, runCell, tableOf } from '../../src/scenario/matrix/campaign.ts';
import { harmsOf, type PublishCellHarm } from '../../src/scenario/matrix/result.ts';
import { claimFor } from '../../src/scenario/matrix/truth.ts';

/** `column` null is the control, without a fault. */
export interface Cell {
  readonly row: string;
  readonly column: string | null;
}

export interface RunsOfCell {
  /** @defaultValue '3.9' */
  readonly kafka?: KafkaVersion;
  readonly firstSeed: number;
  readonly seeds: number;
  /** @defaultValue none */
  readonly mutant?: string;
}

function request({ kafka = '3.9', firstSeed, seeds, mutant }: RunsOfCell): CampaignRequest {
  return { tables: ['publish'], kafka, firstSeed, seeds, full: true, mutant: mutant ?? null, own: null };
}

/** Every cell that has runs: not those of refused rows, nor where the fault has no meaning. */
export function allCells(): (Cell & { readonly column: string })[] {
  return tableOf('publish', request({ firstSeed: 1, seeds: 1 })).cells.flatMap(({ row, column, applicable }) =>
    applicable && column !== null ? [{ row: row.id, column: column.letter }] : [],
  );
}

/** Runs some seeds of a cell. */
export function tallyOf({ row, column }: Cell, runs: RunsOfCell): CellTally {
  const { firstSeed, seeds } = runs;
  return runCell({ request: request(runs), table: 'publish', cell: row + (column ?? ''), firstSeed, seeds });
}

/** Harms of a cell that the table calls possible and demands of the runs. */
export function demanded({ row, column }: Cell, kafka: KafkaVersion = '3.9'): PublishCellHarm[] {
  return harmsOf.publish.filter((harm) => {
    const claim = column === null ? null : claimFor(row, column, harm, kafka);
    return claim !== null && claim.shownBy === undefined;
  });
}

/**
 * What appeared although the table calls it impossible, and whatever else makes a cell's runs worthless: one line each, with the
 * seed that shows it.
 */
export function contradictions(cell: Cell, tally: CellTally, runs: RunsOfCell): string[] {
  const { row, column } = cell;
  const name = column === null ? `${row} without a fault` : `${row}${column}`;
  const seen = harmsOf.publish.filter(
    (harm) => tally.records[harm].length > 0 && claimFor(row, column ?? '', harm, runs.kafka ?? '3.9') === null,
  );
  const lines = seen.map((harm) => {
    const kafka = runs.kafka === undefined ? '' : ` --kafka ${runs.kafka}`;
    const again = column === null ? '' : `; spillway replay ${name} --full${kafka} --seed ${seedWith(cell, harm, runs)}`;
    return `${name} ${harm}: impossible, yet seen in ${tally.records[harm].length} of ${tally.bit} runs${again}`;
  });
  if (tally.bit === 0) lines.push(`${name}: the fault never bit in ${tally.runs} runs`);
  if (tally.cutOff > 0) lines.push(`${name}: ${tally.cutOff} runs ended by their event budget`);
  return lines;
}

/** The lowest seed that shows the harm. */
function seedWith(cell: Cell, harm: PublishCellHarm, runs: RunsOfCell): number {
  let seed = runs.firstSeed;
  while (tallyOf(cell, { ...runs, firstSeed: seed, seeds: 1 }).records[harm].length === 0) seed++;
  return seed;
}
