/**
 * Fetching ahead, and returning from poll() what was fetched. Source: AbstractFetch.prepareFetchRequests, FetchCollector.java,
 * CompletedFetch.java.
 *
 * Simplified: a partition that was refused is fetched again after retry.backoff.ms, unless a newer leader is known by then. Left out:
 * fetch sessions, isolation levels, pausing.
 */
import { type Channel, connectIfNeeded, hasInFlight, sendRequest } from '../client/channel.ts';
import { channelTo } from '../client/metadata.ts';
import { ErrorCode } from '../protocol/errors.ts';
import {
  ApiKey,
  type FetchPartition,
  type FetchPartitionData,
  type FetchRequest,
  type FetchResponse,
} from '../protocol/messages.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { fail, type GroupConsumerContext, topicIdOf } from './context.ts';
import { fetchPartition, fetchRequest } from './fetch-request.ts';
import { leaveReadReplica, preferReadReplica, readReplicaOf } from './read-replica.ts';
import { type CompletedFetch, type GroupConsumerState, type OwnedPartition, ownedPartition } from './state.ts';

/** One fetch to each broker that has none to answer, of all its partitions of which nothing is buffered. */
export function sendFetches(c: GroupConsumerContext): void {
  const { state, step, out } = c;
  const { config, metadata } = state;
  const topic = metadata.topics.get(state.topic);
  if (topic === undefined) return;
  const wanted: { readonly channel: Channel; readonly partitions: FetchPartition[] }[] = [];
  for (const owned of state.owned) {
    const { partition } = owned;
    if (owned.phase !== 'fetching' || owned.pendingRevocation || step.wallMs < owned.notBeforeMs) continue;
    if (state.buffer.some((fetch) => fetch.partition === partition)) continue;
    // Who validates positions fetches from the leader that a position was validated for (AbstractFetch.prepareFetchRequests).
    const { leader, leaderEpoch } = (state.validatesPositions ? leaderOf(owned) : topic.partitions[partition]) ?? noLeader;
    if (leader < 0) {
      metadata.updateRequested = true;
      continue;
    }
    const channel = channelTo(state.nodes, readReplicaOf(owned, leader, metadata, step.wallMs));
    if (!connectIfNeeded(state.channels, channel, step, out) || hasInFlight(channel, ApiKey.fetch)) continue;
    const asked = fetchPartition(config, partition, leaderEpoch, owned.offset);
    const at = wanted.find((candidate) => candidate.channel === channel);
    if (at === undefined) wanted.push({ channel, partitions: [asked] });
    else at.partitions.push(asked);
  }
  for (const { channel, partitions } of wanted) {
    const body = fetchRequest(config, topic.topicId, partitions);
    sendRequest(state.channels, channel, body.api, body, config.requestTimeoutMs, true, body, step, out);
  }
}

const noLeader = { leader: -1, leaderEpoch: -1 };

function leaderOf({ currentLeader, currentLeaderEpoch }: OwnedPartition): typeof noLeader {
  return { leader: currentLeader, leaderEpoch: currentLeaderEpoch };
}

/** Keeps an answer until poll() comes for it. */
export function onFetched(c: GroupConsumerContext, request: FetchRequest, response: FetchResponse): void {
  // A consumer asks for partitions of one topic.
  const asked = request.topics[0]?.partitions ?? [];
  for (const { partitions } of response.responses) {
    for (const answer of partitions) {
      const sent = asked.find(({ partition }) => partition === answer.partitionIndex);
      if (sent === undefined) continue;
      adoptLeader(c.state, answer);
      c.state.buffer.push({
        partition: answer.partitionIndex,
        errorCode: answer.errorCode,
        batches: answer.records,
        leaderEpoch: sent.currentLeaderEpoch,
        preferredReadReplica: answer.preferredReadReplica ?? -1,
        nextFetchOffset: sent.fetchOffset,
        nextBatch: 0,
      });
    }
  }
}

/** A fetch got no answer: its partitions are read from their leaders again. */
export function onFetchLost(state: GroupConsumerState, request: FetchRequest): void {
  for (const { partition } of request.topics[0]?.partitions ?? []) {
    const owned = ownedPartition(state, partition);
    if (owned !== undefined) leaveReadReplica(owned);
  }
}

/** KIP-951: the answer itself names the new leader. */
function adoptLeader({ metadata, topic }: GroupConsumerState, answer: FetchPartitionData): void {
  if (answer.errorCode !== ErrorCode.notLeaderOrFollower && answer.errorCode !== ErrorCode.fencedLeaderEpoch) return;
  const known = metadata.topics.get(topic)?.partitions[answer.partitionIndex];
  if (known === undefined || answer.currentLeader < 0 || answer.currentLeaderEpoch <= known.leaderEpoch) return;
  known.leader = answer.currentLeader;
  known.leaderEpoch = answer.currentLeaderEpoch;
}

