import { expect, test } from 'vitest';
import { matrixJson } from '../../src/report/matrix-json.ts';
import { matrixMarkdown } from '../../src/report/matrix-markdown.ts';
import { expectGolden } from '../infra/golden.ts';
import { fixture } from './matrix-fixture.ts';

test('the report of every count', () => expectGolden('test/report/golden/matrix.md', matrixMarkdown(fixture())));

test('what the rules call impossible, and was seen, stands out', () => {
  expect(matrixMarkdown(fixture({ P6a: 'L3!' }))).toContain(
    '| P6a | leader-crash | 200 of 200 | lost | 3 | 1.5 % (0.51 % to 4.3 %) | 3 | **impossible, yet seen** |',
  );
});

test('the matrix for machines', () => {
  const json = matrixJson(fixture());
  expect(json.cells.find((cell) => cell.id === 'P3g')).toEqual({
    id: 'P3g',
    row: { 'producer.acks': '1', 'producer.enable.idempotence': 'false' },
    column: 'leader-moved',
    applicable: true,
    runs: 200,
    bit: 200,
    harmed: 44,
    verdicts: expect.objectContaining({ lost: 44, duplicated: 0 }),
    medianRecords: expect.objectContaining({ lost: 3 }),
    truth: expect.objectContaining({ lost: 'possible' }),
    witness: 'spillway replay P3g --seed 17',
  });
  expect(json.rows.at(-1)).toEqual(expect.objectContaining({ id: 'R1', refused: 'idempotence-needs-acks-all' }));
  expect('mutant' in json).toBe(false);
  expect(matrixJson(fixture(), { mutant: 'no-truncation' }).mutant).toBe('no-truncation');
});

test('survives a round trip through JSON', () => {
  const json = matrixJson(fixture());
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});
