/** What the letters and marks of a matrix mean: one legend for all its tables, of what is seen in them and nothing else. */
import { cellHarms, type MatrixCell, type MatrixResult, type MatrixRow, type TableResult } from '../scenario/matrix/result.ts';
import { type CellMark, cellText, letters, markOf } from './matrix-cell.ts';
import { cellWidth, shownRows, width } from './matrix-table.ts';
import { say } from './messages/catalogue.ts';
import { percent } from './numbers.ts';
import { boundOfNone } from './statistics.ts';
import { wrap } from './wrap.ts';

/** The legend, unpainted, without the space at the beginning of a line. */
export function legendLines({ tables }: MatrixResult, full: boolean): string[] {
  const cells = tables.flatMap((table) => table.cells);
  const marks = cells.map(markOf);
  return [
    ...wrap(lettersLegend(marks), '  ', width - 1),
    ...wrap(marksLegend(cells, marks), '   ', width - 1),
    ...wrap(foldedLegend(tables, full), '   ', width - 1),
  ];
}

/** The first cell with a run to show: what `explain` and `replay` take. */
export function exampleCell(cells: readonly MatrixCell[]): string | null {
  const witnessed = cells.filter((cell) => cell.witnessSeed !== null);
  return (witnessed.find((cell) => cell.harmed > 0 && cell.harmed < cell.bit) ?? witnessed[0])?.id ?? null;
}

function lettersLegend(marks: readonly CellMark[]): string[] {
  const seen = cellHarms.filter((harm) => marks.some((mark) => 'seen' in mark && mark.seen.includes(harm)));
  const parts = seen.map((harm) => say('matrix', 'legend', { letter: letters[harm], word: say('harms', harm, {}) }));
  if (marks.some((mark) => cellText(mark, cellWidth - 1).includes('+'))) parts.push(say('matrix', 'more', {}));
  return parts;
}

function marksLegend(cells: readonly MatrixCell[], marks: readonly CellMark[]): string[] {
  const parts: string[] = [];
  const numbers = marks.flatMap((mark) => ('percent' in mark ? [mark.percent] : []));
  const number = numbers.find((value) => value < 100) ?? numbers[0];
  if (number !== undefined) parts.push(say('matrix', 'number', { number }));
  const bitten = cells.filter((_, i) => marks[i]?.kind === 'none').map((cell) => cell.bit);
  if (bitten.length > 0) {
    const least = Math.min(...bitten);
    const most = Math.max(...bitten);
    const bound = percent(boundOfNone(least));
    parts.push(least === most ? say('matrix', 'none', { n: least, bound }) : say('matrix', 'none-range', { least, most, bound }));
  }
  if (marks.some((mark) => mark.kind === 'too-few')) parts.push(say('matrix', 'too-few', {}));
  if (marks.some((mark) => mark.kind === 'not-applicable')) parts.push(say('matrix', 'not-applicable', {}));
  return parts;
}

function foldedLegend(tables: readonly TableResult[], full: boolean): string[] {
  const shown = tables.flatMap((table) => shownRows(table, full));
  const parts = shown.some((row) => row.isDefault) ? [say('matrix', 'default', {})] : [];
  const folded = tables.flatMap(({ rows }) => rows).filter((row) => row.refused !== undefined && !shown.includes(row));
  if (folded.length === 0) return parts;
  const combinations = folded.map((row) => refusedTogether(row.settings));
  return [...parts, say('matrix', 'refused', { combinations: [...new Set(combinations)].join(', ') })];
}

/** A refused combination, without what every one of them has: idempotence; and without acks=all, which it asks for. */
function refusedTogether(settings: MatrixRow['settings']): string {
  const named = Object.entries(settings).map(([name, value]) => `${name.replace(/^[a-z]+\./, '')}=${value}`);
  const telling = named.filter((one) => one !== 'enable.idempotence=true' && one !== 'acks=all');
  return telling.length === 0 ? named.join(' ') : telling.join(' ');
}
