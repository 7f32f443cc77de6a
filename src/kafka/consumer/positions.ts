/**
 * Where a member begins to read what it was assigned: at the committed offset, or where auto.offset.reset says. Source:
 * ClassicKafkaConsumer.updateFetchPositions, ConsumerCoordinator.initWithCommittedOffsetsIfNeeded, OffsetFetcher.java.
 */

import type { Offset } from '../../base/units.ts';
import { type Channel, connectIfNeeded, sendRequest } from '../client/channel.ts';
import { channelTo } from '../client/metadata.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { OffsetFetchResponse } from '../protocol/group-messages.ts';
import type { ListOffsetsRequest, ListOffsetsResponse } from '../protocol/offset-messages.ts';
import { backoffMs, fail, type GroupConsumerContext, type Progress, topicIdOf } from './context.ts';
import { ensureCoordinatorReady, markCoordinatorUnknown, readyCoordinator, sendToCoordinator } from './coordinator.ts';
import { generationIfStable, ownedPartition, type PendingOffsetFetch, sameGeneration } from './state.ts';
import { followLeader, validatePositions } from './validation.ts';

/** One turn of poll() on positions; without one for every partition nothing is returned of the others either. */
export function updatePositions(c: GroupConsumerContext): Progress {
  const { state } = c;
  if (validatePositions(c) === 'failed') return 'failed';
  if (state.owned.every(({ phase }) => phase === 'fetching')) return 'done';
  const progress = fetchCommittedOffsets(c);
  if (progress !== 'done') return progress;
  for (const owned of state.owned) {
    if (owned.phase !== 'initializing') continue;
    // NoOffsetForPartitionException: it has no code on the wire.
    if (c.rules.resetPosition(state.config.autoOffsetReset) === null) return fail(c, ErrorCode.offsetOutOfRange);
    owned.phase = 'awaiting-reset';
    owned.notBeforeMs = 0;
  }
  resetPositions(c);
  return 'done';
}

/** Asks the coordinator about every partition without a position, and waits for the answer. */
function fetchCommittedOffsets(c: GroupConsumerContext): Progress {
  const { state, step } = c;
  const partitions = state.owned.filter(({ phase }) => phase === 'initializing').map(({ partition }) => partition);
  if (partitions.length === 0) return 'done';
  const generation = generationIfStable(state);
  let pending = state.offsetFetch;
  if (pending !== null && !(sameGeneration(pending.generation, generation) && samePartitions(pending.partitions, partitions))) {
    // An answer to another question.
    pending = null;
    state.offsetFetch = null;
  }
  if (pending === null) {
    if (step.wallMs < state.offsetFetchNotBeforeMs) return 'blocked';
    const ready = ensureCoordinatorReady(c);
    if (ready !== 'done') return ready;
    pending = { partitions, generation, done: false, errorCode: 0, offsets: [] };
    state.offsetFetch = pending;
    const topics = [{ name: state.topic, partitionIndexes: partitions }];
    sendToCoordinator(c, readyCoordinator(c)!, { api: 9, groupId: state.groupId, topics }, pending);
    return 'blocked';
  }
  if (!pending.done) return 'blocked';
  state.offsetFetch = null;
  const { errorCode } = pending;
  if (errorCode !== ErrorCode.none) {
    if (!isRetriable(errorCode)) return fail(c, errorCode);
    const attempts = state.offsetFetchAttempts++;
    state.offsetFetchNotBeforeMs = step.wallMs + backoffMs(c, 'offset fetch', attempts, attempts);
    return 'blocked';
  }
  state.offsetFetchAttempts = 0;
  for (const { partitionIndex, committedOffset, committedLeaderEpoch } of pending.offsets) {
    const owned = ownedPartition(state, partitionIndex);
    if (owned === undefined || committedOffset < 0) continue;
    owned.phase = 'fetching';
    owned.offset = committedOffset;
    owned.leaderEpoch = committedLeaderEpoch;
    followLeader(c, owned, true);
    c.out.note('position-from-commit', topicIdOf(c), partitionIndex, committedOffset);
  }
  return 'done';
}

function samePartitions(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((partition, i) => partition === b[i]);
}

