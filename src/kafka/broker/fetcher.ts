/**
 * The follower's side of replication: one fetcher for each leader pulls, truncates where the logs diverge, appends, and learns the
 * high watermark one trip late. Source: AbstractFetcherThread.scala, ReplicaFetcherThread.scala, KIP-595, KIP-279.
 */
import { assert } from '../../base/assert.ts';
import type { Micros, Offset } from '../../base/units.ts';
import { channelAlarmUs, channelExpired, connectIfNeeded, createChannel, dropChannel, sendRequest } from '../client/channel.ts';
import { latestEpoch, undefinedEpoch } from '../log/leader-epochs.ts';
import { appendBatch } from '../log/partition-log.ts';
import { LogStartReason } from '../notes.ts';
import { ErrorCode } from '../protocol/errors.ts';
import {
  ApiKey,
  type FetchPartition,
  type FetchPartitionData,
  type FetchRequest,
  type FetchResponse,
  type ResponseBody,
} from '../protocol/messages.ts';
import type { ListOffsetsRequest, OffsetForLeaderEpochRequest } from '../protocol/offset-messages.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { flushAfterAppend } from './flush.ts';
import { completeFetches } from './purgatory.ts';
import { raiseLogStart, segmentRolled } from './retention.ts';
import { BrokerTimer, type Fetcher, type Partition } from './state.ts';
import { beginToFollow, onEpochEnds, onLogEdge, questionFor, truncate, truncationPoint } from './truncation.ts';

/** The partition now follows its leader. */
export function followPartition(b: BrokerContext, p: Partition): void {
  let fetcher = b.state.fetchers[p.leader];
  if (fetcher === undefined) {
    fetcher = { channel: createChannel(p.leader), partitions: [], inFlight: null, armedUs: -1 };
    b.state.fetchers[p.leader] = fetcher;
  }
  fetcher.partitions.push(p);
  beginToFollow(b, p);
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
  let asking: Partition[] | null = null;
  let wakeUs = -1;
  const { partitions } = fetcher;
  const { isFenced, begins } = b.truncation;
  for (let i = 0; i < partitions.length; i++) {
    const p = partitions[i]!;
    // One thread appends, flushes and fetches for all partitions of a leader: it is still in the flush.
    if (p.fetchWaitsForFsync) return;
    if (p.fetchFailed) continue;
    if (p.fetchDelayedUntilUs > step.monotonicUs) {
      if (wakeUs < 0 || p.fetchDelayedUntilUs < wakeUs) wakeUs = p.fetchDelayedUntilUs;
      continue;
    }
    if (p.question !== null) {
      if (asking === null) asking = [p];
      else asking.push(p);
      continue;
    }
    const wanted: FetchPartition = {
      partition: p.index,
      currentLeaderEpoch: isFenced ? p.leaderEpoch : -1,
      fetchOffset: p.log.logEndOffset,
      lastFetchedEpoch: begins === 'fetch' ? latestEpoch(p.log.epochs) : undefinedEpoch,
      logStartOffset: p.log.logStartOffset,
      partitionMaxBytes: state.config.replicaFetchMaxBytes,
    };
    if (topics.length === 0) topics = [{ topicId: p.topicId, partitions: [wanted] }];
    else if (topics[topics.length - 1]!.topicId === p.topicId) topics[topics.length - 1]!.partitions.push(wanted);
    else topics.push({ topicId: p.topicId, partitions: [wanted] });
  }
  const channel = fetcher.channel;
  if (topics.length === 0 && asking === null) {
    if (wakeUs >= 0) wakeFetcher(b, fetcher, wakeUs);
    return;
  }
  if (!connectIfNeeded(state.channels, channel, step, b.out)) {
    armFetcher(b, fetcher);
    return;
  }
  if (asking !== null) {
    // Whatever is to be known before some partition is fetched is asked first, as Kafka's one thread does.
    send(b, fetcher, questionFor(b, asking));
    return;
  }
  send(b, fetcher, {
    api: 1,
    replicaId: state.id,
    replicaEpoch: state.brokerEpoch,
    maxWaitMs: state.config.replicaFetchWaitMaxMs,
    minBytes: state.config.replicaFetchMinBytes,
    maxBytes: state.config.replicaFetchResponseMaxBytes,
    topics,
  });
}

