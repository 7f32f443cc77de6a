/**
 * `spillway replay`: the same run again, twice: once as campaigns run it and once with its full trace. The two traces must have the same
 * hash, or the program ends with 4.
 */
import { operationsOf } from '../../oracle/operations/operations-of.ts';
import { dirtyText } from '../../report/dirty-text.ts';
import { say } from '../../report/messages/catalogue.ts';
import { runText } from '../../report/run-text.ts';
import { isTurn, traceText } from '../../report/trace-text.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { assertWritable, writeWhole } from '../files.ts';
import { readDuration } from '../flags.ts';
import { askedRun, type ToldOptions } from './told-run.ts';

/** Flags of the verb. */
export interface ReplayOptions extends ToldOptions {
  readonly json?: boolean;
  /** Every line of the trace, not only the turns. */
  readonly trace?: boolean;
  /** Where to write what its clients saw, for `spillway judge`. */
  readonly history?: string;
  /** When to look at what is in page caches alone, counted from the first send. */
  readonly dirtyAt?: string;
}

/** Runs the same run twice and compares its traces. @throws BadInput */
export async function replayCommand(name: string, options: ReplayOptions, context: Context): Promise<ExitCode> {
  const { terminal, paint, quiet } = context;
  if (options.history !== undefined) assertWritable(terminal.cwd, options.history);
  const asked = await askedRun(name, options, context);
  const first = asked.tell('hash').result.traceHash;
  const dirtyAtMs = options.dirtyAt === undefined ? undefined : readDuration('--dirty-at', options.dirtyAt);
  const told = asked.tell('full', dirtyAtMs === undefined ? undefined : dirtyAtMs * 1000);
  const second = told.result.traceHash;
  if (first !== second) {
    terminal.err(`${paint.harm(say('replay', 'not-deterministic', { run: asked.name, first, second }))}\n`);
    return ExitCode.notDeterministic;
  }
  if (options.history !== undefined) {
    const lines = operationsOf(told.history).map((operation) => `${JSON.stringify(operation)}\n`);
    writeWhole(terminal.cwd, options.history, lines.join(''));
  }
  if (options.json === true) {
    terminal.out(`${JSON.stringify(told.result)}\n`);
    if (dirtyAtMs !== undefined) terminal.out(`${JSON.stringify({ dirtyAtMs, dirty: told.dirty })}\n`);
    for (const { event, atUs: at, host, code, a, b, c, d } of told.trace) {
      const atUs = at - told.startedAtUs;
      terminal.out(`${JSON.stringify({ event, atUs, host: told.hosts[host] ?? host, code, a, b, c, d })}\n`);
    }
    return ExitCode.ok;
  }
  terminal.out(runText({ ...told.result, claim: told.claim ?? told.result.claim }, paint));
  if (!quiet) {
    const shown = options.trace === true ? told.trace : told.trace.filter(isTurn);
    terminal.out(`\n${traceText(shown, told, paint)}`);
    const left = told.trace.length - shown.length;
    if (left > 0) terminal.out(paint.faint(` ${say('replay', 'left-out', { count: left })}\n`));
  }
  if (dirtyAtMs !== undefined) terminal.out(`\n${dirtyText(told.dirty, dirtyAtMs)}`);
  terminal.out(`\n ${paint.good(say('replay', 'same-again', { hash: second }))}\n`);
  if (options.history !== undefined && !quiet) {
    terminal.out(` ${say('replay', 'history', { file: options.history })}\n`);
  }
  return ExitCode.ok;
}
