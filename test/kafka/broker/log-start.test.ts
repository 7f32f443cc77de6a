/**
 * The start of a log as brokers move it and others meet it: retention, DeleteRecords, followers. Sources: LogManager.cleanupLogs,
 * ReplicaManager.deleteRecords, AbstractFetcherThread.fetchOffsetAndTruncate.
 */
import { describe, expect, test } from 'vitest';
import { logStartCheckpoint } from '../../../src/kafka/log/recovery.ts';
import { LogStartReason } from '../../../src/kafka/notes.ts';
import type { DeleteRecordsResponse } from '../../../src/kafka/protocol/delete-records-messages.ts';
import { earliestTimestamp, latestTimestamp } from '../../../src/kafka/protocol/offset-messages.ts';
import { batch } from '../batches.ts';
import { type BrokerOptions, LoneBroker } from '../lone-broker.ts';

/** Broker 1 leads alone; each produce request fills a segment of its own with ten records. */
function leader(topic: BrokerOptions['topic'] = {}, config: BrokerOptions['config'] = {}): LoneBroker {
  const broker = new LoneBroker({
    topic: { 'segment.bytes': 1000, ...topic },
    config: { 'log.initial.task.delay.ms': 1000, 'log.retention.check.interval.ms': 1000, ...config },
  });
  broker.create({ leader: 1, leaderEpoch: 0, isr: [1], replicas: [1] });
  return broker;
}

function fill(broker: LoneBroker, segments: number): void {
  for (let i = 0; i < segments; i++) broker.produce(1, batch({ count: 10, bytes: 1000, timestampMs: nowMs(broker) }));
}

function nowMs(broker: LoneBroker): number {
  return 1000000 + Math.floor(broker.nowUs / 1000);
}

function start(broker: LoneBroker): number {
  return broker.partition.log.logStartOffset;
}

describe('retention', () => {
  test('takes segments when the broker looks, and says why; consumers are told where the log starts', () => {
    const broker = leader({ 'retention.bytes': 2500 });
    fill(broker, 5);
    expect(start(broker)).toBe(0);
    broker.advanceMs(1000);
    expect(start(broker)).toBe(20);
    expect(broker.out.notes('log-start-advanced')).toEqual([[0, 0, 20, LogStartReason.retentionBytes]]);
    expect(broker.listOffset(earliestTimestamp)).toMatchObject({ errorCode: 0, offset: 20 });
    expect(broker.fetch(-1, 19)()).toMatchObject({ errorCode: 1 });
    expect(broker.fetch(-1, 20)()).toMatchObject({ errorCode: 0, logStartOffset: 20 });
  });

  test('by age leaves what is younger', () => {
    const broker = leader({ 'retention.ms': 3000 });
    fill(broker, 1);
    broker.advanceMs(2500);
    fill(broker, 1);
    broker.advanceMs(500);
    expect(start(broker)).toBe(0);
    broker.advanceMs(1000);
    expect(start(broker)).toBe(10);
    expect(broker.out.notes('log-start-advanced')).toEqual([[0, 0, 10, LogStartReason.retentionMs]]);
  });

  test('is not looked for where nothing can be old enough, nor with a policy that does not delete', () => {
    const timers = (broker: LoneBroker): number => broker.out.all('setTimer').filter(({ key }) => key === 11).length;
    expect(timers(leader())).toBe(0);
    expect(timers(leader({ 'retention.bytes': 1 }))).toBe(1);
    const compacted = leader({ 'cleanup.policy': 'compact', 'retention.bytes': 1 });
    fill(compacted, 3);
    compacted.advanceMs(10000);
    expect([timers(compacted), start(compacted)]).toEqual([0, 0]);
  });
});

