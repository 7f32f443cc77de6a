/** A plain consumer: where it begins, how it goes on, what an error means. Sources: FetchCollector.java, OffsetFetcher.java. */
import { describe, expect, test } from 'vitest';
import { type RawSettings, resolveConsumer } from '../../../src/kafka/config/resolve.ts';
import { Consumer, type ConsumerState, createConsumerState } from '../../../src/kafka/consumer/consumer.ts';
import type { FetchPartitionData } from '../../../src/kafka/protocol/messages.ts';
import { earliestTimestamp, latestTimestamp } from '../../../src/kafka/protocol/offset-messages.ts';
import { batch } from '../batches.ts';
import { MachineBench } from '../machine-bench.ts';

const other = 9;

class LoneConsumer extends MachineBench<ConsumerState> {
  readonly leaders: number[];
  leaderEpoch = 0;

  constructor(config: RawSettings = {}, leaders: number[] = [1]) {
    super(new Consumer(createConsumerState('c1', resolveConsumer(config, '3.9').config, [other], 'orders')));
    this.leaders = leaders;
    this.autoAnswer = ({ body }) => {
      if (body.api !== 3) return null;
      const brokers = [other, 1, 2, 3].map((nodeId) => ({ nodeId, host: nodeId }));
      const partitions = this.leaders.map((leaderId, partitionIndex) => ({
        errorCode: leaderId < 0 ? 5 : 0,
        partitionIndex,
        leaderId,
        leaderEpoch: this.leaderEpoch,
        isrNodes: [1],
      }));
      return { api: 3, brokers, topics: [{ errorCode: 0, name: 'orders', topicId: 0, partitions }] };
    };
    this.start();
    this.advanceMs(10);
  }

  /** The leader answers where the first partition of the request begins or ends. */
  offset(offset: number, errorCode = 0): void {
    const request = this.request(2);
    const topics = request.body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, offset, leaderEpoch: 0 })),
    }));
    this.answer(request, { api: 2, topics });
  }

  data(changes: Partial<FetchPartitionData>): void {
    const request = this.request(1);
    const responses = request.body.topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition }) => ({
        partitionIndex: partition,
        errorCode: 0,
        highWatermark: 100,
        logStartOffset: 0,
        divergingEpoch: null,
        currentLeader: 1,
        currentLeaderEpoch: 0,
        records: [],
        ...changes,
      })),
    }));
    this.answer(request, { api: 1, responses });
  }

  get fetchOffsets(): number[] {
    return this.waiting(1).flatMap(({ body }) =>
      body.topics.flatMap(({ partitions }) => partitions.map(({ fetchOffset }) => fetchOffset)),
    );
  }

  /** `[first offset handed over, last offset]` of what the application got. */
  get polled(): (readonly [from: number, last: number])[] {
    return this.out.all('polled').map(({ from, batch: got }) => [Math.max(from, got.baseOffset), got.lastOffset] as const);
  }
}

describe('without a position', () => {
  test('auto.offset.reset decides: earliest is the start of the log, latest its end', () => {
    for (const [reset, timestamp] of [
      ['earliest', earliestTimestamp],
      ['latest', latestTimestamp],
    ] as const) {
      const consumer = new LoneConsumer({ 'auto.offset.reset': reset });
      expect(consumer.request(2).body.topics[0]!.partitions[0]!.timestamp).toBe(timestamp);
      consumer.offset(7);
      expect(consumer.fetchOffsets).toEqual([7]);
      expect(consumer.out.notes('offset-reset')).toEqual([[0, 0, 7, 0]]);
    }
  });

  test('a refused request for it is asked again (OFFSET_NOT_AVAILABLE of a new leader)', () => {
    const consumer = new LoneConsumer();
    consumer.offset(-1, 78);
    expect(consumer.waiting(2)).toEqual([]);
    consumer.advanceMs(100);
    consumer.offset(3);
    expect(consumer.fetchOffsets).toEqual([3]);
  });
});

describe('reading', () => {
  function at(offset: number): LoneConsumer {
    const consumer = new LoneConsumer({ 'auto.offset.reset': 'earliest' });
    consumer.offset(offset);
    return consumer;
  }

  test('goes on behind the last record; there is one fetch at a time', () => {
    const consumer = at(0);
    consumer.data({ records: [batch({ count: 3, offset: 0, epoch: 0 }), batch({ count: 2, offset: 3, epoch: 0 })] });
    expect(consumer.polled).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(consumer.fetchOffsets).toEqual([5]);
    expect(consumer.waiting(1)).toHaveLength(1);
  });

  test('skips what lies below its position in a batch', () => {
    const consumer = at(4);
    consumer.data({ records: [batch({ count: 2, offset: 0, epoch: 0 }), batch({ count: 3, offset: 2, epoch: 0 })] });
    expect(consumer.polled).toEqual([[4, 4]]);
    expect(consumer.fetchOffsets).toEqual([5]);
  });

  test('beyond the log starts over where auto.offset.reset says: a truncated log is re-read, or skipped, silently', () => {
    const consumer = at(40);
    consumer.data({ errorCode: 1 });
    expect(consumer.fetchOffsets).toEqual([]);
    consumer.offset(0);
    expect(consumer.fetchOffsets).toEqual([0]);
  });

  test.each([
    ['NOT_LEADER_OR_FOLLOWER', 6],
    ['FENCED_LEADER_EPOCH', 74],
    ['UNKNOWN_LEADER_EPOCH', 75],
    ['UNKNOWN_TOPIC_ID', 100],
  ] as const)('refused with %s keeps its position and asks for metadata', (_name, errorCode) => {
    const consumer = at(5);
    consumer.leaders[0] = 2;
    consumer.leaderEpoch = 1;
    consumer.advanceMs(1000);
    consumer.data({ errorCode });
    consumer.advanceMs(1000);
    expect(consumer.waiting(1).map(({ to }) => to)).toEqual([2]);
    expect(consumer.fetchOffsets).toEqual([5]);
  });

  test('goes on at the same offset after a lost connection, and when a leader is silent for request.timeout.ms', () => {
    const consumer = at(5);
    consumer.disconnect(1);
    consumer.advanceMs(200);
    expect(consumer.fetchOffsets).toEqual([5]);
    consumer.out.said.length = 0;
    consumer.advanceMs(31_000);
    expect(consumer.out.all('close')).toHaveLength(1);
    expect(consumer.out.notes('request-timed-out')).toHaveLength(1);
    expect(consumer.fetchOffsets).toEqual([5]);
  });

  test('waits while nobody leads', () => {
    const consumer = new LoneConsumer({}, [-1]);
    consumer.advanceMs(1000);
    expect([consumer.waiting(1), consumer.waiting(2)]).toEqual([[], []]);
    consumer.leaders[0] = 3;
    consumer.advanceMs(1500);
    expect(consumer.request(2).to).toBe(3);
  });

  test('asks each leader for its partitions', () => {
    const consumer = new LoneConsumer({ 'auto.offset.reset': 'earliest' }, [1, 2, 1]);
    const asked = consumer
      .waiting(2)
      .map(({ to, body }) => [to, body.topics[0]!.partitions.map(({ partitionIndex }) => partitionIndex)]);
    expect(asked.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
      [1, [0, 2]],
      [2, [1]],
    ]);
  });
});
