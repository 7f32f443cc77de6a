/** Where a member begins to read, how it goes on, what poll() returns. Sources: FetchCollector.java, OffsetFetcher.java. */
import { describe, expect, test } from 'vitest';
import { cloneState, equalState, hashState } from '../../../src/base/state.ts';
import { consumerRules } from '../../../src/kafka/consumer/context.ts';
import { GroupConsumer } from '../../../src/kafka/consumer/group-consumer.ts';
import type { Input, Step } from '../../../src/kafka/machine.ts';
import { earliestTimestamp, latestTimestamp } from '../../../src/kafka/protocol/offset-messages.ts';
import { RecordBatch } from '../../../src/kafka/protocol/records.ts';
import { batch } from '../batches.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';
import { RecordingOut } from '../recording-out.ts';

describe('positions', () => {
  test('are what is committed', () => {
    const consumer = LoneGroupConsumer.member({}, [0, 1], { committed: { 0: 7, 1: 9 } });
    expect(consumer.fetches).toEqual([
      [0, 7],
      [1, 9],
    ]);
    expect(consumer.sent(2)).toEqual([]);
  });

  test.each([
    ['earliest', earliestTimestamp, 0],
    ['latest', latestTimestamp, 100],
  ])('where nothing is committed, auto.offset.reset=%s decides', (reset, timestamp, offset) => {
    const consumer = LoneGroupConsumer.member({ 'auto.offset.reset': reset }, [0, 1], { committed: { 0: 7 } });
    expect(consumer.sent(2)[0]!.topics[0]!.partitions).toEqual([{ partitionIndex: 1, currentLeaderEpoch: 0, timestamp }]);
    expect(consumer.out.notes('offset-reset')).toEqual([[0, 1, offset, 0]]);
  });

  test('none throws from poll()', () => {
    const consumer = new LoneGroupConsumer({ 'auto.offset.reset': 'none' });
    const id = consumer.poll();
    consumer.joined();
    consumer.synced([0]);
    expect(consumer.outcome(id)).toBe(1);
    expect(consumer.outcome(consumer.poll())).toBe(1);
  });

  test('as the rule says: one that ignores the policy begins elsewhere', () => {
    const rules = { ...consumerRules, resetPosition: () => latestTimestamp };
    expect(LoneGroupConsumer.member({}, [0], { rules }).state.owned[0]!.offset).toBe(100);
  });

  test.each([
    ['COORDINATOR_LOAD_IN_PROGRESS', 14, 7],
    ['NOT_COORDINATOR', 16, 8],
  ])('%s: asked again', (_name, errorCode, coordinator) => {
    const consumer = new LoneGroupConsumer();
    consumer.committed = null;
    consumer.poll();
    consumer.joined();
    consumer.synced([0]);
    consumer.coordinator = coordinator;
    consumer.answer(consumer.request(9), { api: 9, errorCode, topics: [] });
    consumer.advanceMs(300);
    expect(consumer.request(9).to).toBe(coordinator);
  });

  test('UNSTABLE_OFFSET_COMMIT of a partition is waited out, another error of one is thrown', () => {
    const consumer = new LoneGroupConsumer();
    consumer.committed = null;
    const id = consumer.poll(5000);
    consumer.joined();
    consumer.synced([0]);
    const answer = (errorCode: number): void => {
      const partitions = [{ partitionIndex: 0, committedOffset: -1, committedLeaderEpoch: -1, errorCode }];
      consumer.answer(consumer.request(9), { api: 9, errorCode: 0, topics: [{ name: 'orders', partitions }] });
    };
    answer(88);
    consumer.advanceMs(100);
    answer(3);
    expect(consumer.outcome(id)).toBe(-1);
  });

  test('a refused look at the log is repeated after retry.backoff.ms', () => {
    const consumer = new LoneGroupConsumer();
    consumer.log = null;
    consumer.poll();
    consumer.joined();
    consumer.synced([0]);
    const partitions = [{ partitionIndex: 0, errorCode: 78, offset: -1, leaderEpoch: -1 }];
    consumer.answer(consumer.request(2), { api: 2, topics: [{ name: 'orders', partitions }] });
    expect(consumer.waiting(2)).toEqual([]);
    consumer.advanceMs(100);
    expect(consumer.waiting(2)).toHaveLength(1);
  });

  test('a seek from within the callback comes before anybody is asked', () => {
    const consumer = new LoneGroupConsumer({}, { leaders: [1, 1] });
    consumer.poll();
    consumer.joined();
    const assignedPartitions = [{ topic: 'orders', partitions: [0, 1] }];
    consumer.answer(consumer.request(14), { api: 14, errorCode: 0, assignment: { assignedPartitions } });
    consumer.feed({ kind: 'call', id: 1, operation: { kind: 'seek', partition: 0, offset: 42 } });
    consumer.advanceMs(0);
    expect(consumer.sent(9)[0]!.topics[0]!.partitionIndexes).toEqual([1]);
    expect(consumer.fetches).toEqual([[0, 42]]);
    consumer.data(0);
    expect(consumer.fetches).toEqual([
      [0, 42],
      [1, 0],
    ]);
  });

  test('a seek drops what was fetched from elsewhere', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.data(2);
    consumer.call({ kind: 'seek', partition: 0, offset: 1 });
    consumer.poll();
    expect(consumer.polled).toEqual([[0, 0, 3]]);
    expect(consumer.fetches).toEqual([[0, 1]]);
  });
});