/** The answer to a request for committed offsets, or null when it was lost; poll() looks at it. */
export function onOffsetFetch(c: GroupConsumerContext, pending: PendingOffsetFetch, response: OffsetFetchResponse | null): void {
  pending.done = true;
  if (response === null) {
    pending.errorCode = ErrorCode.networkException;
    return;
  }
  const { errorCode } = response;
  if (errorCode === ErrorCode.coordinatorNotAvailable || errorCode === ErrorCode.notCoordinator) markCoordinatorUnknown(c);
  pending.offsets = response.topics.flatMap(({ partitions }) => partitions);
  pending.errorCode = errorCode === ErrorCode.none ? refusal(pending) : errorCode;
}

/** A commit that is not yet safe is waited for (KIP-447); whatever else is said of a partition is an error of poll(). */
function refusal({ offsets }: PendingOffsetFetch): number {
  const refused = offsets.filter(({ errorCode }) => errorCode !== ErrorCode.none);
  if (refused.length === 0) return ErrorCode.none;
  const unstable = refused.every(({ errorCode }) => errorCode === ErrorCode.unstableOffsetCommit);
  return unstable ? ErrorCode.unstableOffsetCommit : ErrorCode.unknownServerError;
}

/** What is to be asked of one leader. */
interface Wanted {
  readonly channel: Channel;
  readonly partitions: ListOffsetsRequest['topics'][0]['partitions'][0][];
}

/** Asks the leaders for the start or the end of their logs; poll() does not wait for the answers. */
export function resetPositions(c: GroupConsumerContext): void {
  const { state, step, out } = c;
  const { config, metadata } = state;
  const timestamp = c.rules.resetPosition(config.autoOffsetReset);
  if (timestamp === null) return;
  const wanted: Wanted[] = [];
  for (const owned of state.owned) {
    if (owned.phase !== 'awaiting-reset' || step.wallMs < owned.notBeforeMs) continue;
    const leader = metadata.topics.get(state.topic)?.partitions[owned.partition];
    if (leader === undefined || leader.leader < 0) {
      metadata.updateRequested = true;
      continue;
    }
    const channel = channelTo(state.nodes, leader.leader);
    if (!connectIfNeeded(state.channels, channel, step, out)) continue;
    // Asked again when the answer does not come.
    owned.notBeforeMs = step.wallMs + config.requestTimeoutMs;
    const asked = { partitionIndex: owned.partition, currentLeaderEpoch: leader.leaderEpoch, timestamp };
    const at = wanted.find((candidate) => candidate.channel === channel);
    if (at === undefined) wanted.push({ channel, partitions: [asked] });
    else at.partitions.push(asked);
  }
  for (const { channel, partitions } of wanted) {
    const body: ListOffsetsRequest = { api: 2, replicaId: -1, topics: [{ name: state.topic, partitions }] };
    sendRequest(state.channels, channel, body.api, body, config.requestTimeoutMs, true, body, step, out);
  }
}

/** The answer to a request for the start or end of logs, or null when it was lost. */
export function onListOffsets(c: GroupConsumerContext, request: ListOffsetsRequest, response: ListOffsetsResponse | null): void {
  const { state, step, out } = c;
  const retry = (partition: number): void => {
    const owned = ownedPartition(state, partition);
    if (owned?.phase === 'awaiting-reset') owned.notBeforeMs = step.wallMs + state.config.retryBackoffMs;
    state.metadata.updateRequested = true;
  };
  if (response === null) {
    for (const { partitions } of request.topics) for (const { partitionIndex } of partitions) retry(partitionIndex);
    return;
  }
  for (const { partitions } of response.topics) {
    for (const { partitionIndex, errorCode, offset } of partitions) {
      if (errorCode !== ErrorCode.none) {
        retry(partitionIndex);
        continue;
      }
      const owned = ownedPartition(state, partitionIndex);
      // Given away, or moved by the application in the meantime.
      if (owned?.phase !== 'awaiting-reset') continue;
      moveTo(c, partitionIndex, offset);
      out.note('offset-reset', topicIdOf(c), partitionIndex, offset);
    }
  }
}

/** `consumer.seek`: takes effect with the next fetch and is not committed. A partition that the member does not own is left alone. */
export function moveTo(c: GroupConsumerContext, partition: number, offset: Offset): void {
  const owned = ownedPartition(c.state, partition);
  if (owned === undefined) return;
  owned.phase = 'fetching';
  owned.offset = offset;
  owned.leaderEpoch = -1;
  owned.notBeforeMs = 0;
  followLeader(c, owned, true);
}
