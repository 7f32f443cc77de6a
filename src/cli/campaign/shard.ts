/**
 * Which tasks a shard does: every task is one shard's, shards have as many runs as one another to within one task's, and who does what
 * depends on the tasks alone.
 */
import { badInput } from '../failure.ts';

/** One of several machines; counts from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

const most = 10_000;

/** `2/3`. @throws BadInput */
export function readShard(text: string): Shard {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (of === undefined || shard.index < 1 || shard.index > shard.of || shard.of > most)
    throw badInput('not-a-shard', { found: JSON.stringify(text), most });
  return shard;
}

/** As one writes it. */
export function shardText({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** How much a task is, and what other tasks cost as much. */
export interface Weight {
  /** How many runs it is. */
  readonly runs: number;
  /** Tasks of one kind cost about the same: those of a column, of a case. */
  readonly kind: string;
}

/**
 * The places of a shard's tasks, ascending. Tasks are dealt like cards, the longest first and kind by kind, so that every shard has as many
 * of each kind as all others to within one for each length.
 */
export function shareOf({ index, of }: Shard, weights: readonly Weight[]): number[] {
  const dealt = weights
    .map((weight, place) => ({ ...weight, place }))
    .sort((a, b) => b.runs - a.runs || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.place - b.place));
  return dealt.flatMap(({ place }, position) => (position % of === index - 1 ? [place] : [])).sort((a, b) => a - b);
}
