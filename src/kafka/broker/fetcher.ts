/**
 * The follower's side of replication: one fetcher for each leader pulls, truncates where the logs diverge, appends, and learns the
 * high watermark one trip late. Source: AbstractFetcherThread.scala, ReplicaFetcherThread.scala, KIP-595, KIP-279.
 */
import { assert } from '../../base/assert.ts';
import type { Micros, Offset } from '../../base/units.ts';
import { channelAlarmUs, channelExpired, connectIfNeeded, createChannel, dropChannel, sendRequest } from '../client/channel.ts';
import { endOffsetFor, latestEpoch, undefinedEpoch } from '../log/leader-epochs.ts';
import { appendBatch, truncateLog } from '../log/partition-log.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchPartition, FetchPartitionData, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { flushAfterAppend, flushRolled } from './flush.ts';
import { BrokerTimer, type Fetcher, type Partition } from './state.ts';

/** The partition now follows its leader. */
export function followPartition(b: BrokerContext, p: Partition): void {
  let fetcher = b.state.fetchers[p.leader];
  if (fetcher === undefined) {
    fetcher = { channel: createChannel(p.leader), partitions: [], inFlight: null, armedUs: -1 };
    b.state.fetchers[p.leader] = fetcher;
  }
  fetcher.partitions.push(p);
  runFetcher(b, fetcher);
}

/** The partition no longer follows `p.leader`. */
export function unfollowPartition(b: BrokerContext, p: Partition): void {
  const fetcher = b.state.fetchers[p.leader];
  if (fetcher === undefined) return;
  const at = fetcher.partitions.indexOf(p);
  if (at >= 0) fetcher.partitions.splice(at, 1);
  if (fetcher.partitions.length === 0) {
    // Kafka shuts idle fetcher threads down, and their connections with them.
    if (fetcher.channel.connection >= 0) {
      b.out.close(fetcher.channel.connection);
      b.state.channels.byConnection[fetcher.channel.connection] = undefined;
    }
    b.state.fetchers[p.leader] = undefined;
    b.out.cancelTimer(BrokerTimer.fetcher + p.leader);
  }
}

/** An orderly stop: no more fetches. */
export function stopFetchers(b: BrokerContext): void {
  for (const fetcher of b.state.fetchers) {
    if (fetcher !== undefined) for (const p of fetcher.partitions.slice()) unfollowPartition(b, p);
  }
}

const none: { topicId: number; partitions: FetchPartition[] }[] = [];

/** Sends the next fetch, if none is under way and some partition may be fetched; otherwise waits for the next moment. */
export function runFetcher(b: BrokerContext, fetcher: Fetcher): void {
  if (fetcher.inFlight !== null) return;
  const { state, step } = b;
  let topics: { topicId: number; partitions: FetchPartition[] }[] = none;
  let wakeUs = -1;
  const { partitions } = fetcher;
  for (let i = 0; i < partitions.length; i++) {
    const p = partitions[i]!;
    // One thread appends, flushes and fetches for all partitions of a leader: it is still in the flush.
    if (p.fetchWaitsForFsync) return;
    if (p.fetchFailed) continue;
    if (p.fetchDelayedUntilUs > step.monotonicUs) {
      if (wakeUs < 0 || p.fetchDelayedUntilUs < wakeUs) wakeUs = p.fetchDelayedUntilUs;
      continue;
    }
    const wanted: FetchPartition = {
      partition: p.index,
      currentLeaderEpoch: p.leaderEpoch,
      fetchOffset: p.log.logEndOffset,
      lastFetchedEpoch: latestEpoch(p.log.epochs),
      logStartOffset: p.log.logStartOffset,
      partitionMaxBytes: state.config.replicaFetchMaxBytes,
    };
    if (topics.length === 0) topics = [{ topicId: p.topicId, partitions: [wanted] }];
    else if (topics[topics.length - 1]!.topicId === p.topicId) topics[topics.length - 1]!.partitions.push(wanted);
    else topics.push({ topicId: p.topicId, partitions: [wanted] });
  }
  const channel = fetcher.channel;
  if (topics.length === 0) {
    if (wakeUs >= 0) wakeFetcher(b, fetcher, wakeUs);
    return;
  }
  if (!connectIfNeeded(state.channels, channel, step, b.out)) {
    armFetcher(b, fetcher);
    return;
  }
  const request: FetchRequest = {
    api: 1,
    replicaId: state.id,
    replicaEpoch: state.brokerEpoch,
    maxWaitMs: state.config.replicaFetchWaitMaxMs,
    minBytes: state.config.replicaFetchMinBytes,
    maxBytes: state.config.replicaFetchResponseMaxBytes,
    topics,
  };
  fetcher.inFlight = request;
  sendRequest(state.channels, channel, request.api, request, state.config.replicaSocketTimeoutMs, true, null, step, b.out);
  armFetcher(b, fetcher);
}

