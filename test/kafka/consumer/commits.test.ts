/** What is committed, when, and what the application is told. Source: ConsumerCoordinator.java. */
import { describe, expect, test } from 'vitest';
import { consumerRules } from '../../../src/kafka/consumer/context.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';

const byHand = { 'enable.auto.commit': false };

describe('automatic commits', () => {
  test('come at the beginning of a poll(), of what earlier ones have returned', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.data(2);
    consumer.advanceMs(5000);
    expect(consumer.sent(8)).toEqual([]);
    consumer.forgetSaid();
    consumer.poll();
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }]);
    expect(consumer.polled).toEqual([[0, 3, 5]]);
    expect(consumer.sent(8)[0]).toMatchObject({ groupId: 'g', generationId: 1, memberId: 'm1', groupInstanceId: null });
    expect(consumer.sent(8)[0]!.topics[0]!.partitions[0]!.committedLeaderEpoch).toBe(3);
  });

  test('keep auto.commit.interval.ms apart, from the assignment on; an application that does not poll commits nothing', () => {
    const consumer = LoneGroupConsumer.member({ 'auto.commit.interval.ms': 1000 });
    consumer.read(1);
    consumer.advanceMs(60_000);
    expect(consumer.sent(8)).toEqual([]);
    consumer.read(1);
    expect(consumer.committedOffsets).toEqual([{ 0: 1 }]);
    consumer.advanceMs(999);
    consumer.read(1);
    expect(consumer.sent(8)).toHaveLength(1);
    consumer.advanceMs(1);
    consumer.read(1);
    expect(consumer.committedOffsets).toEqual([{ 0: 1 }, { 0: 3 }]);
  });

  test('come within a long poll() too', () => {
    const consumer = LoneGroupConsumer.member({ 'auto.commit.interval.ms': 1000 });
    consumer.read(2);
    consumer.poll(10_000);
    consumer.advanceMs(950);
    expect(consumer.committedOffsets).toEqual([{ 0: 2 }]);
  });

  test('that fail for now are tried again after retry.backoff.ms, others with the next interval; nobody is told', () => {
    const consumer = LoneGroupConsumer.member({ 'auto.commit.interval.ms': 1000 });
    consumer.read(2);
    consumer.commits = 14;
    consumer.advanceMs(1000);
    const id = consumer.poll(5000);
    consumer.advanceMs(99);
    expect(consumer.sent(8)).toHaveLength(1);
    consumer.commits = 12;
    consumer.advanceMs(1);
    expect(consumer.sent(8)).toHaveLength(2);
    consumer.advanceMs(900);
    expect(consumer.sent(8)).toHaveLength(2);
    consumer.advanceMs(4000);
    expect(consumer.outcome(id)).toBe(0);
  });

  test('commit what the rule says: with what is only buffered, records are skipped', () => {
    const rules = {
      ...consumerRules,
      autoCommitOffsets: ({ buffer }: LoneGroupConsumer['state']) =>
        buffer.map(({ partition, batches }) => ({
          partitionIndex: partition,
          committedOffset: batches.at(-1)!.endOffset,
          committedLeaderEpoch: -1,
        })),
    };
    const consumer = LoneGroupConsumer.member({}, [0], { rules });
    consumer.read(3);
    consumer.data(2);
    consumer.advanceMs(5000);
    consumer.poll();
    expect(consumer.committedOffsets).toEqual([{ 0: 5 }]);
  });
});

