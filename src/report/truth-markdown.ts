/**
 * The truth table of the matrix as `docs/matrix-truth.md`: for each harm a grid of every cell, then every claim with its rule, its source
 * and the versions it holds for, and last why the harm is impossible everywhere else. Pure: rows, columns and claims go in, text comes out.
 */
import { type ColumnDefinition, columnDefinitions } from '../scenario/matrix/columns.ts';
import { isApplicable } from '../scenario/matrix/publish-table.ts';
import { harmsOf, type PublishCellHarm } from '../scenario/matrix/result.ts';
import { type RowDefinition, rowDefinitions, settingsOfRow } from '../scenario/matrix/rows.ts';
import { type Claim, claims, impossible, type Mended } from '../scenario/matrix/truth.ts';
import { markdownTable } from './markdown-table.ts';
import { letters } from './matrix-cell.ts';
import { say } from './messages/catalogue.ts';

/** What the document is made from. */
export interface TruthTable {
  readonly rows: readonly RowDefinition[];
  readonly columns: readonly ColumnDefinition[];
  readonly claims: readonly Claim[];
  readonly impossible: Readonly<Record<PublishCellHarm, { readonly rule: string; readonly source: string }>>;
}

/** The table of this version. */
export const truthTable: TruthTable = { rows: rowDefinitions, columns: columnDefinitions, claims, impossible };

/** The document. */
export function truthMarkdown(table: TruthTable = truthTable): string {
  const runnable = table.rows.filter((row) => row.refused === undefined);
  const claimed = harmsOf.publish.filter((harm) => table.claims.some((claim) => claim.harm === harm));
  const never = harmsOf.publish.filter((harm) => !claimed.includes(harm));
  return [
    '# What the matrix may show, and what it must not',
    '',
    'For every cell of the publish matrix and every harm this table says *possible* or *impossible*, with the rule and its source.',
    'It is data in `src/scenario/matrix/truth.ts`, written before the runs; this file is generated from it (`npm run golden`), and',
    'a test runs every cell: a possible harm must appear, an impossible one must not. Where a run disagrees, one of the two is wrong,',
    "and Kafka's source says which.",
    '',
    'A cell is a row and a column: `P3g` is row P3 under column g. "Possible" is meant for this very cell: these settings, this fault,',
    'one producer session that listens to its callbacks and outlives the run. The columns and rows that only `--full` shows are here too.',
    '',
    '## Rows',
    '',
    ...markdownTable(
      ['row', 'settings'],
      table.rows.map((row) => [row.id, settingsText(row)]),
    ),
    '',
    '## Columns',
    '',
    ...markdownTable(
      ['column', 'name', 'fault'],
      table.columns.map(({ letter, name, describe }) => [letter, name, describe]),
    ),
    '',
    ...claimed.flatMap((harm) => section(table, runnable, harm)),
    `## ${titled(never.map((harm) => say('harms', harm, {})).join(', '))}`,
    '',
    'Impossible in every cell.',
    '',
    ...never.flatMap((harm) => impossibleLines(table, harm)),
  ].join('\n');
}

function settingsText(row: RowDefinition): string {
  const settings = Object.entries(settingsOfRow(row)).map(([name, value]) => `\`${name}=${value}\``);
  const refused = row.refused === undefined ? '' : ', refused by Kafka: no runs';
  return `${settings.join(', ')}${refused}`;
}

/** One harm: its grid, its claims, the reason for the rest. */
function section(table: TruthTable, rows: readonly RowDefinition[], harm: PublishCellHarm): string[] {
  const own = table.claims.filter((claim) => claim.harm === harm);
  const name = (claim: Claim): string => `${letters[harm]}${own.indexOf(claim) + 1}`;
  return [
    `## ${titled(say('harms', harm, {}))}`,
    '',
    `${titled(say('meanings', harm, {}))}.`,
    '',
    ...grid(table, rows, (row, column) => {
      if (!isApplicable(row, column)) return 'n/a';
      const claim = own.find((candidate) => covers(candidate, row, column));
      return claim === undefined ? '·' : name(claim);
    }),
    '',
    ...own.flatMap((claim) => claimLines(name(claim), claim)),
    ...impossibleLines(table, harm, '· everywhere else: '),
  ];
}

/** One claim of a truth table under its name in the grid. */
export function claimLines(name: string, { rule, rows, columns, source, versions, shownBy, mended }: ClaimWords): string[] {
  return [
    `**${name}** ${rule}`,
    '',
    `- cells: ${rows.join(' ')} under ${[...columns].join(' ')}`,
    `- source: ${source}`,
    `- versions: ${versions}`,
    ...(mended === undefined ? [] : [`- from ${mended.since} on impossible in ${mended.rows.join(' ')}: ${mended.by}`]),
    ...(shownBy === undefined ? [] : [`- dice alone seldom hit it; the scenario \`${shownBy}\` places it`]),
    '',
  ];
}

/** What both truth tables say of a claim. */
interface ClaimWords {
  readonly rule: string;
  readonly rows: readonly string[];
  /** Letters of columns. */
  readonly columns: Iterable<string>;
  readonly source: string;
  readonly versions: string;
  /** A scenario. */
  readonly shownBy?: string;
  readonly mended?: Mended;
}

/** With a capital letter. */
export function titled(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function impossibleLines(
  { impossible: why }: TruthTable,
  harm: PublishCellHarm,
  lead = `**${titled(say('harms', harm, {}))}** `,
): string[] {
  return [`${lead}${why[harm].rule}`, '', `- source: ${why[harm].source}`, ''];
}

function covers(claim: Claim, row: RowDefinition, column: ColumnDefinition): boolean {
  return claim.rows.includes(row.id) && claim.columns.includes(column.letter);
}

const width = 5;

/** Rows down, columns across, one short word a cell; `·` is impossible, `n/a` a fault without a meaning for the row. */
function grid(
  table: TruthTable,
  rows: readonly RowDefinition[],
  word: (row: RowDefinition, column: ColumnDefinition) => string,
): string[] {
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(width)}${cells.map((cell) => cell.padEnd(width)).join('')}`.trimEnd();
  return [
    '```text',
    line(
      '',
      table.columns.map(({ letter }) => letter),
    ),
    ...rows.map((row) =>
      line(
        row.id,
        table.columns.map((column) => word(row, column)),
      ),
    ),
    '```',
  ];
}