describe('poll()', () => {
  test('returns what is buffered at once, and fetches the next before', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    expect(consumer.fetches).toEqual([[0, 3]]);
    consumer.data(2);
    // It is not fetched further than one answer ahead.
    expect(consumer.fetches).toEqual([]);
    const id = consumer.poll(0);
    expect(consumer.outcome(id)).toBe(0);
    expect(consumer.polled).toEqual([
      [0, 0, 3],
      [0, 3, 5],
    ]);
    expect(consumer.fetches).toEqual([[0, 5]]);
  });

  test('returns at most max.poll.records, and moves the position by as many', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.records': 2, 'enable.auto.commit': false });
    consumer.read(5);
    expect(consumer.fetches).toEqual([]);
    consumer.commit(true);
    consumer.poll();
    consumer.poll();
    expect(consumer.polled).toEqual([
      [0, 0, 2],
      [0, 2, 4],
      [0, 4, 5],
    ]);
    expect(consumer.committedOffsets).toEqual([{ 0: 2 }]);
    expect(consumer.fetches).toEqual([[0, 5]]);
  });

  test('takes from several batches and partitions', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.records': 5 }, [0, 1]);
    const records = [batch({ count: 2, offset: 0 }), batch({ count: 2, offset: 2 })];
    const id = consumer.poll();
    consumer.data(0, { records });
    expect(consumer.outcome(id)).toBe(0);
    expect(consumer.polled).toEqual([
      [0, 0, 2],
      [0, 2, 4],
      [1, 0, 1],
    ]);
  });

  test('skips what lies below its position', () => {
    const consumer = LoneGroupConsumer.member({}, [0], { committed: { 0: 4 } });
    consumer.poll();
    consumer.data(0, { records: [batch({ count: 2, offset: 0 }), batch({ count: 4, offset: 2 })] });
    expect(consumer.polled).toEqual([[0, 4, 6]]);
  });

  test('returns nothing when its time is over', () => {
    const consumer = LoneGroupConsumer.member();
    const id = consumer.poll(700);
    consumer.advanceMs(500);
    consumer.data(0);
    expect(consumer.fetches).toEqual([[0, 0]]);
    consumer.advanceMs(199);
    expect(consumer.outcome(id)).toBeUndefined();
    consumer.advanceMs(1);
    expect(consumer.outcome(id)).toBe(0);
  });

  test('has one fetch at a time with each broker', () => {
    const consumer = LoneGroupConsumer.member({}, [0, 1, 2], { leaders: [1, 2, 1] });
    const of = (host: number) => consumer.waiting(1).filter(({ to }) => to === host);
    expect([of(1).length, of(2).length]).toEqual([1, 1]);
    consumer.poll();
    consumer.data(2, {}, of(2)[0]);
    expect(consumer.polled).toEqual([[1, 0, 2]]);
    expect([of(1).length, of(2).length]).toEqual([1, 1]);
  });

  test('out of range goes where auto.offset.reset says', () => {
    const consumer = LoneGroupConsumer.member({ 'auto.offset.reset': 'latest' }, [0], { committed: { 0: 200 } });
    consumer.poll();
    consumer.data(0, { errorCode: 1 });
    expect(consumer.out.notes('offset-reset')).toEqual([[0, 0, 100, 0]]);
    expect(consumer.fetches).toEqual([[0, 100]]);
  });

  test('out of range with none is thrown, after the records that came before it', () => {
    const config = { 'auto.offset.reset': 'none' };
    const consumer = LoneGroupConsumer.member(config, [0, 1], { committed: { 0: 4, 1: 200 }, leaders: [1, 2] });
    const [first, second] = consumer.waiting(1);
    consumer.data(2, {}, first);
    consumer.data(0, { errorCode: 1 }, second);
    expect(consumer.outcome(consumer.poll())).toBe(0);
    expect(consumer.polled).toEqual([[0, 4, 6]]);
    expect(consumer.outcome(consumer.poll())).toBe(1);
  });

  test('a refused fetch keeps its position, and follows the leader', () => {
    const consumer = LoneGroupConsumer.member({}, [0], { committed: { 0: 5 } });
    consumer.poll(5000);
    // KIP-951: the answer names it.
    consumer.data(0, { errorCode: 6, currentLeader: 2, currentLeaderEpoch: 4 });
    expect(consumer.request(1)).toMatchObject({ to: 2, body: { topics: [{ partitions: [{ fetchOffset: 5 }] }] } });
    consumer.data(0, { errorCode: 75 });
    expect(consumer.fetches).toEqual([]);
    consumer.advanceMs(100);
    expect(consumer.fetches).toEqual([[0, 5]]);
  });

  test('goes on after a lost connection, and when a leader is silent for request.timeout.ms', () => {
    const consumer = LoneGroupConsumer.member({}, [0], { committed: { 0: 5 } });
    consumer.poll(60_000);
    consumer.disconnect(1);
    consumer.advanceMs(200);
    expect(consumer.fetches).toEqual([[0, 5]]);
    consumer.forgetSaid();
    consumer.advanceMs(31_000);
    expect(consumer.out.notes('request-timed-out')).toHaveLength(1);
    expect(consumer.fetches).toEqual([[0, 5]]);
  });

  test('returns what is buffered although the coordinator is gone, when its time is over', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(1);
    consumer.data(2);
    consumer.coordinator = -15;
    consumer.disconnect(7);
    consumer.forgetSaid();
    const id = consumer.poll(500);
    consumer.advanceMs(499);
    expect(consumer.outcome(id)).toBeUndefined();
    consumer.advanceMs(1);
    expect([consumer.outcome(id), consumer.polled]).toEqual([0, [[0, 1, 3]]]);
  });

  test('one call at a time', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.poll();
    expect(() => consumer.poll()).toThrow('one call at a time');
  });
});