function armFetcher(b: BrokerContext, fetcher: Fetcher): void {
  const atUs = channelAlarmUs(fetcher.channel, fetcher.armedUs, b.step);
  if (atUs >= 0) wakeFetcher(b, fetcher, atUs);
}

function wakeFetcher(b: BrokerContext, fetcher: Fetcher, atUs: Micros): void {
  fetcher.armedUs = atUs;
  b.out.setTimer(BrokerTimer.fetcher + fetcher.channel.node, atUs - b.step.monotonicUs);
}

/** The fetcher's timer: a timeout, the end of a backoff, or of a partition's delay. */
export function onFetcherTimer(b: BrokerContext, leader: number): void {
  const fetcher = b.state.fetchers[leader];
  if (fetcher === undefined) return;
  fetcher.armedUs = -1;
  if (channelExpired(fetcher.channel, b.step.wallMs)) {
    b.out.note('request-timed-out', fetcher.channel.inFlight[0]?.correlationId ?? -1, leader);
    b.out.close(fetcher.channel.connection);
    fetcherLost(b, fetcher);
    return;
  }
  runFetcher(b, fetcher);
  if (fetcher.inFlight !== null) armFetcher(b, fetcher);
}

/** The connection to the leader is gone or did not come up: every partition waits replica.fetch.backoff.ms. */
export function fetcherLost(b: BrokerContext, fetcher: Fetcher): void {
  dropChannel(b.state.channels, fetcher.channel, b.step);
  fetcher.inFlight = null;
  for (const p of fetcher.partitions) delay(b, p);
  runFetcher(b, fetcher);
}

function delay(b: BrokerContext, p: Partition): void {
  p.fetchDelayedUntilUs = b.step.monotonicUs + b.state.config.replicaFetchBackoffMs * 1000;
}

/** A fetch was answered. */
export function onFetchResponse(b: BrokerContext, fetcher: Fetcher, response: FetchResponse): void {
  const request = fetcher.inFlight;
  fetcher.inFlight = null;
  assert(request !== null, 'a fetch response answers a fetch');
  for (let t = 0; t < response.responses.length; t++) {
    const topic = response.responses[t]!;
    const wanted = request.topics[t]!.partitions;
    for (let i = 0; i < topic.partitions.length; i++) {
      const p = partitionOf(b, topic.topicId, topic.partitions[i]!.partitionIndex);
      if (p === undefined || p.role !== 'follower' || p.leader !== fetcher.channel.node) continue;
      // The partition has moved on since the request: another epoch, or another offset.
      if (p.leaderEpoch !== wanted[i]!.currentLeaderEpoch || p.log.logEndOffset !== wanted[i]!.fetchOffset) continue;
      onPartitionData(b, p, topic.partitions[i]!);
    }
  }
  runFetcher(b, fetcher);
}

function onPartitionData(b: BrokerContext, p: Partition, data: FetchPartitionData): void {
  switch (data.errorCode) {
    case ErrorCode.none:
      if (data.divergingEpoch !== null) truncateToDivergence(b, p, data.divergingEpoch.epoch, data.divergingEpoch.endOffset);
      else append(b, p, data);
      break;
    case ErrorCode.offsetOutOfRange:
      outOfRange(b, p, data);
      break;
    case ErrorCode.fencedLeaderEpoch:
      // The leader knows a newer epoch; ours comes with the metadata, which restarts the fetch.
      p.fetchFailed = true;
      break;
    default:
      delay(b, p);
  }
}

