import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cellText, markOf } from '../../src/report/matrix-cell.ts';
import { matrixText } from '../../src/report/matrix-text.ts';
import type { Paint } from '../../src/report/paint.ts';
import { expectGolden } from '../infra/golden.ts';
import { fixture } from './matrix-fixture.ts';

const code = (n: number) => (text: string) => `\u001b[${n}m${text}\u001b[39m`;
const colours: Paint = { harm: code(31), price: code(33), good: code(32), faint: code(90), strong: code(1) };

describe('the matrix on a terminal', () => {
  test('as it looks', () => expectGolden('test/report/golden/matrix.txt', matrixText(fixture())));

  test('unfolded', () => expectGolden('test/report/golden/matrix-full.txt', matrixText(fixture(), { full: true })));

  test('fits 80 columns and has no space at the end of a line', () => {
    for (const full of [false, true]) {
      for (const line of matrixText(fixture(), { full }).split('\n')) {
        expect([...line].length, line).toBeLessThanOrEqual(80);
        expect(line).toBe(line.trimEnd());
      }
    }
  });

  test('says the same with colour as without', () => {
    const painted = stripVTControlCharacters(matrixText(fixture(), { paint: colours })).split('\n');
    expect(painted.map((line) => line.trimEnd()).join('\n')).toBe(matrixText(fixture()));
  });

  test('says loudly what the truth table rules out', () => {
    const text = matrixText(fixture({ P6a: 'L3!' }));
    expect(text).toContain('DISAGREES with the truth table: P6a shows lost');
    expect(text).toContain('npx spillway replay P6a');
  });

  test('says loudly that a mutant is switched on', () => {
    expect(matrixText(fixture(), { mutant: 'no-truncation' })).toContain(
      'MUTANT no-truncation is switched on: this is not Kafka',
    );
  });
});

describe('a cell', () => {
  const text = (cell: string): string => {
    const found = fixture({ P6a: cell }).tables[0]?.cells.find(({ id }) => id === 'P6a');
    if (found === undefined) throw new Error('no such cell');
    return cellText(markOf(found), 6);
  };

  test.each([
    ['.', '·'],
    ['?', '?'],
    ['-', 'n/a'],
    ['L122', 'L 61'],
    ['u200', 'u 100'],
    ['LDO148', 'LDO 74'],
    ['LDO200', 'LDO100'],
    ['LDOu148', 'LDOu74'],
    ['LSDO200', 'LS+100'],
    ['LSDOP148', 'LSD+74'],
    ['L1', 'L 1'],
    ['L199', 'L 99'],
  ])('%s reads %s', (counts, shown) => expect(text(counts)).toBe(shown));
});
