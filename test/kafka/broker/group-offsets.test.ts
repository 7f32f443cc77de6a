/**
 * Commits of offsets and what OffsetFetch says of them. Sources: GroupCoordinator.validateOffsetCommit and doCommitOffsets,
 * GroupMetadataManager.storeOffsets and getOffsets; classic protocol of 3.9.
 */
import { describe, expect, test } from 'vitest';
import { brokerRules } from '../../../src/kafka/broker/rules.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { type CoordinatorOptions, LoneCoordinator } from '../lone-coordinator.ts';

/** A stable group of one member, and how that member commits. */
function member(options: Partial<CoordinatorOptions> = {}) {
  const { broker, ids, generation } = LoneCoordinator.stable(1, options);
  const of = { memberId: ids[0]!, generationId: generation };
  return { broker, of, generation, commit: (offset: number) => broker.commit(offset, of) };
}

describe('who may commit', () => {
  test('a member of the present generation, while the group is stable', () => {
    const { broker, generation, commit } = member();
    expect(commit(5)()).toBe(0);
    expect(broker.committed()).toEqual({ partitionIndex: 0, committedOffset: 5, committedLeaderEpoch: 0, errorCode: 0 });
    expect(broker.out.notes('offset-committed')).toEqual([[0, 0, 5, generation]]);
  });

  test('nobody else, as long as there are members', () => {
    const { broker, of, generation } = member();
    expect(broker.commit(1)()).toBe(ErrorCode.unknownMemberId);
    expect(broker.commit(1, { ...of, memberId: 'nobody' })()).toBe(ErrorCode.unknownMemberId);
    expect(broker.commit(1, { ...of, generationId: generation - 1 })()).toBe(ErrorCode.illegalGeneration);
    expect(broker.commit(1, { ...of, generationId: generation + 1 })()).toBe(ErrorCode.illegalGeneration);
    expect(broker.commit(1, { ...of, generationId: -1 })()).toBe(ErrorCode.illegalGeneration);
    expect(broker.commit(1, { ...of, groupInstanceId: 'i1' })()).toBe(ErrorCode.unknownMemberId);
    expect(broker.committed()).toMatchObject({ committedOffset: -1 });
    expect(broker.out.notes('offset-commit-refused')[2]).toEqual([0, ErrorCode.illegalGeneration, generation - 1, 0]);
  });

  test('the old generation while members rejoin; the new one only when it has its assignment', () => {
    const { broker, of, generation, commit } = member();
    const newcomer = broker.enter();
    expect(broker.group.phase).toBe('PreparingRebalance');
    expect(commit(7)()).toBe(0);
    broker.join({ memberId: of.memberId });
    expect(broker.group.phase).toBe('CompletingRebalance');
    expect(commit(8)()).toBe(ErrorCode.illegalGeneration);
    expect(broker.commit(8, { ...of, generationId: generation + 1 })()).toBe(ErrorCode.rebalanceInProgress);
    broker.assign(of.memberId, generation + 1, [of.memberId, newcomer.id]);
    expect(broker.commit(8, { ...of, generationId: generation + 1 })()).toBe(0);
  });

  test('a client without a group, for a group without members', () => {
    const broker = new LoneCoordinator();
    expect(broker.commit(4)()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 4 });
    expect(broker.group).toMatchObject({ phase: 'Empty', generation: 0 });
    expect(broker.commit(4, { memberId: 'm', generationId: 1 })()).toBe(ErrorCode.unknownMemberId);
    expect(broker.commit(4, { groupId: 'unknown', memberId: 'm', generationId: 1 })()).toBe(ErrorCode.illegalGeneration);
    expect(broker.commit(4, { groupId: '' })()).toBe(0);
  });

  test('who is not the coordinator says so', () => {
    const { broker, commit } = member();
    broker.changeOffsets({ leader: 2 });
    expect(commit(1)()).toBe(ErrorCode.notCoordinator);
    expect(broker.fetchOffsets()).toEqual({ api: 9, errorCode: ErrorCode.notCoordinator, topics: [] });
  });

  test('a mutant does not care', () => {
    const { broker, of, generation } = member({ rules: { ...brokerRules, fencesCommit: () => false } });
    expect(broker.commit(1, { ...of, generationId: generation - 1 })()).toBe(0);
    expect(broker.commit(2, { groupId: 'unknown', memberId: 'm', generationId: 1 })()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 1 });
  });
});