describe('commitSync', () => {
  test('waits for the answer; null is all positions', () => {
    const consumer = LoneGroupConsumer.member(byHand, [0, 1]);
    consumer.read(3);
    consumer.commits = null;
    const id = consumer.commit(true);
    expect(consumer.outcome(id)).toBeUndefined();
    expect(consumer.committedOffsets).toEqual([{ 0: 3, 1: 3 }]);
    consumer.commitAnswered(0);
    expect(consumer.outcome(id)).toBe(0);
  });

  test('commits what it is given, smaller offsets too', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(5);
    consumer.commit(true);
    expect(consumer.outcome(consumer.commit(true, { 0: 2 }))).toBe(0);
    expect(consumer.committedOffsets).toEqual([{ 0: 5 }, { 0: 2 }]);
  });

  test.each([
    ['COORDINATOR_LOAD_IN_PROGRESS', 14],
    ['NOT_COORDINATOR', 16],
    ['REQUEST_TIMED_OUT', 7],
  ])('%s is tried again', (_name, errorCode) => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = errorCode;
    const id = consumer.commit(true);
    expect(consumer.outcome(id)).toBeUndefined();
    consumer.commits = 0;
    consumer.advanceMs(500);
    expect(consumer.outcome(id)).toBe(0);
    expect(consumer.sent(8)).toHaveLength(2);
  });

  test('a lost answer too: the first may have taken effect', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = null;
    const id = consumer.commit(true);
    consumer.disconnect(7);
    consumer.commits = 0;
    consumer.advanceMs(500);
    expect(consumer.outcome(id)).toBe(0);
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }, { 0: 3 }]);
  });

  test('until default.api.timeout.ms', () => {
    const consumer = LoneGroupConsumer.member({ ...byHand, 'default.api.timeout.ms': 2000 });
    consumer.read(3);
    consumer.commits = 14;
    const id = consumer.commit(true);
    consumer.advanceMs(1999);
    expect(consumer.outcome(id)).toBeUndefined();
    consumer.advanceMs(1);
    expect(consumer.outcome(id)).toBe(7);
  });

  test.each([
    ['UNKNOWN_MEMBER_ID', 25, ''],
    ['ILLEGAL_GENERATION', 22, 'm1'],
  ])('%s fails it: the member has been thrown out, and its partitions are lost', (_name, errorCode, memberId) => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = errorCode;
    expect(consumer.outcome(consumer.commit(true))).toBe(errorCode);
    consumer.poll();
    expect(consumer.callbacks.at(-1)).toBe('lost [0]');
    expect(consumer.request(11).body.memberId).toBe(memberId);
  });

  test('REBALANCE_IN_PROGRESS fails it, and the member rejoins with what it has', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = 27;
    expect(consumer.outcome(consumer.commit(true))).toBe(27);
    consumer.poll();
    expect(consumer.callbacks.at(-1)).toBe('-[0]');
  });

  test('outside of a group it fails without being sent', () => {
    const consumer = LoneGroupConsumer.member({ ...byHand, 'max.poll.interval.ms': 10_000 });
    consumer.read(3);
    consumer.advanceMs(11_000);
    expect(consumer.outcome(consumer.commit(true))).toBe(25);
    expect(consumer.sent(8)).toEqual([]);
    consumer.poll(100);
    consumer.advanceMs(100);
    expect(consumer.outcome(consumer.commit(true, { 0: 3 }))).toBe(27);
  });

  test('nothing to commit is done at once', () => {
    const consumer = new LoneGroupConsumer(byHand);
    expect(consumer.outcome(consumer.commit(true))).toBe(0);
  });
});

describe('commitAsync', () => {
  test('holds nobody up, and tells its outcome when it is known', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = null;
    const first = consumer.commit(false);
    consumer.read(2);
    expect(consumer.polled.at(-1)).toEqual([0, 3, 5]);
    const second = consumer.commit(false);
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }, { 0: 5 }]);
    consumer.commitAnswered(0);
    expect([consumer.outcome(first), consumer.outcome(second)]).toEqual([0, undefined]);
    consumer.commitAnswered(0);
    expect(consumer.outcome(second)).toBe(0);
  });

  test('is not tried again', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.commits = 14;
    expect(consumer.outcome(consumer.commit(false))).toBe(14);
    consumer.advanceMs(2000);
    expect(consumer.sent(8)).toHaveLength(1);
  });

  test('waits for one look at who the coordinator is', () => {
    const consumer = LoneGroupConsumer.member(byHand);
    consumer.read(3);
    consumer.coordinator = null;
    consumer.disconnect(7);
    const [first, second] = [consumer.commit(false, { 0: 1 }), consumer.commit(false, { 0: 2 })];
    const refused = consumer.request(10);
    consumer.answer(refused, { api: 10, errorCode: 15, nodeId: -1, host: -1 });
    expect([consumer.outcome(first), consumer.outcome(second)]).toEqual([15, 15]);
    const third = consumer.commit(false, { 0: 3 });
    consumer.advanceMs(1000);
    consumer.answer(consumer.request(10), { api: 10, errorCode: 0, nodeId: 8, host: 8 });
    consumer.advanceMs(100);
    expect(consumer.outcome(third)).toBe(0);
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }]);
  });

  test('FENCED_INSTANCE_ID is thrown from whatever comes after it, but for close()', () => {
    const consumer = LoneGroupConsumer.member({ ...byHand, 'group.instance.id': 'i1' });
    consumer.read(3);
    consumer.commits = 82;
    expect(consumer.outcome(consumer.commit(false))).toBe(82);
    expect(consumer.outcome(consumer.poll())).toBe(82);
    expect(consumer.outcome(consumer.poll())).toBe(82);
    expect(consumer.outcome(consumer.commit(true))).toBe(82);
    expect(consumer.outcome(consumer.commit(false))).toBe(82);
    expect(consumer.sent(8)).toHaveLength(1);
    expect(consumer.outcome(consumer.close())).toBe(0);
  });
});
