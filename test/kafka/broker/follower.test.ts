/** The follower's side: copying, truncating by epoch, backing off. Sources: AbstractFetcherThread.scala, ReplicaFetcherThread.scala. */
import { describe, expect, test } from 'vitest';
import { RottenBatch } from '../../../src/kafka/protocol/records.ts';
import { type BatchOptions, batch } from '../batches.ts';
import { type BrokerOptions, LoneBroker } from '../lone-broker.ts';

/** Broker 1 follows broker 2 and has copied these batches; each follows the last. */
function follower(
  copied: readonly Partial<BatchOptions>[] = [],
  leaderEpoch = 9,
  options: Partial<BrokerOptions> = {},
): LoneBroker {
  const broker = new LoneBroker(options);
  broker.create({ leader: 2, leaderEpoch });
  let offset = 0;
  const records = copied.map((one) => {
    const next = batch({ epoch: 0, ...one, offset });
    offset = next.endOffset;
    return next;
  });
  if (records.length > 0) broker.leaderSays({ records });
  return broker;
}

function log(broker: LoneBroker): { end: number; epochs: (readonly [number, number])[] } {
  const { logEndOffset, epochs } = broker.partition.log;
  return { end: logEndOffset, epochs: epochs.map(({ epoch, startOffset }) => [epoch, startOffset] as const) };
}

describe('a fetch', () => {
  test('asks at the log end, in the leader epoch it follows, and says its newest epoch and its own broker epoch', () => {
    const broker = follower([{ count: 3, epoch: 4 }]);
    expect(broker.wanted).toMatchObject({ fetchOffset: 3, lastFetchedEpoch: 4, currentLeaderEpoch: 9 });
    expect(broker.request(1)).toMatchObject({ to: 2, body: { replicaId: 1, replicaEpoch: 0 } });
  });

  test('is followed by the next one; there is one at a time', () => {
    const broker = follower();
    expect(broker.wanted).toMatchObject({ fetchOffset: 0, lastFetchedEpoch: -1 });
    broker.leaderSays({ records: [batch({ offset: 0, epoch: 9 })] });
    expect(broker.waiting(1)).toHaveLength(1);
    expect(broker.wanted.fetchOffset).toBe(1);
  });

  test('starts anew when the leader epoch grows, also with the same leader', () => {
    const broker = follower([{ count: 2 }]);
    const old = broker.request(1);
    broker.change({ leader: 2 });
    // The answer to the fetch of the old epoch is not for this one.
    const data = {
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 3,
      logStartOffset: 0,
      divergingEpoch: null,
      currentLeader: 2,
      currentLeaderEpoch: 9,
      records: [batch({ offset: 2, epoch: 9 })],
    };
    if (broker.waiting(1).includes(old)) broker.answer(old, { api: 1, responses: [{ topicId: 0, partitions: [data] }] });
    expect(log(broker).end).toBe(2);
    expect(broker.wanted).toMatchObject({ fetchOffset: 2, currentLeaderEpoch: 10 });
  });

  test('goes to the new leader, and no longer to the old one', () => {
    const broker = follower([{ count: 2 }]);
    broker.change({ leader: 3 });
    expect(broker.waiting(1).map(({ to }) => to)).toEqual([3]);
    expect(broker.out.all('close')).toHaveLength(1);
  });

  test('stops while nobody leads', () => {
    const broker = follower([{ count: 2 }]);
    broker.change({ leader: -1 });
    expect(broker.waiting(1)).toEqual([]);
    expect(log(broker).end).toBe(2);
  });
});

