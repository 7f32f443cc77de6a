/**
 * AlterPartitionReassignments (KIP-455): the three stages as the comment of changePartitionReassignment has them, cancelling, and what
 * the leader hears. Source: ReplicationControlManager, PartitionChangeBuilder, PartitionReassignmentRevert.
 */
import { describe, expect, test } from 'vitest';
import type { AlterPartitionReassignmentsResponse } from '../../../src/kafka/protocol/messages.ts';
import { LoneController } from '../lone-controller.ts';

function withTopic(configs: Readonly<Record<string, string>> = {}): LoneController {
  const bench = LoneController.withBrokers(5);
  bench.create([1, 2, 3], configs);
  return bench;
}

function reassign(bench: LoneController, replicas: readonly number[] | null): number {
  const answer = bench.ask({ api: 45, topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas }] }] });
  return (answer as AlterPartitionReassignmentsResponse).responses[0]!.partitions[0]!.errorCode;
}

describe('a reassignment', () => {
  test('first adds replicas beside those that are to go, and the leader epoch stays', () => {
    const bench = withTopic();
    expect(reassign(bench, [3, 4, 5])).toBe(0);
    expect(bench.partition).toMatchObject({
      replicas: [3, 4, 5, 1, 2],
      addingReplicas: [4, 5],
      removingReplicas: [1, 2],
      isr: [1, 2, 3],
      leader: 1,
      leaderEpoch: 0,
    });
  });

  test('is complete when the ISR holds every replica that is to stay: the others leave replicas and ISR, and the leader moves', () => {
    const bench = withTopic();
    reassign(bench, [3, 4, 5]);
    expect(bench.alter(1, [1, 2, 3, 4]).errorCode).toBe(0);
    expect(bench.partition).toMatchObject({ replicas: [3, 4, 5, 1, 2], leader: 1 });
    // "This lets it know that it must fetch new metadata before trying again."
    expect(bench.alter(1, [1, 2, 3, 4, 5]).errorCode).toBe(108);
    expect(bench.partition).toMatchObject({
      replicas: [3, 4, 5],
      addingReplicas: [],
      removingReplicas: [],
      isr: [3, 4, 5],
      leader: 3,
      leaderEpoch: 1,
    });
  });

  test('a leader that is to stay stays, in a new epoch because replicas went', () => {
    const bench = withTopic();
    reassign(bench, [1, 4]);
    expect(bench.partition).toMatchObject({ leader: 1, leaderEpoch: 0 });
    expect(bench.alter(1, [1, 2, 3, 4])).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 1, isr: [1, 4] });
  });

  test('that only takes replicas away needs nobody to wait for', () => {
    const bench = withTopic();
    reassign(bench, [2, 3]);
    expect(bench.partition).toMatchObject({ replicas: [2, 3], isr: [2, 3], leader: 2, leaderEpoch: 1, removingReplicas: [] });
  });

  test('waits for a target that is down', () => {
    const bench = withTopic();
    bench.silence(5);
    reassign(bench, [1, 2, 5]);
    bench.silence(3, 5);
    expect(bench.partition).toMatchObject({ replicas: [1, 2, 5, 3], isr: [1, 2], addingReplicas: [5], removingReplicas: [3] });
    bench.join(5, 2);
    bench.alter(1, [1, 2, 5]);
    expect(bench.partition).toMatchObject({ replicas: [1, 2, 5], isr: [1, 2, 5], addingReplicas: [], removingReplicas: [] });
  });

  test('another one takes its place: whoever is to go or to come is a replica like any other', () => {
    const bench = withTopic();
    reassign(bench, [1, 2, 4]);
    reassign(bench, [1, 2, 5]);
    expect(bench.partition).toMatchObject({ replicas: [1, 2, 5, 3, 4], addingReplicas: [5], removingReplicas: [3, 4] });
  });

  test.each([
    ['"includes an empty replica list"', []],
    ['"no such broker is registered"', [1, 2, 9]],
    ['"more than once"', [1, 2, 2]],
  ])('is refused: %s', (_why, replicas) => {
    const bench = withTopic();
    expect(reassign(bench, replicas)).toBe(39);
    expect(bench.partition.replicas).toEqual([1, 2, 3]);
  });
});

describe('cancelled', () => {
  test('it leaves the replicas of before, and nothing can be cancelled twice', () => {
    const bench = withTopic();
    reassign(bench, [3, 4, 5]);
    bench.alter(1, [1, 2, 3, 4]);
    expect(reassign(bench, null)).toBe(0);
    // The order is that of the target, then of those who were to go.
    expect(bench.partition).toMatchObject({
      replicas: [3, 1, 2],
      isr: [1, 2, 3],
      leader: 1,
      leaderEpoch: 1,
      addingReplicas: [],
      removingReplicas: [],
    });
    expect(reassign(bench, null)).toBe(85);
  });

  test.each(['false', 'true'])(
    'with nobody else in the ISR it takes the first replica of before if unclean elections are on: %s',
    (allowed) => {
      const bench = withTopic({ 'unclean.leader.election.enable': allowed });
      reassign(bench, [4, 5]);
      bench.alter(1, [1, 2, 3, 4]);
      bench.silence(1, 2, 3, 5);
      expect(bench.partition).toMatchObject({ isr: [4], leader: 4 });
      bench.join(1, 2);
      const unclean = (): number => bench.out.all('note').filter(({ code }) => code === 'unclean-leader-elected').length;
      if (allowed === 'false') {
        // "it would require an unclean leader election"
        expect(reassign(bench, null)).toBe(39);
        expect(bench.partition).toMatchObject({ isr: [4], leader: 4, addingReplicas: [4, 5] });
        expect(unclean()).toBe(0);
      } else {
        expect(reassign(bench, null)).toBe(0);
        expect(bench.partition).toMatchObject({ replicas: [1, 2, 3], isr: [1], leader: 1, addingReplicas: [] });
        expect(unclean()).toBe(1);
      }
    },
  );
});
