/** What was done before the program died is not done again, and the end is byte for byte that of a program that lived. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../../infra/program.ts';
import { root } from '../../infra/sources.ts';
import { freshFolder } from '../harness.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the built program and does something to it as soon as a file has grown by so many bytes; where the file was there before, not
 * before the program has said that it goes on from it.
 */
function until(
  args: readonly string[],
  cwd: string,
  file: string,
  bytes: number,
  act: (child: ChildProcess) => void,
): Promise<Ended> {
  const sizeOf = (): number => (existsSync(join(cwd, file)) ? statSync(join(cwd, file)).size : 0);
  const from = sizeOf();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${root}/dist/cli.js`, ...args], { cwd, env: { PATH: process.env['PATH'] } });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    const watch = setInterval(() => {
      if (sizeOf() < from + bytes || (from > 0 && doneBefore(err) === 0)) return;
      clearInterval(watch);
      act(child);
    }, 5);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      resolve({ code, signal, out, err });
    });
  });
}

/** How many tasks were done before, as the program says. */
function doneBefore(err: string): number {
  return Number(/going on: ([\d,]+) of [\d,]+ tasks were done before/.exec(err)?.[1]?.replaceAll(',', '') ?? 0);
}

describe('a shard that is shot', () => {
  test.each([
    ['run', ['run', 'acks-1-leader-crash', '-n', '250', '--shard', '2/3', '--workers', '2'], [20_000, 5_000]],
    ['matrix', ['matrix', '-n', '80', '--table', 'publish', '--shard', '1/2', '--workers', '2'], [6_000, 2_000]],
  ])('%s goes on from its journal', { timeout: 240_000 }, async (_verb, args, sizes) => {
    const alone = freshFolder();
    const blob = /^spillway-shard-\d-of-\d\.blob$/;
    expect(program(args, { cwd: alone }).code).toBe(0);
    const [name = ''] = readdirSync(alone);
    expect(name).toMatch(blob);
    const expected = readFileSync(join(alone, name));

    const cwd = freshFolder();
    const journal = `${name}.journal`;
    const before: number[] = [];
    for (const bytes of sizes) {
      const shot = await until(args, cwd, journal, bytes, (child) => child.kill('SIGKILL'));
      expect(shot.signal).toBe('SIGKILL');
      expect(readdirSync(cwd)).toEqual([journal]);
      before.push(doneBefore(shot.err));
    }
    // As if the machine had died in the middle of a line.
    appendFileSync(join(cwd, journal), readFileSync(join(cwd, journal)).subarray(-60, -20));
    const { code, err } = program(args, { cwd });
    expect(code).toBe(0);
    const [first = 0, second = 0] = before;
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(doneBefore(err)).toBeGreaterThan(second);
    expect(readFileSync(join(cwd, name)).equals(expected)).toBe(true);
    expect(readdirSync(cwd)).toEqual([name]);

    const again = program(args, { cwd });
    expect(again.out).toMatch(/^ shard \d\/\d: \d+ of \d+ tasks were done before\n$/);
    expect(again.code).toBe(0);
  });
});

describe('--resume', () => {
  const args = ['run', 'acks-1-leader-crash', '-n', '200', '--workers', '1', '--resume', 'night.journal'];

  test('goes on from a run on one machine that was shot', { timeout: 120_000 }, async () => {
    const cwd = freshFolder();
    await until(args, cwd, 'night.journal', 60_000, (child) => child.kill('SIGKILL'));
    const { code, out, err } = program(args, { cwd });
    expect({ code, out }).toEqual({ code: 0, out: program(args.slice(0, -2)).out });
    expect(doneBefore(err)).toBeGreaterThan(3);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('leaves the journal of another campaign alone', () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'notes.txt'), 'dear diary\n');
    const notes = program([...args.slice(0, -1), 'notes.txt'], { cwd });
    expect(notes).toMatchObject({ code: 3, out: '', err: 'error: notes.txt is nothing that a shard has written\n' });
    expect(readFileSync(join(cwd, 'notes.txt'), 'utf8')).toBe('dear diary\n');
    program([...args, '--time-limit', '1ms'], { cwd });
    const kept = readFileSync(join(cwd, 'night.journal'), 'utf8');
    const other = program(['run', 'acks-1-leader-crash', '-n', '7', '--resume', 'night.journal'], { cwd });
    expect(other.code).toBe(3);
    expect(other.err).toMatch(/^error: night\.journal is the journal of another campaign: seeds is \["1","2".* take it away\n$/);
    expect(readFileSync(join(cwd, 'night.journal'), 'utf8')).toBe(kept);
  });
});

describe('^C', () => {
  test('prints what was found, leaves the journal, ends with 130; the same command goes on', { timeout: 120_000 }, async () => {
    const cwd = freshFolder();
    const args = ['run', 'acks-1-leader-crash', '-n', '200', '--workers', '1', '--resume', 'j'];
    const { code, out, err } = await until(args, cwd, 'j', 60_000, (child) => child.kill('SIGINT'));
    expect(code).toBe(130);
    expect(out).toMatch(/lost in (\d+) of \1 runs/);
    expect(out).toMatch(/\n INTERRUPTED: \d+ of 400 tasks done\n$/);
    expect(err).toBe('the same command goes on from j\n');
    const resumed = program(args, { cwd });
    expect(resumed.code).toBe(0);
    expect(resumed.out).toBe(program(args.slice(0, -2)).out);
    expect(doneBefore(resumed.err)).toBe(Number(/INTERRUPTED: (\d+)/.exec(out)?.[1]));
  });

  test('in a matrix with threads', { timeout: 120_000 }, async () => {
    const cwd = freshFolder();
    const args = ['matrix', '--workers', '2', '--resume', 'j', '--json'];
    const { code, out, err } = await until(args, cwd, 'j', 100_000, (child) => child.kill('SIGINT'));
    expect(code).toBe(130);
    const { cells, ended } = JSON.parse(out);
    expect(ended.by).toBe('interrupted');
    expect(ended.done).toBeGreaterThan(100);
    expect(ended.done).toBeLessThan(ended.of);
    expect(cells.filter(({ runs }: { runs: number }) => runs > 0).length).toBeGreaterThan(50);
    expect(err).toMatch(/^INTERRUPTED: [\d,]+ of [\d,]+ tasks done\nthe same command goes on from j\n$/);
  });

  test('a shard writes no blob', { timeout: 120_000 }, async () => {
    const cwd = freshFolder();
    const args = ['run', '-n', '100', '--shard', '1/2', '--output-file', 'a.blob'];
    const { code, out } = await until(args, cwd, 'a.blob.journal', 100_000, (child) => child.kill('SIGINT'));
    expect(code).toBe(130);
    expect(out).toMatch(/^ INTERRUPTED: /);
    expect(readdirSync(cwd)).toEqual(['a.blob.journal']);
  });

  test('twice ends at once', { timeout: 120_000 }, async () => {
    const cwd = freshFolder();
    // Tasks that take long, so that the first ^C has something to wait for.
    writeFileSync(
      join(cwd, 'long.yaml'),
      'claim: long\nproducers: { p1: { send: { count: 200000, every: 1ms } } }\nexpect: { lost: 0 }\n',
    );
    const args = ['run', 'long.yaml', '-n', '2', '--workers', '2', '--resume', 'j'];
    const { code, out } = await until(args, cwd, 'j', 10, (child) => {
      setTimeout(() => child.kill('SIGINT'), 300);
      setTimeout(() => child.kill('SIGINT'), 600);
    });
    expect(code).toBe(130);
    // The first alone would have waited and told of two runs.
    expect(out).toBe('');
  });
});

describe('--time-limit', () => {
  test('begins nothing more, says how far it came and ends with 2; more time completes it', { timeout: 120_000 }, () => {
    const cwd = freshFolder();
    const args = ['run', 'acks-1-leader-crash', '-n', '800', '--workers', '1', '--resume', 'j'];
    const short = program([...args, '--time-limit', '150ms'], { cwd });
    expect(short.code).toBe(2);
    expect(short.out).toMatch(/\n STOPPED by --time-limit: [\d,]+ of 1,600 tasks done\n$/);
    const rest = program(args, { cwd });
    expect(rest.code).toBe(0);
    expect(rest.out).toContain(' 1,600 cases of 1 scenario: 1,600 as expected');
    expect(doneBefore(rest.err)).toBeGreaterThan(0);
  });

  test('ends with 1 where something broke', () => {
    const args = ['run', 'acks-1-leader-crash', '-n', '5000', '--set', 'producers.p1.config.acks=all', '--workers', '1'];
    const { code, out } = program([...args, '--time-limit', '500ms']);
    expect(code).toBe(1);
    expect(out).toContain('STOPPED by --time-limit');
  });

  test('of shards leaves blobs that merge to what was found, and shards that go on', { timeout: 120_000 }, () => {
    const cwd = freshFolder();
    const shard = (i: number): string[] => ['run', 'acks-1-leader-crash', '-n', '300', '--workers', '1', '--shard', `${i}/2`];
    expect(program([...shard(1), '--time-limit', '100ms'], { cwd }).code).toBe(2);
    expect(program(shard(2), { cwd }).code).toBe(0);
    const merge = (): ReturnType<typeof program> =>
      program(['merge', 'spillway-shard-1-of-2.blob', 'spillway-shard-2-of-2.blob'], { cwd });
    const partial = merge();
    expect(partial.code).toBe(2);
    expect(partial.out).toMatch(/\n STOPPED by --time-limit: (3|4|5)\d\d of 600 tasks done\n$/);
    expect(program(shard(1), { cwd }).code).toBe(0);
    expect(merge()).toMatchObject({ code: 0, out: program(['run', 'acks-1-leader-crash', '-n', '300']).out });
  });

  test.each(['5', '0s', '1.5m', 'soon', '99999999h'])('%s is no duration', (text) => {
    const { code, err } = program(['run', '--time-limit', text]);
    expect(code).toBe(3);
    expect(err).toBe(`error: --time-limit "${text}" is no duration; 30s, 10m and 2h are\n`);
  });
});
