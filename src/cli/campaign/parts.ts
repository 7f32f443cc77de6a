/**
 * Puts the blobs of all shards together, or says everything that is wrong with them. Nothing is taken of parts that do not belong together.
 */
import type { ShownProblem } from '../../report/problem-text.ts';
import { BadInput, problem } from '../failure.ts';
import { readBytes } from '../files.ts';
import { engineVersion } from '../version.ts';
import type { Campaign, CampaignVerb, Outcome } from './campaign.ts';
import { type BlobContents, readBlob } from './kept.ts';
import { campaignDifference } from './same-request.ts';
import { type Shard, shardText, shareOf } from './shard.ts';

/** A blob, and the file that it was read from. */
export interface Part extends BlobContents {
  readonly file: string;
  readonly shard: Shard;
}

/** Reads blobs that are all of one campaign, one of each shard, in the order of the shards. @throws BadInput */
export function readParts(cwd: string, files: readonly string[]): readonly Part[] {
  const problems: ShownProblem[] = [];
  const parts: Part[] = [];
  for (const file of files) {
    const bytes = bytesOf(cwd, file, problems);
    if (bytes === null) continue;
    const read = readBlob(bytes);
    if (typeof read === 'string') problems.push(problem(read, { file }));
    else if (read.header.shard === null) problems.push(problem('corrupted', { file }));
    else if (read.header.engine !== engineVersion)
      problems.push(problem('other-engine', { file, theirs: read.header.engine, ours: engineVersion }));
    else parts.push({ ...read, file, shard: read.header.shard });
  }
  problems.push(...mismatches(parts));
  // Which shards are missing can be told only of parts that belong together.
  if (problems.length === 0) problems.push(...gaps(parts));
  if (problems.length > 0) throw new BadInput(problems);
  return parts.toSorted((a, b) => a.shard.index - b.shard.index);
}

function bytesOf(cwd: string, file: string, problems: ShownProblem[]): Buffer | null {
  try {
    return readBytes(cwd, file);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

function mismatches(parts: readonly Part[]): ShownProblem[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  return others.flatMap((part) => {
    const difference =
      campaignDifference(first.header, part.header) ??
      (first.shard.of === part.shard.of ? null : { what: 'shards', here: String(first.shard.of), there: String(part.shard.of) });
    return difference === null ? [] : [problem('parts-differ', { file: part.file, first: first.file, ...difference })];
  });
}

function gaps(parts: readonly Part[]): ShownProblem[] {
  const byIndex = new Map<number, Part>();
  const problems: ShownProblem[] = [];
  for (const part of parts) {
    const before = byIndex.get(part.shard.index);
    if (before === undefined) byIndex.set(part.shard.index, part);
    else problems.push(problem('part-twice', { file: part.file, first: before.file, shard: shardText(part.shard) }));
  }
  const of = parts[0]?.shard.of ?? 0;
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const named = missing.map((index) => shardText({ index, of })).join(', ');
    problems.push(problem('parts-missing', { count: missing.length, missing: named, of }));
  }
  return problems;
}

/** What all shards came to together. @throws BadInput where a part has what its shard cannot have */
export function outcomeOf<Task, Result>(
  { result: schema }: Pick<CampaignVerb<never, Task, Result>, 'result'>,
  { tasks, weightOf, isLast }: Campaign<Task, Result>,
  parts: readonly Part[],
): Outcome<Result> {
  const weights = tasks.map(weightOf);
  const results: (Result | undefined)[] = [];
  for (const { file, shard, results: own, ended } of parts) {
    const share = shareOf(shard, weights);
    const mine = new Set(share);
    for (const [index, result] of own) {
      if (!mine.has(index) || !schema.safeParse(result).success) throw new BadInput([problem('corrupted', { file })]);
      results[index] = result as Result;
    }
    const stoppedEarly = isLast !== undefined && [...own].some(([index, one]) => isLast(one as Result, tasks[index]!));
    if (ended === 'complete' && own.size !== share.length && !stoppedEarly) throw new BadInput([problem('corrupted', { file })]);
  }
  // Shards know nothing of one another: some go on behind the result that is the last one of them all.
  const last = isLast === undefined ? -1 : tasks.findIndex((task, i) => results[i] !== undefined && isLast(results[i], task));
  const wanted = last < 0 ? results : results.slice(0, last + 1);
  const cutShort = parts.some(({ ended }) => ended === 'time-limit');
  const done = Object.keys(wanted).length;
  const ended = cutShort && done < (last < 0 ? tasks.length : last + 1) ? 'time-limit' : 'complete';
  return { results: wanted, ended, done, of: tasks.length };
}
