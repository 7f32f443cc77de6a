/**
 * Every deliberate bug shows in the matrix: with it, a cell shows a harm that the truth table calls impossible. So the matrix is no table
 * of expected answers; that it is clean without a bug is the business of `truth.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { mutants } from '../../src/cluster/mutants.ts';
import { type ConsumeHarm, consumeClaimFor } from '../../src/scenario/matrix/consume-truth.ts';
import type { PublishCellHarm } from '../../src/scenario/matrix/result.ts';
import { claimFor } from '../../src/scenario/matrix/truth.ts';
import { tallyOf } from './cells.ts';
import { consumeCell, consumeTallyOf } from './consume-cells.ts';

interface Shown {
  readonly row: string;
  readonly column: string;
  readonly harm: PublishCellHarm;
  readonly seeds: number;
}

/** Where each mutant shows, by its name. */
const shownIn: Readonly<Record<string, readonly Shown[]>> = {
  'no-dedup': [{ row: 'P6', column: 'f', harm: 'duplicated', seeds: 6 }],
  'ack-before-isr': [
    { row: 'P6', column: 'a', harm: 'lost', seeds: 6 },
    { row: 'P6', column: 'g', harm: 'lost', seeds: 6 },
  ],
  'no-truncation': [
    { row: 'P6', column: 'j', harm: 'stuck', seeds: 40 },
    { row: 'P9', column: 'd', harm: 'diverged', seeds: 4 },
  ],
  'fsync-does-nothing': [{ row: 'P10', column: 'h', harm: 'lost', seeds: 10 }],
  'isr-never-shrinks': [{ row: 'P2', column: 'd', harm: 'lost', seeds: 6 }],
  'high-watermark-ignores-a-follower': [{ row: 'P10', column: 'h', harm: 'lost', seeds: 60 }],
  'retries-forget-their-sequence': [{ row: 'P6', column: 'f', harm: 'duplicated', seeds: 6 }],
};

/** The same on the way out; `column` null is the control. */
const shownOnTheWayOut: Readonly<
  Record<string, readonly { row: string; column: string | null; harm: ConsumeHarm; seeds: number }[]>
> = {
  'commits-are-not-fenced': [{ row: 'C3', column: 'b', harm: 'appliedTwice', seeds: 24 }],
  'rebalance-keeps-ownership': [
    { row: 'C1', column: 'd', harm: 'appliedTwice', seeds: 4 },
    { row: 'C4', column: 'd', harm: 'appliedTwice', seeds: 12 },
  ],
  'reset-policy-ignored': [{ row: 'C4', column: null, harm: 'missed', seeds: 2 }],
};

/** Where no cell shows them: they need other settings, the death of a coordinator, or elections that overtake one another. */
const shownElsewhere = [
  'auto-commit-runs-ahead',
  'coordinator-forgets',
  'high-watermark-ignores-joiners',
  'high-watermark-trusts-a-shrink',
  'diverging-followers-count',
  'joins-below-the-epoch-start',
  'proposals-are-not-fenced',
  'fenced-followers-stay-in-sync',
  'former-lives-join',
  'unclean-shutdown-goes-unnoticed',
];

test('every mutant is looked for', () => {
  const found = [...Object.keys(shownIn), ...Object.keys(shownOnTheWayOut), ...shownElsewhere];
  expect(found.toSorted()).toEqual(mutants.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(shownOnTheWayOut))('%s', (name, cells) => {
  test.each(cells)('$harm in $row$column', { timeout: 120_000 }, ({ row, column, harm, seeds }) => {
    expect(column === null ? null : consumeClaimFor(row, column, harm), 'the table calls it possible anyway').toBeNull();
    expect(consumeTallyOf(consumeCell(row, column), seeds, name).runs[harm]).toBeGreaterThan(0);
  });
});

describe.each(mutants.filter(({ name }) => name in shownIn))('$name', ({ name }) => {
  const cells = (shownIn[name] ?? []).map((shown) => ({ ...shown, cell: shown.row + shown.column }));

  test.each(cells)('$harm in $cell', { timeout: 120_000 }, ({ row, column, harm, seeds }) => {
    expect(claimFor(row, column, harm, '3.9'), 'the table calls it possible anyway').toBeNull();
    const tally = tallyOf({ row, column }, { mutant: name, firstSeed: 1, seeds });
    expect(tally.records[harm].length).toBeGreaterThan(0);
  });
});
