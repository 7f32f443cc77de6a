/**
 * The leader epoch cache of one log: which epoch began at which offset. Source: LeaderEpochFileCache.java, KIP-101, KIP-279.
 */
import type { Offset } from '../../base/units.ts';

export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: Offset;
}

/** Neither epoch nor offset are known. */
export const undefinedEpoch = -1;

/** The newest epoch in the cache, -1 when it is empty. */
export function latestEpoch(entries: readonly EpochEntry[]): number {
  return entries.length === 0 ? undefinedEpoch : entries[entries.length - 1]!.epoch;
}

/**
 * Notes that `epoch` begins at `startOffset`. Ignored when the epoch is the newest already and the offset not below its start; else
 * trailing entries that contradict it go first. Returns true when the cache changed.
 */
export function assignEpoch(entries: EpochEntry[], epoch: number, startOffset: Offset): boolean {
  if (entries.length > 0) {
    const last = entries[entries.length - 1]!;
    if (last.epoch === epoch && startOffset >= last.startOffset) return false;
  }
  while (entries.length > 0) {
    const tail = entries[entries.length - 1]!;
    if (tail.epoch < epoch && tail.startOffset < startOffset) break;
    entries.pop();
  }
  entries.push({ epoch, startOffset });
  return true;
}

/** Drops entries that start at or beyond `endOffset`; true when the cache changed. */
export function truncateEpochsFromEnd(entries: EpochEntry[], endOffset: Offset): boolean {
  const before = entries.length;
  while (entries.length > 0 && entries[entries.length - 1]!.startOffset >= endOffset) entries.pop();
  return entries.length !== before;
}

/**
 * Drops entries of epochs that ended at or below `startOffset`; the one in force there begins there from now on. True when the cache
 * changed. Source: LeaderEpochFileCache.truncateFromStart.
 */
export function truncateEpochsFromStart(entries: EpochEntry[], startOffset: Offset): boolean {
  let below = 0;
  while (below < entries.length && entries[below]!.startOffset <= startOffset) below++;
  if (below === 0) return false;
  const { epoch, startOffset: before } = entries[below - 1]!;
  if (below === 1 && before === startOffset) return false;
  entries.splice(0, below, { epoch, startOffset });
  return true;
}

/** Result of {@link endOffsetFor} when nothing can be said. */
const undefinedEnd = { epoch: undefinedEpoch, endOffset: -1 } as const;

/**
 * Where the requested epoch ends: the largest epoch at or below it and the start of the next one. The newest epoch ends at the
 * log end offset. `{-1, -1}` when the epoch is unknown and nothing above it exists.
 */
export function endOffsetFor(
  entries: readonly EpochEntry[],
  requestedEpoch: number,
  logEndOffset: Offset,
): { readonly epoch: number; readonly endOffset: Offset } {
  if (requestedEpoch === undefinedEpoch) return undefinedEnd;
  if (latestEpoch(entries) === requestedEpoch) return { epoch: requestedEpoch, endOffset: logEndOffset };
  let higher = -1;
  for (let i = entries.length - 1; i >= 0 && entries[i]!.epoch > requestedEpoch; i--) higher = i;
  if (higher < 0) return undefinedEnd;
  const endOffset = entries[higher]!.startOffset;
  if (higher === 0) return { epoch: requestedEpoch, endOffset };
  return { epoch: entries[higher - 1]!.epoch, endOffset };
}

/**
 * The same as KIP-101 had it, up to 1.1: only the offset at which the next epoch begins; -1 also for an epoch below all of the cache.
 * Source: LeaderEpochFileCache.scala of 0.11 to 1.1.
 */
export function endOffsetOf(entries: readonly EpochEntry[], requestedEpoch: number, logEndOffset: Offset): Offset {
  const [first] = entries;
  if (first === undefined || requestedEpoch < first.epoch) return -1;
  return endOffsetFor(entries, requestedEpoch, logEndOffset).endOffset;
}
