/**
 * Does the tasks of a campaign: those of one shard or all, those that are not in its journal yet, until they are done, the time is over or
 * somebody presses ^C. What is under way then is finished and counted.
 */
import { say } from '../../report/messages/catalogue.ts';
import type { Context } from '../context.ts';
import type { Engine } from '../engine.ts';
import { poolFor } from '../pool.ts';
import { progressFor } from '../progress.ts';
import type { Campaign, CampaignVerb, Ending, Outcome } from './campaign.ts';
import type { Journal } from './journal.ts';

/** How a campaign is done. */
export interface Conduct<Result> {
  /** The places of the tasks that are to be done, ascending. */
  readonly share: readonly number[];
  /** Results go there, and those in it are not made again. */
  readonly journal: Journal | null;
  readonly workers: number | null;
  readonly timeLimitMs: number | null;
  /** Is told each result, known ones first. `aside` prints where the line of progress may stand. */
  onResult(index: number, result: Result, aside: (write: () => void) => void): void;
}

/** Does it. */
export async function conduct<Task, Result>(
  verb: Pick<CampaignVerb<never, Task, Result>, 'progress'>,
  campaign: Campaign<Task, Result>,
  engine: Engine,
  { share, journal, workers, timeLimitMs, onResult }: Conduct<Result>,
  context: Context,
): Promise<Outcome<Result>> {
  const { tasks, weightOf, isLast } = campaign;
  const stop = new AbortController();
  const interrupted = context.interruption.heed();
  const results: (Result | undefined)[] = [];
  let done = 0;
  let ended: Ending = 'complete';
  const progress = await progressFor(context.terminal, context.quiet, verb.progress);
  const take = (index: number, result: Result): void => {
    results[index] = result;
    progress.at(++done, share.length);
    onResult(index, result, progress.aside);
    if (isLast?.(result, tasks[index]!) === true) stop.abort();
  };
  const end = (why: Ending): void => {
    if (!stop.signal.aborted) ended = why;
    stop.abort();
  };
  const onInterrupt = (): void => end('interrupted');
  const timer = timeLimitMs === null ? null : setTimeout(() => end('time-limit'), timeLimitMs);
  if (interrupted.aborted) onInterrupt();
  interrupted.addEventListener('abort', onInterrupt);
  try {
    for (const index of share) {
      const known = journal?.found.get(index) as Result | undefined;
      if (known !== undefined && !stop.signal.aborted) take(index, known);
    }
    if (done > 0 && !context.quiet) context.terminal.err(`${say('commandLine', 'resumed', { done, of: share.length })}\n`);
    const open = share.filter((index) => results[index] === undefined);
    const runs = open.reduce((sum, index) => sum + weightOf(tasks[index]!).runs, 0);
    const pool = poolFor(engine, campaign.job, isLast === undefined ? workers : 1, runs, context);
    await pool.run<Task, Result>(
      open.map((index) => tasks[index]!),
      (position, result) => {
        const index = open[position]!;
        journal?.write(index, result);
        take(index, result);
      },
      stop.signal,
    );
  } finally {
    if (timer !== null) clearTimeout(timer);
    interrupted.removeEventListener('abort', onInterrupt);
    progress.end();
    journal?.close();
  }
  // ^C or the end of time may have come with the last of the work.
  if (done === share.length) ended = 'complete';
  return { results, ended, done, of: share.length };
}
