/** The engine behind the command line: a cell's run is the run that the matrix counted, and telling it changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { MatrixRequest } from '../../src/cli/engine.ts';
import { engine } from '../../src/cli/live-engine.ts';
import { inlinePool } from '../../src/cli/worker-pool.ts';
import { cellHarms } from '../../src/report/matrix-cell.ts';
import type { MatrixResult } from '../../src/scenario/matrix/result.ts';

const request: MatrixRequest = { kafka: '3.9', firstSeed: 1, seeds: 4, full: false, mutant: null, own: null, flags: '' };
const pool = inlinePool((task) => engine.jobs['matrix']?.(task as never));
let result: MatrixResult;

beforeAll(async () => {
  result = await engine.matrix(request, pool, () => undefined);
});

describe('a cell', () => {
  test('is told by the seed that the matrix names, with the harm it counted', () => {
    for (const cell of result.cells.filter(({ witnessSeed }) => witnessSeed !== null)) {
      const run = engine.cell(request, cell.id, null);
      if (run.kind !== 'run') throw new Error(`${cell.id}: ${run.kind}`);
      expect(run.seed, cell.id).toBe(cell.witnessSeed);
      const { counts } = run.tell('hash').result;
      const seen = cellHarms.filter((harm) => counts[harm] > 0);
      expect(seen.length, cell.id).toBeGreaterThan(0);
      expect(
        seen.filter((harm) => cell.verdicts[harm] === 0),
        cell.id,
      ).toEqual([]);
    }
  });

  test('has the same hash however it is traced', () => {
    for (const id of ['P1a', 'P3g', 'P5f', 'P6e', 'P8h']) {
      const run = engine.cell(request, id, '3');
      if (run.kind !== 'run') throw new Error(`${id}: ${run.kind}`);
      expect(run.tell('full').result.traceHash, id).toBe(run.tell('hash').result.traceHash);
    }
  });

  test('without a run says why', () => {
    expect(engine.cell(request, 'P99a', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'P6z', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'P8d', null).kind).toBe('cell-has-no-runs');
    expect(engine.cell(request, 'P10a', null)).toEqual({ kind: 'cell-has-no-witness', runs: 4 });
    expect(engine.cell(request, 'P14a', null)).toMatchObject({ kind: 'row-is-refused', code: 'idempotence-needs-acks-all' });
  });

  test('takes the settings of the user as a row', () => {
    const own = { producer: { acks: '1' }, broker: {}, topic: {}, files: 1 };
    const run = engine.cell({ ...request, own }, 'PYg', '1');
    if (run.kind !== 'run') throw new Error(run.kind);
    expect(run.tell('hash').result.claim).toMatch(/^producer\.acks=1: /);
  });
});

test('a run that breaks is named, with the command that has it again', () => {
  const broken = { request: { ...request, mutant: 'no such mutant' }, row: 'P6', column: 'a', firstSeed: 5, seeds: 3 };
  expect(() => engine.jobs['matrix']?.(broken as never)).toThrow(/^P6a, seed 5: .*; again: spillway replay P6a --seed 5$/);
});
