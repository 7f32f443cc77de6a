/**
 * The matrix on a terminal of 80 columns: its tables, then what the letters and marks mean, where a cell's run can be had again, and what
 * surprises. A table can be had by itself as soon as it is there. Every number is a count of runs; nothing is said to be safe. Leaves
 * out: bounds and medians of single cells, which `matrix-markdown.ts` has.
 */
import type { MatrixAbout, MatrixResult, TableResult } from '../scenario/matrix/result.ts';
import { contradictions } from './matrix-cell.ts';
import { exampleCell, legendLines } from './matrix-legend.ts';
import { surprises } from './matrix-surprises.ts';
import { tableLines, width } from './matrix-table.ts';
import { say, sayCode } from './messages/catalogue.ts';
import { type Paint, plain } from './paint.ts';
import { wrap, wrapText } from './wrap.ts';

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
  return result.tables.map((table) => tableText(table, result, options)).join('') + matrixEnding(result, options);
}

/** One table with its heading and its notes, and an empty line below. */
export function tableText(table: TableResult, { kafka }: Pick<MatrixAbout, 'kafka'>, options: MatrixTextOptions = {}): string {
  const { paint = plain, full = false, mutant } = options;
  const notes = table.notes.flatMap(({ code, values }) => sentence(sayCode('matrixNotes', code, values)));
  return text([...tableLines(table, { paint, kafka, full, mutant }), ...notes.map((line) => paint.faint(line)), '']);
}

/** What stands under all tables. */
export function matrixEnding(result: MatrixResult, options: MatrixTextOptions = {}): string {
  const { paint = plain, full = false, flags = '' } = options;
  const lines = [...legendLines(result, full), ...wrap(howToGoOn(result, flags), '   ', width - 1)].map((line) =>
    paint.faint(` ${line}`),
  );
  for (const table of result.tables) {
    const said = surprises(table).flatMap(sentence);
    if (said.length > 0) lines.push('', ...said);
  }
  const loud = result.tables.flatMap((table) => alarms(table, flags)).flatMap(sentence);
  if (loud.length > 0) lines.push('', ...loud.map((line) => paint.harm(line)));
  return text(lines);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function sentence(said: string): string[] {
  return wrapText(said, width - 1).map((line) => ` ${line}`);
}

/** The controls, and the commands that tell more of a cell. */
function howToGoOn({ tables }: MatrixResult, flags: string): string[] {
  const runs = tables.reduce((sum, { control }) => sum + control.runs, 0);
  const harmed = tables.reduce((sum, { control }) => sum + control.harmed, 0);
  const control = say('matrix', 'control', { runs, harmed });
  const example = exampleCell(tables.flatMap(({ cells }) => cells));
  if (example === null) return [control];
  const cell = example + flags;
  return [control, say('matrix', 'why', { cell }), say('matrix', 'again', { cell })];
}

/** What must be said loudly: harm that the rules call impossible, and faults that never bit. */
function alarms({ cells }: TableResult, flags: string): string[] {
  const said = cells.flatMap((cell) => {
    const impossible = contradictions(cell);
    if (impossible.length === 0) return [];
    const words = impossible.map((harm) => say('harms', harm, {})).join(say('punctuation', 'list', {}));
    return [say('matrix', 'contradiction', { cell: cell.id, harms: words, again: cell.id + flags })];
  });
  const idle = cells.filter((cell) => cell.applicable && cell.runs > 0 && cell.bit === 0).map((cell) => cell.id);
  return idle.length === 0 ? said : [...said, say('matrix', 'never-bit', { cells: idle.join(', ') })];
}
