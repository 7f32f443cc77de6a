/**
 * The truth table is complete and consistent, its document is up to date, and the runs agree with it: in every cell each possible harm
 * appears and no impossible one does.
 */
import { describe, expect, test } from 'vitest';
import { truthMarkdown } from '../../src/report/truth-markdown.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { columnDefinitions } from '../../src/scenario/matrix/columns.ts';
import { harmsOf } from '../../src/scenario/matrix/result.ts';
import { rowDefinitions } from '../../src/scenario/matrix/rows.ts';
import { type Claim, claims, impossible } from '../../src/scenario/matrix/truth.ts';
import { caseNames } from '../../src/scenario/plan-of.ts';
import { shippedScenario } from '../determinism/every-case.ts';
import { expectGolden } from '../infra/golden.ts';
import { allCells, contradictions, demanded, tallyOf } from './cells.ts';

const cells = allCells();

describe('the table', () => {
  const name = (claim: Claim): string => `${claim.harm} ${claim.rows.join(',')} ${claim.columns}`;

  test.each(claims.map((claim) => ({ claim, name: name(claim) })))('$name speaks of cells that have runs', ({ claim }) => {
    for (const row of claim.rows) {
      for (const column of claim.columns) {
        expect(rowDefinitions.map(({ id }) => id)).toContain(row);
        expect(columnDefinitions.map(({ letter }) => letter)).toContain(column);
        expect(cells, `${row}${column} has no runs`).toContainEqual({ row, column });
      }
    }
    expect(new Set(claim.rows).size).toBe(claim.rows.length);
    expect(new Set(claim.columns).size).toBe(claim.columns.length);
  });

  test('says each thing once: no two claims for one cell and harm', () => {
    const twice = cells.flatMap(({ row, column }) =>
      harmsOf.publish.flatMap((harm) => {
        const own = claims.filter((claim) => claim.harm === harm && claim.rows.includes(row) && claim.columns.includes(column));
        return own.length > 1 ? [`${row}${column} ${harm}: ${own.map(name).join(' and ')}`] : [];
      }),
    );
    expect(twice).toEqual([]);
  });

  test('gives a rule, a source and the versions for every claim, and a reason for whatever is impossible', () => {
    for (const { rule, source, versions } of claims) {
      expect(rule).toMatch(/^[A-Za-z].*\.$/);
      expect(source).not.toBe('');
      expect(versions).not.toBe('');
    }
    expect(Object.keys(impossible).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      harmsOf.publish.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    for (const harm of harmsOf.publish) expect(impossible[harm].rule).toMatch(/\.$/);
  });

  test.each(claims.filter(({ shownBy }) => shownBy !== undefined))('$shownBy shows its harm: $harm', ({ harm, shownBy }) => {
    const scenario = shippedScenario(shownBy!);
    for (const name of caseNames(scenario)) {
      const { outcome, judgement } = evaluateCase(scenario, name, { seed: '1', trace: 'hash' });
      expect(outcome.outcome).toBe('as-expected');
      const count = harm === 'unavailable' ? judgement.unavailable : judgement.counts[harm];
      if (name?.startsWith('breaks') === true) expect(count).toBeGreaterThan(0);
      else expect(count).toBe(0);
    }
  });

  test('is what docs/matrix-truth.md says', () => {
    expectGolden('docs/matrix-truth.md', truthMarkdown());
  });
});

describe('the runs', () => {
  /** Seeds of every cell. */
  const seeds = 60;
  /** A cell whose possible harm is rare gets more of them, up to so many, until the harm has shown itself. */
  const mostSeeds = 600;

  test(`agree with the table in all ${cells.length} cells`, { timeout: 600_000 }, () => {
    const disagreements: string[] = [];
    for (const cell of cells) {
      let awaited = demanded(cell);
      for (let firstSeed = 1; firstSeed === 1 || (awaited.length > 0 && firstSeed <= mostSeeds); firstSeed += seeds) {
        const tally = tallyOf(cell, { firstSeed, seeds });
        disagreements.push(...contradictions(cell, tally, { firstSeed, seeds }));
        awaited = awaited.filter((harm) => tally.records[harm].length === 0);
      }
      disagreements.push(...awaited.map((harm) => `${cell.row}${cell.column} ${harm}: possible, not seen in ${mostSeeds} seeds`));
    }
    expect(disagreements).toEqual([]);
  });

  test('are clean without a fault', { timeout: 120_000 }, () => {
    const controls = [...new Set(cells.map(({ row }) => row))].map((row) => ({ row, column: null }));
    const runs = { firstSeed: 1, seeds: 20 };
    expect(controls.flatMap((cell) => contradictions(cell, tallyOf(cell, runs), runs))).toEqual([]);
  });

  test.each(['2.8', '4.1'] as const)('show nothing impossible with the defaults of %s', { timeout: 300_000 }, (kafka) => {
    const runs = { kafka, firstSeed: 1, seeds: 12 };
    expect(cells.flatMap((cell) => contradictions(cell, tallyOf(cell, runs), runs))).toEqual([]);
  });

  test('of 4.1 show what eligible leader replicas leave of shrunk ISRs', { timeout: 300_000 }, () => {
    const mended = claims.flatMap(({ mended: by }) => by?.rows ?? []);
    expect(mended.length).toBeGreaterThan(0);
    const runs = { kafka: '4.1', firstSeed: 1, seeds: 60 } as const;
    const shrunk = cells.filter(({ column }) => column === 'd' || column === 'e');
    const disagreements = shrunk.flatMap((cell) => {
      const tally = tallyOf(cell, runs);
      // What is seldom in column d is demanded of 3.9, with more seeds.
      const missing = (cell.column === 'd' ? [] : demanded(cell, '4.1')).filter((harm) => tally.records[harm].length === 0);
      return [...contradictions(cell, tally, runs), ...missing.map((harm) => `${cell.row}${cell.column} ${harm}: not seen`)];
    });
    expect(disagreements).toEqual([]);
  });
});
