/**
 * The matrix on a terminal of 80 columns: rows of settings, columns of faults, one cell each, then what the letters and marks mean and
 * where a cell's run can be had again. Every number is a count of runs; nothing is said to be safe. Leaves out: bounds and medians of
 * single cells, which `matrix-markdown.ts` has.
 */
import type { MatrixCell, MatrixColumn, MatrixResult, MatrixRow } from '../scenario/matrix/result.ts';
import { type CellMark, cellHarms, cellText, contradictions, letters, markOf, ownRow } from './matrix-cell.ts';
import { surprises } from './matrix-surprises.ts';
import { say, sayCode, sayWord } from './messages/catalogue.ts';
import { percent } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import { boundOfNone } from './statistics.ts';
import { beginning, clip, padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;
/** Columns of a table before it goes on below. */
const columnsPerTable = 8;
const cellWidth = 7;
const labelWidth = width - columnsPerTable * cellWidth;

/** How the matrix is shown. */
export interface MatrixTextOptions {
  /** @defaultValue no colour */
  readonly paint?: Paint;
  /** Shows the rows that Kafka refuses. @defaultValue false: they are folded into one line. */
  readonly full?: boolean;
  /** Name of the deliberate bug that was switched on, if any. */
  readonly mutant?: string;
  /** Flags that a command about one of the cells needs, each after a blank. @defaultValue none */
  readonly flags?: string;
}

/** The matrix with its legend. */
export function matrixText(result: MatrixResult, options: MatrixTextOptions = {}): string {
  const paint = options.paint ?? plain;
  const shown = result.rows.filter((row) => options.full === true || row.refused === undefined);
  const lines: string[] = [...heading(result).map((line) => paint.strong(line))];
  if (options.mutant !== undefined) lines.push(paint.harm(` ${say('matrix', 'mutant', { name: options.mutant })}`));
  for (let from = 0; from < result.columns.length; from += columnsPerTable) {
    if (from > 0) lines.push('');
    // What Kafka refuses is said once, under the first columns.
    const rows = from === 0 ? shown : shown.filter((row) => row.refused === undefined);
    lines.push(...table(result, rows, result.columns.slice(from, from + columnsPerTable), paint));
  }
  lines.push(...footer(result, shown, paint, options.flags ?? ''));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function heading(result: MatrixResult): string[] {
  const parts = [say('matrix', 'kafka', { version: result.kafka })];
  for (const [name, value] of Object.entries(result.workload)) parts.push(sayCode('workload', name, { value }));
  const title = ` ${say('matrix', 'title', {})}  `;
  const room = width - widthOf(title);
  const lines = wrap(parts, ' · ', room).flatMap((line) => (widthOf(line) <= room ? [line] : wrapText(line, room)));
  return lines.map((line, i) => (i === 0 ? title : ' '.repeat(widthOf(title))) + line);
}

function table(result: MatrixResult, rows: readonly MatrixRow[], columns: readonly MatrixColumn[], paint: Paint): string[] {
  const head = (label: string, words: readonly string[]): string =>
    paint.strong(padEnd(label, labelWidth) + words.map((word) => padEnd(beginning(word, cellWidth - 1), cellWidth)).join(''));
  const lines = [
    head(
      '',
      columns.map(({ letter }) => letter),
    ),
    head(
      '',
      columns.map(({ title }) => sayWord(title[0])),
    ),
    head(
      labelHeading(),
      columns.map(({ title }) => sayWord(title[1])),
    ),
  ];
  const cells = new Map(result.cells.map((cell) => [cell.id, cell]));
  const standard = rows.find((row) => row.isDefault);
  let changing = false;
  for (const row of rows) {
    if ('change' in row.label && !changing && row.id !== ownRow) {
      changing = true;
      if (standard !== undefined) lines.push(paint.faint(`     ${say('matrix', 'one-change', { row: standard.id })}`));
    }
    const label = labelOf(row);
    if (row.refused !== undefined) {
      lines.push(
        label +
          paint.faint(
            clip(say('matrix', 'refused-row', { why: refusal(row).split(/, | \(|，|（/)[0] ?? '' }), width - labelWidth),
          ),
      );
    } else lines.push(label + columns.map((column) => paintedCell(cells.get(row.id + column.letter), paint)).join(''));
  }
  return lines;
}

/** Why Kafka refuses the row's settings. */
export function refusal(row: MatrixRow): string {
  const settings = Object.entries(row.settings).map(([name, value]) => [name.replace(/^[a-z]+\./, ''), value] as const);
  return sayCode('problems', row.refused ?? '', Object.fromEntries(settings));
}

function labelHeading(): string {
  return ` #   acks ${padEnd(sayWord('retries'), 7)} ${sayWord('idemp.')} `;
}

function labelOf(row: MatrixRow): string {
  const id = ` ${row.id.padEnd(3)} `;
  const mark = row.isDefault ? '* ' : '';
  if ('change' in row.label) {
    // The label of the user's own row says how many files it came from.
    const files = row.id === ownRow ? /\d+/.exec(row.label.change)?.[0] : undefined;
    const change = files === undefined ? sayWord(row.label.change) : say('matrix', 'own-row', { files: Number(files) });
    return padEnd(`${beginning(id + change, labelWidth - 1 - mark.length)} ${mark}`, labelWidth);
  }
  const { acks, retries, idempotence } = row.label;
  const settings = `${acks.padEnd(4)} ${padEnd(sayWord(retries), 7)} ${padEnd(sayWord(idempotence), 4)}`;
  return padEnd(beginning(`${id}${settings}${mark}`, labelWidth), labelWidth);
}

function paintedCell(cell: MatrixCell | undefined, paint: Paint): string {
  if (cell === undefined) return ' '.repeat(cellWidth);
  const mark = markOf(cell);
  const text = cellText(mark, cellWidth - 1);
  return painter(mark, paint)(text) + ' '.repeat(cellWidth - text.length);
}

function painter(mark: CellMark, paint: Paint): (text: string) => string {
  if (mark.kind === 'harm') return paint.harm;
  if (mark.kind === 'price') return paint.price;
  return mark.kind === 'none' ? paint.good : paint.faint;
}

function footer(result: MatrixResult, rows: readonly MatrixRow[], paint: Paint, flags: string): string[] {
  const marks = result.cells.map(markOf);
  const example = exampleCell(result);
  const lines = [
    ...legend(marks),
    ...wrap(marksLegend(result, marks), '   ', width - 1),
    ...wrap(foldedLegend(result, rows), '   ', width - 1),
    ...wrap(
      [
        say('matrix', 'control', result.control),
        ...(example === null
          ? []
          : [say('matrix', 'why', { cell: example + flags }), say('matrix', 'again', { cell: example + flags })]),
      ],
      '   ',
      width - 1,
    ),
  ].map((line) => paint.faint(` ${line}`));
  const said = surprises(result).flatMap((sentence) => wrapText(sentence, width - 1).map((line) => ` ${line}`));
  if (said.length > 0) lines.push('', ...said);
  const loud = alarms(result, flags).flatMap((sentence) => wrapText(sentence, width - 1).map((line) => paint.harm(` ${line}`)));
  if (loud.length > 0) lines.push('', ...loud);
  return lines;
}

function legend(marks: readonly CellMark[]): string[] {
  const seen = cellHarms.filter((harm) => marks.some((mark) => 'seen' in mark && mark.seen.includes(harm)));
  const parts = seen.map((harm) => say('matrix', 'legend', { letter: letters[harm], word: say('harms', harm, {}) }));
  if (marks.some((mark) => cellText(mark, cellWidth - 1).includes('+'))) parts.push(say('matrix', 'more', {}));
  return wrap(parts, '  ', width - 1);
}

function marksLegend(result: MatrixResult, marks: readonly CellMark[]): string[] {
  const parts: string[] = [];
  const numbers = marks.flatMap((mark) => ('percent' in mark ? [mark.percent] : []));
  const number = numbers.find((value) => value < 100) ?? numbers[0];
  if (number !== undefined) parts.push(say('matrix', 'number', { number }));
  const bitten = result.cells.filter((_, i) => marks[i]?.kind === 'none').map((cell) => cell.bit);
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

function foldedLegend(result: MatrixResult, rows: readonly MatrixRow[]): string[] {
  const parts = rows.some((row) => row.isDefault) ? [say('matrix', 'default', {})] : [];
  const folded = result.rows.filter((row) => row.refused !== undefined && !rows.includes(row));
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

/** The first cell with a run to show: what `explain` and `replay` take. */
function exampleCell(result: MatrixResult): string | null {
  const witnessed = result.cells.filter((cell) => cell.witnessSeed !== null);
  return (witnessed.find((cell) => cell.harmed > 0 && cell.harmed < cell.bit) ?? witnessed[0])?.id ?? null;
}

/** What must be said loudly: harm that the rules call impossible, and faults that never bit. */
function alarms(result: MatrixResult, flags: string): string[] {
  const said = result.cells.flatMap((cell) => {
    const impossible = contradictions(cell);
    if (impossible.length === 0) return [];
    const words = impossible.map((harm) => say('harms', harm, {})).join(say('punctuation', 'list', {}));
    return [say('matrix', 'contradiction', { cell: cell.id, harms: words, again: cell.id + flags })];
  });
  const idle = result.cells.filter((cell) => cell.applicable && cell.runs > 0 && cell.bit === 0).map((cell) => cell.id);
  return idle.length === 0 ? said : [...said, say('matrix', 'never-bit', { cells: idle.join(', ') })];
}
