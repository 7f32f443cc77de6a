/** The engine behind the command line: a cell's run is the run that the matrix counted, and telling it changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { matrixVerb } from '../../src/cli/campaign/matrix-verb.ts';
import { presenter } from '../../src/cli/campaign/present.ts';
import type { Context } from '../../src/cli/context.ts';
import type { MatrixRequest } from '../../src/cli/engine.ts';
import { engine } from '../../src/cli/live-engine.ts';
import { plain } from '../../src/report/paint.ts';
import type { CellTally, CellTask } from '../../src/scenario/matrix/campaign.ts';
import { type CellHarm, harmsOf, type TableResult } from '../../src/scenario/matrix/result.ts';

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
let tables: readonly TableResult[];

function tallyOf(task: CellTask): CellTally {
  return engine.jobs['matrix']?.(task as never) as CellTally;
}

beforeAll(() => {
  const tallies = engine.matrixTasks(request).map(tallyOf);
  tables = request.tables.map((name) => engine.matrixTable(name, request, tallies));
}, 120_000);

describe('a cell', () => {
  test('is told by the seed that the matrix names, with the harm it counted', () => {
    const witnessed = tables.flatMap(({ name, cells }) => cells.map((cell) => ({ cell, counted: harmsOf[name] })));
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
  const few = /^(P3[fg]|C4[ad]|CY2a|C1)$/;
  const small: MatrixRequest = { ...request, seeds: 60, tables: ['consume', 'publish'], own: { consumer: {} } };

  test('is the same in whatever order its parts are done, and its tables come in theirs', async () => {
    const tasks = engine.matrixTasks(small);
    const tallies = tasks.map((task) => tallyOf(few.test(task.cell) ? task : { ...task, seeds: 0 }));
    const printed = async (order: readonly number[]): Promise<string> => {
      let out = '';
      const asked = { verb: matrixVerb, request: small, engine };
      const context = { terminal: { out: (text: string) => (out += text) }, paint: plain, quiet: true } as unknown as Context;
      const shown = { targets: [{ name: 'text', file: null }], forMachines: false };
      const presented = presenter(asked, shown, context);
      for (const index of order) presented.take(index, tallies[index]!);
      presented.end({ results: tallies, ended: 'complete', done: tasks.length, of: tasks.length });
      return out;
    };
    const forwards = tasks.map((_, index) => index);
    const one = await printed(forwards);
    expect(await printed(forwards.toReversed())).toBe(one);
    expect(await printed(forwards.toSorted((a, b) => (a % 7) - (b % 7)))).toBe(one);
    expect(one.match(/^ (PUBLISH|CONSUME)/gm)).toEqual([' CONSUME', ' PUBLISH']);
    const consume = engine.matrixTable('consume', small, tallies);
    expect(consume.cells.find(({ id }) => id === 'C4a')).toMatchObject({ runs: 60, bit: 60, row: 'C4', column: 'member-crash' });
    expect(consume.control).toEqual({ runs: 60, harmed: 0 });
  });

  test('counts what was done where parts are missing', () => {
    const tasks = engine.matrixTasks(small);
    const tallies = tasks.map((task) => (task.cell === 'C4a' && task.seeds === 1 ? tallyOf(task) : undefined));
    const cells = engine.matrixTable('consume', small, tallies).cells.filter(({ runs }) => runs > 0);
    expect(cells.map(({ id, runs }) => [id, runs])).toEqual([['C4a', 1]]);
  });
});

test('a run that breaks is named, with the command that has it again', () => {
  const broken = { request: { ...request, mutant: 'no such mutant' }, table: 'publish', cell: 'P6a', firstSeed: 5, seeds: 3 };
  expect(() => engine.jobs['matrix']?.(broken as never)).toThrow(/^P6a, seed 5: .*; again: spillway replay P6a --seed 5$/);
});
