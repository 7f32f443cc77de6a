/** Finding the coordinator, joining, being given partitions. Sources: AbstractCoordinator.java, ConsumerCoordinator.java. */
import { describe, expect, test } from 'vitest';
import { consumerRules } from '../../../src/kafka/consumer/context.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';

describe('the coordinator', () => {
  test('is asked for at any broker, and has a connection of its own', () => {
    const consumer = new LoneGroupConsumer({}, { leaders: [7] });
    consumer.poll();
    expect(consumer.request(11).to).toBe(7);
    consumer.joined();
    consumer.synced([0]);
    expect(consumer.request(1).to).toBe(7);
    expect(consumer.out.all('connect').filter(({ to }) => to === 7)).toHaveLength(2);
  });

  test('nothing happens before the first poll', () => {
    const consumer = new LoneGroupConsumer();
    consumer.advanceMs(60_000);
    expect(consumer.out.said).toEqual([]);
  });

  test('is looked for again after retry.backoff.ms when nobody knows it; poll() waits for nothing else', () => {
    const consumer = new LoneGroupConsumer();
    consumer.coordinator = -15;
    const id = consumer.poll(1000);
    expect(consumer.sent(10)).toHaveLength(1);
    consumer.advanceMs(99);
    expect(consumer.sent(10)).toHaveLength(1);
    consumer.advanceMs(1);
    expect(consumer.sent(10)).toHaveLength(2);
    consumer.coordinator = 7;
    consumer.advanceMs(250);
    expect(consumer.waiting(11)).toHaveLength(1);
    consumer.advanceMs(700);
    expect(consumer.outcome(id)).toBe(0);
  });

  test('a refusal that no second look-up mends is thrown from poll()', () => {
    const consumer = new LoneGroupConsumer();
    consumer.coordinator = -24;
    expect(consumer.outcome(consumer.poll())).toBe(24);
  });

  test.each([
    ['NOT_COORDINATOR', 16],
    ['COORDINATOR_NOT_AVAILABLE', 15],
  ])('%s to a join: it is another one', (_name, errorCode) => {
    const consumer = new LoneGroupConsumer();
    consumer.poll();
    consumer.coordinator = 8;
    consumer.joined({ errorCode });
    consumer.advanceMs(300);
    expect(consumer.request(11).to).toBe(8);
  });

  test('a lost connection to it loses the join, not the place: the member comes back with its id', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll(5000);
    consumer.joined({ errorCode: 79, memberId: 'm1' });
    consumer.disconnect(7);
    consumer.advanceMs(500);
    expect(consumer.request(11).body.memberId).toBe('m1');
  });
});