describe('DeleteRecords', () => {
  const ask = (broker: LoneBroker, offset: number): (() => DeleteRecordsResponse['topics'][0]['partitions'][0] | undefined) => {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset }] }];
    const answer = broker.ask({ api: 21, topics, timeoutMs: 5000 });
    return () => (answer() as DeleteRecordsResponse | undefined)?.topics[0]?.partitions[0];
  };

  test('raises the start within a segment; -1 stands for the high watermark', () => {
    const broker = leader();
    fill(broker, 2);
    expect(ask(broker, 13)()).toMatchObject({ errorCode: 0, lowWatermark: 13 });
    expect(ask(broker, 5)()).toMatchObject({ errorCode: 0, lowWatermark: 13 });
    expect(ask(broker, -1)()).toMatchObject({ errorCode: 0, lowWatermark: 20 });
    expect(start(broker)).toBe(20);
  });

  test('is refused beyond the high watermark, and where the policy does not delete', () => {
    const broker = leader();
    fill(broker, 1);
    expect(ask(broker, 11)()).toMatchObject({ errorCode: 1, lowWatermark: -1 });
    expect(ask(leader({ 'cleanup.policy': 'compact' }), 0)()).toMatchObject({ errorCode: 44 });
    const follower = new LoneBroker();
    follower.create({ leader: 2, leaderEpoch: 0 });
    expect(ask(follower, 0)()).toMatchObject({ errorCode: 6 });
  });

  test('is answered when the log of every living follower starts there too, or when its time is over', () => {
    const broker = new LoneBroker({ topic: { 'segment.bytes': 1000 } });
    broker.create({ leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] });
    fill(broker, 2);
    broker.fetch(2, 20);
    const [first, second] = [ask(broker, 10), ask(broker, 15)];
    expect([first(), second()]).toEqual([undefined, undefined]);
    broker.fetch(2, 20, { logStartOffset: 12 });
    expect([first(), second()]).toEqual([expect.objectContaining({ errorCode: 0, lowWatermark: 12 }), undefined]);
    broker.advanceMs(5001);
    expect(second()).toMatchObject({ errorCode: 7, lowWatermark: -1 });
  });

  test('is written to the checkpoint once a minute, and with an orderly stop', () => {
    const broker = leader();
    fill(broker, 2);
    ask(broker, 13);
    expect(broker.out.checkpoint(logStartCheckpoint)).toBeUndefined();
    broker.advanceMs(60000);
    expect(broker.out.checkpoint(logStartCheckpoint)).toEqual({ 'orders-0': 13 });
    ask(broker, 15);
    broker.autoAnswer = () => ({ api: 63, errorCode: 0, isCaughtUp: true, isFenced: true, shouldShutDown: true });
    broker.feed({ kind: 'stop' });
    broker.advanceMs(10000);
    expect(broker.out.checkpoint(logStartCheckpoint)).toEqual({ 'orders-0': 15 });
  });
});

describe('a follower', () => {
  /** Broker 1 follows broker 2 and has thirty records. */
  const follower = (): LoneBroker => {
    const broker = new LoneBroker({ topic: { 'segment.bytes': 1000 } });
    broker.create({ leader: 2, leaderEpoch: 5 });
    const records = [0, 10, 20].map((offset) => batch({ offset, epoch: 5, count: 10, bytes: 1000 }));
    broker.leaderSays({ records, highWatermark: 30 });
    return broker;
  };
  const asked = (broker: LoneBroker): number => broker.request(2).body.topics[0]!.partitions[0]!.timestamp;
  const told = (broker: LoneBroker, offset: number): void => {
    const partitions = [{ partitionIndex: 0, errorCode: 0, offset, leaderEpoch: 5 }];
    broker.answer(broker.request(2), { api: 2, topics: [{ name: 'orders', partitions }] });
  };

  test("takes its leader's start, and tells its own with the next fetch", () => {
    const broker = follower();
    broker.leaderSays({ highWatermark: 30, logStartOffset: 17 });
    expect([start(broker), broker.wanted.logStartOffset]).toEqual([17, 17]);
    expect(broker.out.notes('log-start-advanced')).toEqual([[0, 0, 17, LogStartReason.leader]]);
    // The leader's may be lower, after a crash or another election: ours stays.
    broker.leaderSays({ highWatermark: 30, logStartOffset: 3 });
    expect(start(broker)).toBe(17);
  });

  test("whose log ends below its leader's start drops all of it, and begins there", () => {
    const broker = follower();
    broker.leaderSays({ errorCode: 1 });
    expect(asked(broker)).toBe(latestTimestamp);
    told(broker, 90);
    expect(asked(broker)).toBe(earliestTimestamp);
    told(broker, 40);
    expect(broker.partition.log).toMatchObject({ logStartOffset: 40, logEndOffset: 40, highWatermark: 40, epochs: [] });
    expect(broker.out.notes('log-restarted')).toEqual([[0, 0, 30, 40]]);
    expect(broker.wanted).toMatchObject({ fetchOffset: 40, logStartOffset: 40, lastFetchedEpoch: -1 });
    broker.leaderSays({ records: [batch({ offset: 40, epoch: 5, count: 2 })], highWatermark: 42, logStartOffset: 40 });
    expect(broker.partition.log).toMatchObject({ logEndOffset: 42, epochs: [{ epoch: 5, startOffset: 40 }] });
  });

  test("whose log ends within its leader's keeps it, and fetches again", () => {
    const broker = follower();
    broker.leaderSays({ errorCode: 1 });
    told(broker, 90);
    told(broker, 30);
    expect(broker.partition.log).toMatchObject({ logStartOffset: 0, logEndOffset: 30 });
    broker.advanceMs(1000);
    expect(broker.wanted.fetchOffset).toBe(30);
  });
});
