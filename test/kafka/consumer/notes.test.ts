/** What a member of a group says of itself: how it came to its place, what it commits, and how it lost its place. */
import { expect, test } from 'vitest';
import { GroupRole } from '../../../src/kafka/notes.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';

/** The topic is number 0 in all of these; coordinator 7, generation 1. */
const topic = 0;

test('a join: coordinator, generation, assignment, positions', () => {
  const { out } = LoneGroupConsumer.member({}, [0, 1], { committed: { 0: 5 } });
  expect(out.notes('coordinator-found')).toEqual([[7, 0, 0, 0]]);
  expect(out.notes('member-joined')).toEqual([[1, GroupRole.follower, 0, 0]]);
  expect(out.notes('assignment-received')).toEqual([[1, 2, 0, 0]]);
  expect(out.notes('position-from-commit')).toEqual([[topic, 0, 5, 0]]);
  expect(out.notes('offset-reset')).toEqual([[topic, 1, 0, 0]]);
});

test('a leader, to whom nothing is left', () => {
  const consumer = new LoneGroupConsumer();
  consumer.poll(100);
  consumer.joined({ leader: 'm1', memberId: 'm1' });
  consumer.synced([]);
  expect(consumer.out.notes('member-joined')).toEqual([[1, GroupRole.leader, 0, 0]]);
  expect(consumer.out.notes('assignment-received')).toEqual([[1, 0, 0, 0]]);
});

test('commits, each of their partitions, and what became of them', () => {
  const consumer = LoneGroupConsumer.member({}, [0, 1]);
  consumer.commit(true, { 0: 3, 1: 4 });
  expect(consumer.out.notes('commit-sent')).toEqual([
    [topic, 0, 3, 1],
    [topic, 1, 4, 1],
  ]);
  expect(consumer.out.notes('commit-failed')).toEqual([]);
  consumer.commits = ErrorCode.rebalanceInProgress;
  consumer.commit(true, { 0: 5 });
  expect(consumer.out.notes('commit-failed')).toEqual([[topic, 0, 5, ErrorCode.rebalanceInProgress]]);
});

test('a commit that cannot even be sent', () => {
  const consumer = LoneGroupConsumer.member();
  consumer.beat = ErrorCode.unknownMemberId;
  consumer.advanceMs(3000);
  consumer.commit(true, { 0: 5 });
  expect(consumer.out.notes('commit-sent')).toEqual([]);
  expect(consumer.out.notes('commit-failed')).toEqual([[topic, 0, 5, ErrorCode.unknownMemberId]]);
});

test.each([
  ['UNKNOWN_MEMBER_ID', ErrorCode.unknownMemberId],
  ['ILLEGAL_GENERATION', ErrorCode.illegalGeneration],
])('%s ends a membership, once', (_name, errorCode) => {
  const consumer = LoneGroupConsumer.member({}, [0, 1]);
  consumer.beat = errorCode;
  consumer.advanceMs(9000);
  expect(consumer.out.notes('membership-lost')).toEqual([[errorCode, 1, 2, 0]]);
});

test('a commit that is refused after the heartbeat was: the membership was lost before', () => {
  const consumer = LoneGroupConsumer.member();
  consumer.commits = null;
  consumer.commit(false, { 0: 5 });
  consumer.beat = ErrorCode.unknownMemberId;
  consumer.advanceMs(3000);
  consumer.commitAnswered(ErrorCode.unknownMemberId);
  expect(consumer.out.notes('membership-lost')).toHaveLength(1);
  expect(consumer.out.notes('commit-failed')).toEqual([[topic, 0, 5, ErrorCode.unknownMemberId]]);
});

test('too long away from poll()', () => {
  const consumer = LoneGroupConsumer.member({ 'max.poll.interval.ms': 20_000 });
  consumer.advanceMs(19_000);
  expect(consumer.out.notes('poll-interval-exceeded')).toEqual([]);
  consumer.advanceMs(10_000);
  expect(consumer.out.notes('poll-interval-exceeded')).toEqual([[20_000, 1, 1, 0]]);
  expect(consumer.out.notes('membership-lost')).toEqual([]);
});
