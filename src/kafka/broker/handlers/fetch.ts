/**
 * Fetch, of followers and of consumers. A follower that fetches at offset X has everything below X: that is how the leader learns of
 * replication. A follower reads up to the log end, a consumer up to the high watermark. Source: ReplicaManager.fetchMessages,
 * Partition.fetchRecords, KIP-595 (divergence in the fetch), KIP-903 (broker epoch of the follower).
 *
 * Simplified: no fetch sessions (every fetch names every partition), no preferred read replica, no quota.
 */
import type { Offset } from '../../../base/units.ts';
import { endOffsetFor, undefinedEpoch } from '../../log/leader-epochs.ts';
import { readBatches } from '../../log/partition-log.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FetchPartition, FetchPartitionData, FetchRequest, FetchResponse } from '../../protocol/messages.ts';
import type { RecordBatch } from '../../protocol/records.ts';
import { type BrokerContext, partitionOf } from '../context.ts';
import { park } from '../purgatory.ts';
import { updateFollowerState } from '../replication.ts';
import type { DelayedFetch, Partition } from '../state.ts';

const noRecords: readonly RecordBatch[] = [];

/** A fetch request arrives: answered at once when it finds enough or an error, else parked for `maxWaitMs`. */
export function handleFetch(b: BrokerContext, connection: ConnectionId, header: RequestHeader, request: FetchRequest): void {
  const operation: DelayedFetch = {
    connection,
    correlationId: header.correlationId,
    request,
    deadlineUs: b.step.monotonicUs + request.maxWaitMs * 1000,
    done: false,
  };
  const read = readAll(b, request, true);
  if (read.urgent || read.bytes >= request.minBytes || request.maxWaitMs <= 0) {
    respond(b, operation, read.response);
    return;
  }
  let parked = false;
  for (const topic of request.topics) {
    for (const wanted of topic.partitions) {
      const p = partitionOf(b, topic.topicId, wanted.partition);
      if (p === undefined) continue;
      if (p.delayedFetch.length > 32) p.delayedFetch = p.delayedFetch.filter((other) => !other.done);
      p.delayedFetch.push(operation);
      parked = true;
    }
  }
  if (parked || request.topics.length === 0) park(b, operation);
  else respond(b, operation, read.response);
}

/**
 * Reads again for a parked fetch. Answers it when it finds enough, an error, or its time is over; returns whether it did. What the
 * leader knows of a follower was updated at the first read and is not touched again.
 */
export function answerFetch(b: BrokerContext, operation: DelayedFetch): boolean {
  const read = readAll(b, operation.request, false);
  if (!read.urgent && read.bytes < operation.request.minBytes && operation.deadlineUs > b.step.monotonicUs) return false;
  respond(b, operation, read.response);
  return true;
}

function respond(b: BrokerContext, operation: DelayedFetch, response: FetchResponse): void {
  operation.done = true;
  b.out.reply(operation.connection, operation.correlationId, response);
}

function readAll(b: BrokerContext, request: FetchRequest, first: boolean): { response: FetchResponse; bytes: number; urgent: boolean } {
  const responses: { topicId: number; partitions: FetchPartitionData[] }[] = [];
  let bytes = 0;
  let urgent = false;
  let room = request.maxBytes;
  for (const topic of request.topics) {
    const partitions: FetchPartitionData[] = [];
    for (const wanted of topic.partitions) {
      const data = readOne(b, request, topic.topicId, wanted, room, first);
      for (const batch of data.records) {
        bytes += batch.sizeBytes;
        room -= batch.sizeBytes;
      }
      if (data.errorCode !== ErrorCode.none || data.divergingEpoch !== null) urgent = true;
      partitions.push(data);
    }
    responses.push({ topicId: topic.topicId, partitions });
  }
  return { response: { api: 1, responses }, bytes, urgent };
}

function readOne(
  b: BrokerContext, request: FetchRequest, topicId: number, wanted: FetchPartition, room: number, first: boolean,
): FetchPartitionData {
  const p = partitionOf(b, topicId, wanted.partition);
  if (p === undefined) return refused(wanted, ErrorCode.unknownTopicId, null);
  // Partition.checkCurrentLeaderEpoch, before the check for leadership.
  if (wanted.currentLeaderEpoch >= 0 && wanted.currentLeaderEpoch !== p.leaderEpoch) {
    const code = wanted.currentLeaderEpoch < p.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch;
    b.out.note('fetch-refused', topicId, wanted.partition, code, p.leaderEpoch);
    return refused(wanted, code, p);
  }
  if (p.role !== 'leader') return refused(wanted, ErrorCode.notLeaderOrFollower, p);
  const follower = request.replicaId >= 0;
  if (follower && !p.replicas.includes(request.replicaId)) return refused(wanted, ErrorCode.unknownLeaderEpoch, p);
  if (follower && staleReplicaEpoch(b, request)) return refused(wanted, ErrorCode.notLeaderOrFollower, p);
  const log = p.log;
  const highWatermark = log.highWatermark;
  if (follower && wanted.lastFetchedEpoch !== undefinedEpoch) {
    const end = endOffsetFor(log.epochs, wanted.lastFetchedEpoch, log.logEndOffset);
    if (end.endOffset < 0) return refused(wanted, ErrorCode.offsetOutOfRange, p);
    if (end.epoch < wanted.lastFetchedEpoch || end.endOffset < wanted.fetchOffset) {
      // The follower's state is not updated: its offset counts things it is about to cut off (KAFKA-13141).
      return data(p, wanted, ErrorCode.none, highWatermark, end, noRecords);
    }
  }
  if (wanted.fetchOffset < log.logStartOffset || wanted.fetchOffset > log.logEndOffset) {
    return refused(wanted, ErrorCode.offsetOutOfRange, p);
  }
  const end: Offset = follower ? log.logEndOffset : highWatermark;
  const maxBytes = Math.max(0, Math.min(room, wanted.partitionMaxBytes));
  const records = room > 0 ? readBatches(log, wanted.fetchOffset, end, maxBytes) : noRecords;
  if (follower && first) updateFollowerState(b, p, request.replicaId, request.replicaEpoch, wanted.fetchOffset);
  return data(p, wanted, ErrorCode.none, highWatermark, null, records);
}

/** KIP-903: a fetch of a former life of the follower does not count. */
function staleReplicaEpoch(b: BrokerContext, request: FetchRequest): boolean {
  const known = b.state.image.brokers.get(request.replicaId);
  return request.replicaEpoch >= 0 && known !== undefined && request.replicaEpoch < known.brokerEpoch;
}

function data(
  p: Partition, wanted: FetchPartition, errorCode: number, highWatermark: Offset,
  divergingEpoch: { epoch: number; endOffset: Offset } | null, records: readonly RecordBatch[],
): FetchPartitionData {
  return {
    partitionIndex: wanted.partition,
    errorCode,
    highWatermark,
    logStartOffset: p.log.logStartOffset,
    divergingEpoch,
    currentLeader: p.leader,
    currentLeaderEpoch: p.leaderEpoch,
    records,
  };
}

function refused(wanted: FetchPartition, errorCode: number, p: Partition | null): FetchPartitionData {
  return {
    partitionIndex: wanted.partition,
    errorCode,
    highWatermark: -1,
    logStartOffset: -1,
    divergingEpoch: null,
    currentLeader: p === null ? -1 : p.leader,
    currentLeaderEpoch: p === null ? -1 : p.leaderEpoch,
    records: noRecords,
  };
}
