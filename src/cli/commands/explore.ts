/**
 * `spillway explore`: many runs of a scenario, each with faults, network and settings drawn within its bounds; what they show, and the
 * smallest run that shows it. `spillway soak`: the same of everything the model allows, to find what no rule permits. Both end with 1 when
 * something was found that is not expected.
 */
import { type Strategy, strategies } from '../../explore/explore.ts';
import { wildScenarios } from '../../explore/wild.ts';
import { drive } from '../campaign/drive.ts';
import { type ExploreRequest, exploreVerb, soakVerb } from '../campaign/explore-verb.ts';
import { type CampaignFlags, readHow } from '../campaign/flags.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { assertFolderWritable } from '../files.ts';
import { printFlags, readCount, readName } from '../flags.ts';
import { casesOf, requestedCases } from './run.ts';

/** Flags of the verbs. */
export interface ExploreFlags extends CampaignFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly strategy?: string;
  readonly set?: readonly string[];
  readonly grep?: string;
  readonly mutant?: string;
  readonly bail?: boolean;
  readonly out?: string;
}

/** Explores scenarios. @throws BadInput */
export async function exploreCommand(names: readonly string[], flags: ExploreFlags, context: Context): Promise<ExitCode> {
  const how = readHow(flags, exploreVerb, context);
  const part = seedsOf(flags, 1000);
  const cases = await casesOf(names, flags, context);
  const requested = requestedCases(cases, context.terminal.cwd);
  const shared = await sharedOf(flags, context);
  const request: ExploreRequest = { ...requested, ...part, ...shared, twice: false };
  return drive({ verb: exploreVerb, request, engine: await context.engine() }, how, context);
}

/** Explores everything. @throws BadInput */
export async function soakCommand(flags: ExploreFlags, context: Context): Promise<ExitCode> {
  const how = readHow(flags, soakVerb, context);
  const part = seedsOf(flags, 10_000);
  const scenarios = wildScenarios();
  const cases = scenarios.map(({ name }, scenario) => ({ scenario, case: null, name, file: null, line: null }));
  const shared = await sharedOf(flags, context);
  const request: ExploreRequest = { scenarios, cases, ...part, ...shared, twice: true };
  return drive({ verb: soakVerb, request, engine: await context.engine() }, how, context);
}

/** A whole number begins a range; a finding's seed, `12+57`, stands for itself. Neither count nor a child: that one run. */
function seedsOf(flags: ExploreFlags, usual: number): Pick<ExploreRequest, 'firstSeed' | 'seeds' | 'only'> {
  const { seed } = flags;
  if (seed !== undefined && !/^\d{1,9}(\+\d{1,9}){0,9}$/.test(seed))
    throw badInput('not-an-explored-seed', { found: JSON.stringify(seed) });
  if (seed !== undefined && (flags.seeds === undefined || seed.includes('+'))) return { firstSeed: 0, seeds: 1, only: seed };
  const seeds = flags.seeds === undefined ? usual : readCount('--seeds', flags.seeds);
  return { firstSeed: Number(seed ?? '1'), seeds, only: null };
}

async function sharedOf(
  flags: ExploreFlags,
  context: Context,
): Promise<Pick<ExploreRequest, 'strategy' | 'mutant' | 'flags' | 'bail' | 'out'>> {
  const engine = await context.engine();
  const strategy = flags.strategy === undefined ? 'random' : (readName('not-a-strategy', flags.strategy, strategies) as Strategy);
  const mutant = flags.mutant === undefined ? null : readName('not-a-mutant', flags.mutant, engine.mutants);
  if (flags.out !== undefined) assertFolderWritable(context.terminal.cwd, flags.out);
  return {
    strategy,
    mutant,
    flags: printFlags({ '--set': flags.set, '--mutant': flags.mutant }),
    bail: flags.bail === true,
    out: flags.out ?? null,
  };
}
