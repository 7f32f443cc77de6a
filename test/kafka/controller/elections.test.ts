/** Who becomes leader. Source: PartitionChangeBuilder.java, ReplicationControlManager.java. */
import { describe, expect, test } from 'vitest';
import { LoneController } from '../lone-controller.ts';

const unclean = { 'unclean.leader.election.enable': 'true' };

describe('a new topic', () => {
  test('is led by the first replica; only brokers that are alive enter the ISR', () => {
    const bench = LoneController.withBrokers(2);
    expect(bench.create([3, 2, 1])).toMatchObject({ leader: 2, isr: [2, 1], leaderEpoch: 0, partitionEpoch: 0 });
  });

  test('exists once; without a single broker it is refused', () => {
    const bench = LoneController.withBrokers(1);
    const create = { api: 19, topics: [{ name: 'orders', assignments: [[1]], configs: {} }] } as const;
    expect(bench.ask(create)).toMatchObject({ topics: [{ errorCode: 0, topicId: 0 }] });
    expect(bench.ask(create)).toMatchObject({ topics: [{ errorCode: 36, topicId: 0 }] });
    expect(bench.ask({ ...create, topics: [{ name: 'other', assignments: [[2]], configs: {} }] })).toMatchObject({
      topics: [{ errorCode: 38 }],
    });
  });
});

describe('when the leader is fenced', () => {
  test('the first member of the ISR in assignment order leads, whatever the logs hold; epochs grow', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([2, 3, 1]);
    bench.silence(2);
    expect(bench.partition).toMatchObject({ leader: 3, isr: [3, 1], leaderEpoch: 1, partitionEpoch: 1 });
  });

  test('a replica outside the ISR is passed over', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3]);
    bench.alter(1, [1, 3]);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: 3, isr: [3] });
  });

  test('and was the last member of the ISR, nobody leads, and it stays in the ISR', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3]);
    bench.alter(1, [1]);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: -1, isr: [1], leaderEpoch: 1 });
    // The others are of no use for a clean election.
    bench.advanceMs(600_000);
    for (const id of [2, 3]) bench.heartbeat(id);
    expect(bench.partition.leader).toBe(-1);
    // When it is back, it leads.
    bench.join(1, 2);
    expect(bench.partition).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2 });
  });

  test('with unclean election the first living replica leads, and the ISR is that replica alone', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3], unclean);
    bench.alter(1, [1]);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, leaderRecoveryState: 1 });
    expect(bench.out.notes('unclean-leader-elected')).toEqual([[0, 0, 2, 1]]);
  });

  test('with unclean election a member of the ISR is still preferred', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3], unclean);
    bench.alter(1, [1, 3]);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: 3, isr: [3], leaderRecoveryState: 0 });
  });

  test('the broker that leaves is no candidate, not even for an unclean election', () => {
    const bench = LoneController.withBrokers(1);
    bench.create([1], unclean);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: -1, isr: [1] });
  });
});

describe('an unclean election', () => {
  test('is the topic’s setting before the cluster’s', () => {
    for (const [cluster, topic, leader] of [
      [true, {}, 2],
      [true, { 'unclean.leader.election.enable': 'false' }, -1],
      [false, unclean, 2],
    ] as const) {
      const bench = LoneController.withBrokers(2, { 'unclean.leader.election.enable': cluster });
      bench.create([1, 2], topic);
      bench.alter(1, [1]);
      bench.silence(1);
      expect(bench.partition.leader).toBe(leader);
    }
  });

  test('is held when a replica comes back to a partition that nobody leads', () => {
    const bench = LoneController.withBrokers(2);
    bench.create([1, 2], unclean);
    bench.alter(1, [1]);
    bench.silence(2);
    bench.silence(1);
    expect(bench.partition).toMatchObject({ leader: -1, isr: [1] });
    bench.join(2, 2);
    expect(bench.partition).toMatchObject({ leader: 2, isr: [2] });
  });

  test('may be asked for by an operator, where nobody leads', () => {
    const bench = LoneController.withBrokers(2);
    bench.create([1, 2]);
    expect(bench.elect('unclean')).toBe(84);
    bench.alter(1, [1]);
    bench.silence(1);
    expect(bench.partition.leader).toBe(-1);
    expect(bench.elect('unclean')).toBe(0);
    expect(bench.partition).toMatchObject({ leader: 2, isr: [2] });
  });

  test('that finds nobody alive is refused (ELIGIBLE_LEADERS_NOT_AVAILABLE)', () => {
    const bench = LoneController.withBrokers(2);
    bench.create([1, 2]);
    bench.silence(1, 2);
    bench.advanceMs(20_000);
    expect(bench.partition.leader).toBe(-1);
    expect(bench.elect('unclean')).toBe(83);
  });

  test('ends when the new leader changes the ISR: it has recovered', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3], unclean);
    bench.alter(1, [1]);
    bench.silence(1);
    expect(bench.partition.leaderRecoveryState).toBe(1);
    expect(bench.alter(2, [2, 3])).toMatchObject({ errorCode: 0, isr: [2, 3], leaderRecoveryState: 0 });
  });
});

describe('the preferred leader', () => {
  test('is the first replica; it leads again when it is asked for and in the ISR', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3]);
    expect(bench.elect('preferred')).toBe(84);
    bench.silence(1);
    expect(bench.partition.leader).toBe(2);
    expect(bench.elect('preferred')).toBe(80);
    bench.join(1, 2);
    expect(bench.elect('preferred')).toBe(80);
    bench.alter(2, [2, 3, 1]);
    expect(bench.elect('preferred')).toBe(0);
    expect(bench.partition).toMatchObject({ leader: 1, isr: [2, 3, 1], leaderEpoch: 2 });
  });

  test('gets its leadership back by itself (auto.leader.rebalance.enable, every 300 s)', () => {
    for (const enabled of [true, false]) {
      const bench = LoneController.withBrokers(3, {
        'auto.leader.rebalance.enable': enabled,
        'broker.session.timeout.ms': 1_000_000,
      });
      bench.create([1, 2, 3]);
      bench.ask({ api: 45, topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas: [3, 1, 2] }] }] });
      bench.advanceMs(299_000);
      expect(bench.partition.leader).toBe(1);
      bench.advanceMs(1_000);
      expect(bench.partition.leader).toBe(enabled ? 3 : 1);
    }
  });

  test('changes when an operator reorders the replicas', () => {
    const bench = LoneController.withBrokers(3);
    bench.create([1, 2, 3]);
    const reorder = (replicas: readonly number[]): unknown =>
      bench.ask({ api: 45, topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }] });
    expect(reorder([2, 3, 1])).toMatchObject({ responses: [{ partitions: [{ errorCode: 0 }] }] });
    // The present leader stays while it is valid.
    expect(bench.partition).toMatchObject({ leader: 1, replicas: [2, 3, 1] });
    bench.elect('preferred');
    expect(bench.partition.leader).toBe(2);
  });
});
