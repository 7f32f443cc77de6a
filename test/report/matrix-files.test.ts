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
  expect(json.rows.find((row) => row.id === 'R1')).toMatchObject({ table: 'publish', refused: 'idempotence-needs-acks-all' });
  expect(json.control).toEqual({ runs: 2400, harmed: 0 });
  expect(json.tables.map(({ table, control }) => [table, control.runs])).toEqual([
    ['publish', 1400],
    ['consume', 1000],
  ]);
  expect('mutant' in json).toBe(false);
  expect(matrixJson(fixture(), { mutant: 'no-truncation' }).mutant).toBe('no-truncation');
});

test('cells of the consume table for machines', () => {
  const json = matrixJson(fixture());
  const cell = (id: string) => json.cells.find((candidate) => candidate.id === id);
  const { verdicts, ...rest } = cell('C6a') ?? { verdicts: {} };
  expect(rest).toMatchObject({ column: 'member-crash', harmed: 0, witness: null, truth: { missed: 'possible' } });
  expect(verdicts).toEqual({ lost: 0, missed: 0, duplicated: 0, reprocessed: 38, appliedTwice: 0, reordered: 0, stuck: 0 });
  expect(cell('CYa')?.truth).toEqual({});
  expect(json.columns.filter(({ name }) => name === 'all-power-loss').map(({ table }) => table)).toEqual(['publish', 'consume']);
});

test('survives a round trip through JSON', () => {
  const json = matrixJson(fixture());
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});
