/** The document of the truth table says what the data says. */
import { expect, test } from 'vitest';
import { truthMarkdown } from '../../src/report/truth-markdown.ts';
import { isApplicable } from '../../src/scenario/matrix/campaign.ts';
import { columnDefinitions } from '../../src/scenario/matrix/columns.ts';
import { rowDefinitions } from '../../src/scenario/matrix/rows.ts';
import { claims, impossible } from '../../src/scenario/matrix/truth.ts';
import { expectGolden } from '../infra/golden.ts';

const truth = { rows: rowDefinitions, columns: columnDefinitions, claims, impossible, applies: isApplicable };

test('docs/matrix-truth.md', () => expectGolden('docs/matrix-truth.md', truthMarkdown(truth)));

test('every claim is about rows and columns that there are', () => {
  const rows = rowDefinitions.map(({ id }) => id);
  const columns = columnDefinitions.map(({ letter }) => letter);
  for (const claim of claims) {
    expect(claim.rows.filter((row) => !rows.includes(row))).toEqual([]);
    expect([...claim.columns].filter((column) => !columns.includes(column))).toEqual([]);
  }
});
