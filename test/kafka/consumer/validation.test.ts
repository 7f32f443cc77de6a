/** Validation of positions by leader epoch (KIP-320): what SubscriptionState makes of a leader's answer, and when it asks. */
import { describe, expect, test } from 'vitest';
import { resolveConsumer } from '../../../src/kafka/config/resolve.ts';
import { consumerRules, type GroupConsumerContext } from '../../../src/kafka/consumer/context.ts';
import { createGroupConsumerState, type OwnedPartition } from '../../../src/kafka/consumer/state.ts';
import { followLeader, judgeEpochEnd, onEpochEnds, validatePositions } from '../../../src/kafka/consumer/validation.ts';
import type { OffsetForLeaderEpochResponse } from '../../../src/kafka/protocol/offset-messages.ts';
import { ReplayChoices } from '../../../src/kernel/replay-choices.ts';
import { RecordingOut } from '../recording-out.ts';

const at100: OwnedPartition = {
  partition: 0,
  phase: 'fetching',
  offset: 100,
  leaderEpoch: 3,
  currentLeader: 1,
  currentLeaderEpoch: 3,
  preferredReadReplica: -1,
  preferredUntilMs: 0,
  notBeforeMs: 0,
  pendingRevocation: false,
};

/** A member at offset 100 of epoch 3; its metadata names broker 2 as leader of epoch 4. */
function member(
  reset: string,
  owned: Partial<OwnedPartition> = {},
  validates = true,
): GroupConsumerContext & { owned: OwnedPartition } {
  const { config } = resolveConsumer({ 'group.id': 'g', 'auto.offset.reset': reset }, '3.9');
  const state = createGroupConsumerState('g-1', config, [1, 2], 'orders', validates);
  const partition = { ...at100, ...owned };
  state.owned.push(partition);
  state.metadata.topics.set('orders', { name: 'orders', topicId: 0, partitions: [{ leader: 2, leaderEpoch: 4 }] });
  const step = { monotonicUs: 1_000_000, wallMs: 1000, choices: new ReplayChoices([]) };
  return { state, rules: consumerRules, step, out: new RecordingOut(), owned: partition };
}

function answer(c: GroupConsumerContext, leaderEpoch: number, endOffset: number, errorCode = 0): void {
  const asked = c.state.owned.map(({ partition, offset, leaderEpoch: epoch, currentLeaderEpoch }) => ({
    partition,
    offset,
    leaderEpoch: epoch,
    currentLeaderEpoch,
  }));
  const response: OffsetForLeaderEpochResponse = {
    api: 23,
    topics: [{ topic: 'orders', partitions: [{ partition: 0, errorCode, leaderEpoch, endOffset }] }],
  };
  onEpochEnds(c, asked, response);
}

test.each([
  ['the epoch ends at the position, or later', 3, 100, { kind: 'valid' }],
  ['it ends before', 3, 80, { kind: 'cut', offset: 80, leaderEpoch: 3 }],
  ['the leader has an older epoch alone, which ends before', 2, 70, { kind: 'cut', offset: 70, leaderEpoch: 2 }],
  ['the leader cannot say', -1, -1, { kind: 'unknown' }],
] as const)('an answer: %s', (_what, leaderEpoch, endOffset, expected) => {
  expect(judgeEpochEnd(100, leaderEpoch, endOffset)).toEqual(expected);
});

describe('a position is questionable', () => {
  test('when its partition has another leader or epoch, and it has an epoch itself', () => {
    const c = member('earliest');
    followLeader(c, c.owned, false);
    expect(c.owned).toMatchObject({ phase: 'awaiting-validation', currentLeader: 2, currentLeaderEpoch: 4 });
  });

  test.each([
    ['not without an epoch: a reset, a seek, a commit of a mere offset', { leaderEpoch: -1 }, true],
    ['not while the leader stays', { currentLeader: 2, currentLeaderEpoch: 4 }, true],
    ['not in a client that does not validate', {}, false],
  ])('%s', (_why, owned, validates) => {
    const c = member('earliest', owned, validates);
    followLeader(c, c.owned, false);
    expect(c.owned.phase).toBe('fetching');
  });
});

describe('answered', () => {
  const awaiting = { phase: 'awaiting-validation', currentLeader: 2, currentLeaderEpoch: 4 } as const;

  test('valid: it is fetched from', () => {
    const c = member('earliest', awaiting);
    answer(c, 3, 100);
    expect(c.owned).toMatchObject({ phase: 'fetching', offset: 100 });
  });

  test.each(['earliest', 'latest'])(
    'cut, auto.offset.reset=%s: it goes on from the end of the epoch, not where the policy says',
    (reset) => {
      const c = member(reset, awaiting);
      answer(c, 3, 80);
      expect(c.owned).toMatchObject({ phase: 'fetching', offset: 80, leaderEpoch: 3 });
    },
  );

  test('cut, without a policy: poll() throws, and the position stays as it is', () => {
    const c = member('none', awaiting);
    answer(c, 3, 80);
    expect(c.owned).toMatchObject({ phase: 'awaiting-validation', offset: 100 });
    expect(validatePositions(c)).toBe('failed');
    expect(validatePositions(c)).toBe('done');
  });

  test('unknown: the policy decides', () => {
    const c = member('latest', awaiting);
    answer(c, -1, -1);
    expect(c.owned).toMatchObject({ phase: 'awaiting-reset', offset: -1, leaderEpoch: -1 });
  });

  test('refused, or about a position that has moved: it is asked again', () => {
    const c = member('earliest', awaiting);
    answer(c, -1, -1, 75);
    expect(c.owned).toMatchObject({ phase: 'awaiting-validation', offset: 100, notBeforeMs: 1100 });
    expect(c.state.metadata.updateRequested).toBe(true);
    const asked = [{ partition: 0, offset: 90, leaderEpoch: 3, currentLeaderEpoch: 4 }];
    const partitions = [{ partition: 0, errorCode: 0, leaderEpoch: 3, endOffset: 80 }];
    onEpochEnds(c, asked, { api: 23, topics: [{ topic: 'orders', partitions }] });
    expect(c.owned).toMatchObject({ phase: 'awaiting-validation', offset: 100 });
  });
});