function append(b: BrokerContext, p: Partition, data: FetchPartitionData): void {
  const log = p.log;
  let appended = false;
  const { records } = data;
  for (let i = 0; i < records.length; i++) {
    const batch = records[i]!;
    if (batch.endOffset <= log.logEndOffset) continue;
    // KAFKA-18723: a batch of an epoch that we do not know yet belongs to a leader that we do not follow yet.
    if (batch.partitionLeaderEpoch > p.leaderEpoch) break;
    const rolled = appendBatch(log, batch, p.config.segmentBytes, b.state.files, b.out);
    b.out.note('batch-replicated', p.topicId, p.index, batch.baseOffset, batch.records.length);
    if (rolled) flushRolled(b, p);
    appended = true;
  }
  // A response is appended as one: at most one flush, which the next fetch waits for.
  if (appended && flushAfterAppend(b, p, null)) p.fetchWaitsForFsync = true;
  const highWatermark: Offset = Math.max(log.logStartOffset, Math.min(data.highWatermark, log.logEndOffset));
  log.highWatermark = highWatermark;
}

/** What the partition had appended is flushed (`flush.messages`): its fetcher may go on. */
export function resumeAfterFlush(b: BrokerContext, p: Partition): void {
  p.fetchWaitsForFsync = false;
  // Its own, and the one that it has left meanwhile.
  for (const fetcher of b.state.fetchers) if (fetcher !== undefined) runFetcher(b, fetcher);
}

/**
 * The leader says that our last epoch ends, in its log, at `leaderEnd` of `leaderEpoch`. Cut to the point where both logs surely
 * agree; when our own log has no such epoch the next fetch finds the next point (KIP-279).
 * Source: AbstractFetcherThread.getOffsetTruncationState.
 */
function truncateToDivergence(b: BrokerContext, p: Partition, leaderEpoch: number, leaderEnd: Offset): void {
  const log = p.log;
  let to: Offset;
  if (leaderEpoch === undefinedEpoch) to = Math.min(leaderEnd, log.logEndOffset);
  else {
    const own = endOffsetFor(log.epochs, leaderEpoch, log.logEndOffset);
    if (own.endOffset < 0) to = Math.min(leaderEnd, log.logEndOffset);
    else if (own.epoch !== leaderEpoch) to = Math.min(own.endOffset, log.logEndOffset);
    else to = Math.min(own.endOffset, leaderEnd, log.logEndOffset);
  }
  truncate(b, p, b.rules.truncationOffset(p, to));
}

function truncate(b: BrokerContext, p: Partition, to: Offset): void {
  const from = p.log.logEndOffset;
  const epoch = latestEpoch(p.log.epochs);
  truncateLog(p.log, to, b.state.files, b.out);
  b.out.note('log-truncated', p.topicId, p.index, from, p.log.logEndOffset);
  // Records or an epoch without records are cut. A log that kept both (a mutant's) would be told the same for ever, without a pause.
  if (p.log.logEndOffset === from && latestEpoch(p.log.epochs) === epoch) delay(b, p);
}

/** AbstractFetcherThread.fetchOffsetAndTruncate: our end lies beyond the leader's, or before its start. */
function outOfRange(b: BrokerContext, p: Partition, data: FetchPartitionData): void {
  // Kafka asks the leader for its end and start with two more requests; without retention the start is 0, so our end lies beyond
  // the leader's, and the common part is found by cutting to our newest epoch's start and fetching again.
  const epochs = p.log.epochs;
  const to = epochs.length === 0 ? 0 : epochs[epochs.length - 1]!.startOffset;
  if (data.currentLeaderEpoch === p.leaderEpoch) truncate(b, p, b.rules.truncationOffset(p, Math.min(to, p.log.logEndOffset)));
  else delay(b, p);
}