describe('what the leader sends', () => {
  test('is appended as it is, epochs and producers included', () => {
    const broker = follower([
      { count: 2, epoch: 1, producerId: 7 },
      { count: 1, epoch: 3, producerId: 7, sequence: 2 },
    ]);
    expect(log(broker)).toEqual({
      end: 3,
      epochs: [
        [1, 0],
        [3, 2],
      ],
    });
    expect(broker.partition.log.producers.get(7)!.batches).toHaveLength(2);
  });

  test('is not appended when it comes from an epoch that this follower has not heard of (KAFKA-18723)', () => {
    const broker = follower();
    broker.leaderSays({ records: [batch({ offset: 0, epoch: 9 }), batch({ offset: 1, epoch: 10 })] });
    expect(log(broker)).toEqual({ end: 1, epochs: [[9, 0]] });
  });

  test('is flushed before the next fetch where flush.messages asks for it', () => {
    const broker = follower([], 9, { topic: { 'flush.messages': 1 } });
    broker.slowDisk = true;
    broker.leaderSays({ records: [batch({ offset: 0, epoch: 9 })] });
    expect(broker.waiting(1)).toEqual([]);
    broker.fsynced();
    expect(broker.wanted.fetchOffset).toBe(1);
    expect(broker.partition.log.recoveryPoint).toBe(1);
  });
});

describe('a divergence', () => {
  test('in a known epoch is cut where that epoch ends at the leader, never below (KIP-101)', () => {
    const broker = follower([
      { count: 2, epoch: 1 },
      { count: 4, epoch: 2 },
    ]);
    broker.leaderSays({ divergingEpoch: { epoch: 2, endOffset: 3 }, highWatermark: 3 });
    // The batch from 2 to 6 straddles the end and goes as a whole.
    expect(log(broker)).toEqual({ end: 2, epochs: [[1, 0]] });
  });

  test('is cut to the shorter of both ends of the epoch', () => {
    const broker = follower([
      { count: 2, epoch: 1 },
      { count: 2, epoch: 3 },
      { count: 2, epoch: 4 },
    ]);
    broker.leaderSays({ divergingEpoch: { epoch: 3, endOffset: 9 } });
    expect(log(broker)).toEqual({
      end: 4,
      epochs: [
        [1, 0],
        [3, 2],
      ],
    });
  });

  test('at an epoch that this log has nothing of is cut to the epoch below it, and the next fetch asks again (KIP-279)', () => {
    // Leader: epochs 1 and 3. Follower: 1, 2 and 4, of which it knows nothing in 3.
    const broker = follower([
      { count: 2, epoch: 1 },
      { count: 2, epoch: 2 },
      { count: 2, epoch: 4 },
    ]);
    // Not cut at 3, where the leader's epoch 3 ends: that says nothing about a log without it.
    broker.leaderSays({ divergingEpoch: { epoch: 3, endOffset: 3 } });
    expect(log(broker)).toEqual({
      end: 4,
      epochs: [
        [1, 0],
        [2, 2],
      ],
    });
    expect(broker.wanted).toMatchObject({ fetchOffset: 4, lastFetchedEpoch: 2 });
    broker.leaderSays({ divergingEpoch: { epoch: 1, endOffset: 3 } });
    expect(log(broker)).toEqual({ end: 2, epochs: [[1, 0]] });
    expect(broker.wanted).toMatchObject({ fetchOffset: 2, lastFetchedEpoch: 1 });
    broker.leaderSays({ records: [batch({ count: 3, offset: 2, epoch: 3 })] });
    expect(log(broker)).toEqual({
      end: 5,
      epochs: [
        [1, 0],
        [3, 2],
      ],
    });
  });

  test('below everything this log knows is cut where the leader says', () => {
    const broker = follower([
      { count: 2, epoch: 3 },
      { count: 2, epoch: 4 },
    ]);
    broker.leaderSays({ divergingEpoch: { epoch: 1, endOffset: 0 } });
    expect(log(broker)).toEqual({ end: 0, epochs: [] });
  });

  test('removes an epoch that this broker led without writing', () => {
    const broker = follower([{ count: 2, epoch: 1 }], 1);
    broker.change({ leader: 1, isr: [1, 2, 3] });
    expect(log(broker)).toEqual({
      end: 2,
      epochs: [
        [1, 0],
        [2, 2],
      ],
    });
    broker.change({ leader: 3 });
    expect(broker.wanted).toMatchObject({ fetchOffset: 2, lastFetchedEpoch: 2 });
    // The new leader knows nothing of epoch 2.
    broker.leaderSays({ divergingEpoch: { epoch: 1, endOffset: 2 } });
    expect(log(broker)).toEqual({ end: 2, epochs: [[1, 0]] });
    expect(broker.wanted).toMatchObject({ fetchOffset: 2, lastFetchedEpoch: 1 });
  });

  test('may be cut below the high watermark, which goes back with it', () => {
    const broker = follower([
      { count: 2, epoch: 1 },
      { count: 2, epoch: 2 },
    ]);
    broker.leaderSays({ highWatermark: 4 });
    broker.leaderSays({ divergingEpoch: { epoch: 1, endOffset: 2 }, highWatermark: 4 });
    expect(broker.partition.log).toMatchObject({ logEndOffset: 2, highWatermark: 2 });
  });

  test('leaves the high watermark in the same response unread (KAFKA-14704)', () => {
    const broker = follower([
      { count: 2, epoch: 1 },
      { count: 2, epoch: 2 },
    ]);
    broker.leaderSays({ divergingEpoch: { epoch: 1, endOffset: 2 }, highWatermark: 2 });
    expect(broker.partition.log.highWatermark).toBe(0);
  });
});

