/**
 * The matrix as `reports/matrix.md`: the table of the terminal, then every count behind it with its 95 % interval and the median number
 * of records harmed. What the truth table rules out and was not seen is given with its bound, never as "safe".
 */
import type { CellHarm, MatrixCell, MatrixResult, MatrixRow } from '../scenario/matrix/result.ts';
import { markdownTable } from './markdown-table.ts';
import { cellHarms, letters, ownRow } from './matrix-cell.ts';
import { matrixText } from './matrix-text.ts';
import { say, sayCode } from './messages/catalogue.ts';
import { percent, thousands } from './numbers.ts';
import { boundOfNone, wilson } from './statistics.ts';

/** The report of every count. */
export function matrixMarkdown(result: MatrixResult): string {
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
      cellHarms.map((harm) => [letters[harm], say('harms', harm, {}), say('meanings', harm, {})]),
    ),
    '',
    heading('rows'),
    '',
    ...markdownTable(
      ['row', 'settings'].map(word),
      result.rows.map((row) => [row.id, settingsOf(row)]),
    ),
    '',
    heading('columns'),
    '',
    ...markdownTable(
      ['column', 'fault'].map(word),
      result.columns.map((column) => [column.letter, column.name]),
    ),
    '',
    heading('counts'),
    '',
    say('matrixReport', 'about-shares', {}),
    say('matrixReport', 'about-medians', {}),
    '',
    ...result.rows.filter((row) => row.refused === undefined).flatMap((row) => section(result, row)),
    heading('control'),
    '',
    say('matrixReport', 'control-count', { ...result.control, ...bound(result.control) }),
    '',
  ].join('\n');
}

/** A heading of a table, by its code. */
function word(code: string): string {
  return sayCode('matrixReport', code, {});
}

function heading(code: string): string {
  return `## ${word(code)}`;
}

function bound({ runs, harmed }: MatrixResult['control']): { readonly bound?: string } {
  return harmed > 0 || runs === 0 ? {} : { bound: percent(boundOfNone(runs)) };
}

function settingsOf(row: MatrixRow): string {
  const settings = Object.entries(row.settings).map(([name, value]) => `\`${name}=${value}\``);
  const shown = settings.length === 0 ? say('matrixReport', 'none', {}) : settings.join(' ');
  if (row.refused !== undefined) return say('matrixReport', 'refused', { settings: shown, why: row.refused });
  return row.isDefault ? say('matrixReport', 'default', { settings: shown }) : shown;
}

function section(result: MatrixResult, row: MatrixRow): string[] {
  const cells = result.cells.filter((cell) => cell.row === row.id);
  const lines = cells.flatMap((cell) => linesOf(cell));
  return [
    `### ${row.id}`,
    '',
    ...markdownTable(['cell', 'fault', 'bit', 'harm', 'runs', 'share', 'median', 'rule', 'seed'].map(word), lines),
    '',
  ];
}

/** One line a harm that was seen or may be seen; one for all the others together. */
function linesOf(cell: MatrixCell): string[][] {
  if (!cell.applicable) return [[cell.id, cell.column, 'n/a', '', '', '', '', '', '']];
  const bit = say('matrixReport', 'of-runs', { count: cell.bit, runs: cell.runs });
  const told = cellHarms.filter((harm) => cell.verdicts[harm] > 0 || cell.truth[harm] === 'possible');
  const others = cellHarms.filter((harm) => !told.includes(harm));
  const lines = told.map((harm) => [cell.id, cell.column, bit, say('harms', harm, {}), ...counted(cell, harm)]);
  if (others.length === 0) return lines;
  const all = say('matrixReport', told.length === 0 ? 'every-harm' : 'every-other', {});
  return [...lines, [cell.id, cell.column, bit, all, '0', none(cell.bit), '', ruleOf(cell, word('impossible')), '']];
}

function counted(cell: MatrixCell, harm: CellHarm): string[] {
  const count = cell.verdicts[harm];
  if (count === 0) return ['0', none(cell.bit), '', ruleOf(cell, word(cell.truth[harm])), ''];
  const { low, high } = wilson(count, cell.bit);
  const values = { share: percent(count / cell.bit), low: percent(low), high: percent(high) };
  const share = say('matrixReport', 'range', values);
  const disagrees = say('matrixReport', cell.truth[harm] === 'impossible' ? 'seen' : 'possible', {});
  const seed = cell.witnessSeed ?? '';
  return [thousands(count), share, String(cell.medianRecords[harm]), ruleOf(cell, disagrees), seed];
}

/** The truth table knows nothing of the user's own row. */
function ruleOf(cell: MatrixCell, rule: string): string {
  return cell.row === ownRow ? say('matrixReport', 'no-rule', {}) : rule;
}

function none(bit: number): string {
  return bit === 0 ? say('matrixReport', 'cannot-tell', {}) : say('matrixReport', 'below', { bound: percent(boundOfNone(bit)) });
}
