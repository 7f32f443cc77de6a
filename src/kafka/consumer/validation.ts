/**
 * Validation of positions (KIP-320): whenever a partition has another leader or leader epoch, a position with a known epoch is held
 * against the leader's log before anything is fetched from it. Where the epoch ends before the position there, the log was cut: the
 * consumer goes on from that end. Source: SubscriptionState.maybeValidatePosition, maybeCompleteValidation,
 * OffsetFetcher.validatePositionsAsync.
 *
 * Java consumers do so since 2.1; those that know no OffsetForLeaderEpoch never do.
 */
import type { Offset } from '../../base/units.ts';
import { type Channel, connectIfNeeded, sendRequest } from '../client/channel.ts';
import { channelTo } from '../client/metadata.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from '../protocol/offset-messages.ts';
import { fail, type GroupConsumerContext, type Progress, topicIdOf } from './context.ts';
import { type OwnedPartition, ownedPartition } from './state.ts';

/** What a leader's answer says of a position. */
export type EpochEnd =
  /** The log holds what comes before it. */
  | { readonly kind: 'valid' }
  /** The log was cut below it: up to here it is as it was. */
  | { readonly kind: 'cut'; readonly offset: Offset; readonly leaderEpoch: number }
  /** The leader knows nothing of the epoch, nor of any before it. */
  | { readonly kind: 'unknown' };

/** Holds a position against the end of its epoch. */
export function judgeEpochEnd(position: Offset, leaderEpoch: number, endOffset: Offset): EpochEnd {
  if (leaderEpoch < 0 || endOffset < 0) return { kind: 'unknown' };
  return endOffset < position ? { kind: 'cut', offset: endOffset, leaderEpoch } : { kind: 'valid' };
}

/** What was asked about: an answer about another position, or of a former leader, says nothing. */
export type AskedPositions = readonly {
  readonly partition: number;
  readonly offset: Offset;
  readonly leaderEpoch: number;
  readonly currentLeaderEpoch: number;
}[];

/** A position is new, or its partition may have another leader: it is validated if its epoch is known (seekUnvalidated). */
export function followLeader({ state }: GroupConsumerContext, owned: OwnedPartition, isNew: boolean): void {
  if (!state.validatesPositions) return;
  const known = state.metadata.topics.get(state.topic)?.partitions[owned.partition];
  const leader = known?.leader ?? -1;
  const leaderEpoch = known?.leaderEpoch ?? -1;
  if (!isNew && owned.currentLeader === leader && owned.currentLeaderEpoch === leaderEpoch) return;
  owned.currentLeader = leader;
  owned.currentLeaderEpoch = leaderEpoch;
  owned.phase = owned.leaderEpoch >= 0 && leaderEpoch >= 0 ? 'awaiting-validation' : 'fetching';
  owned.notBeforeMs = 0;
}

/** One turn of poll() on positions that are to be validated; it does not wait for the answers. */
export function validatePositions(c: GroupConsumerContext): Progress {
  const { state, step, out } = c;
  if (!state.validatesPositions) return 'done';
  if (state.logTruncated) {
    // LogTruncationException, an OffsetOutOfRangeException.
    state.logTruncated = false;
    return fail(c, ErrorCode.offsetOutOfRange);
  }
  const wanted: { readonly channel: Channel; readonly asked: AskedPositions[number][] }[] = [];
  for (const owned of state.owned) {
    if (owned.phase === 'fetching' || owned.phase === 'awaiting-validation') followLeader(c, owned, false);
    if (owned.phase !== 'awaiting-validation' || step.wallMs < owned.notBeforeMs) continue;
    if (owned.currentLeader < 0) {
      state.metadata.updateRequested = true;
      continue;
    }
    const channel = channelTo(state.nodes, owned.currentLeader);
    if (!connectIfNeeded(state.channels, channel, step, out)) continue;
    // Asked again when the answer does not come.
    owned.notBeforeMs = step.wallMs + state.config.requestTimeoutMs;
    const { partition, offset, leaderEpoch, currentLeaderEpoch } = owned;
    const asked = { partition, offset, leaderEpoch, currentLeaderEpoch };
    const at = wanted.find((candidate) => candidate.channel === channel);
    if (at === undefined) wanted.push({ channel, asked: [asked] });
    else at.asked.push(asked);
  }
  for (const { channel, asked } of wanted) {
    const body = epochEndsRequest(state.topic, asked);
    sendRequest(state.channels, channel, body.api, body, state.config.requestTimeoutMs, true, asked, step, out);
  }
  return 'done';
}

/** The request that asks where epochs end. */
export function epochEndsRequest(topic: string, asked: AskedPositions): OffsetForLeaderEpochRequest {
  const partitions = asked.map(({ partition, currentLeaderEpoch, leaderEpoch }) => ({
    partition,
    currentLeaderEpoch,
    leaderEpoch,
  }));
  return { api: 23, replicaId: -1, topics: [{ topic, partitions }] };
}

/** The leader's answer, or null when it was lost. */
export function onEpochEnds(c: GroupConsumerContext, asked: AskedPositions, response: OffsetForLeaderEpochResponse | null): void {
  const { state, step } = c;
  const answers = response?.topics[0]?.partitions ?? [];
  for (const position of asked) {
    const owned = ownedPartition(state, position.partition);
    const answer = answers.find(({ partition }) => partition === position.partition);
    if (answer === undefined || answer.errorCode !== ErrorCode.none) {
      if (owned?.phase === 'awaiting-validation') owned.notBeforeMs = step.wallMs + state.config.retryBackoffMs;
      state.metadata.updateRequested = true;
    } else if (owned?.phase === 'awaiting-validation' && isSamePosition(owned, position)) {
      complete(c, owned, judgeEpochEnd(owned.offset, answer.leaderEpoch, answer.endOffset));
    }
  }
}

function isSamePosition(owned: OwnedPartition, { offset, leaderEpoch, currentLeaderEpoch }: AskedPositions[number]): boolean {
  return owned.offset === offset && owned.leaderEpoch === leaderEpoch && owned.currentLeaderEpoch === currentLeaderEpoch;
}

function complete(c: GroupConsumerContext, owned: OwnedPartition, end: EpochEnd): void {
  const { state, out } = c;
  owned.notBeforeMs = 0;
  if (end.kind === 'valid') {
    owned.phase = 'fetching';
    return;
  }
  const hasPolicy = c.rules.resetPosition(state.config.autoOffsetReset) !== null;
  if (!hasPolicy) {
    // The application is told, and may seek; until then the position is asked about again.
    state.logTruncated = true;
  } else if (end.kind === 'cut') {
    out.note('position-cut', topicIdOf(c), owned.partition, end.offset, owned.offset);
    owned.phase = 'fetching';
    owned.offset = end.offset;
    owned.leaderEpoch = end.leaderEpoch;
  } else {
    owned.phase = 'awaiting-reset';
    owned.offset = -1;
    owned.leaderEpoch = -1;
  }
}