test('a member goes on from a clone as the original does', () => {
  const consumer = LoneGroupConsumer.member({ 'max.poll.records': 2 }, [0, 1]);
  consumer.read(5);
  consumer.commits = null;
  consumer.commit(false);
  consumer.beat = 27;
  consumer.advanceMs(3000);
  const state = cloneState(consumer.state, (value) => value instanceof RecordBatch);
  const inputs: { input: Input; step: Step }[] = [];
  const { machine } = consumer;
  consumer.machine = {
    state: machine.state,
    on(input, step, out) {
      inputs.push({ input, step: { ...step } });
      machine.on(input, step, out);
    },
  };
  consumer.forgetSaid();
  consumer.poll(2000);
  consumer.commitAnswered(0);
  consumer.poll(5000);
  consumer.commitAnswered(0);
  consumer.joined({ generationId: 2 });
  consumer.synced([1]);
  consumer.disconnect(7);
  consumer.advanceMs(3000);
  consumer.close(500);
  consumer.advanceMs(1000);
  expect(consumer.out.all('halt')).toHaveLength(1);
  const clone = new GroupConsumer(state);
  const out = new RecordingOut();
  for (const { input, step } of inputs) clone.on(input, step, out);
  expect(out.said).toEqual(consumer.out.said);
  expect(hashState(clone.state)).toBe(hashState(consumer.state));
  expect(equalState(clone.state, consumer.state)).toBe(true);
});
