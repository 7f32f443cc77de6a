/**
 * A history that says of itself that nothing happened to any record: the checkers, asked all the same, find nothing; and whatever
 * happens to a record, a history does not say so any more.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import { EachInTurn } from '../../src/history/each-in-turn.ts';
import { type History, Outcome } from '../../src/history/history.ts';
import { BatchedLog, LogContents, type LoggedBatch } from '../../src/history/log-contents.ts';
import { HistoryRecorder } from '../../src/history/recorder.ts';
import { plans } from '../../src/lib/fast-check.ts';
import { countHarms, countHarmsOf, noHarms } from '../../src/oracle/counts.ts';
import { subjectOf } from '../../src/oracle/subject.ts';

const producers = [
  { name: 'p1', topic: 't', acks: -1, idempotent: true, retries: 1, maxInFlight: 5, onFailure: 'callback' },
] as const;

/** A run of six records in three batches on two replicas, of which nothing is to be told but what `change` makes of it. */
function history(change: Partial<Story> = {}): History {
  const story: Story = {
    sent: [ids(0, 6)],
    acked: batches,
    failed: [],
    logs: [batches, batches],
    settled: true,
    leader: 1,
    ...change,
  };
  const recorder = new HistoryRecorder({
    count: 6,
    producer: new Int32Array(6),
    ordinal: Int32Array.of(1, 2, 3, 4, 5, 6),
    key: new Int32Array(6).fill(-1),
  });
  for (const list of story.sent) {
    recorder.sends.sent(list, 1, 1);
    recorder.sends.placed(list, 0, list.length, 0);
  }
  for (const list of story.acked) recorder.sends.completed(list, Outcome.acknowledged, 0, list[0]!.id, true, 2, 2);
  for (const list of story.failed) recorder.sends.completed(list, Outcome.unknown, 7, -1, true, 3, 3);
  // Replicas that hold the very same list share what is read of it, as the audit of a cluster does.
  const shared = new Map<object, LogContents>();
  const replicas = story.logs.map((lists, i) => {
    const contents =
      shared.get(lists) ?? new LogContents(lists.map((records): LoggedBatch => ({ records, partitionLeaderEpoch: 0 })));
    shared.set(lists, contents);
    return { broker: i + 1, leaderEpoch: 0, log: new BatchedLog(0, 6, contents) };
  });
  return recorder.finish({
    producers,
    consumers: [],
    partitions: ['t-0'],
    audits: [{ partition: 0, leader: story.leader, leaderEpoch: 0, isr: [1, 2], replicas }],
    healedAtUs: 4,
    settled: story.settled,
    endedAtUs: 5,
  });
}

type List = readonly { readonly id: number }[];
interface Story {
  readonly sent: readonly List[];
  readonly acked: readonly List[];
  readonly failed: readonly List[];
  /** By replica. */
  readonly logs: readonly (readonly List[])[];
  readonly settled: boolean;
  readonly leader: number;
}

function ids(from: number, to: number): List {
  return Array.from({ length: to - from }, (_, i) => ({ id: from + i }));
}

const batches = [ids(0, 3), ids(3, 5), ids(5, 6)];
const [first, second, third] = batches as [List, List, List];

test('says so when nothing happened, and the checkers agree', () => {
  expect(history().uneventful).toBe(true);
  expect(countHarmsOf(subjectOf(history()), [])).toEqual(noHarms(6));
});

describe('does not say so', () => {
  test.each([
    [
      'a record was lost',
      {
        logs: [
          [first, second],
          [first, second],
        ],
      },
      'lost',
    ],
    ['a batch is in the log twice', { logs: [[...batches, third], batches] }, 'duplicated'],
    ['batches changed places', { logs: [[second, first, third], batches] }, 'reordered'],
    ['records changed places in a batch', { logs: [[first.toReversed(), second, third], batches] }, 'reordered'],
    ['a record takes the place of another', { logs: [[[first[0]!, first[0]!, first[2]!], second, third], batches] }, 'lost'],
    ['replicas differ', { logs: [batches, [first, third, second]] }, 'diverged'],
    ['a send never ended', { acked: [first, second] }, 'stuck'],
    ['the cluster found no rest', { settled: false }, 'stuck'],
  ] as [string, Partial<Story>, keyof ReturnType<typeof noHarms>][])('when %s', (_, change, harm) => {
    const found = history(change);
    expect(found.uneventful).toBe(false);
    expect(countHarms(found)[harm]).toBeGreaterThan(0);
  });

  test.each([
    ['a record was sent twice', { sent: [ids(0, 6), third] }],
    ['a send ended in doubt', { failed: [third] }],
    ['acknowledgements came in another order', { acked: [first, third, second] }],
    ['nobody led', { leader: -1 }],
    ['the leader was not read', { leader: 3 }],
  ] as [string, Partial<Story>][])('when %s, which is no harm', (_, change) => {
    expect(history(change).uneventful).toBe(false);
  });
});

test('of drawn plans some runs say so, and then the checkers find nothing', () => {
  let uneventful = 0;
  fc.assert(
    fc.property(plans({ faults: { min: 0, max: 1 } }), fc.nat({ max: 99 }), (plan, seed) => {
      const { history: found, faults } = run(compile(plan), { seed: String(seed), trace: 'off' });
      if (found.uneventful !== true) return;
      uneventful++;
      expect(countHarmsOf(subjectOf(found), faults)).toEqual(noHarms(found.sends.count));
    }),
    { seed: 5, numRuns: 60 },
  );
  expect(uneventful).toBeGreaterThan(8);
});

test('producers have their own order, and records of one do not count for another', () => {
  const facts = { count: 4, producer: Int32Array.of(0, 1, 0, 1), ordinal: Int32Array.of(1, 1, 2, 2) };
  const of = (...lists: readonly (readonly number[])[]): boolean => {
    const turn = new EachInTurn(facts);
    for (const list of lists) turn.takeAny(list.map((id) => ({ id })));
    return turn.complete;
  };
  expect(of([0], [1], [2], [3])).toBe(true);
  expect(of([1], [0], [3], [2])).toBe(true);
  expect(of([0], [3], [2], [1])).toBe(false);
  expect(of([0, 1], [2, 3])).toBe(false);
  expect(of([0, 2], [1], [1])).toBe(false);
  expect(of([0], [1], [2])).toBe(false);
});
