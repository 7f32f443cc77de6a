/** The leader epoch cache. Source of every row: LeaderEpochFileCache.java; the reasons are KIP-101 and KIP-279. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assignEpoch,
  type EpochEntry,
  endOffsetFor,
  latestEpoch,
  truncateEpochsFromEnd,
} from '../../../src/kafka/log/leader-epochs.ts';

function entries(...pairs: readonly (readonly [epoch: number, startOffset: number])[]): EpochEntry[] {
  return pairs.map(([epoch, startOffset]) => ({ epoch, startOffset }));
}

function pairsOf(list: readonly EpochEntry[]): (readonly [number, number])[] {
  return list.map(({ epoch, startOffset }) => [epoch, startOffset] as const);
}

describe('the end of an epoch', () => {
  // Epochs 1, 2 and 4 began at 0, 10 and 20; the log ends at 30.
  const cache = entries([1, 0], [2, 10], [4, 20]);
  const table: readonly (readonly [name: string, asked: number, epoch: number, endOffset: number])[] = [
    ['of the newest epoch is the log end offset', 4, 4, 30],
    ['of an older epoch is the start of the next one', 2, 2, 20],
    ['of the oldest epoch is the start of the next one', 1, 1, 10],
    ['of an epoch that left nothing here is that of the largest epoch below it', 3, 2, 20],
    ['of an epoch below all known ones is the start of the first', 0, 0, 0],
    ['of an epoch above all known ones is unknown', 5, -1, -1],
    ['of no epoch is unknown', -1, -1, -1],
  ];

  test.each(table)('%s', (_name, asked, epoch, endOffset) => {
    expect(endOffsetFor(cache, asked, 30)).toEqual({ epoch, endOffset });
  });

  test('in an empty cache is unknown', () => {
    expect(endOffsetFor([], 3, 30)).toEqual({ epoch: -1, endOffset: -1 });
    expect(latestEpoch([])).toBe(-1);
  });
});

describe('an assignment', () => {
  test('of a newer epoch is appended, also when nothing was written in the one before', () => {
    const cache = entries([1, 0]);
    expect(assignEpoch(cache, 2, 10)).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [1, 0],
      [2, 10],
    ]);
  });

  test('of the newest epoch at or beyond its start changes nothing', () => {
    const cache = entries([1, 0], [2, 10]);
    expect(assignEpoch(cache, 2, 10)).toBe(false);
    expect(assignEpoch(cache, 2, 15)).toBe(false);
    expect(pairsOf(cache)).toEqual([
      [1, 0],
      [2, 10],
    ]);
  });

  test('removes the entries at the end that contradict it', () => {
    const cache = entries([1, 0], [2, 10], [3, 20]);
    expect(assignEpoch(cache, 4, 15)).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [1, 0],
      [2, 10],
      [4, 15],
    ]);
    expect(assignEpoch(cache, 2, 30)).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [1, 0],
      [2, 30],
    ]);
  });

  test('at the offset of an epoch that wrote nothing takes its place', () => {
    const cache = entries([1, 0], [2, 10]);
    assignEpoch(cache, 3, 10);
    expect(pairsOf(cache)).toEqual([
      [1, 0],
      [3, 10],
    ]);
  });

  test('leaves epochs and offsets ascending, whatever was assigned before', () => {
    const assignment = fc.tuple(fc.nat(10), fc.nat(50));
    fc.assert(
      fc.property(fc.array(assignment), (assignments) => {
        const cache: EpochEntry[] = [];
        for (const [epoch, offset] of assignments) assignEpoch(cache, epoch, offset);
        return cache.every((entry, i) => {
          const before = cache[i - 1];
          return before === undefined || (before.epoch < entry.epoch && before.startOffset < entry.startOffset);
        });
      }),
    );
  });
});

test('a truncation drops the epochs that start at or beyond it', () => {
  const cache = entries([1, 0], [2, 10], [3, 20]);
  expect(truncateEpochsFromEnd(cache, 25)).toBe(false);
  expect(truncateEpochsFromEnd(cache, 20)).toBe(true);
  expect(pairsOf(cache)).toEqual([
    [1, 0],
    [2, 10],
  ]);
  expect(truncateEpochsFromEnd(cache, 0)).toBe(true);
  expect(pairsOf(cache)).toEqual([]);
});
