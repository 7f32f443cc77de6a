/**
 * `spillway run`: scenarios against what each expects of itself. One seed shows every case; many seeds show how often what happened. Ends
 * with 1 when an expectation was broken, with 2 when a run shows nothing.
 */
import type { RunResult } from '../../report/run-result.ts';
import { manyText, nameOf, runLine, runText, summaryText } from '../../report/run-text.ts';
import type { LoadedScenario } from '../../scenario/parse-scenario.ts';
import { caseNames } from '../../scenario/plan-of.ts';
import { type Context, tell } from '../context.ts';
import type { CaseTask } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { printFlags, quoted, readCount, readName, seedsFrom } from '../flags.ts';
import { checkOutput, writeOutput } from '../output.ts';
import { poolFor } from '../pool.ts';
import { progressFor } from '../progress.ts';
import { findScenarios } from '../scenario-files.ts';
import { matching, splitCase, withAssignments } from '../selection.ts';

/** Flags of the verb. */
export interface RunOptions {
  readonly seed?: string;
  readonly seeds?: string;
  readonly set?: readonly string[];
  readonly grep?: string;
  readonly mutant?: string;
  readonly bail?: boolean;
  readonly json?: boolean;
  readonly workers?: string;
  readonly outputFile?: string;
}

/** A case to run, and what to call it on a command line. */
export interface ChosenCase {
  readonly scenario: LoadedScenario;
  readonly case: string | null;
  /** `name/case`. */
  readonly name: string;
}

/** The cases that arguments name: a scenario with all of its cases, or `scenario/case`. @throws BadInput */
export async function casesOf(
  names: readonly string[],
  options: Pick<RunOptions, 'set' | 'grep'>,
  context: Context,
): Promise<readonly ChosenCase[]> {
  const { cwd } = context.terminal;
  const asked = names.map((name) => splitCase(name, cwd));
  const found = await findScenarios([...new Set(asked.map(({ scenario }) => scenario))], cwd, context.installation);
  tell(context, found.warnings);
  const chosen = withAssignments(matching(found.chosen, options.grep), options.set ?? []);
  return chosen.flatMap(({ name, scenario }) => {
    const own = asked.filter((one) => one.scenario === name);
    const all = caseNames(scenario);
    const every = own.length === 0 || own.some((one) => one.case === null);
    const known = all.filter((one) => one !== null);
    const wanted = every ? all : own.map((one) => readName('unknown-case', one.case ?? '', known, { scenario: scenario.name }));
    return wanted.map((one) => ({ scenario, case: one, name: one === null ? name : `${name}/${one}` }));
  });
}

/** Runs scenarios and prints what they came to. @throws BadInput */
export async function runCommand(names: readonly string[], options: RunOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const count = options.seeds === undefined ? 1 : readCount('--seeds', options.seeds);
  const seeds = seedsFrom(options.seed ?? '1', count);
  const workers = options.workers === undefined ? null : readCount('--workers', options.workers, 1, 64);
  checkOutput(options.outputFile, ['.json', '.ndjson', '.txt'], context);
  const cases = await casesOf(names, options, context);
  const engine = await context.engine();
  const mutant = options.mutant === undefined ? null : readName('not-a-mutant', options.mutant, engine.mutants);
  const flags = printFlags({ '--set': options.set, '--mutant': options.mutant });
  const tasks = cases.flatMap(({ scenario, case: one, name }) => {
    const again = `spillway run ${quoted(name)}${flags}`;
    return seeds.map((seed): CaseTask => ({ scenario, case: one, seed, mutant, again }));
  });
  const results = await runAll(tasks, options.bail === true, workers, context);
  const lines = (): string => results.map((result) => `${JSON.stringify(result)}\n`).join('');
  terminal.out(options.json === true ? lines() : textOf(results, count > 1, context));
  writeOutput(
    options.outputFile,
    {
      '.ndjson': lines,
      '.json': () => `${JSON.stringify(results, null, 2)}\n`,
      '.txt': () => results.map((result) => runText(result)).join('\n'),
    },
    context,
  );
  return exitCodeOf(results);
}

/** Runs every task; with `bail` stops after the first broken expectation. */
async function runAll(tasks: readonly CaseTask[], bail: boolean, workers: number | null, context: Context): Promise<RunResult[]> {
  const engine = await context.engine();
  if (bail) {
    const results: RunResult[] = [];
    for (const task of tasks) {
      const result = engine.runCase(task);
      results.push(result);
      if (result.outcome === 'expectation-broken') break;
    }
    return results;
  }
  const progress = await progressFor(context.terminal, context.quiet, 'progress-runs');
  let done = 0;
  const pool = poolFor(engine, 'case', workers, tasks.length, context);
  return pool.run<CaseTask, RunResult>(tasks, () => progress.at(++done, tasks.length)).finally(progress.end);
}

/** A few runs are told whole, many by one line each; what went wrong is always told whole. */
function textOf(results: readonly RunResult[], manySeeds: boolean, { paint, quiet }: Context): string {
  if (manySeeds) return manyText(results, paint) + summaryText(results, paint);
  if (results.length <= 2 && !quiet)
    return [...results.map((result) => runText(result, paint)), summaryText(results, paint)].join('\n');
  const width = Math.max(0, ...results.map((result) => nameOf(result).length));
  const lines = quiet ? [] : results.map((result) => `${runLine(result, width, paint)}\n`);
  const wrong = results.filter((result) => result.outcome !== 'as-expected').map((result) => `\n${runText(result, paint)}`);
  return [...lines, ...wrong, lines.length + wrong.length > 0 ? '\n' : '', summaryText(results, paint)]
    .join('')
    .replace(/^\n/, '');
}

/** Bad news first: a broken expectation, then a run that shows nothing. */
export function exitCodeOf(results: readonly RunResult[]): ExitCode {
  if (results.some((result) => result.outcome === 'expectation-broken')) return ExitCode.broken;
  return results.some((result) => result.outcome === 'inconclusive') ? ExitCode.inconclusive : ExitCode.ok;
}
