/**
 * What a fetch finds: records up to the log end for a follower, up to the high watermark for a consumer; a refusal; or where logs
 * diverge. Nothing here changes anything. Source: ReplicaManager.readFromLog, Partition.fetchRecords, KIP-595 (divergence in the
 * fetch), KIP-903 (broker epoch of the follower).
 */
import { holds } from '../../base/lists.ts';
import type { Offset } from '../../base/units.ts';
import { endOffsetFor, latestEpoch, undefinedEpoch } from '../log/leader-epochs.ts';
import { readBatches } from '../log/partition-log.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchPartition, FetchPartitionData, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { type BrokerContext, partitionOf, registeredBroker } from './context.ts';
import type { Partition } from './state.ts';

const noRecords: readonly RecordBatch[] = [];

/** Whether a fetch would find `minBytes`, or something that it must hear of at once: an error or a divergence. */
export function hasEnough(b: BrokerContext, request: FetchRequest): boolean {
  let bytes = 0;
  const { topics } = request;
  for (let t = 0; t < topics.length; t++) {
    const { topicId, partitions } = topics[t]!;
    for (let i = 0; i < partitions.length; i++) {
      const wanted = partitions[i]!;
      const p = partitionOf(b, topicId, wanted.partition);
      if (p === undefined || refusal(b, request, p, wanted) !== ErrorCode.none) return true;
      const end = request.replicaId >= 0 ? p.log.logEndOffset : p.log.highWatermark;
      if (wanted.fetchOffset >= end) continue;
      if (request.minBytes <= 1) return true;
      for (const batch of readBatches(p.log, wanted.fetchOffset, end, wanted.partitionMaxBytes)) bytes += batch.sizeBytes;
      if (bytes >= request.minBytes) return true;
    }
  }
  return bytes >= request.minBytes;
}

/** Reads every partition of a fetch, as far as `maxBytes` goes. */
export function readAll(b: BrokerContext, request: FetchRequest): FetchResponse {
  let room = request.maxBytes;
  const topics = request.topics;
  const responses: { topicId: number; partitions: FetchPartitionData[] }[] = new Array(topics.length);
  for (let t = 0; t < topics.length; t++) {
    const { topicId, partitions } = topics[t]!;
    const answers: FetchPartitionData[] = new Array(partitions.length);
    for (let i = 0; i < partitions.length; i++) {
      const answer = readOne(b, request, topicId, partitions[i]!, room);
      const { records } = answer;
      for (let r = 0; r < records.length; r++) room -= records[r]!.sizeBytes;
      answers[i] = answer;
    }
    responses[t] = { topicId, partitions: answers };
  }
  return { api: 1, responses };
}

function readOne(
  b: BrokerContext,
  request: FetchRequest,
  topicId: number,
  wanted: FetchPartition,
  room: number,
): FetchPartitionData {
  const p = partitionOf(b, topicId, wanted.partition);
  if (p === undefined) return refused(wanted, ErrorCode.unknownTopicId, null);
  const errorCode = refusal(b, request, p, wanted);
  if (errorCode === diverges) return data(p, wanted, divergence(request, p, wanted), noRecords);
  if (errorCode !== ErrorCode.none) {
    b.out.note('fetch-refused', topicId, wanted.partition, errorCode, p.leaderEpoch);
    return refused(wanted, errorCode, p);
  }
  const end: Offset = request.replicaId >= 0 ? p.log.logEndOffset : p.log.highWatermark;
  const maxBytes = Math.max(0, Math.min(room, wanted.partitionMaxBytes));
  return data(p, wanted, null, room > 0 ? readBatches(p.log, wanted.fetchOffset, end, maxBytes) : noRecords);
}

/** No error, and no records either: the follower is told where its log parts from the leader's. */
const diverges = -2;

/**
 * Why a partition cannot be read, 0 when it can, {@link diverges} when the follower has to truncate first. The epoch is checked before
 * the leadership (Partition.checkCurrentLeaderEpoch).
 */
function refusal(b: BrokerContext, request: FetchRequest, p: Partition, wanted: FetchPartition): number {
  if (wanted.currentLeaderEpoch >= 0 && wanted.currentLeaderEpoch !== p.leaderEpoch) {
    return wanted.currentLeaderEpoch < p.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch;
  }
  if (p.role !== 'leader') return ErrorCode.notLeaderOrFollower;
  if (request.replicaId >= 0) {
    if (!holds(p.replicas, request.replicaId)) return ErrorCode.unknownLeaderEpoch;
    if (staleReplicaEpoch(b, request)) return ErrorCode.notLeaderOrFollower;
    if (wanted.lastFetchedEpoch !== undefinedEpoch) {
      const log = p.log;
      if (wanted.lastFetchedEpoch !== latestEpoch(log.epochs)) {
        // The newest epoch is the common case, and never out of range by itself.
        if (endOffsetFor(log.epochs, wanted.lastFetchedEpoch, log.logEndOffset).endOffset < 0) return ErrorCode.offsetOutOfRange;
        if (divergence(request, p, wanted) !== null) return diverges;
      } else if (wanted.fetchOffset > log.logEndOffset && divergence(request, p, wanted) !== null) return diverges;
    }
  }
  if (wanted.fetchOffset < p.log.logStartOffset || wanted.fetchOffset > p.log.logEndOffset) return ErrorCode.offsetOutOfRange;
  return ErrorCode.none;
}

/** Where a follower's log parts from ours, or null: its last epoch ends earlier here than it fetches (KIP-595). */
function divergence(
  request: FetchRequest,
  p: Partition,
  wanted: FetchPartition,
): { readonly epoch: number; readonly endOffset: Offset } | null {
  if (request.replicaId < 0 || wanted.lastFetchedEpoch === undefinedEpoch) return null;
  const log = p.log;
  if (wanted.lastFetchedEpoch === latestEpoch(log.epochs) && wanted.fetchOffset <= log.logEndOffset) return null;
  const end = endOffsetFor(log.epochs, wanted.lastFetchedEpoch, log.logEndOffset);
  return end.endOffset >= 0 && (end.epoch < wanted.lastFetchedEpoch || end.endOffset < wanted.fetchOffset) ? end : null;
}

/** KIP-903: a fetch of a former life of the follower does not count. */
function staleReplicaEpoch(b: BrokerContext, request: FetchRequest): boolean {
  if (request.replicaEpoch < 0) return false;
  const known = registeredBroker(b, request.replicaId);
  return known !== undefined && request.replicaEpoch < known.brokerEpoch;
}

function data(
  p: Partition,
  wanted: FetchPartition,
  divergingEpoch: { readonly epoch: number; readonly endOffset: Offset } | null,
  records: readonly RecordBatch[],
): FetchPartitionData {
  return {
    partitionIndex: wanted.partition,
    errorCode: ErrorCode.none,
    highWatermark: p.log.highWatermark,
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