describe('a commit', () => {
  test('is a sign of life', () => {
    const { broker, commit } = member();
    for (let i = 0; i < 5; i++) {
      broker.advanceMs(9_000);
      expect(commit(i)()).toBe(0);
    }
    expect(broker.group.phase).toBe('Stable');
  });

  test('may go back, and may be for a partition that the member does not own', () => {
    const { broker, commit } = member();
    commit(9);
    expect(commit(3)()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 3 });
  });

  test('of a partition that does not exist is refused alone (KafkaApis)', () => {
    const { broker, of } = member();
    const topics = [
      {
        name: 'orders',
        partitions: [0, 7].map((partitionIndex) => ({ partitionIndex, committedOffset: 2, committedLeaderEpoch: 0 })),
      },
      { name: 'nowhere', partitions: [{ partitionIndex: 0, committedOffset: 2, committedLeaderEpoch: 0 }] },
    ];
    const answer = broker.ask({ api: 8, groupId: 'g', groupInstanceId: null, ...of, topics });
    const unknown = ErrorCode.unknownTopicOrPartition;
    expect(answer()).toEqual({
      api: 8,
      topics: [
        {
          name: 'orders',
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 7, errorCode: unknown },
          ],
        },
        { name: 'nowhere', partitions: [{ partitionIndex: 0, errorCode: unknown }] },
      ],
    });
    expect(broker.commit(1, of, 7)()).toBe(unknown);
  });

  test('of one group says nothing of another', () => {
    const { broker, commit } = member();
    commit(9);
    broker.commit(2, { groupId: 'h' });
    expect(broker.committed()).toMatchObject({ committedOffset: 9 });
    expect(broker.committed('h')).toMatchObject({ committedOffset: 2 });
    expect(broker.committed('k')).toMatchObject({ committedOffset: -1, errorCode: 0 });
    expect(broker.committed('g', 1)).toMatchObject({ committedOffset: -1, errorCode: 0 });
  });

  test('is a batch of the log like any other, without a producer', () => {
    const { broker, of, commit } = member();
    commit(9);
    const last = broker.batches.at(-1)!;
    expect(last).toMatchObject({ producerId: -1, baseSequence: -1, partitionLeaderEpoch: 0, baseOffset: 1 });
    expect(last.records).toEqual([
      {
        id: -1,
        topic: '__consumer_offsets',
        partition: 0,
        keyHash: -1,
        sizeBytes: 100,
        value: {
          kind: 'OffsetCommit',
          group: 'g',
          topic: 'orders',
          partition: 0,
          offset: 9,
          leaderEpoch: 0,
          commitTimestampMs: expect.any(Number),
        },
      },
    ]);
    expect(broker.group.members[0]!.memberId).toBe(of.memberId);
  });
});

describe('a commit that is being written', () => {
  /** The ISR of `__consumer_offsets` gets a second member once the group is stable. */
  function replicated(options: Partial<CoordinatorOptions> = {}) {
    const all = member(options);
    all.commit(1);
    all.broker.changeOffsets({ isr: [1, 2] });
    return all;
  }

  test('counts when the high watermark has passed it; until then the partition has no stable offset', () => {
    const { broker, commit } = replicated();
    const answer = commit(5);
    expect(answer()).toBeUndefined();
    expect(broker.committed()).toMatchObject({ committedOffset: -1, errorCode: ErrorCode.unstableOffsetCommit });
    expect(broker.committed('g', 1)).toMatchObject({ committedOffset: -1, errorCode: 0 });
    broker.replicate(2);
    expect(answer()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 5, errorCode: 0 });
  });

  test('counts later when another is written behind it', () => {
    const { broker, commit } = replicated();
    const [first, second] = [commit(5), commit(6)];
    broker.replicate(2);
    expect([first(), second()]).toEqual([0, 0]);
    expect(broker.committed()).toMatchObject({ committedOffset: 6, errorCode: 0 });
    expect(broker.group.pendingCommits.size).toBe(0);
  });

  test('with offsets.commit.required.acks=1 counts at once', () => {
    const { broker, commit } = replicated({ config: { 'offsets.commit.required.acks': 1 } });
    expect(commit(5)()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 5 });
  });

  test('out of time is answered so, and does not count for this coordinator even if it is replicated later', () => {
    const { broker, commit } = replicated();
    const answer = commit(5);
    broker.advanceMs(5_000);
    // Kafka 3.9 hands this error on as it is; the consumer looks for its coordinator again.
    expect(answer()).toBe(ErrorCode.requestTimedOut);
    expect(broker.committed()).toMatchObject({ committedOffset: 1, errorCode: 0 });
    broker.replicate(2);
    expect(broker.committed()).toMatchObject({ committedOffset: 1, errorCode: 0 });
    expect(broker.out.notes('offset-commit-refused').at(-1)!.slice(0, 2)).toEqual([0, ErrorCode.requestTimedOut]);
  });

  test('is refused with fewer replicas in sync than min.insync.replicas', () => {
    const offsets = { 'min.insync.replicas': '2' };
    const broker = new LoneCoordinator({ isr: [1], offsets });
    expect(broker.commit(5)()).toBe(ErrorCode.coordinatorNotAvailable);
    expect(broker.written).toEqual([]);
  });

  test('and whose ISR shrinks below min.insync.replicas stands in the log all the same', () => {
    const broker = new LoneCoordinator({ isr: [1, 2], offsets: { 'min.insync.replicas': '2' } });
    const answer = broker.commit(5);
    broker.changeOffsets({ isr: [1] });
    expect(answer()).toBeUndefined();
    broker.advanceMs(5_000);
    expect(answer()).toBe(ErrorCode.requestTimedOut);
    expect(broker.written).toHaveLength(1);
    expect(broker.committed()).toMatchObject({ committedOffset: -1, errorCode: 0 });
  });

  test('is refused when it is too large, or the acks are none that Kafka knows', () => {
    const small = new LoneCoordinator({ offsets: { 'max.message.bytes': '100' } });
    expect(small.commit(5)()).toBe(ErrorCode.invalidCommitOffsetSize);
    const odd = new LoneCoordinator({ config: { 'offsets.commit.required.acks': 2 } });
    expect(odd.commit(5)()).toBe(ErrorCode.invalidRequiredAcks);
    expect(odd.written).toEqual([]);
  });

  test('waits for its fsync where flush.messages asks for one', () => {
    const broker = new LoneCoordinator({ offsets: { 'flush.messages': '1' } });
    broker.slowDisk = true;
    const answer = broker.commit(5);
    expect(answer()).toBeUndefined();
    broker.fsynced();
    expect(answer()).toBe(0);
    expect(broker.committed()).toMatchObject({ committedOffset: 5 });
  });
});
