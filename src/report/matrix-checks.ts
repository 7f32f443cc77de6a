/** Cells of a matrix as checks: against the truth table, and whether their fault ever bit. */
import type { MatrixCell, MatrixResult, TableResult } from '../scenario/matrix/result.ts';
import type { Check } from './checks.ts';
import { contradictions } from './matrix-cell.ts';
import { say } from './messages/catalogue.ts';
import type { RunOutcome } from './run-result.ts';

/** Every cell that has runs. `flags` are those that a command about a cell needs, each after a blank. */
export function matrixChecks({ tables }: MatrixResult, flags: string): Check[] {
  return tables.flatMap((table) =>
    table.cells.filter(({ applicable, runs }) => applicable && runs > 0).map((cell) => checkOf(table, cell, flags)),
  );
}

function checkOf(table: TableResult, cell: MatrixCell, flags: string): Check {
  const seed = cell.witnessSeed === null ? '' : ` --seed ${cell.witnessSeed}`;
  const again = `spillway replay ${cell.id}${flags}${seed}`;
  const [outcome, message] = verdictOf(cell, flags);
  return {
    group: table.name,
    name: `${cell.id} ${cell.column}`,
    outcome,
    message,
    details: outcome === 'as-expected' ? '' : `${message}\n${again}`,
    again,
    file: null,
    line: null,
  };
}

function verdictOf(cell: MatrixCell, flags: string): readonly [RunOutcome, string] {
  const impossible = contradictions(cell);
  if (impossible.length > 0) {
    const harms = impossible.map((harm) => say('harms', harm, {})).join(say('punctuation', 'list', {}));
    return ['expectation-broken', say('matrix', 'contradiction', { cell: cell.id, harms, again: cell.id + flags })];
  }
  if (cell.bit === 0) return ['inconclusive', say('matrix', 'never-bit', { cells: cell.id })];
  return ['as-expected', ''];
}
