/**
 * Which tasks a shard does: every task is one shard's, shards have as many runs as one another to within one task, and who does what
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

/**
 * The places of a shard's tasks, ascending. Tasks are dealt like cards, the longest first; those of one length in an order that follows no
 * row, column or case, because the tasks of one column would cost more than those of another.
 */
export function shareOf({ index, of }: Shard, runs: readonly number[]): number[] {
  const dealt = runs.map((_, place) => place).sort((a, b) => runs[b]! - runs[a]! || scattered(a) - scattered(b));
  return dealt.filter((_, position) => position % of === index - 1).sort((a, b) => a - b);
}

/** Neighbours land far apart, and no two at one place: a multiplication by an odd number near 2³² divided by the golden ratio. */
function scattered(place: number): number {
  return Math.imul(place, 0x9e3779b1) >>> 0;
}
