/**
 * `spillway run`: scenarios against what each expects of itself. One seed shows every case; many seeds show how often what happened. Ends
 * with 1 when an expectation was broken, with 2 when a run shows nothing.
 */
import { type LoadedScenario, lineOfCase } from '../../scenario/parse-scenario.ts';
import { caseNames } from '../../scenario/plan-of.ts';
import { drive } from '../campaign/drive.ts';
import { type CampaignFlags, readHow } from '../campaign/flags.ts';
import { type RequestedCase, type RunRequest, runVerb } from '../campaign/run-verb.ts';
import { type Context, tell } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { kindOf, readText } from '../files.ts';
import { printFlags, readCount, readName, seedsFrom } from '../flags.ts';
import { findScenarios } from '../scenario-files.ts';
import { matching, splitCase, withAssignments } from '../selection.ts';

/** Flags of the verb. */
export interface RunOptions extends CampaignFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly set?: readonly string[];
  readonly grep?: string;
  readonly mutant?: string;
  readonly bail?: boolean;
  readonly watch?: boolean;
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

/** Runs scenarios and prints what they came to; again and again with `--watch`. @throws BadInput */
export async function runCommand(names: readonly string[], options: RunOptions, context: Context): Promise<ExitCode> {
  const once = (): Promise<ExitCode> => runOnce(names, options, context);
  if (options.watch !== true) return once();
  return (await import('./watch.ts')).watchCommand(names, options, once, context);
}

async function runOnce(names: readonly string[], options: RunOptions, context: Context): Promise<ExitCode> {
  const count = options.seeds === undefined ? 1 : readCount('--seeds', options.seeds);
  const seeds = seedsFrom(options.seed ?? '1', count);
  const how = readHow(options, runVerb, context);
  const cases = await casesOf(names, options, context);
  const engine = await context.engine();
  const mutant = options.mutant === undefined ? null : readName('not-a-mutant', options.mutant, engine.mutants);
  const flags = printFlags({ '--set': options.set, '--mutant': options.mutant });
  const request: RunRequest = {
    ...requestedCases(cases, context.terminal.cwd),
    seeds,
    mutant,
    flags,
    bail: options.bail === true,
  };
  return drive({ verb: runVerb, request, engine }, how, context);
}

/** Cases as a request holds them: each scenario once. */
export function requestedCases(cases: readonly ChosenCase[], cwd: string): Pick<RunRequest, 'scenarios' | 'cases'> {
  const scenarios = [...new Set(cases.map(({ scenario }) => scenario))];
  const requested = cases.map(({ scenario, case: one, name }) => {
    return { scenario: scenarios.indexOf(scenario), case: one, name, ...placeOf(name, scenario, one, cwd) };
  });
  return { scenarios, cases: requested };
}

/** Where the user wrote a case; a shipped scenario is in no file of theirs. */
function placeOf(name: string, { file }: LoadedScenario, one: string | null, cwd: string): Pick<RequestedCase, 'file' | 'line'> {
  if (!name.startsWith(file) || kindOf(cwd, file) !== 'file') return { file: null, line: null };
  return { file, line: lineOfCase(readText(cwd, file), file, one) };
}
