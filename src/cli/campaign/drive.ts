/** A campaign from its request to its exit status: on one machine with its results shown, or as a shard that leaves a blob to `merge`. */
import { say } from '../../report/messages/catalogue.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { kindOf, readBytes, writeWhole } from '../files.ts';
import type { Campaign, Ending } from './campaign.ts';
import { type Conduct, conduct } from './conduct.ts';
import type { How, Shown } from './flags.ts';
import { type Journal, openJournal } from './journal.ts';
import { type BlobContents, blobLines, headerOf, readBlob } from './kept.ts';
import { type Asked, presenter } from './present.ts';
import { differenceOf } from './same-request.ts';
import { type Shard, shardText, shareOf } from './shard.ts';

/** Does a campaign as the flags say. @throws BadInput */
export async function drive<Request, Task, Result>(
  asked: Asked<Request, Task, Result>,
  how: How,
  context: Context,
): Promise<ExitCode> {
  const campaign = asked.verb.campaign(asked.request, asked.engine);
  if (how.shard !== null) return driveShard(asked, campaign, how, how.shard.part, how.shard.blob, context);
  return driveAll(asked, campaign, how, how.shown!, context);
}

async function driveAll<Request, Task, Result>(
  asked: Asked<Request, Task, Result>,
  campaign: Campaign<Task, Result>,
  how: How,
  shown: Shown,
  context: Context,
): Promise<ExitCode> {
  const { verb, request, engine } = asked;
  const about = headerOf('journal', verb.name, null, request);
  const journal = how.journal === null ? null : openJournal(context.terminal.cwd, how.journal, about, new Map());
  const show = presenter(asked, shown, context);
  const share = campaign.tasks.map((_, index) => index);
  const outcome = await conduct(verb, campaign, engine, { ...how, share, journal, onResult: show.take }, context);
  const code = show.end(outcome);
  leave(journal, how, outcome.ended, context);
  return code;
}

async function driveShard<Request, Task, Result>(
  { verb, request, engine }: Asked<Request, Task, Result>,
  campaign: Campaign<Task, Result>,
  how: How,
  part: Shard,
  file: string,
  context: Context,
): Promise<ExitCode> {
  const { terminal, quiet } = context;
  const about = headerOf('blob', verb.name, part, request);
  const share = shareOf(part, campaign.tasks.map(campaign.weightOf));
  const line = (code: 'shard-done' | 'shard-was-done', done: number): void =>
    terminal.out(` ${say('ci', code, { shard: shardText(part), done, of: share.length })}\n`);
  const before = blobOfSame(terminal.cwd, file, about);
  if (before?.ended === 'complete') {
    line('shard-was-done', before.results.size);
    return ExitCode.ok;
  }
  const known = before?.results ?? new Map<number, unknown>();
  const journal = openJournal(terminal.cwd, how.journal!, { ...about, spillway: 'journal' }, known);
  const quietly: Conduct<Result>['onResult'] = () => undefined;
  const outcome = await conduct(verb, campaign, engine, { ...how, share, journal, onResult: quietly }, context);
  const { results, ended, done } = outcome;
  if (ended !== 'interrupted') {
    const made = share.flatMap((index) => (results[index] === undefined ? [] : [[index, results[index]] as const]));
    writeWhole(terminal.cwd, file, blobLines(about, made, ended));
    if (!quiet) terminal.err(`${say('commandLine', 'written', { file })}\n`);
  }
  if (ended === 'complete') line('shard-done', done);
  else terminal.out(` ${say('ci', ended, { done, of: share.length })}\n`);
  leave(journal, how, ended, context);
  if (ended === 'interrupted') return ExitCode.interrupted;
  return ended === 'complete' ? ExitCode.ok : ExitCode.inconclusive;
}

/** What the journal holds stands in the output now; where the campaign was cut short the same command goes on from it. */
function leave(journal: Journal | null, { journal: file }: How, ended: Ending, { terminal, quiet }: Context): void {
  if (ended === 'complete') journal?.remove();
  else if (file !== null && !quiet) terminal.err(`${say('commandLine', 'goes-on-from', { file })}\n`);
}

/** The blob of the same shard of the same request, where there is one. Anything else that stands there is written over, as outputs are. */
function blobOfSame(cwd: string, file: string, about: ReturnType<typeof headerOf>): BlobContents | null {
  if (kindOf(cwd, file) !== 'file') return null;
  const read = readBlob(readBytes(cwd, file));
  return typeof read !== 'string' && differenceOf(about, read.header) === null ? read : null;
}
