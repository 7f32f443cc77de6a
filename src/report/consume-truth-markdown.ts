/** The truth table of the consume matrix as `docs/consume-truth.md`: a grid a harm, every claim, and why the rest is impossible. */
import { consumeColumns, consumeRows } from '../scenario/matrix/consume-plan.ts';
import {
  type ConsumeClaim,
  type ConsumeHarm,
  consumeCellHarms,
  consumeClaims,
  consumeImpossible,
} from '../scenario/matrix/consume-truth.ts';
import { markdownTable } from './markdown-table.ts';
import { letters } from './matrix-cell.ts';
import { say } from './messages/catalogue.ts';
import { claimLines, titled } from './truth-markdown.ts';

/** The document. */
export function consumeTruthMarkdown(): string {
  const claimed = consumeCellHarms.filter((harm) => claimsOf(harm).length > 0);
  const never = consumeCellHarms.filter((harm) => claimsOf(harm).length === 0);
  return [
    '# What the way out may show, and what it must not',
    '',
    'For every cell of the consume matrix and every harm this table says *possible* or *impossible*, with the rule and its',
    'source. It is data in `src/scenario/matrix/consume-truth.ts`, written before the runs; this file is generated from it',
    '(`npm run golden`), and a test runs every cell: a possible harm must appear, an impossible one must not.',
    '',
    'A cell is a row and a column: `C3a` is row C3 under column a. "Possible" is meant for this very cell: two members, workers that own',
    'their keys, records that are flushed and never duplicated on the way in. A record that is handled twice is a harm where its effect',
    'doubles.',
    '',
    '## Rows',
    '',
    ...markdownTable(
      ['row', 'commit', 'handler', 'sink'],
      consumeRows.map(({ id, label, where, sink }) => [id, `${label.commit}, ${label.handler}`, where, sink]),
    ),
    '',
    '## Columns',
    '',
    ...markdownTable(
      ['column', 'name', 'what happens'],
      consumeColumns.map(({ letter, name, describe }) => [letter, name, describe]),
    ),
    '',
    ...claimed.flatMap(section),
    `## ${never.map((harm) => titled(say('harms', harm, {}))).join(', ')}`,
    '',
    'Impossible in every cell.',
    '',
    ...never.flatMap((harm) => whyNot(harm, `**${titled(say('harms', harm, {}))}** `)),
  ].join('\n');
}

function claimsOf(harm: ConsumeHarm): ConsumeClaim[] {
  return consumeClaims.filter((claim) => claim.harm === harm);
}

function section(harm: ConsumeHarm): string[] {
  const own = claimsOf(harm);
  const name = (claim: ConsumeClaim): string => `${letters[harm]}${own.indexOf(claim) + 1}`;
  const word = (row: string, column: string): string => {
    const found = own.find((claim) => claim.rows.includes(row) && claim.columns.includes(column));
    return found === undefined ? '·' : name(found);
  };
  const columns = consumeColumns.map(({ letter }) => letter);
  return [
    `## ${titled(say('harms', harm, {}))}`,
    '',
    `${titled(say('meanings', harm, {}))}.`,
    '',
    ...markdownTable(
      ['', ...columns],
      consumeRows.map(({ id }) => [id, ...columns.map((column) => word(id, column))]),
    ),
    '',
    ...own.flatMap((claim) => claimLines(name(claim), claim)),
    ...whyNot(harm, '· everywhere else: '),
  ];
}

function whyNot(harm: ConsumeHarm, lead: string): string[] {
  const { rule, source } = consumeImpossible[harm];
  return [`${lead}${rule}`, '', `- source: ${source}`, ''];
}
