/** The runs of the consume matrix agree with its truth table: each possible harm appears in its cell, and no impossible one does. */
import { describe, expect, test } from 'vitest';
import { consumeTruthMarkdown } from '../../src/report/consume-truth-markdown.ts';
import { consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import { consumeCellHarms, consumeClaimFor, consumeClaims, consumeImpossible } from '../../src/scenario/matrix/consume-truth.ts';
import { expectGolden } from '../infra/golden.ts';
import { consumeCells, consumeTallyOf } from './consume-cells.ts';

const seeds = 40;

test('docs/consume-truth.md is what the table says', () => expectGolden('docs/consume-truth.md', consumeTruthMarkdown()));

test('claims name rows, columns and harms that there are, and no cell twice', () => {
  const rows = consumeRows.map(({ id }) => id);
  const letters = consumeColumns.map(({ letter }) => letter);
  const seen = new Set<string>();
  for (const { harm, rows: of, columns, rule, source, versions } of consumeClaims) {
    for (const row of of) {
      expect(rows).toContain(row);
      for (const column of columns) {
        expect(letters).toContain(column);
        expect(seen, `${row}${column} ${harm}`).not.toContain(`${row}${column} ${harm}`);
        seen.add(`${row}${column} ${harm}`);
      }
    }
    for (const text of [rule, source, versions]) expect(text).not.toBe('');
  }
  for (const harm of consumeCellHarms) expect(consumeImpossible[harm].rule).toMatch(/\.$/);
});

describe.each(consumeCells.map((cell) => ({ ...cell, name: cell.row.id + (cell.column?.letter ?? ' without a fault') })))(
  '$name',
  ({ row, column }) => {
    test('shows what is possible and nothing else', { timeout: 120_000 }, () => {
      const tally = consumeTallyOf({ row, column }, seeds);
      expect(tally.bit).toBeGreaterThan(0);
      expect(tally.cutOff).toBe(0);
      for (const harm of consumeCellHarms) {
        const possible = column !== null && consumeClaimFor(row.id, column.letter, harm) !== null;
        expect(tally.runs[harm] > 0, `${harm}: ${tally.runs[harm]} of ${tally.bit}`).toBe(possible);
      }
    });
  },
);
