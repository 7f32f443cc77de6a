/** Every exit status has a way to it, and nothing else ends the program. */
import { describe, expect, test } from 'vitest';
import type { RunOutcome } from '../../src/report/run-result.ts';
import { fixture } from '../report/matrix-fixture.ts';
import { call, invented, showing } from './harness.ts';

function ending(outcome: RunOutcome): Parameters<typeof call>[1] {
  return {
    engine: { jobs: { case: ({ scenario, case: name, seed }: never) => invented(scenario, name, seed, outcome) } },
  };
}

describe('run', () => {
  test('0: as expected', async () => expect((await call(['run', 'acks-1-leader-crash'])).code).toBe(0));

  test('1: an expectation was broken', async () => {
    const { code, out } = await call(['run', 'acks-1-leader-crash'], ending('expectation-broken'));
    expect(code).toBe(1);
    expect(out).toContain('EXPECTATION BROKEN');
    expect(out).toContain('BROKEN, found 0');
  });

  test('2: inconclusive', async () => {
    const { code, out } = await call(['run', 'acks-1-leader-crash'], ending('inconclusive'));
    expect(code).toBe(2);
    expect(out).toContain('a fault never bit, so the run shows nothing');
  });

  test('1 is worse than 2', async () => {
    const outcomes: RunOutcome[] = ['inconclusive', 'expectation-broken'];
    const engine = {
      jobs: { case: ({ scenario, case: name, seed }: never) => invented(scenario, name, seed, outcomes.shift()) },
    };
    expect((await call(['run', 'acks-1-leader-crash'], { engine })).code).toBe(1);
  });
});

describe('matrix', () => {
  const matrix = (cells: Readonly<Record<string, string>>): Parameters<typeof call>[1] => ({
    engine: showing(fixture(cells)),
  });

  test('0: every cell agrees with the truth table', async () => expect((await call(['matrix'])).code).toBe(0));

  test('1: a harm that the truth table rules out', async () => {
    const { code, out } = await call(['matrix'], matrix({ P6a: 'L3!' }));
    expect(code).toBe(1);
    expect(out).toContain('DISAGREES');
  });

  test('1: the same on the way out', async () => {
    const { code, out } = await call(['matrix'], matrix({ C6a: 'R3!' }));
    expect(code).toBe(1);
    expect(out).toContain('DISAGREES with the truth table: C6a shows applied twice');
    // A second handling is no harm by itself, and a file of the user's own has no rules.
    expect((await call(['matrix'], matrix({ C6a: 'r3!', CYa: 'R3!' }))).code).toBe(0);
  });

  test('2: a fault that never bit', async () => {
    const result = fixture();
    const tables = result.tables.map((table) => ({
      ...table,
      cells: table.cells.map((cell) => (cell.id === 'P6a' ? { ...cell, bit: 0 } : cell)),
    }));
    const { code, out } = await call(['matrix'], { engine: showing({ ...result, tables }) });
    expect(code).toBe(2);
    expect(out).toContain('INCONCLUSIVE: the fault never bit in P6a');
  });
});

describe('replay', () => {
  const told = (first: string, second: string): Parameters<typeof call>[1] => ({
    engine: {
      tellCase: (task, mode) => {
        const result = { ...invented(task.scenario, task.case, task.seed), traceHash: mode === 'hash' ? first : second };
        return {
          result,
          history: {} as never,
          anomalies: [],
          startedAtUs: 0,
          trace: [],
          dirty: [],
          undelivered: [],
          hosts: [],
          topics: [],
          groups: [],
          faults: [],
        };
      },
    },
  });

  test('0: the same hash twice', async () => {
    const { code, out } = await call(['replay', 'acks-1-leader-crash/breaks'], told('aa', 'aa'));
    expect(code).toBe(0);
    expect(out).toContain('the same run twice, the second with its full trace: aa both times');
  });

  test('4: two hashes', async () => {
    const { code, out, err } = await call(['replay', 'acks-1-leader-crash/breaks'], told('aa', 'bb'));
    expect(code).toBe(4);
    expect(out).toBe('');
    expect(err).toContain('NOT DETERMINISTIC: acks-1-leader-crash/breaks gave trace aa, then bb');
  });
});

test('5: a bug of ours says so, with its stack', async () => {
  const engine = showing(fixture(), () => {
    throw new Error('an extent is gone');
  });
  const { code, out, err } = await call(['matrix'], { engine });
  expect(code).toBe(5);
  expect(out).toBe('');
  expect(err).toContain('internal error: an extent is gone');
  expect(err).toContain('This is a bug of Spillway, not of your input.');
});

test('help and version end with 0', async () => {
  expect((await call([])).code).toBe(0);
  expect((await call(['--help'])).out).toContain('Exit status:');
  expect((await call(['--version'])).out).toBe('0.1.0\n');
  expect((await call(['help', 'run'])).code).toBe(0);
});
