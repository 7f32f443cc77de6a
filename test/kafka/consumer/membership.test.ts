/** Heartbeats, and the ways to lose a membership. Sources: Heartbeat.java, AbstractCoordinator.java. */
import { describe, expect, test } from 'vitest';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';

describe('heartbeats', () => {
  test('begin with JoinGroup and go on while the application is busy', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll(100);
    consumer.advanceMs(5000);
    expect(consumer.sent(12)).toEqual([]);
    consumer.poll(100);
    consumer.joined();
    consumer.synced([0]);
    consumer.advanceMs(9000);
    expect(consumer.sent(12)).toHaveLength(3);
    expect(consumer.sent(12)[0]).toMatchObject({ groupId: 'g', generationId: 1, memberId: 'm1', groupInstanceId: null });
  });

  test('say that the group rebalances; the next poll() rejoins', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.beat = 27;
    consumer.advanceMs(10_000);
    expect(consumer.sent(11)).toHaveLength(2);
    expect(consumer.sent(12).length).toBeGreaterThan(2);
    consumer.poll();
    expect(consumer.waiting(11)).toHaveLength(1);
  });

  test.each([
    ['UNKNOWN_MEMBER_ID', 25, ''],
    ['ILLEGAL_GENERATION', 22, 'm1'],
  ])('%s: partitions are lost, nothing is committed', (_name, errorCode, memberId) => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.beat = errorCode;
    consumer.advanceMs(3000);
    expect(consumer.callbacks).toEqual(['+[0]']);
    consumer.poll();
    expect(consumer.callbacks).toEqual(['+[0]', 'lost [0]']);
    expect(consumer.sent(8)).toEqual([]);
    expect(consumer.request(11).body.memberId).toBe(memberId);
  });

  test('session.timeout.ms without an answer: the coordinator is looked for again', () => {
    const consumer = LoneGroupConsumer.member({ 'session.timeout.ms': 10_000 });
    consumer.beat = null;
    consumer.advanceMs(9800);
    expect(consumer.sent(10)).toHaveLength(1);
    consumer.forgetSaid();
    consumer.coordinator = 8;
    consumer.advanceMs(1000);
    expect(consumer.out.all('close')).toHaveLength(1);
    expect(consumer.sent(10)).toHaveLength(1);
    consumer.advanceMs(3000);
    expect(consumer.request(12).to).toBe(8);
  });

  test('NOT_COORDINATOR moves them; the member stays what it is', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.beat = 16;
    consumer.advanceMs(3000);
    consumer.coordinator = 8;
    consumer.beat = null;
    consumer.advanceMs(4000);
    expect(consumer.request(12).to).toBe(8);
    expect(consumer.state.membership.phase).toBe('stable');
  });

  test('FENCED_INSTANCE_ID is thrown from the next poll()', () => {
    const consumer = LoneGroupConsumer.member({ 'group.instance.id': 'i1' });
    consumer.beat = 82;
    consumer.advanceMs(3000);
    expect(consumer.outcome(consumer.poll())).toBe(82);
  });
});

describe('max.poll.interval.ms without a poll()', () => {
  test('a dynamic member leaves by itself, and comes back as a new one that has lost its partitions', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.interval.ms': 20_000 });
    consumer.read(3);
    consumer.advanceMs(19_900);
    expect(consumer.sent(13)).toEqual([]);
    consumer.advanceMs(200);
    expect(consumer.sent(13)).toEqual([{ api: 13, groupId: 'g', members: [{ memberId: 'm1', groupInstanceId: null }] }]);
    const beats = consumer.sent(12).length;
    consumer.advanceMs(10_000);
    expect(consumer.sent(12)).toHaveLength(beats);
    expect(consumer.callbacks).toEqual(['+[0]']);
    consumer.poll();
    expect(consumer.callbacks).toEqual(['+[0]', 'lost [0]']);
    expect(consumer.sent(8)).toEqual([]);
    expect(consumer.request(11).body.memberId).toBe('');
  });

  test('a static one only falls silent', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.interval.ms': 20_000, 'group.instance.id': 'i1' });
    consumer.advanceMs(20_100);
    const beats = consumer.sent(12).length;
    consumer.advanceMs(30_000);
    expect(consumer.sent(13)).toEqual([]);
    expect(consumer.sent(12)).toHaveLength(beats);
  });

  test('a long poll() is no absence', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.interval.ms': 20_000, 'request.timeout.ms': 100_000 });
    consumer.poll(60_000);
    consumer.advanceMs(50_000);
    expect(consumer.sent(13)).toEqual([]);
  });
});

describe('close()', () => {
  test('commits what was returned, gives up, leaves, ends', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.forgetSaid();
    const id = consumer.close();
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }]);
    expect(consumer.callbacks).toEqual(['-[0]']);
    expect(consumer.sent(13)).toHaveLength(1);
    expect(consumer.outcome(id)).toBe(0);
    expect(consumer.out.said.at(-1)).toEqual({ say: 'halt' });
    consumer.forgetSaid();
    consumer.disconnect(7);
    consumer.advanceMs(60_000);
    expect(consumer.out.said).toEqual([]);
  });

  test('without automatic commits it commits nothing; a static member does not leave', () => {
    const consumer = LoneGroupConsumer.member({ 'enable.auto.commit': false, 'group.instance.id': 'i1' });
    consumer.read(3);
    consumer.close();
    expect([consumer.sent(8), consumer.sent(13)]).toEqual([[], []]);
    expect(consumer.out.all('halt')).toHaveLength(1);
  });

  test('tries the commit again while the error allows it and the time lasts, then leaves without', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.commits = 14;
    consumer.close(1000);
    consumer.advanceMs(999);
    expect(consumer.sent(8).length).toBeGreaterThan(2);
    expect(consumer.sent(13)).toEqual([]);
    consumer.advanceMs(1);
    expect(consumer.sent(13)).toHaveLength(1);
    expect(consumer.out.all('halt')).toHaveLength(1);
  });

  test('a commit that is refused for good does not hold it up', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.commits = 25;
    expect(consumer.outcome(consumer.close())).toBe(0);
    expect(consumer.callbacks.at(-1)).toBe('lost [0]');
  });

  test('wakes a poll() up; stop is a close() that nobody called', () => {
    const consumer = LoneGroupConsumer.member();
    const poll = consumer.poll(60_000);
    consumer.feed({ kind: 'stop' });
    expect(consumer.outcome(poll)).toBe(0);
    expect(consumer.sent(13)).toHaveLength(1);
    expect(consumer.out.all('halt')).toHaveLength(1);
    expect(consumer.out.all('complete').filter(({ id }) => id < 0)).toEqual([]);
  });

  test('does not wait for a coordinator longer than its time', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.coordinator = -15;
    consumer.disconnect(7);
    const id = consumer.close(2000);
    consumer.advanceMs(1999);
    expect(consumer.outcome(id)).toBeUndefined();
    consumer.advanceMs(1);
    expect(consumer.outcome(id)).toBe(0);
  });
});
