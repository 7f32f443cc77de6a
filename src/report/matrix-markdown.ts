/**
 * The matrix as `reports/matrix.md`: the tables of the terminal, then every count behind it with its 95 % interval and the median number
 * of records harmed. What the truth table rules out and was not seen is given with its bound, never as "safe".
 */
import {
  type CellHarm,
  cellHarms,
  harmsOf,
  type MatrixCell,
  type MatrixResult,
  type MatrixRow,
  type TableName,
  type TableResult,
} from '../scenario/matrix/result.ts';
import { markdownTable } from './markdown-table.ts';
import { letters } from './matrix-cell.ts';
import { matrixText } from './matrix-text.ts';
import { say, sayCode } from './messages/catalogue.ts';
import { percent, thousands } from './numbers.ts';
import { boundOfNone, wilson } from './statistics.ts';

/** The report of every count. */
export function matrixMarkdown(result: MatrixResult): string {
  const { tables } = result;
  const counted = cellHarms.filter((harm) => tables.some(({ name }) => counts(name, harm)));
  return [
    `# ${say('matrixReport', 'title', {})}`,
    '',
    say('matrixReport', 'written-by', result),
    say('matrixReport', 'again', {}),
    '',
    '```text',
    matrixText(result).trimEnd(),
    '```',
    '',
    heading('words'),
    '',
    ...markdownTable(
      ['letter', 'harm', 'meaning'].map(word),
      counted.map((harm) => [letters[harm], say('harms', harm, {}), say('meanings', harm, {})]),
    ),
    '',
    heading('rows'),
    '',
    ...markdownTable(
      ['row', 'settings'].map(word),
      tables.flatMap(({ rows }) => rows.map((row) => [row.id, settingsOf(row)])),
    ),
    '',
    heading('columns'),
    '',
    ...markdownTable(
      ['table', 'column', 'fault'].map(word),
      tables.flatMap(({ name, columns }) => columns.map((column) => [say('matrix', name, {}), column.letter, column.name])),
    ),
    '',
    heading('counts'),
    '',
    say('matrixReport', 'about-shares', {}),
    say('matrixReport', 'about-medians', {}),
    '',
    ...tables.flatMap((table) => table.rows.filter((row) => row.refused === undefined).flatMap((row) => section(table, row))),
    heading('control'),
    '',
    ...tables.flatMap(({ name, control }) => [
      say('matrixReport', 'control-count', { table: say('matrix', name, {}), ...control, ...bound(control) }),
      '',
    ]),
  ].join('\n');
}

function counts(table: TableName, harm: CellHarm): boolean {
  return (harmsOf[table] as readonly CellHarm[]).includes(harm);
}

/** A heading of a table, by its code. */
function word(code: string): string {
  return sayCode('matrixReport', code, {});
}

function heading(code: string): string {
  return `## ${word(code)}`;
}

function bound({ runs, harmed }: TableResult['control']): { readonly bound?: string } {
  return harmed > 0 || runs === 0 ? {} : { bound: percent(boundOfNone(runs)) };
}

function settingsOf(row: MatrixRow): string {
  const settings = Object.entries(row.settings).map(([name, value]) => `\`${name}=${value}\``);
  const shown = settings.length === 0 ? say('matrixReport', 'none', {}) : settings.join(' ');
  if (row.refused !== undefined) return say('matrixReport', 'refused', { settings: shown, why: row.refused });
  return row.isDefault ? say('matrixReport', 'default', { settings: shown }) : shown;
}

function section({ name, cells }: TableResult, row: MatrixRow): string[] {
  const lines = cells.filter((cell) => cell.row === row.id).flatMap((cell) => linesOf(cell, harmsOf[name]));
  return [
    `### ${row.id}`,
    '',
    ...markdownTable(['cell', 'fault', 'bit', 'harm', 'runs', 'share', 'median', 'rule', 'seed'].map(word), lines),
    '',
  ];
}

/** One line a harm that was seen or may be seen; one for all the others together. */
function linesOf(cell: MatrixCell, harms: readonly CellHarm[]): string[][] {
  if (!cell.applicable) return [[cell.id, cell.column, 'n/a', '', '', '', '', '', '']];
  const bit = say('matrixReport', 'of-runs', { count: cell.bit, runs: cell.runs });
  const ruled = Object.keys(cell.truth).length > 0;
  const told = harms.filter((harm) => cell.verdicts[harm] > 0 || (ruled && cell.truth[harm] !== 'impossible'));
  const others = harms.filter((harm) => !told.includes(harm));
  const lines = told.map((harm) => [cell.id, cell.column, bit, say('harms', harm, {}), ...counted(cell, harm)]);
  if (others.length === 0) return lines;
  const all = say('matrixReport', told.length === 0 ? 'every-harm' : 'every-other', {});
  return [...lines, [cell.id, cell.column, bit, all, '0', none(cell.bit), '', ruleOf(cell, others[0]), '']];
}

function counted(cell: MatrixCell, harm: CellHarm): string[] {
  const count = cell.verdicts[harm];
  if (count === 0) return ['0', none(cell.bit), '', ruleOf(cell, harm), ''];
  const { low, high } = wilson(count, cell.bit);
  const values = { share: percent(count / cell.bit), low: percent(low), high: percent(high) };
  const share = say('matrixReport', 'range', values);
  const rule = cell.truth[harm] === 'impossible' ? say('matrixReport', 'seen', {}) : ruleOf(cell, harm);
  const seed = cell.witnessSeed ?? '';
  return [thousands(count), share, String(cell.medianRecords[harm]), rule, seed];
}

/** The truth tables know nothing of the user's own rows, nor of what is no anomaly by itself. */
function ruleOf({ truth }: MatrixCell, harm: CellHarm | undefined): string {
  const rule = harm === undefined ? undefined : truth[harm];
  return rule === undefined ? say('matrixReport', 'no-rule', {}) : word(rule);
}

function none(bit: number): string {
  return bit === 0 ? say('matrixReport', 'cannot-tell', {}) : say('matrixReport', 'below', { bound: percent(boundOfNone(bit)) });
}
