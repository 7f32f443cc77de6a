/** Runs the built program, the way users do, and puts what it said into the form that transcripts and documents show. */
import { spawnSync } from 'node:child_process';
import { root } from './sources.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** @defaultValue the root of the repository */
  readonly cwd?: string;
}

/** The environment is empty but for what is given and what Node needs. */
export function program(args: readonly string[], options: RunOptions = {}): Ran {
  const done = spawnSync(process.execPath, [`${root}/dist/cli.js`, ...args], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: done.status ?? -1, out: done.stdout, err: done.stderr };
}

/** Stdout, then stderr with `! ` before each line, then the exit status unless it is 0. */
export function shown({ code, out, err }: Ran): string {
  const told = err === '' ? '' : err.replace(/^(?=.)/gm, '! ');
  return `${out}${told}${code === 0 ? '' : `[exit ${code}]\n`}`;
}

/** A command line in words: quotes hold words together, nothing else is special. */
export function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