/** What poll() found in the buffer: records; nothing; or an error to throw, which it only does when it has no records to return. */
export type Collected = 'records' | 'nothing' | 'failed';

/** Returns up to max.poll.records to the application. The position moves when records are returned, and not before. */
export function collectFetch(c: GroupConsumerContext): Collected {
  const { state } = c;
  const most = state.config.maxPollRecords;
  let remaining = most;
  while (remaining > 0) {
    const fetch = state.buffer[0];
    if (fetch === undefined) break;
    const owned = ownedPartition(state, fetch.partition);
    if (owned === undefined || owned.phase !== 'fetching') {
      state.buffer.shift();
      continue;
    }
    if (fetch.errorCode !== ErrorCode.none) {
      if (!handleError(c, owned, fetch)) {
        if (remaining < most) break;
        state.buffer.shift();
        fail(c, fetch.errorCode);
        return 'failed';
      }
      state.buffer.shift();
      continue;
    }
    const corrupt = corruptNext(fetch);
    if (corrupt !== null) {
      if (remaining < most) break;
      state.buffer.shift();
      const leader = state.metadata.topics.get(state.topic)?.partitions[fetch.partition]?.leader ?? -1;
      c.out.note('corrupt-batch-fetched', topicIdOf(c), fetch.partition, corrupt.baseOffset, leader);
      fail(c, ErrorCode.corruptMessage);
      return 'failed';
    }
    preferReadReplica(owned, fetch.preferredReadReplica, c.step.wallMs + state.config.metadataMaxAgeMs);
    const taken =
      owned.pendingRevocation || !c.rules.isNextInLine(owned, fetch.nextFetchOffset) ? 0 : take(c, owned, fetch, remaining);
    // A fetch that gave all it was asked for may hold nothing more; that is found out by the next look.
    if (taken < remaining) state.buffer.shift();
    remaining -= taken;
  }
  return remaining < most ? 'records' : 'nothing';
}

/** The batch that comes next, if its checksum fails; `check.crcs` is on. Source: CompletedFetch.maybeEnsureValid. */
function corruptNext({ batches, nextBatch, nextFetchOffset }: CompletedFetch): RecordBatch | null {
  const batch = batches[nextBatch];
  return batch !== undefined && !batch.isIntact && batch.endOffset > nextFetchOffset ? batch : null;
}

/** Hands over at most so many records, and moves the position behind them. */
function take({ state, out }: GroupConsumerContext, owned: OwnedPartition, fetch: CompletedFetch, most: number): number {
  let taken = 0;
  while (taken < most && fetch.nextBatch < fetch.batches.length) {
    const batch = fetch.batches[fetch.nextBatch]!;
    if (!batch.isIntact) break;
    const from = Math.max(fetch.nextFetchOffset, batch.baseOffset);
    const to = Math.min(batch.endOffset, from + most - taken);
    if (to > from) {
      out.polled(state.topic, fetch.partition, batch, from, to);
      taken += to - from;
      fetch.nextFetchOffset = to;
      owned.offset = to;
      owned.leaderEpoch = batch.partitionLeaderEpoch;
    }
    if (to >= batch.endOffset) fetch.nextBatch++;
  }
  return taken;
}

/** Source: FetchCollector.handleInitializeErrors. False when poll() throws the error. */
function handleError(c: GroupConsumerContext, owned: OwnedPartition, fetch: CompletedFetch): boolean {
  const { state, step } = c;
  switch (fetch.errorCode) {
    case ErrorCode.offsetOutOfRange:
      if (leaveReadReplica(owned)) return true;
      // An answer to a fetch from where the position no longer is.
      if (fetch.nextFetchOffset !== owned.offset) return true;
      if (c.rules.resetPosition(state.config.autoOffsetReset) === null) return false;
      owned.phase = 'awaiting-reset';
      owned.offset = -1;
      owned.leaderEpoch = -1;
      owned.notBeforeMs = 0;
      return true;
    case ErrorCode.corruptMessage:
      return false;
    default: {
      if (fetch.errorCode !== ErrorCode.unknownLeaderEpoch) leaveReadReplica(owned);
      const leader = state.metadata.topics.get(state.topic)?.partitions[fetch.partition];
      const moved = leader !== undefined && leader.leaderEpoch > fetch.leaderEpoch;
      if (!moved) owned.notBeforeMs = step.wallMs + state.config.retryBackoffMs;
      state.metadata.updateRequested = true;
      return true;
    }
  }
}
