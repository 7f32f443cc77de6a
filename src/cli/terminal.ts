/**
 * Where the command line prints: a port, so that tests can read along. Results go to stdout, everything else to stderr. Whether there is
 * colour is decided here, once: `--no-color`, then FORCE_COLOR, then NO_COLOR, then whether stdout is a terminal.
 */
import { type Paint, plain } from '../report/paint.ts';

/** The port: two streams, an environment, a folder. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** How wide the terminal is; left out where there is none. */
  readonly columns?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
    env: process.env,
    cwd: process.cwd(),
  };
}

/** 0 none, 1 sixteen colours. `flag` is false after `--no-color`. */
export function colourLevel(terminal: Terminal, flag: boolean): 0 | 1 {
  const { env } = terminal;
  if (!flag) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : 1;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return 0;
  return terminal.outIsTerminal && env['TERM'] !== 'dumb' ? 1 : 0;
}

/** The paint for a terminal. The library of colours is loaded only where there are any. */
export async function paintFor(terminal: Terminal, flag: boolean): Promise<Paint> {
  const level = colourLevel(terminal, flag);
  if (level === 0) return plain;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return { harm: chalk.red, price: chalk.yellow, good: chalk.green, faint: chalk.gray, strong: chalk.bold };
}

/** True where a line of progress helps: a person watches stderr, and this is no CI. */
export function showsProgress(terminal: Terminal): boolean {
  return terminal.errIsTerminal && !isSet(terminal.env['CI']) && terminal.env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
