/**
 * What a fetch finds: records up to the log end for a follower, up to the high watermark for a consumer; a refusal; or where logs
 * diverge. Nothing here changes anything. Source: ReplicaManager.readFromLog, Partition.fetchRecords, KIP-595 (divergence in the
 * fetch), KIP-903 (broker epoch of the follower).
 */
import { holds } from '../../base/lists.ts';
import type { Offset } from '../../base/units.ts';
import { endOffsetFor, latestEpoch, undefinedEpoch } from '../log/leader-epochs.ts';
import { type PartitionLog, readBatches } from '../log/partition-log.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchPartition, FetchPartitionData, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { type BrokerContext, partitionOf, registeredBroker, whyAbsent } from './context.ts';
import { preferredReadReplica } from './read-replica.ts';
import type { DelayedFetch, FetchPartitionStatus, Partition } from './state.ts';

const noRecords: readonly RecordBatch[] = [];

/** What a fetch asks of each of its partitions. */
export function statusesOf(b: BrokerContext, { topics }: FetchRequest): FetchPartitionStatus[] {
  let statuses: FetchPartitionStatus[] | null = null;
  for (let t = 0; t < topics.length; t++) {
    const { topicId, partitions } = topics[t]!;
    for (let i = 0; i < partitions.length; i++) {
      const wanted = partitions[i]!;
      const partition = partitionOf(b, topicId, wanted.partition) ?? null;
      const status: FetchPartitionStatus = {
        topicId,
        wanted,
        partition,
        errorCode: ErrorCode.none,
        preferredReadReplica: -1,
      };
      if (statuses === null) statuses = [status];
      else statuses.push(status);
    }
  }
  return statuses ?? [];
}

/**
 * Whether a fetch would find `minBytes`, or something that it must hear of at once: an error or a divergence. Returns at how many
 * partitions it had to look until then, 0 where a fetch finds less.
 */
export function looksUntilEnough(b: BrokerContext, { request, statuses }: DelayedFetch): number {
  const { minBytes } = request;
  let bytes = 0;
  for (let i = 0; i < statuses.length; i++) {
    const status = statuses[i]!;
    look(b, request, status);
    if (status.errorCode !== ErrorCode.none || status.preferredReadReplica >= 0) return i + 1;
    const { wanted } = status;
    const { log } = status.partition!;
    const end = readableEnd(request, log);
    if (wanted.fetchOffset >= end) continue;
    if (minBytes <= 1) return i + 1;
    for (const batch of readBatches(log, wanted.fetchOffset, end, wanted.partitionMaxBytes)) bytes += batch.sizeBytes;
    if (bytes >= minBytes) return i + 1;
  }
  return bytes >= minBytes ? statuses.length : 0;
}

/** Reads every partition of a fetch, as far as `maxBytes` goes. At the first `looked` of them somebody has just looked. */
export function readAll(b: BrokerContext, { request, statuses }: DelayedFetch, looked: number): FetchResponse {
  let room = request.maxBytes;
  let responses: { topicId: number; partitions: FetchPartitionData[] }[] | null = null;
  let at = 0;
  const { topics } = request;
  for (let t = 0; t < topics.length; t++) {
    const { topicId, partitions } = topics[t]!;
    let answers: FetchPartitionData[] | null = null;
    for (let i = 0; i < partitions.length; i++) {
      const status = statuses[at]!;
      if (at++ >= looked) look(b, request, status);
      const answer = readOne(b, request, topicId, status, room);
      const { records } = answer;
      for (let r = 0; r < records.length; r++) room -= records[r]!.sizeBytes;
      if (answers === null) answers = [answer];
      else answers.push(answer);
    }
    const response = { topicId, partitions: answers ?? [] };
    if (responses === null) responses = [response];
    else responses.push(response);
  }
  return { api: 1, responses: responses ?? [] };
}

function readOne(
  b: BrokerContext,
  request: FetchRequest,
  topicId: number,
  { wanted, partition: p, errorCode, preferredReadReplica }: FetchPartitionStatus,
  room: number,
): FetchPartitionData {
  if (p === null) return refused(wanted, errorCode, b.state.image.topics[topicId]?.partitions[wanted.partition] ?? null);
  if (errorCode === diverges) return data(p, wanted, divergence(request, p, wanted), noRecords);
  if (errorCode !== ErrorCode.none) {
    b.out.note('fetch-refused', topicId, wanted.partition, errorCode, p.leaderEpoch);
    return refused(wanted, errorCode, p);
  }
  if (preferredReadReplica >= 0) return { ...data(p, wanted, null, noRecords), preferredReadReplica };
  const maxBytes = Math.max(0, Math.min(room, wanted.partitionMaxBytes));
  const end = readableEnd(request, p.log);
  return data(p, wanted, null, room > 0 ? readBatches(p.log, wanted.fetchOffset, end, maxBytes) : noRecords);
}

/** Up to where a fetch may read. */
function readableEnd(request: FetchRequest, log: PartitionLog): Offset {
  return request.replicaId >= 0 ? log.logEndOffset : log.highWatermark;
}

/** Looks whether a partition can be read now. */
function look(b: BrokerContext, request: FetchRequest, status: FetchPartitionStatus): void {
  const { partition } = status;
  status.errorCode = partition === null ? whyNotHere(b, status) : refusal(b, request, partition, status.wanted);
  if (request.rackId === undefined) return;
  const isRead = partition !== null && status.errorCode === ErrorCode.none;
  status.preferredReadReplica = isRead ? preferredReadReplica(b, partition, request.rackId, status.wanted.fetchOffset) : -1;
}

/** This broker has no replica. A topic that it does not know is known by its id alone. */
function whyNotHere(b: BrokerContext, { topicId, wanted }: FetchPartitionStatus): number {
  const topic = b.state.image.topics[topicId];
  return topic === undefined ? ErrorCode.unknownTopicId : whyAbsent(b, topic.name, wanted.partition);
}

/** No error, and no records either: the follower is told where its log parts from the leader's. */
const diverges = -2;

/**
 * Why a partition cannot be read, 0 when it can, {@link diverges} when the follower has to truncate first. The epoch is checked before
 * the leadership (Partition.checkCurrentLeaderEpoch).
 */
function refusal(b: BrokerContext, request: FetchRequest, p: Partition, wanted: FetchPartition): number {
  if (wanted.currentLeaderEpoch >= 0 && wanted.currentLeaderEpoch !== p.leaderEpoch) {
    if (p.removed) return ErrorCode.notLeaderOrFollower;
    return wanted.currentLeaderEpoch < p.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch;
  }
  // A follower serves consumers that know of it (KIP-392), up to its own high watermark.
  if (p.role !== 'leader' && (request.rackId === undefined || p.role !== 'follower')) return ErrorCode.notLeaderOrFollower;
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
  if (request.replicaEpoch < 0 || !b.rules.tellsLivesApart()) return false;
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

function refused(
  wanted: FetchPartition,
  errorCode: number,
  p: { readonly leader: number; readonly leaderEpoch: number } | null,
): FetchPartitionData {
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
