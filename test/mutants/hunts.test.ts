/** `reports/time-to-witness.md` has a line for every mutant, and its seeds are those that a search takes. Times are of whoever wrote it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mutants } from '../../src/cluster/mutants.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { root } from '../infra/sources.ts';
import { firstFound, huntOf } from './hunts.ts';

const rows = readFileSync(`${root}/reports/time-to-witness.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('a line for every mutant', () => {
  expect(rows.map(([, name]) => name)).toEqual(mutants.map(({ name }) => `\`${name}\``));
});

describe.each(mutants)('$name', (mutant) => {
  const [, , where, median, fromSeed1, , shown] = rows[mutants.indexOf(mutant)]!;
  const hunt = huntOf(mutant);

  test('is found where the report says, with the seed that it says', () => {
    expect(hunt.where).toBe(where);
    expect(median).toMatch(/^\d+$/);
    const first = firstFound(hunt, mutant.rules, 1)!;
    expect(String(first.seed)).toBe(fromSeed1);
    expect(`${first.found.kind} (${first.found.because})`).toBe(shown);
  });

  test('and Kafka’s own rules show nothing there', () => {
    expect(firstFound(hunt, kafkaRules, 1, 20)).toBeNull();
  });
});
