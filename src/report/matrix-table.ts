/** One table of the matrix on a terminal of 80 columns: what was run, then rows of settings under columns of faults, a cell each. */
import type { MatrixCell, MatrixColumn, MatrixRow, TableName, TableResult } from '../scenario/matrix/result.ts';
import { type CellMark, cellText, markOf } from './matrix-cell.ts';
import { say, sayCode, sayWord } from './messages/catalogue.ts';
import type { Paint } from './paint.ts';
import { beginning, clip, padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

/** Columns of the terminal. */
export const width = 80;
export const cellWidth = 7;

/** A part of a label: its heading, the columns it takes, and whether it is a value of Kafka's, which is the same in every language. */
interface LabelPart {
  readonly heading: string;
  readonly room: number;
  readonly asWritten?: true;
}

/** What stands left of the cells. */
const labelParts: Readonly<Record<TableName, readonly LabelPart[]>> = {
  publish: [
    { heading: 'acks', room: 4, asWritten: true },
    { heading: 'retries', room: 7 },
    { heading: 'idemp.', room: 4 },
  ],
  consume: [
    { heading: 'commit', room: 8 },
    { heading: 'handler', room: 20 },
  ],
};
/** Columns of a table before it goes on below. */
const columnsPerTable: Readonly<Record<TableName, number>> = { publish: 8, consume: 6 };

/** What a table is shown with. */
export interface TableTextOptions {
  readonly paint: Paint;
  /** Kafka's version. */
  readonly kafka: string;
  /** Shows the rows that Kafka refuses. */
  readonly full: boolean;
  /** Name of the deliberate bug that was switched on, if any. */
  readonly mutant: string | undefined;
}

/** The lines of a table with its heading. */
export function tableLines(table: TableResult, { paint, kafka, full, mutant }: TableTextOptions): string[] {
  const lines = heading(table, kafka).map((line) => paint.strong(line));
  if (mutant !== undefined) lines.push(paint.harm(` ${say('matrix', 'mutant', { name: mutant })}`));
  const shown = shownRows(table, full);
  const most = columnsPerTable[table.name];
  for (let from = 0; from < table.columns.length; from += most) {
    if (from > 0) lines.push('');
    // What Kafka refuses is said once, under the first columns.
    const rows = from === 0 ? shown : shown.filter((row) => row.refused === undefined);
    lines.push(...grid(table, rows, table.columns.slice(from, from + most), paint));
  }
  return lines;
}

/** Rows that are shown; the others are folded into a line of the legend. */
export function shownRows({ rows }: TableResult, full: boolean): readonly MatrixRow[] {
  return rows.filter((row) => full || row.refused === undefined);
}

function heading({ name, workload }: TableResult, kafka: string): string[] {
  const parts = [say('matrix', 'kafka', { version: kafka })];
  for (const [code, value] of Object.entries(workload)) parts.push(sayCode('workload', code, { value }));
  const title = ` ${say('matrix', name, {})}  `;
  const room = width - widthOf(title);
  const lines = wrap(parts, ' · ', room).flatMap((line) => (widthOf(line) <= room ? [line] : wrapText(line, room)));
  return lines.map((line, i) => (i === 0 ? title : ' '.repeat(widthOf(title))) + line);
}

function grid(table: TableResult, rows: readonly MatrixRow[], columns: readonly MatrixColumn[], paint: Paint): string[] {
  const labelWidth = width - columnsPerTable[table.name] * cellWidth;
  const head = (label: string, words: readonly string[]): string =>
    paint.strong(padEnd(label, labelWidth) + words.map((word) => padEnd(beginning(word, cellWidth - 1), cellWidth)).join(''));
  const titles = (line: 0 | 1): string[] => columns.map(({ title }) => sayWord(title[line]));
  const letters = columns.map(({ letter }) => letter);
  const lines = [head('', letters), head('', titles(0)), head(labelHeading(table.name), titles(1))];
  const cells = new Map(table.cells.map((cell) => [cell.id, cell]));
  const standard = rows.find((row) => row.isDefault);
  let changing = false;
  for (const row of rows) {
    if ('change' in row.label && !changing) {
      changing = true;
      if (standard !== undefined) lines.push(paint.faint(`     ${say('matrix', 'one-change', { row: standard.id })}`));
    }
    const label = labelOf(table.name, row, labelWidth);
    if (row.refused !== undefined) {
      const why = refusal(row).split(/, | \(|，|（/)[0] ?? '';
      lines.push(label + paint.faint(clip(say('matrix', 'refused-row', { why }), width - labelWidth)));
    } else lines.push(label + columns.map((column) => paintedCell(cells.get(row.id + column.letter), paint)).join(''));
  }
  return lines;
}

/** Why Kafka refuses the row's settings. */
export function refusal(row: MatrixRow): string {
  const settings = Object.entries(row.settings).map(([name, value]) => [name.replace(/^[a-z]+\./, ''), value] as const);
  return sayCode('problems', row.refused ?? '', Object.fromEntries(settings));
}

function labelHeading(name: TableName): string {
  return ` #   ${labelParts[name].map(({ heading: word, room }) => padEnd(sayWord(word), room)).join(' ')} `;
}

function labelOf(name: TableName, row: MatrixRow, labelWidth: number): string {
  const id = ` ${row.id.padEnd(3)} `;
  const mark = row.isDefault ? '* ' : '';
  const { label } = row;
  if ('change' in label || 'files' in label) {
    const text = id + ('change' in label ? sayWord(label.change) : ownLabel(label));
    return padEnd(`${beginning(text, labelWidth - 1 - mark.length)} ${mark}`, labelWidth);
  }
  const words = Object.values(label);
  const parts = labelParts[name].map(({ room, asWritten }, i) => {
    const word = words[i] ?? '';
    return padEnd(asWritten === true ? word : sayWord(word), room);
  });
  return padEnd(beginning(`${id}${parts.join(' ')}${mark}`, labelWidth), labelWidth);
}

function ownLabel({ files, handler }: { readonly files: number; readonly handler?: string }): string {
  const own = say('matrix', 'own-row', { files });
  return handler === undefined ? own : `${own} ${sayWord(handler)}`;
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