describe('an error', () => {
  test('makes the partition wait for replica.fetch.backoff.ms', () => {
    const broker = follower();
    broker.leaderSays({ errorCode: 6 });
    expect(broker.waiting(1)).toEqual([]);
    broker.advanceMs(999);
    expect(broker.waiting(1)).toEqual([]);
    broker.advanceMs(1);
    expect(broker.waiting(1)).toHaveLength(1);
  });

  test('FENCED_LEADER_EPOCH makes it wait for newer metadata', () => {
    const broker = follower();
    broker.leaderSays({ errorCode: 74 });
    broker.advanceMs(60_000);
    expect(broker.waiting(1)).toEqual([]);
    broker.change({ leader: 3 });
    expect(broker.wanted.currentLeaderEpoch).toBe(10);
  });

  test('UNKNOWN_LEADER_EPOCH, from a leader that lags behind, only makes it wait', () => {
    const broker = follower();
    broker.leaderSays({ errorCode: 75 });
    broker.advanceMs(1000);
    expect(broker.waiting(1)).toHaveLength(1);
  });

  test('a lost connection makes it wait, too, and connect again', () => {
    const broker = follower([{ count: 2 }]);
    broker.disconnect(2);
    expect(broker.waiting(1)).toEqual([]);
    broker.advanceMs(1100);
    expect(broker.wanted.fetchOffset).toBe(2);
  });

  test('a leader that does not answer for replica.socket.timeout.ms loses the connection', () => {
    const broker = follower([{ count: 2 }]);
    const { connection } = broker.request(1);
    const closed = (): boolean => broker.out.all('close').some((close) => close.connection === connection);
    broker.advanceMs(30_000);
    expect(closed()).toBe(false);
    broker.advanceMs(10);
    expect(closed()).toBe(true);
    broker.advanceMs(1100);
    expect(broker.wanted.fetchOffset).toBe(2);
  });
});

test('a batch whose checksum fails is not appended, and is fetched again after replica.fetch.backoff.ms', () => {
  const broker = follower([{ count: 2 }]);
  const bad = new RottenBatch(batch({ offset: 2, epoch: 9 }));
  broker.leaderSays({ records: [bad, batch({ offset: 3, epoch: 9 })] });
  expect([log(broker).end, broker.waiting(1)]).toEqual([2, []]);
  expect(broker.out.notes('corrupt-batch-fetched')).toEqual([[0, 0, 2, 2]]);
  broker.advanceMs(1000);
  expect(broker.wanted.fetchOffset).toBe(2);
  broker.leaderSays({ records: [batch({ offset: 2, epoch: 9 })] });
  expect(log(broker).end).toBe(3);
});
