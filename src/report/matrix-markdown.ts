/**
 * The matrix as `reports/matrix.md`: the table of the terminal, then every count behind it with its 95 % interval and the median number
 * of records harmed. What the truth table rules out and was not seen is given with its bound, never as "safe".
 */
import type { CellHarm, MatrixCell, MatrixResult, MatrixRow } from '../scenario/matrix/result.ts';
import { markdownTable } from './markdown-table.ts';
import { cellHarms, letters, ownRow } from './matrix-cell.ts';
import { matrixText } from './matrix-text.ts';
import { say } from './messages/catalogue.ts';
import { percent, thousands } from './numbers.ts';
import { boundOfNone, wilson } from './statistics.ts';

/** The report of every count. */
export function matrixMarkdown(result: MatrixResult): string {
  return [
    '# The matrix: what is lost, duplicated or reordered on the way in',
    '',
    `Written by \`spillway matrix --output-file reports/matrix.md\`, engine ${result.engine}, ${thousands(result.seeds)} seeds a cell.`,
    'The same command writes the same file again.',
    '',
    '```text',
    matrixText(result).trimEnd(),
    '```',
    '',
    '## Words',
    '',
    ...markdownTable(
      ['letter', 'harm', 'meaning'],
      cellHarms.map((harm) => [letters[harm], say('harms', harm, {}), say('meanings', harm, {})]),
    ),
    '',
    '## Rows',
    '',
    ...markdownTable(
      ['row', 'settings that tell it from the default'],
      result.rows.map((row) => [row.id, settingsOf(row)]),
    ),
    '',
    '## Columns',
    '',
    ...markdownTable(
      ['column', 'fault'],
      result.columns.map((column) => [column.letter, column.name]),
    ),
    '',
    '## Every count',
    '',
    'A share is over the runs in which the fault bit, with its 95 % Wilson interval; for none of n runs it is the exact 95 % bound.',
    'The median is of the number of records harmed in the runs with that harm. "Rule" is what the truth table says of the cell.',
    '',
    ...result.rows.filter((row) => row.refused === undefined).flatMap((row) => section(result, row)),
    '## Without any fault',
    '',
    `${thousands(result.control.harmed)} of ${thousands(result.control.runs)} runs had an anomaly${bound(result.control)}.`,
    '',
  ].join('\n');
}

function bound({ runs, harmed }: MatrixResult['control']): string {
  return harmed > 0 || runs === 0 ? '' : ` (95 %: below ${percent(boundOfNone(runs))})`;
}

function settingsOf(row: MatrixRow): string {
  const settings = Object.entries(row.settings).map(([name, value]) => `\`${name}=${value}\``);
  const shown = settings.length === 0 ? 'none' : settings.join(' ');
  if (row.refused !== undefined) return `${shown}: refused by Kafka (${row.refused})`;
  return row.isDefault ? `${shown}: the default` : shown;
}

function section(result: MatrixResult, row: MatrixRow): string[] {
  const cells = result.cells.filter((cell) => cell.row === row.id);
  const lines = cells.flatMap((cell) => linesOf(cell));
  return [
    `### ${row.id}`,
    '',
    ...markdownTable(['cell', 'fault', 'fault bit', 'harm', 'runs', 'share (95 %)', 'median records', 'rule', 'seed'], lines),
    '',
  ];
}

/** One line a harm that was seen or may be seen; one for all the others together. */
function linesOf(cell: MatrixCell): string[][] {
  if (!cell.applicable) return [[cell.id, cell.column, 'n/a', '', '', '', '', '', '']];
  const bit = `${thousands(cell.bit)} of ${thousands(cell.runs)}`;
  const told = cellHarms.filter((harm) => cell.verdicts[harm] > 0 || cell.truth[harm] === 'possible');
  const others = cellHarms.filter((harm) => !told.includes(harm));
  const lines = told.map((harm) => [cell.id, cell.column, bit, say('harms', harm, {}), ...counted(cell, harm)]);
  if (others.length === 0) return lines;
  const all = told.length === 0 ? 'every harm' : 'every other';
  return [...lines, [cell.id, cell.column, bit, all, '0', none(cell.bit), '', ruleOf(cell, 'impossible'), '']];
}

function counted(cell: MatrixCell, harm: CellHarm): string[] {
  const count = cell.verdicts[harm];
  if (count === 0) return ['0', none(cell.bit), '', ruleOf(cell, cell.truth[harm]), ''];
  const { low, high } = wilson(count, cell.bit);
  const share = `${percent(count / cell.bit)} (${percent(low)} to ${percent(high)})`;
  const disagrees = cell.truth[harm] === 'impossible' ? '**impossible, yet seen**' : 'possible';
  const seed = cell.witnessSeed ?? '';
  return [thousands(count), share, String(cell.medianRecords[harm]), ruleOf(cell, disagrees), seed];
}

/** The truth table knows nothing of the user's own row. */
function ruleOf(cell: MatrixCell, rule: string): string {
  return cell.row === ownRow ? 'no rule' : rule;
}

function none(bit: number): string {
  return bit === 0 ? 'cannot tell' : `below ${percent(boundOfNone(bit))}`;
}
