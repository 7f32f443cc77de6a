/**
 * Hands the results of a campaign to its reporters, in the order of their tasks, and writes what they make: to stdout as it comes, to files
 * whole at the end. Knows not whether the results were made just now or read from blobs, so both print the same.
 */
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Check } from '../../report/checks.ts';
import { annotations, jobSummary } from '../../report/github-text.ts';
import { junitXml } from '../../report/junit-xml.ts';
import { say } from '../../report/messages/catalogue.ts';
import { plain } from '../../report/paint.ts';
import type { Context } from '../context.ts';
import type { Engine } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { reason, writeWhole } from '../files.ts';
import type { CampaignVerb, Outcome, Reporter, ReporterOptions } from './campaign.ts';
import type { Shown, Target } from './flags.ts';
import { stoppedText } from './stopped.ts';

/** A verb whose request is known. */
export interface Asked<Request, Task, Result> {
  readonly verb: CampaignVerb<Request, Task, Result>;
  readonly request: Request;
  readonly engine: Engine;
}

/** Takes results as they come. */
export interface Presenter<Result> {
  take(index: number, result: Result, aside?: (write: () => void) => void): void;
  /** After the last result. @throws BadInput when a file cannot be written */
  end(outcome: Outcome<Result>): ExitCode;
}

/** Reporters that say on stdout themselves how far the campaign came. */
const forPeople = ['text', 'terse', 'markdown', 'whole'];

/** A reporter at work. */
interface AtWork<Result> extends Target {
  readonly reporter: Reporter<Result>;
  /** What a file is to hold. */
  text: string;
}

/** Sets the reporters up. */
export function presenter<Request, Task, Result>(
  asked: Asked<Request, Task, Result>,
  shown: Shown,
  context: Context,
): Presenter<Result> {
  const { terminal, quiet } = context;
  const atWork = shown.targets.map(({ name, file }): AtWork<Result> => {
    const options = { paint: file === null ? context.paint : plain, quiet, forMachines: shown.forMachines, engine: asked.engine };
    return { name, file, reporter: reporterOf(name, asked, options), text: '' };
  });
  const waiting = new Map<number, Result>();
  let next = 0;
  const said = (one: AtWork<Result>, text: string, aside: (write: () => void) => void): void => {
    if (text === '') return;
    if (one.file === null) aside(() => terminal.out(text));
    else one.text += text;
  };
  const release = (index: number, result: Result, aside: (write: () => void) => void): void => {
    for (const one of atWork) said(one, one.reporter.each?.(result, index) ?? '', aside);
  };
  const atOnce = (write: () => void): void => write();
  return {
    take: (index, result, aside = atOnce) => {
      waiting.set(index, result);
      for (let found = waiting.get(next); found !== undefined; found = waiting.get(++next)) {
        waiting.delete(next);
        release(next, found, aside);
      }
    },
    end: (outcome) => {
      for (const [index, result] of [...waiting].sort(([a], [b]) => a - b)) release(index, result, atOnce);
      for (const one of atWork) said(one, one.reporter.end(outcome), atOnce);
      for (const { file, text } of atWork) {
        if (file === null) continue;
        writeWhole(terminal.cwd, file, text);
        if (!quiet) terminal.err(`${say('commandLine', 'written', { file })}\n`);
      }
      leave(asked, outcome, context);
      if (atWork.some(({ name }) => name === 'github')) summarize(asked, outcome, context);
      const told = atWork.some(({ name, file }) => file === null && forPeople.includes(name));
      if (!told) terminal.err(stoppedText(outcome).trimStart());
      return exitCodeOf(asked, outcome);
    },
  };
}

/** Writes what the verb leaves in a folder. */
function leave<Request, Task, Result>(
  { verb, request, engine }: Asked<Request, Task, Result>,
  outcome: Outcome<Result>,
  { terminal, quiet }: Context,
): void {
  const left = verb.leaves?.(request, outcome, engine) ?? null;
  for (const [name, text] of Object.entries(left?.files ?? {})) {
    const file = `${left!.folder}/${name}`;
    writeWhole(terminal.cwd, file, text);
    if (!quiet) terminal.err(`${say('commandLine', 'written', { file })}\n`);
  }
}

function exitCodeOf<Request, Task, Result>(
  { verb, request, engine }: Asked<Request, Task, Result>,
  outcome: Outcome<Result>,
): ExitCode {
  if (outcome.ended === 'interrupted') return ExitCode.interrupted;
  const code = verb.exitCode(request, outcome, engine);
  return outcome.ended === 'time-limit' && code === ExitCode.ok ? ExitCode.inconclusive : code;
}

function reporterOf<Request, Task, Result>(
  name: string,
  { verb, request, engine }: Asked<Request, Task, Result>,
  options: ReporterOptions,
): Reporter<Result> {
  const checks = (outcome: Outcome<Result>): readonly Check[] => verb.checks(request, outcome, engine);
  if (name === 'junit') return { end: (outcome) => junitXml(checks(outcome)) };
  if (name === 'github') return { end: (outcome) => annotations(checks(outcome)) };
  const make = verb.reporters[name];
  if (make === undefined) throw new Error(`there is no reporter ${name}`);
  return make(request, options);
}

/** Adds to the job's summary, where GitHub gives a file for it. */
function summarize<Request, Task, Result>(
  asked: Asked<Request, Task, Result>,
  outcome: Outcome<Result>,
  { terminal, quiet }: Context,
): void {
  const file = terminal.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  const { verb, request, engine } = asked;
  const text = reporterOf('text', asked, { paint: plain, quiet, forMachines: false, engine });
  const printed = outcome.results.map((result, index) => (result === undefined ? '' : (text.each?.(result, index) ?? '')));
  const whole = printed.join('') + text.end(outcome);
  try {
    appendFileSync(
      resolve(terminal.cwd, file),
      jobSummary(`spillway ${verb.name}`, verb.checks(request, outcome, engine), whole),
    );
  } catch (error) {
    throw badInput('cannot-write', { file, why: reason(error) });
  }
}
