/** The engine behind the command line: a cell's run is the run that the matrix counted, and telling it changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { MatrixListener, MatrixRequest } from '../../src/cli/engine.ts';
import { engine } from '../../src/cli/live-engine.ts';
import { inlinePool, type WorkerPool } from '../../src/cli/worker-pool.ts';
import type { CellTask } from '../../src/scenario/matrix/campaign.ts';
import { type CellHarm, harmsOf, type MatrixResult, type TableResult } from '../../src/scenario/matrix/result.ts';

const request: MatrixRequest = {
  tables: ['publish', 'consume'],
  kafka: '3.9',
  firstSeed: 1,
  seeds: 4,
  full: false,
  mutant: null,
  own: null,
  flags: '',
};
const quiet: MatrixListener = { onPart: () => undefined, onTable: () => undefined };
const pool = inlinePool((task) => engine.jobs['matrix']?.(task as never));
let result: MatrixResult;

beforeAll(async () => {
  result = await engine.matrix(request, pool, quiet);
}, 120_000);

describe('a cell', () => {
  test('is told by the seed that the matrix names, with the harm it counted', () => {
    const witnessed = result.tables.flatMap(({ name, cells }) => cells.map((cell) => ({ cell, counted: harmsOf[name] })));
    for (const { cell, counted } of witnessed) {
      if (cell.witnessSeed === null) continue;
      const run = engine.cell(request, cell.id, null);
      if (run.kind !== 'run') throw new Error(`${cell.id}: ${run.kind}`);
      expect(run.seed, cell.id).toBe(cell.witnessSeed);
      const { counts } = run.tell('hash').result;
      const seen = (counted as readonly CellHarm[]).filter((harm) => counts[harm] > 0);
      expect(seen.length, cell.id).toBeGreaterThan(0);
      expect(
        seen.filter((harm) => cell.verdicts[harm] === 0),
        cell.id,
      ).toEqual([]);
    }
  });

  test('has the same hash however it is traced', () => {
    for (const id of ['P1a', 'P3g', 'P5f', 'P6e', 'P8h', 'C1a', 'C2d', 'C4c', 'C7f']) {
      const run = engine.cell(request, id, '3');
      if (run.kind !== 'run') throw new Error(`${id}: ${run.kind}`);
      expect(run.tell('full').result.traceHash, id).toBe(run.tell('hash').result.traceHash);
    }
  });

  test('without a run says why', () => {
    expect(engine.cell(request, 'P99a', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'P6z', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'C4z', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'P6', null).kind).toBe('unknown-cell');
    expect(engine.cell(request, 'P8d', null).kind).toBe('cell-has-no-runs');
    expect(engine.cell(request, 'P10a', null)).toEqual({ kind: 'cell-has-no-witness', runs: 4 });
    expect(engine.cell(request, 'C7d', null)).toEqual({ kind: 'cell-has-no-witness', runs: 4 });
    expect(engine.cell(request, 'P14a', null)).toMatchObject({ kind: 'row-is-refused', code: 'idempotence-needs-acks-all' });
  });

  test('takes the settings of the user as a row', () => {
    const own = { producer: { acks: '1' } };
    const run = engine.cell({ ...request, own }, 'PYg', '1');
    if (run.kind !== 'run') throw new Error(run.kind);
    expect(run.tell('hash').result.claim).toMatch(/^producer\.acks=1: /);
  });
});

describe('the matrix', () => {
  test('is the same however many work at it, and tells its tables in their order', async () => {
    const small = { ...request, seeds: 60, tables: ['consume', 'publish'] as const, own: { consumer: {} } };
    const few = (tasks: readonly CellTask[]): CellTask[] => tasks.filter(({ cell }) => /^(P3[fg]|C4[ad]|CY2a|C1)$/.test(cell));
    /** Does the work backwards, as other threads might. */
    const backwards: WorkerPool = {
      size: 2,
      run: async (tasks, onResult) => {
        const results = tasks
          .map((task) => task as unknown as CellTask)
          .map((task) => (few([task]).length > 0 ? task : { ...task, seeds: 0 }));
        return results
          .map((task, index) => ({ index, tally: engine.jobs['matrix']?.(task as never) as never }))
          .toReversed()
          .map(({ index, tally }) => {
            onResult?.(index, tally);
            return tally;
          });
      },
    };
    const forwards = inlinePool((task) => {
      const asked = task as CellTask;
      return engine.jobs['matrix']?.((few([asked]).length > 0 ? asked : { ...asked, seeds: 0 }) as never);
    });
    const told: string[] = [];
    const listener: MatrixListener = { onPart: () => undefined, onTable: ({ name }) => told.push(name) };
    const one = await engine.matrix(small, forwards, listener);
    const other = await engine.matrix(small, backwards, listener);
    expect(other).toEqual(one);
    expect(told).toEqual(['consume', 'publish', 'consume', 'publish']);
    const [consume] = one.tables as readonly [TableResult];
    expect(consume.cells.find(({ id }) => id === 'C4a')).toMatchObject({ runs: 60, bit: 60, row: 'C4', column: 'member-crash' });
    expect(consume.control).toEqual({ runs: 60, harmed: 0 });
  });
});

test('a run that breaks is named, with the command that has it again', () => {
  const broken = { request: { ...request, mutant: 'no such mutant' }, table: 'publish', cell: 'P6a', firstSeed: 5, seeds: 3 };
  expect(() => engine.jobs['matrix']?.(broken as never)).toThrow(/^P6a, seed 5: .*; again: spillway replay P6a --seed 5$/);
});