describe('joining', () => {
  test('a member without an id is given one, and joins again with it at once', () => {
    const consumer = new LoneGroupConsumer({ 'session.timeout.ms': 9000, 'max.poll.interval.ms': 20_000 });
    consumer.poll();
    const first = consumer.request(11);
    expect(first.body).toMatchObject({ groupId: 'g', memberId: '', sessionTimeoutMs: 9000, rebalanceTimeoutMs: 20_000 });
    expect(first.body.protocols).toEqual([
      { name: 'range', metadata: { topics: ['orders'] } },
      { name: 'cooperative-sticky', metadata: { topics: ['orders'] } },
    ]);
    consumer.joined({ errorCode: 79, memberId: 'm1' });
    expect(consumer.request(11).body.memberId).toBe('m1');
  });

  test('classes of assignors go by their names', () => {
    const classes = 'org.apache.kafka.clients.consumer.RangeAssignor, org.apache.kafka.clients.consumer.StickyAssignor';
    const consumer = new LoneGroupConsumer({ 'partition.assignment.strategy': classes });
    consumer.poll();
    expect(consumer.request(11).body.protocols.map(({ name }) => name)).toEqual(['range', 'sticky']);
  });

  test('a follower syncs with nothing, is given partitions, and asks for their offsets after the callback', () => {
    const consumer = new LoneGroupConsumer({}, { leaders: [1, 1] });
    consumer.poll();
    consumer.joined();
    expect(consumer.request(14).body).toMatchObject({ generationId: 1, memberId: 'm1', protocolName: 'range', assignments: [] });
    consumer.synced([0, 1]);
    expect(consumer.callbacks).toEqual(['+[0,1]']);
    const said = consumer.out.said.map((effect) => (effect.say === 'send' ? effect.body.api : effect.say));
    expect(said.indexOf('assigned')).toBeLessThan(said.indexOf(9));
  });

  test('the leader assigns ranges over its metadata', () => {
    const consumer = new LoneGroupConsumer({}, { leaders: [1, 1, 1] });
    consumer.poll();
    const metadata = { topics: ['orders'] };
    const members = ['m1', 'm0'].map((memberId) => ({ memberId, groupInstanceId: null, metadata }));
    consumer.joined({ leader: 'm1', members });
    expect(consumer.request(14).body.assignments).toEqual([
      { memberId: 'm1', assignment: { assignedPartitions: [{ topic: 'orders', partitions: [2] }] } },
      { memberId: 'm0', assignment: { assignedPartitions: [{ topic: 'orders', partitions: [0, 1] }] } },
    ]);
  });

  test('the leader asks for the topics of others before it assigns', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll();
    const members = [{ memberId: 'm1', groupInstanceId: null, metadata: { topics: ['orders', 'bills'] } }];
    consumer.joined({ leader: 'm1', members });
    expect(consumer.waiting(14)).toEqual([]);
    consumer.advanceMs(100);
    expect(consumer.sent(3).at(-1)!.topics).toEqual(['orders', 'bills']);
    expect(consumer.waiting(14)).toHaveLength(1);
  });

  test('a leader whose assignment stands on fewer partitions than there are now rejoins; a follower does not', () => {
    for (const leader of ['m1', 'm0']) {
      const consumer = new LoneGroupConsumer({ 'metadata.max.age.ms': 1000 });
      consumer.poll(100);
      const members = [{ memberId: 'm1', groupInstanceId: null, metadata: { topics: ['orders'] } }];
      consumer.joined({ leader, members });
      consumer.synced([0]);
      consumer.advanceMs(100);
      consumer.leaders.push(1);
      consumer.poll(5000);
      consumer.advanceMs(4000);
      expect(consumer.waiting(11)).toHaveLength(leader === 'm1' ? 1 : 0);
    }
  });

  test('poll() does not wait for a rebalance, and another poll() goes on with it', () => {
    const consumer = new LoneGroupConsumer();
    const id = consumer.poll(100);
    consumer.advanceMs(100);
    expect(consumer.outcome(id)).toBe(0);
    // Nobody looks at the network: the answer is kept.
    consumer.joined();
    expect(consumer.waiting(14)).toEqual([]);
    consumer.poll(100);
    expect(consumer.waiting(14)).toHaveLength(1);
    expect(consumer.sent(11)).toHaveLength(1);
  });

  test('an assignment that arrives between polls waits for the next one with its callback', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll(100);
    consumer.joined();
    consumer.advanceMs(100);
    consumer.synced([0]);
    consumer.advanceMs(1000);
    expect(consumer.state.membership.phase).toBe('stable');
    expect(consumer.callbacks).toEqual([]);
    consumer.poll(100);
    expect(consumer.callbacks).toEqual(['+[0]']);
  });

  test.each([
    ['GROUP_MAX_SIZE_REACHED', 81],
    ['INCONSISTENT_GROUP_PROTOCOL', 23],
    ['FENCED_INSTANCE_ID', 82],
  ])('%s is thrown from poll()', (_name, errorCode) => {
    const consumer = new LoneGroupConsumer();
    const id = consumer.poll();
    consumer.joined({ errorCode });
    expect(consumer.outcome(id)).toBe(errorCode);
  });

  test('COORDINATOR_LOAD_IN_PROGRESS is tried again after retry.backoff.ms', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll();
    consumer.joined({ errorCode: 14 });
    expect(consumer.waiting(11)).toEqual([]);
    consumer.advanceMs(100);
    expect(consumer.waiting(11)).toHaveLength(1);
  });

  test('UNKNOWN_MEMBER_ID forgets the id, REBALANCE_IN_PROGRESS to a sync does not; both join again at once', () => {
    const consumer = new LoneGroupConsumer();
    consumer.poll(5000);
    consumer.joined();
    consumer.synced([], 27);
    expect(consumer.request(11).body.memberId).toBe('m1');
    consumer.joined({ errorCode: 25 });
    expect(consumer.request(11).body.memberId).toBe('');
  });

  test('a join may take the rebalance timeout and a little more', () => {
    const consumer = new LoneGroupConsumer({ 'max.poll.interval.ms': 60_000 });
    consumer.poll(100_000);
    consumer.advanceMs(65_000);
    expect(consumer.sent(11)).toHaveLength(1);
    consumer.advanceMs(1000);
    expect(consumer.sent(11)).toHaveLength(2);
  });
});

