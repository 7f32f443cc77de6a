/** The high watermark of a leader and of a follower. Source: Partition.maybeIncrementLeaderHW unless said otherwise. */
import { describe, expect, test } from 'vitest';
import { earliestTimestamp, latestTimestamp } from '../../../src/kafka/protocol/offset-messages.ts';
import { batch } from '../batches.ts';
import { type BrokerOptions, LoneBroker } from '../lone-broker.ts';

/** Broker 1 leads epoch 0 with this ISR. */
function leader(isr: readonly number[] = [1, 2, 3], options: Partial<BrokerOptions> = {}): LoneBroker {
  const broker = new LoneBroker(options);
  broker.create({ leader: 1, leaderEpoch: 0, isr });
  return broker;
}

function highWatermark(broker: LoneBroker): number {
  return broker.partition.log.highWatermark;
}

describe('the high watermark of a leader', () => {
  test('moves when a follower fetches again: a fetch at an offset says that everything below is there', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 3 }));
    broker.fetch(2, 0);
    // The records are on their way; nobody knows yet that they arrive.
    expect(highWatermark(broker)).toBe(0);
    broker.fetch(2, 3);
    expect(highWatermark(broker)).toBe(3);
  });

  test('waits for every member of the ISR, not for min.insync.replicas of them', () => {
    const broker = leader([1, 2, 3], { topic: { 'min.insync.replicas': 2 } });
    broker.produce(1, batch({ count: 3 }));
    broker.fetch(2, 3);
    expect(highWatermark(broker)).toBe(0);
    broker.fetch(3, 2);
    expect(highWatermark(broker)).toBe(2);
    broker.fetch(3, 3);
    expect(highWatermark(broker)).toBe(3);
  });

  test('in the response is as it was before the fetch told of its own progress (Partition.fetchRecords)', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 1 }));
    broker.fetch(2, 0);
    broker.produce(1, batch({ count: 1 }));
    const answer = broker.fetch(2, 1)();
    expect(highWatermark(broker)).toBe(1);
    expect(answer).toMatchObject({ highWatermark: 0, records: [expect.objectContaining({ baseOffset: 1 })] });
  });

  test('stands still below min.insync.replicas, whatever acks is (KIP-966, from 3.7)', () => {
    const broker = leader([1], { topic: { 'min.insync.replicas': 2 } });
    expect(broker.produce(1, batch())()).toMatchObject({ errorCode: 0 });
    expect(highWatermark(broker)).toBe(0);
    // Replica 2 is at the log end and is proposed for the ISR; until the controller confirms, the ISR is still too small.
    broker.fetch(2, 1);
    expect(highWatermark(broker)).toBe(0);
    broker.change({ isr: [1, 2] });
    expect(highWatermark(broker)).toBe(1);
  });

  test('of a leader that is the whole ISR is the log end offset', () => {
    const broker = leader([1]);
    broker.produce(1, batch({ count: 2 }));
    expect(highWatermark(broker)).toBe(2);
  });

  test('waits for a replica that is about to join: the maximal ISR counts (KIP-497)', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    expect(broker.partition.pendingIsr).toMatchObject({ kind: 'expand', isr: [1, 2, 3] });
    // Long enough ago that replica 3 does not count as caught up any more.
    broker.advanceMs(60_000);
    broker.produce(1, batch());
    broker.fetch(2, 1);
    expect(highWatermark(broker)).toBe(0);
    broker.fetch(3, 1);
    expect(highWatermark(broker)).toBe(1);
  });

  test('waits for a member that is about to be removed until the controller has removed it', () => {
    const broker = leader([1, 2, 3], { config: { 'replica.lag.time.max.ms': 10_000 } });
    broker.produce(1, batch());
    broker.advanceMs(9_000);
    broker.fetch(2, 1);
    broker.advanceMs(6_500);
    expect(broker.partition.pendingIsr).toMatchObject({ kind: 'shrink', isr: [1, 2] });
    broker.fetch(2, 1);
    expect(highWatermark(broker)).toBe(0);
    broker.change({ isr: [1, 2] });
    expect(highWatermark(broker)).toBe(1);
  });

  test('waits for a replica outside the ISR that has caught up and may join, not for a fenced one', () => {
    const stale = { replicaEpoch: -1 };
    for (const fenced of [false, true]) {
      const broker = leader([1, 2]);
      // Something else is pending, so that replica 3 cannot be proposed.
      broker.partition.pendingIsr = { kind: 'shrink', isr: [1], newIsrWithEpochs: [], sent: true };
      broker.fetch(3, 0, stale);
      if (fenced) {
        broker.tell([
          { kind: 'BrokerRegistrationChangeRecord', brokerId: 3, brokerEpoch: 2, fenced: 1, inControlledShutdown: 0 },
        ]);
      }
      broker.produce(1, batch());
      broker.fetch(2, 1);
      expect(highWatermark(broker), `fenced ${fenced}`).toBe(fenced ? 1 : 0);
    }
  });

  test('never goes back', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 3 }));
    broker.fetch(2, 3);
    broker.fetch(2, 1);
    expect(highWatermark(broker)).toBe(3);
  });
});

