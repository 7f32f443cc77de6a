/** The program ends well when it is interrupted and when nobody reads on. */
import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { root } from '../infra/sources.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly err: string;
}

/** Runs the built program; `once` is called with it when it has said something or after a while. */
function ended(args: readonly string[], once: (child: ReturnType<typeof spawn>) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${root}/dist/cli.js`, ...args], { cwd: root });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('exit', (code, signal) => resolve({ code, signal, err }));
    once(child);
  });
}

describe('a long run', () => {
  test('ends with 130 when it is interrupted, and prints what it found', async () => {
    let out = '';
    const { code, err } = await ended(['run', 'acks-1-leader-crash', '-n', '100000', '--workers', '1', '--json'], (child) => {
      child.stdout?.once('data', () => child.kill('SIGINT'));
      child.stdout?.on('data', (data) => {
        out += data;
      });
    });
    expect(code).toBe(130);
    const seeds = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seed);
    expect(seeds).toEqual(seeds.map((_, i) => String(i + 1)));
    expect(err).toBe(`INTERRUPTED: ${seeds.length.toLocaleString('en')} of 200,000 tasks done\n`);
  });

  test('of a verb that finds nothing on its way ends at once', async () => {
    let out = '';
    const { code, signal, err } = await ended(['judge', '-'], (child) => {
      child.stdout?.on('data', (data) => {
        out += data;
      });
      setTimeout(() => child.kill('SIGINT'), 1000);
    });
    expect({ out, err }).toEqual({ out: '', err: '' });
    // The signal itself ends one that has hardly begun.
    expect(code ?? signal).toBe(code === null ? 'SIGINT' : 130);
  });
});

describe('a closed pipe', () => {
  test('ends the program without a word', async () => {
    const { code, signal, err } = await ended(['list', '--json'], (child) => child.stdout?.destroy());
    expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: '' });
  });
});