describe('a rebalance', () => {
  test('an eager member gives everything up before it rejoins', () => {
    const consumer = LoneGroupConsumer.member({ 'enable.auto.commit': false }, [0, 1]);
    consumer.beat = 27;
    consumer.poll(10_000);
    consumer.advanceMs(3000);
    expect(consumer.callbacks).toEqual(['+[0,1]', '-[0,1]']);
    expect(consumer.request(11).body.memberId).toBe('m1');
    consumer.joined({ generationId: 2 });
    consumer.synced([1]);
    expect(consumer.callbacks.at(-1)).toBe('+[1]');
    // Positions begin anew.
    expect(consumer.sent(9).at(-1)!.topics).toEqual([{ name: 'orders', partitionIndexes: [1] }]);
  });

  test('commits before it gives up, and returns nothing more while it waits for that', () => {
    const consumer = LoneGroupConsumer.member();
    consumer.read(3);
    consumer.commits = null;
    consumer.beat = 27;
    consumer.advanceMs(3000);
    consumer.data(2);
    consumer.forgetSaid();
    const id = consumer.poll(100);
    expect(consumer.committedOffsets).toEqual([{ 0: 3 }]);
    consumer.advanceMs(100);
    expect([consumer.outcome(id), consumer.polled, consumer.callbacks]).toEqual([0, [], []]);
    consumer.poll(1000);
    consumer.commitAnswered(0);
    expect(consumer.callbacks).toEqual(['-[0]']);
    expect(consumer.waiting(11)).toHaveLength(1);
  });

  test('that commit is tried again when the error allows it, until the rebalance timeout; then it goes on without', () => {
    const consumer = LoneGroupConsumer.member({ 'max.poll.interval.ms': 10_000 });
    consumer.read(3);
    consumer.commits = 14;
    consumer.beat = 27;
    consumer.poll(30_000);
    consumer.advanceMs(3000);
    consumer.data(0);
    consumer.advanceMs(1000);
    expect(consumer.sent(8).length).toBeGreaterThan(5);
    expect(consumer.waiting(11)).toEqual([]);
    consumer.advanceMs(10_000);
    expect(consumer.callbacks.at(-1)).toBe('-[0]');
    expect(consumer.waiting(11)).toHaveLength(1);
  });

  test('what was fetched of a partition that was given away is dropped', () => {
    const consumer = LoneGroupConsumer.member({ 'enable.auto.commit': false }, [0, 1]);
    consumer.poll(30_000);
    consumer.beat = 27;
    consumer.advanceMs(3000);
    const fetch = consumer.request(1);
    consumer.joined({ generationId: 2 });
    consumer.synced([1]);
    consumer.data(2, {}, fetch);
    expect(consumer.polled).toEqual([]);
    expect(consumer.fetches).toEqual([[1, 0]]);
  });

  test('with a rule that lets it keep its partitions, they are revoked when the assignment is there', () => {
    const rules = { ...consumerRules, keepsOwnership: () => true };
    const consumer = LoneGroupConsumer.member({}, [0, 1], { rules });
    consumer.beat = 27;
    consumer.poll(10_000);
    consumer.advanceMs(3000);
    expect(consumer.callbacks).toEqual(['+[0,1]']);
    consumer.joined({ generationId: 2 });
    consumer.synced([1]);
    expect(consumer.callbacks).toEqual(['+[0,1]', '-[0]', '+[]']);
  });
});
