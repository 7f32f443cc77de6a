/** Fetches at a leader: who may read, how far, and where logs diverge. Sources: Partition.fetchRecords, KIP-320, KIP-595, KIP-903. */
import { describe, expect, test } from 'vitest';
import { batch } from '../batches.ts';
import { LoneBroker } from '../lone-broker.ts';

/** Broker 1 leads epoch 5; its log holds epoch 2 from 0, epoch 3 from 2, epoch 5 from 4, and ends at 6. */
function leader(): LoneBroker {
  const broker = new LoneBroker();
  broker.create({ leader: 2, leaderEpoch: 4 });
  broker.leaderSays({
    highWatermark: 2,
    records: [batch({ count: 2, offset: 0, epoch: 2 }), batch({ count: 2, offset: 2, epoch: 3 })],
  });
  broker.change({ leader: 1, isr: [1, 2, 3] });
  broker.produce(1, batch({ count: 2 }));
  expect(broker.partition.log.epochs.map(({ epoch, startOffset }) => [epoch, startOffset])).toEqual([
    [2, 0],
    [3, 2],
    [5, 4],
  ]);
  return broker;
}

describe('a fetch is refused', () => {
  const rows: readonly (readonly [name: string, replica: number, offset: number, options: object, errorCode: number])[] = [
    ['with an older leader epoch: the client has to look for the leader anew', 2, 6, { currentLeaderEpoch: 4 }, 74],
    ['with a newer leader epoch: this broker has not heard of it yet', 2, 6, { currentLeaderEpoch: 6 }, 75],
    ['to a consumer with an older leader epoch (KIP-320)', -1, 0, { currentLeaderEpoch: 4 }, 74],
    ['to a broker that has no replica', 9, 0, { replicaEpoch: -1 }, 75],
    ['beyond the log end', -1, 7, {}, 1],
    ['after an epoch that this leader knows nothing of', 2, 6, { lastFetchedEpoch: 6 }, 1],
    ['to a follower whose broker epoch belongs to a former life (KIP-903)', 3, 6, { replicaEpoch: 1 }, 6],
  ];

  test.each(rows)('%s', (_name, replica, offset, options, errorCode) => {
    expect(leader().fetch(replica, offset, options)()).toMatchObject({ errorCode, records: [], highWatermark: -1 });
  });

  test('by a broker that does not lead', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 2, leaderEpoch: 4 });
    expect(broker.fetch(3, 0)()).toMatchObject({ errorCode: 6, currentLeader: 2, currentLeaderEpoch: 4 });
  });
});

describe('a follower', () => {
  test('reads to the log end, beyond the high watermark', () => {
    const answer = leader().fetch(2, 0, { lastFetchedEpoch: -1 })();
    expect(answer!.records.map((one) => one.baseOffset)).toEqual([0, 2, 4]);
    expect(answer!.highWatermark).toBe(2);
  });

  // [the follower's last epoch, where its log ends] → what the leader says of that epoch, null for no divergence.
  const rows: readonly (readonly [name: string, epoch: number, offset: number, diverging: object | null])[] = [
    ['whose log is a beginning of the leader’s does not diverge', 3, 3, null],
    ['that ends where its epoch ends at the leader does not diverge', 3, 4, null],
    ['that has more of its epoch than the leader diverges where that ends', 3, 5, { epoch: 3, endOffset: 4 }],
    ['of an epoch in which the leader has nothing diverges at the epoch below', 4, 3, { epoch: 3, endOffset: 4 }],
    ['of an epoch below all that the leader has diverges at the leader’s start', 1, 3, { epoch: 1, endOffset: 0 }],
    ['that is longer in the newest epoch diverges at the log end', 5, 8, { epoch: 5, endOffset: 6 }],
  ];

  test.each(rows)('%s', (_name, lastFetchedEpoch, offset, diverging) => {
    const answer = leader().fetch(2, offset, { lastFetchedEpoch })();
    expect(answer!.errorCode).toBe(0);
    expect(answer!.divergingEpoch).toEqual(diverging);
    expect(answer!.records.length > 0).toBe(diverging === null);
  });

  test('that diverges has told nothing of its progress (KAFKA-13141)', () => {
    const broker = leader();
    broker.fetch(2, 6, { lastFetchedEpoch: 4 });
    broker.fetch(3, 6, { lastFetchedEpoch: 5 });
    expect(broker.partition.log.highWatermark).toBe(2);
    expect(broker.partition.remotes[0]!.logEndOffset).toBe(-1);
    broker.fetch(2, 6, { lastFetchedEpoch: 5 });
    expect(broker.partition.log.highWatermark).toBe(6);
  });

  test('at the end waits for the next record, at most replica.fetch.wait.max.ms', () => {
    const broker = leader();
    const early = broker.fetch(2, 6, { lastFetchedEpoch: 5 });
    const late = broker.fetch(3, 6, { lastFetchedEpoch: 5, maxWaitMs: 2000 });
    broker.advanceMs(499);
    expect(early()).toBeUndefined();
    broker.advanceMs(1);
    expect(early()).toMatchObject({ errorCode: 0, records: [] });
    broker.produce(1, batch());
    expect(late()).toMatchObject({ records: [expect.objectContaining({ baseOffset: 6 })] });
  });

  test('that waits does not hear of the high watermark alone (before KIP-1166)', () => {
    const broker = leader();
    const waits = broker.fetch(2, 6, { lastFetchedEpoch: 5 });
    broker.fetch(3, 6, { lastFetchedEpoch: 5 });
    expect(broker.partition.log.highWatermark).toBe(6);
    expect(waits()).toBeUndefined();
  });

  test('that waits is told when the leadership leaves', () => {
    const broker = leader();
    const waits = broker.fetch(2, 6, { lastFetchedEpoch: 5 });
    broker.change({ leader: 3 });
    expect(waits()).toMatchObject({ errorCode: 74, currentLeader: 3, currentLeaderEpoch: 6 });
  });
});

describe('a consumer', () => {
  test('waits for fetch.min.bytes', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 1, leaderEpoch: 0, isr: [1] });
    const answer = broker.fetch(-1, 0, { minBytes: 500 });
    broker.produce(1, batch({ bytes: 300 }));
    expect(answer()).toBeUndefined();
    broker.produce(1, batch({ bytes: 300 }));
    expect(answer()!.records).toHaveLength(2);
  });

  test('gets the whole batch that holds its offset', () => {
    const answer = leader().fetch(-1, 1, { maxWaitMs: 0 })();
    expect(answer!.records.map((one) => [one.baseOffset, one.records.length])).toEqual([[0, 2]]);
  });
});
