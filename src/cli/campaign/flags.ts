/** Reads the flags that every campaign takes: which part of it is done here, how long, and in which forms its results go where. */
import type { Context } from '../context.ts';
import { badInput } from '../failure.ts';
import { readCount, readDuration, readName } from '../flags.ts';
import { checkOutput } from '../output.ts';
import { sharedReporters } from '../reporter-names.ts';
import type { CampaignVerb } from './campaign.ts';
import { readShard, type Shard } from './shard.ts';

/** Flags of how results are shown; `merge` takes them too. */
export interface ShowFlags {
  readonly json?: boolean;
  readonly reporter?: readonly string[];
  readonly outputFile?: string;
}

/** Flags of a campaign. */
export interface CampaignFlags extends ShowFlags {
  readonly workers?: string;
  readonly shard?: string;
  readonly resume?: string;
  readonly timeLimit?: string;
}

/** A reporter, and the file that it writes; null for stdout. */
export interface Target {
  readonly name: string;
  readonly file: string | null;
}

/** Where the results go. */
export interface Shown {
  readonly targets: readonly Target[];
  readonly forMachines: boolean;
}

/** How a campaign is done. */
export interface How {
  readonly workers: number | null;
  readonly timeLimitMs: number | null;
  /** Null where all of it is done here. */
  readonly shard: { readonly part: Shard; readonly blob: string } | null;
  /** Where results are kept as they come; null where they are not. */
  readonly journal: string | null;
  /** Null for a shard, which leaves showing to `merge`. */
  readonly shown: Shown | null;
}

/** What a verb can show. */
export type Showing = Pick<CampaignVerb<never, never, never>, 'forms' | 'json' | 'reporters'>;

/** May stand beside another one on stdout. */
const besides = 'github';

/** @throws BadInput */
export function readHow(flags: CampaignFlags, showing: Showing, context: Context): How {
  const workers = flags.workers === undefined ? null : readCount('--workers', flags.workers, 1, 64);
  const timeLimitMs = flags.timeLimit === undefined ? null : readDuration('--time-limit', flags.timeLimit);
  const part = flags.shard === undefined ? null : readShard(flags.shard);
  if (part === null) {
    const journal = flags.resume ?? null;
    if (journal !== null) checkOutput(journal, [''], context);
    return { workers, timeLimitMs, shard: null, journal, shown: readShown(flags, showing, context) };
  }
  const instead = flags.json === true ? '--json' : flags.reporter !== undefined ? '--reporter' : undefined;
  if (instead !== undefined) throw badInput('not-with-shard', { flag: instead });
  const blob = flags.outputFile ?? `spillway-shard-${part.index}-of-${part.of}.blob`;
  checkOutput(blob, ['.blob'], context);
  return { workers, timeLimitMs, shard: { part, blob }, journal: flags.resume ?? `${blob}.journal`, shown: null };
}

/** @throws BadInput */
export function readShown(flags: ShowFlags, showing: Showing, context: Context): Shown {
  if (flags.json === true && flags.reporter !== undefined) throw badInput('json-or-reporter');
  checkOutput(flags.outputFile, Object.keys(showing.forms), context);
  const asked = flags.reporter?.flatMap((list) => list.split(',')).map((one) => readTarget(one, showing, context));
  const targets = asked ?? defaultTargets(flags.json === true ? showing.json : null, context);
  const onStdout = targets.filter(({ name, file }) => file === null && name !== besides);
  if (onStdout.length > 1) throw badInput('one-on-stdout', { found: onStdout.map(({ name }) => name).join(', ') });
  const ending = Object.keys(showing.forms).find((candidate) => flags.outputFile?.endsWith(candidate) === true);
  const toFile = ending === undefined ? [] : [{ name: showing.forms[ending]!, file: flags.outputFile! }];
  return { targets: [...targets, ...toFile], forMachines: flags.json === true };
}

/** A step on GitHub's machines annotates what it found without being told to, unless machines read its stdout. */
function defaultTargets(json: string | null, { terminal }: Context): Target[] {
  if (json !== null) return [{ name: json, file: null }];
  const onGithub = terminal.env['GITHUB_ACTIONS'] === 'true';
  return [{ name: 'text', file: null }, ...(onGithub ? [{ name: 'github', file: null }] : [])];
}

function readTarget(text: string, { reporters }: Showing, context: Context): Target {
  const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  readName('not-a-reporter', name, [...Object.keys(reporters), ...sharedReporters]);
  if (file === undefined) return { name, file: null };
  if (file === '') throw badInput('no-file-for-reporter', { name });
  checkOutput(file, [''], context);
  return { name, file };
}
