/**
 * How followers found where their logs part from the leader's, by what brokers of each version did. Sources: ReplicaFetcherThread.scala
 * of 0.10 to 2.0, AbstractFetcherThread.scala, KIP-101, KIP-279, KIP-320.
 */
import { describe, expect, test } from 'vitest';
import { type Truncation, truncationProtocols } from '../../../src/kafka/broker/truncation.ts';
import { endOffsetOf } from '../../../src/kafka/log/leader-epochs.ts';
import { truncations } from '../../../src/plan/plan.ts';
import { batch } from '../batches.ts';
import { LoneBroker } from '../lone-broker.ts';

/**
 * Broker 1 has copied records of these epochs from broker 2, knows the high watermark to be `highWatermark`, and then follows broker 3 in
 * epoch 9.
 */
function movedOn(truncation: Truncation, epochs: readonly number[], highWatermark: number): LoneBroker {
  const broker = new LoneBroker({ truncation });
  broker.create({ leader: 2, leaderEpoch: 8 });
  broker.leaderSays({ records: epochs.map((epoch, offset) => batch({ offset, epoch })), highWatermark });
  broker.change({ leader: 3 });
  return broker;
}

const end = (broker: LoneBroker): number => broker.partition.log.logEndOffset;

/** The leader's answer to the question where an epoch ends. */
function epochEnds(broker: LoneBroker, leaderEpoch: number, endOffset: number, errorCode = 0): void {
  const partitions = [{ partition: 0, errorCode, leaderEpoch, endOffset }];
  broker.answer(broker.request(23), { api: 23, topics: [{ topic: 'orders', partitions }] });
}

test('each is known by its name, in the plan as in the broker', () => {
  expect(Object.keys(truncationProtocols)).toEqual(truncations);
  for (const name of truncations) expect(truncationProtocols[name].name).toBe(name);
});

describe('to the high watermark, before 0.11', () => {
  test('a follower of a new epoch forgets what it does not know to be committed, and asks nobody', () => {
    const broker = movedOn('high-watermark', [0, 0, 0], 1);
    expect(end(broker)).toBe(1);
    expect(broker.waiting(23)).toEqual([]);
    expect(broker.wanted).toMatchObject({ fetchOffset: 1, currentLeaderEpoch: -1, lastFetchedEpoch: -1 });
  });

  test('a leader answers a fetch that names no epoch, whatever the follower has heard', () => {
    const broker = new LoneBroker({ truncation: 'high-watermark' });
    broker.create({ leader: 1, leaderEpoch: 3 });
    expect(broker.fetch(2, 0, { currentLeaderEpoch: -1 })()?.errorCode ?? 0).toBe(0);
  });
});

describe('KIP-101', () => {
  test('a follower asks where its newest epoch ends, and cuts there', () => {
    const broker = movedOn('kip-101', [0, 0, 4], 1);
    expect(broker.request(23).body.topics[0]!.partitions).toEqual([{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 4 }]);
    expect(broker.waiting(1)).toEqual([]);
    epochEnds(broker, -1, 2);
    expect(end(broker)).toBe(2);
    expect(broker.wanted.fetchOffset).toBe(2);
  });

  test('where the leader cannot say, the high watermark counts again', () => {
    const broker = movedOn('kip-101', [0, 0, 4], 1);
    epochEnds(broker, -1, -1);
    expect(end(broker)).toBe(1);
  });

  test('a leader notes its epoch when it first appends, and tells no epoch', () => {
    const broker = new LoneBroker({ truncation: 'kip-101' });
    broker.create({ leader: 1, leaderEpoch: 3 });
    expect(broker.partition.log.epochs).toEqual([]);
    broker.produce(1, batch({ offset: 0, epoch: -1 }));
    expect(broker.partition.log.epochs).toEqual([{ epoch: 3, startOffset: 0 }]);
    const partitions = [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 3 }];
    const answer = broker.ask({ api: 23, replicaId: 2, topics: [{ topic: 'orders', partitions }] })();
    expect(answer).toMatchObject({ topics: [{ partitions: [{ errorCode: 0, leaderEpoch: -1, endOffset: 1 }] }] });
  });

  test('an epoch between two that the leader has ends where the next begins; one below all, or above, nowhere', () => {
    const epochs = [
      { epoch: 2, startOffset: 0 },
      { epoch: 5, startOffset: 3 },
    ];
    expect([1, 2, 3, 5, 6].map((epoch) => endOffsetOf(epochs, epoch, 7))).toEqual([-1, 3, 3, 7, -1]);
  });
});