describe('a new leader', () => {
  /** Broker 1 follows broker 2 in epoch 0, has five records, and knows that two are committed. */
  function elected(isr: readonly number[]): LoneBroker {
    const broker = new LoneBroker();
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.leaderSays({
      highWatermark: 2,
      records: [batch({ count: 2, offset: 0, epoch: 0 }), batch({ count: 3, offset: 2, epoch: 0 })],
    });
    broker.change({ leader: 1, isr });
    return broker;
  }

  test('keeps the high watermark that it had as a follower until every member of the ISR has fetched from it', () => {
    const broker = elected([1, 3]);
    expect(broker.partition).toMatchObject({ role: 'leader', leaderEpoch: 1, leaderEpochStartOffset: 5 });
    expect(highWatermark(broker)).toBe(2);
    broker.fetch(3, 5, { lastFetchedEpoch: 0 });
    expect(highWatermark(broker)).toBe(5);
  });

  test('that is the whole ISR commits everything it has', () => {
    expect(highWatermark(elected([1]))).toBe(5);
  });

  test('names no end to consumers before its high watermark has passed what the old leader may have shown (OFFSET_NOT_AVAILABLE)', () => {
    const broker = elected([1, 3]);
    expect(broker.listOffset(latestTimestamp)).toMatchObject({ errorCode: 78 });
    expect(broker.listOffset(earliestTimestamp)).toMatchObject({ errorCode: 0, offset: 0 });
    broker.fetch(3, 5, { lastFetchedEpoch: 0 });
    expect(broker.listOffset(latestTimestamp)).toMatchObject({ errorCode: 0, offset: 5 });
  });

  test('appends nothing by itself; its epoch has a start all the same (Partition.makeLeader)', () => {
    const broker = elected([1, 3]);
    expect(broker.partition.log.logEndOffset).toBe(5);
    expect(broker.partition.log.epochs).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 5 },
    ]);
  });

  test('that led the epoch before still knows how far its followers were (Replica.resetReplicaState)', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 2 }));
    broker.fetch(2, 1);
    // Two changes in one response: it never was a follower in between.
    const change = {
      kind: 'PartitionChangeRecord',
      topicId: 0,
      partitionId: 0,
      isr: null,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: null,
    } as const;
    broker.tell([
      { ...change, leader: -1 },
      { ...change, leader: 1 },
    ]);
    expect(broker.partition).toMatchObject({ leaderEpoch: 2, leaderEpochStartOffset: 2 });
    expect(broker.partition.remotes.map(({ brokerId, logEndOffset }) => [brokerId, logEndOffset])).toEqual([
      [2, 1],
      [3, -1],
    ]);
  });
});

describe('the high watermark of a follower', () => {
  test('is what the leader said, but never beyond its own log, and may go back (ReplicaFetcherThread.processPartitionData)', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.leaderSays({ highWatermark: 7, records: [batch({ count: 3, offset: 0, epoch: 0 })] });
    expect(highWatermark(broker)).toBe(3);
    broker.leaderSays({ highWatermark: 1 });
    expect(highWatermark(broker)).toBe(1);
  });
});

describe('a consumer', () => {
  test('reads below the high watermark only; between it and the log end it finds nothing, and no error', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 2 }));
    broker.produce(1, batch({ count: 2 }));
    broker.fetch(2, 2);
    const read = (from: number): unknown => {
      const answer = broker.fetch(-1, from, { maxWaitMs: 0 })();
      return [answer!.errorCode, answer!.records.map((one) => one.baseOffset)];
    };
    expect(read(0)).toEqual([0, [0]]);
    expect(read(2)).toEqual([0, []]);
    expect(read(3)).toEqual([0, []]);
    // Beyond the log end: OFFSET_OUT_OF_RANGE.
    expect(read(5)).toEqual([1, []]);
  });

  test('that waits is answered when the high watermark has passed something', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch());
    const answer = broker.fetch(-1, 0);
    expect(answer()).toBeUndefined();
    broker.fetch(2, 1);
    expect(answer()).toMatchObject({ errorCode: 0, highWatermark: 1, records: [expect.objectContaining({ baseOffset: 0 })] });
  });
});
