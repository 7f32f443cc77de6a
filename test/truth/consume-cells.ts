/** Cells of the consume matrix, run and held against its truth table. */
import { compile } from '../../src/cluster/compile.ts';
import { mutantNamed } from '../../src/cluster/mutants.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { run } from '../../src/cluster/run.ts';
import { countHarms } from '../../src/oracle/counts.ts';
import {
  type ConsumeColumn,
  type ConsumeRow,
  consumeCellPlan,
  consumeColumns,
  consumeRows,
} from '../../src/scenario/matrix/consume-plan.ts';
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
  /** Runs with at least one such harm, among those in which every fault bit. */
  readonly runs: Readonly<Record<ConsumeHarm, number>>;
}

/** Runs seeds 1 … `seeds` of a cell. */
export function consumeTallyOf({ row, column }: ConsumeCell, seeds: number, mutant: string | null = null): ConsumeTally {
  const plans = (column?.placements ?? [[]]).map((_, placement) => compile(consumeCellPlan(row, column, placement, '3.9')));
  const rules = mutant === null ? kafkaRules : mutantNamed(mutant)!.rules;
  const runs = Object.fromEntries(consumeCellHarms.map((harm) => [harm, 0])) as Record<ConsumeHarm, number>;
  let bit = 0;
  let cutOff = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const result = run(plans[seed % plans.length]!, { seed: String(seed), trace: 'off', rules });
    if (result.ended === 'event-budget') cutOff++;
    if (result.faults.some((fault) => !fault.bit)) continue;
    bit++;
    const counts = countHarms(result.history, result.faults);
    for (const harm of consumeCellHarms) if (counts[harm] > 0) runs[harm]++;
  }
  return { bit, cutOff, runs };
}