describe('KIP-279', () => {
  test('a follower asks again about an older epoch, until both logs have the one that is named', () => {
    // The leader has epoch 1 up to offset 1, and nothing of 2 and 4.
    const broker = movedOn('kip-279', [0, 2, 4], 0);
    epochEnds(broker, 1, 1);
    expect(end(broker)).toBe(1);
    expect(broker.request(23).body.topics[0]!.partitions[0]).toMatchObject({ currentLeaderEpoch: -1, leaderEpoch: 0 });
    epochEnds(broker, 0, 1);
    expect(end(broker)).toBe(1);
    expect(broker.wanted.fetchOffset).toBe(1);
  });

  test('a leader notes its epoch as it is elected', () => {
    const broker = new LoneBroker({ truncation: 'kip-279' });
    broker.create({ leader: 1, leaderEpoch: 3 });
    expect(broker.partition.log.epochs).toEqual([{ epoch: 3, startOffset: 0 }]);
  });
});

describe('KIP-320', () => {
  test('questions and fetches name the epoch that the follower is in', () => {
    const broker = movedOn('kip-320', [0], 1);
    expect(broker.request(23).body.topics[0]!.partitions[0]).toMatchObject({ currentLeaderEpoch: 9, leaderEpoch: 0 });
    epochEnds(broker, 0, 1);
    expect(broker.wanted).toMatchObject({ currentLeaderEpoch: 9, lastFetchedEpoch: -1 });
  });

  test.each([
    ['an older', 2, 74],
    ['a newer', 4, 75],
  ])('a leader of another epoch than %s one refuses the question', (_, currentLeaderEpoch, errorCode) => {
    const broker = new LoneBroker({ truncation: 'kip-320' });
    broker.create({ leader: 1, leaderEpoch: 3 });
    const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch: 0 }];
    const answer = broker.ask({ api: 23, replicaId: 2, topics: [{ topic: 'orders', partitions }] })();
    expect(answer).toMatchObject({ topics: [{ partitions: [{ errorCode, endOffset: -1 }] }] });
  });

  test('a follower that is refused because its leader knows more waits for the metadata', () => {
    const broker = movedOn('kip-320', [0], 1);
    epochEnds(broker, -1, -1, 74);
    expect(broker.waiting(23)).toEqual([]);
    expect(broker.waiting(1)).toEqual([]);
  });
});

describe('a fetch out of range', () => {
  test.each(truncations)('%s: the leader is asked where its log ends, and ours is cut there', (truncation) => {
    const broker = new LoneBroker({ truncation });
    broker.create({ leader: 2, leaderEpoch: 8 });
    broker.leaderSays({ records: [0, 1, 2].map((offset) => batch({ offset, epoch: 8 })) });
    broker.leaderSays({ errorCode: 1 });
    expect(broker.request(2).body).toMatchObject({ replicaId: 1, topics: [{ name: 'orders' }] });
    const partitions = [{ partitionIndex: 0, errorCode: 0, offset: 1, leaderEpoch: 8 }];
    broker.answer(broker.request(2), { api: 2, topics: [{ name: 'orders', partitions }] });
    expect(end(broker)).toBe(1);
    expect(broker.wanted.fetchOffset).toBe(1);
  });
});
