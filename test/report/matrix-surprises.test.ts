/** What surprises is chosen by the counts of the run: where the cells do not show a thing, it is not said. */
import { describe, expect, test } from 'vitest';
import { surprises } from '../../src/report/matrix-surprises.ts';
import { fixture } from './matrix-fixture.ts';

function said(table: 'publish' | 'consume', change: Readonly<Record<string, string>> = {}): string[] {
  return surprises(fixture(change).tables.find(({ name }) => name === table)!);
}

describe('on the way out', () => {
  test('at most three, with their counts', () => {
    expect(said('consume')).toEqual([
      'Auto-commit, the default, misses records in 200 of 200 crashes of a member once the handler hands them to workers; in the poll loop, in none.',
      'With every record flushed, a loss of power of all brokers still repeats effects in C1, C2 and C5: committed offsets lie in page caches, in 120 of 200 runs at worst.',
      'Committing after every record still does an effect twice in 38 of 200 crashes of a member; a unique key in the sink ends that, 0 of 200.',
    ]);
  });

  test('another comes in where one is not shown', () => {
    const throwing =
      'A handler that throws and goes on misses records in all 4 rows, in 190 of 200 runs at least: no way of committing helps.';
    expect(said('consume', { C2a: 'R200' })).toContain(throwing);
    expect(said('consume', { C1a: 'MR10' })).toContain(throwing);
    expect(said('consume', { C1f: '.', C2f: '.', C5f: '.' })).toContain(throwing);
    expect(said('consume', { C6a: 'R1' })).toContain(throwing);
    expect(said('consume', { C6a: 'R1', C6e: '.' })).toHaveLength(2);
  });

  test('the user’s own rows are nobody’s surprise', () => {
    expect(said('consume', { CYf: 'L5', CYe: '.' })).toEqual(said('consume'));
  });

  test('nothing surprises where nothing happens', () => {
    const calm = Object.fromEntries(
      ['C1', 'C2', 'C5', 'C6'].flatMap((row) => [...'abcdef'].map((column) => [row + column, '.'])),
    );
    expect(said('consume', calm)).toEqual([]);
  });
});

test('on the way in nothing is said of the way out', () => {
  expect(said('publish').join(' ')).not.toMatch(/commit|handler|sink/);
  expect(said('publish')).toHaveLength(3);
});
