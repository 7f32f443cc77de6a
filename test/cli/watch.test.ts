/** `run --watch` runs again when a scenario changes, waits for one that is wrong, and ends well. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { templates } from '../../src/cli/templates.ts';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';
import { freshFolder } from './harness.ts';

interface Watching {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Fulfilled when it has gone back to watching so often. */
  rounds(count: number): Promise<void>;
  ended(): Promise<number | null>;
}

function watching(args: readonly string[], cwd: string): Watching {
  const child = spawn(process.execPath, [`${root}/dist/cli.js`, 'run', '--watch', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] },
  });
  let out = '';
  let err = '';
  let hear: () => void = () => undefined;
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => {
    err += data;
    hear();
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    out: () => out,
    err: () => err,
    rounds: (count) =>
      new Promise((resolve) => {
        hear = () => {
          if ((err.match(/^watching /gm) ?? []).length >= count) resolve();
        };
        hear();
      }),
    ended: () => code,
  };
}

const good = templates['lost-ack']!.yaml;

describe('--watch', () => {
  test('runs again for every change, also of files that come, and waits where one is wrong', { timeout: 60_000 }, async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'scenarios/deep'), { recursive: true });
    const file = join(cwd, 'scenarios/mine.yaml');
    writeFileSync(file, good);
    const watched = watching(['scenarios'], cwd);
    await watched.rounds(1);
    expect(watched.out()).toContain(' 2 cases of 1 scenario: 2 as expected');
    expect(watched.err()).toBe('watching scenarios; ^C ends\n');

    writeFileSync(file, good.replace('claim:', 'clam:'));
    await watched.rounds(2);
    expect(watched.err()).toMatch(/scenarios\/mine\.yaml:\d+:1: error: .*clam/);

    // As editors save: a new file takes the place of the old one.
    writeFileSync(join(cwd, 'scenarios/.mine.yaml.swp'), good.replace('send: { count: 100', 'send: { count: 90'));
    renameSync(join(cwd, 'scenarios/.mine.yaml.swp'), file);
    await watched.rounds(3);
    expect(watched.out()).toContain(' 90 sent');

    writeFileSync(join(cwd, 'scenarios/deep/other.yaml'), good);
    await watched.rounds(4);
    expect(watched.out()).toContain(' 4 cases of 2 scenarios: 3 as expected');

    writeFileSync(join(cwd, 'scenarios/notes.md'), 'no scenario');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(watched.err().match(/^watching /gm)).toHaveLength(4);

    watched.child.kill('SIGINT');
    expect(await watched.ended()).toBe(130);
    expect(watched.out()).not.toContain('INTERRUPTED');
  });

  test('^C in the middle of a run prints what was found', { timeout: 60_000 }, async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'mine.yaml'), good);
    const watched = watching(['mine.yaml/mends', '-n', '100000', '--workers', '1', '--json'], cwd);
    watched.child.stdout?.once('data', () => watched.child.kill('SIGINT'));
    expect(await watched.ended()).toBe(130);
    expect(watched.out()).toMatch(/^\{.*\}\n$/s);
    expect(watched.err()).toMatch(/^INTERRUPTED: [\d,]+ of 100,000 tasks done\n$/);
  });

  test.each([
    [['run', '--watch'], /^error: --watch needs a file or a folder of yours/],
    [['run', '--watch', 'acks-1-leader-crash'], /^error: --watch needs a file or a folder of yours/],
    [['run', '--watch', 'mine.yaml', '--shard', '1/2'], /^error: --shard keeps what one campaign found/],
    [['run', '--watch', 'mine.yaml', '--resume', 'j'], /^error: --resume keeps what one campaign found/],
    [['run', '--watch', 'mine.yaml', '--seeds', 'many'], /^error: --seeds "many" is no number/],
  ])('%j is refused', (args, text) => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'mine.yaml'), good);
    const { code, out, err } = program(args, { cwd });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(text);
  });
});