function send(
  b: BrokerContext,
  fetcher: Fetcher,
  request: FetchRequest | OffsetForLeaderEpochRequest | ListOffsetsRequest,
): void {
  const { state, step } = b;
  const { channel } = fetcher;
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

/** The leader answered. */
export function onFetcherResponse(b: BrokerContext, fetcher: Fetcher, response: ResponseBody): void {
  const request = fetcher.inFlight;
  fetcher.inFlight = null;
  assert(request !== null && request.api === response.api, 'an answer of a leader answers a question');
  if (response.api === ApiKey.fetch) onFetched(b, fetcher, request as FetchRequest, response as FetchResponse);
  else if (response.api === 23) onEpochEnds(b, fetcher, request as OffsetForLeaderEpochRequest, response, (p) => delay(b, p));
  else if (response.api === 2) onLogEdge(b, fetcher, request as ListOffsetsRequest, response, (p) => delay(b, p));
  runFetcher(b, fetcher);
}

function onFetched(b: BrokerContext, fetcher: Fetcher, request: FetchRequest, response: FetchResponse): void {
  for (let t = 0; t < response.responses.length; t++) {
    const topic = response.responses[t]!;
    const wanted = request.topics[t]!.partitions;
    for (let i = 0; i < topic.partitions.length; i++) {
      const p = partitionOf(b, topic.topicId, topic.partitions[i]!.partitionIndex);
      if (p === undefined || p.role !== 'follower' || p.leader !== fetcher.channel.node) continue;
      // The partition has moved on since the request: another epoch (as far as requests tell it), or another offset.
      const { currentLeaderEpoch, fetchOffset } = wanted[i]!;
      if (currentLeaderEpoch >= 0 && p.leaderEpoch !== currentLeaderEpoch) continue;
      if (p.log.logEndOffset !== fetchOffset || p.question !== null) continue;
      onPartitionData(b, p, topic.partitions[i]!);
    }
  }
}

function onPartitionData(b: BrokerContext, p: Partition, data: FetchPartitionData): void {
  switch (data.errorCode) {
    case ErrorCode.none:
      if (data.divergingEpoch !== null) {
        const { to } = truncationPoint(p.log, data.divergingEpoch.epoch, data.divergingEpoch.endOffset);
        if (truncate(b, p, b.rules.truncationOffset(p, to))) delay(b, p);
      } else append(b, p, data);
      break;
    case ErrorCode.offsetOutOfRange:
      p.question = 'log-end';
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
  const { refusesLaterBatches } = b.truncation;
  for (let i = 0; i < records.length; i++) {
    const batch = records[i]!;
    if (batch.endOffset <= log.logEndOffset) continue;
    if (!batch.isIntact) {
      // CorruptRecordException: fetched again after a pause, in case it was read from a log that is just being cut.
      b.out.note('corrupt-batch-fetched', p.topicId, p.index, batch.baseOffset, p.leader);
      delay(b, p);
      break;
    }
    // KAFKA-18723: a batch of an epoch that we do not know yet belongs to a leader that we do not follow yet.
    if (refusesLaterBatches && batch.partitionLeaderEpoch > p.leaderEpoch) break;
    if (batch.baseOffset < log.logEndOffset) {
      // Our end lies inside a batch of the leader, which epochs rule out (UnexpectedAppendOffsetException, markPartitionFailed).
      p.fetchFailed = true;
      break;
    }
    const rolled = appendBatch(log, batch, p.config.segmentBytes, b.state.files, b.out, p.config.segmentMs);
    b.out.note('batch-replicated', p.topicId, p.index, batch.baseOffset, batch.records.length);
    if (rolled) segmentRolled(b, p);
    appended = true;
  }
  // A response is appended as one: at most one flush, which the next fetch waits for.
  if (appended && flushAfterAppend(b, p, null)) p.fetchWaitsForFsync = true;
  const highWatermark: Offset = Math.max(log.logStartOffset, Math.min(data.highWatermark, log.logEndOffset));
  const before = log.highWatermark;
  log.highWatermark = highWatermark;
  if (data.logStartOffset > log.logStartOffset) raiseLogStart(b, p, data.logStartOffset, LogStartReason.leader);
  // Consumers may wait here for what has become readable (KIP-392).
  if (highWatermark > before && p.delayedFetch.length > 0) completeFetches(b, p);
}

/** What the partition had appended is flushed (`flush.messages`): its fetcher may go on. */
export function resumeAfterFlush(b: BrokerContext, p: Partition): void {
  p.fetchWaitsForFsync = false;
  // Its own, and the one that it has left meanwhile.
  for (const fetcher of b.state.fetchers) if (fetcher !== undefined) runFetcher(b, fetcher);
}
