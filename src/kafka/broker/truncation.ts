/**
 * How a follower finds the point up to which its log is its leader's: Kafka had five answers. Which of them a cluster speaks goes with
 * `inter.broker.protocol.version` (see {@link truncationProtocols}); all its brokers speak the same.
 * Source: AbstractFetcherThread.scala (maybeTruncate, getOffsetTruncationState, fetchOffsetAndTruncate), ReplicaManager.initialFetchOffset,
 * KIP-101, KIP-279 (KAFKA-6361), KIP-320, KIP-595.
 */
import type { Offset } from '../../base/units.ts';
import { endOffsetFor, latestEpoch, undefinedEpoch } from '../log/leader-epochs.ts';
import { type PartitionLog, restartLog, truncateLog } from '../log/partition-log.ts';
import { ErrorCode } from '../protocol/errors.ts';
import {
  earliestTimestamp,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  latestTimestamp,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
} from '../protocol/offset-messages.ts';
import { type BrokerContext, partitionNamed } from './context.ts';
import type { Fetcher, Partition } from './state.ts';

/** The answers by name. */
export type Truncation = 'high-watermark' | 'kip-101' | 'kip-279' | 'kip-320' | 'kip-595';

/** What brokers do under one of them. */
export interface TruncationProtocol {
  readonly name: Truncation;
  /** What a follower does before it fetches: cut to its own high watermark, ask where its newest epoch ends, or nothing. */
  readonly begins: 'cut' | 'ask' | 'fetch';
  /** Requests of a follower carry its leader epoch, and a leader of another one refuses them (KIP-320). */
  readonly isFenced: boolean;
  /** The answer names the leader's epoch that ends there, so that the follower can ask again about an older one (KIP-279). */
  readonly namesEpoch: boolean;
  /** A new leader notes its epoch when it is elected; otherwise when it first appends (KAFKA-6361). */
  readonly notesEpochAtElection: boolean;
  /** A follower takes no batch of an epoch beyond the one that it follows in (KAFKA-18723). */
  readonly refusesLaterBatches: boolean;
}

const kip320 = {
  begins: 'ask',
  isFenced: true,
  namesEpoch: true,
  notesEpochAtElection: true,
  refusesLaterBatches: false,
} as const;

/** By name, oldest first. */
export const truncationProtocols: Readonly<Record<Truncation, TruncationProtocol>> = {
  /** Before 0.11. */
  'high-watermark': {
    ...kip320,
    name: 'high-watermark',
    begins: 'cut',
    isFenced: false,
    namesEpoch: false,
    notesEpochAtElection: false,
  },
  /** 0.11 to 1.1. */
  'kip-101': { ...kip320, name: 'kip-101', isFenced: false, namesEpoch: false, notesEpochAtElection: false },
  /** 2.0. */
  'kip-279': { ...kip320, name: 'kip-279', isFenced: false },
  /** 2.1 to 2.6. */
  'kip-320': { ...kip320, name: 'kip-320' },
  /** Since 2.7: the fetch itself says where logs diverge. */
  'kip-595': { ...kip320, name: 'kip-595', begins: 'fetch', refusesLaterBatches: true },
};

/** What a follower has to ask its leader before it goes on fetching a partition; null for nothing. */
export type Question =
  /** Where its newest epoch ends. */
  | 'epoch-end'
  /** Where the log ends: the fetch was out of range. */
  | 'log-end'
  /** Where the log starts: the fetch was out of range, and not beyond the end. */
  | 'log-start';

/** The partition follows a leader from now on, in another epoch than before. */
export function beginToFollow(b: BrokerContext, p: Partition): void {
  p.question = null;
  const { begins } = b.truncation;
  if (begins === 'fetch') return;
  if (begins === 'ask' && p.log.epochs.length > 0) p.question = 'epoch-end';
  else if (p.log.highWatermark < p.log.logEndOffset) truncate(b, p, p.log.highWatermark);
}

/** What a fetcher asks for these partitions. */
export function questionFor(b: BrokerContext, asking: readonly Partition[]): OffsetForLeaderEpochRequest | ListOffsetsRequest {
  const epochOf = (p: Partition): number => (b.truncation.isFenced ? p.leaderEpoch : -1);
  const { id } = b.state;
  const [first] = asking;
  if (first!.question !== 'epoch-end') {
    const timestamp = first!.question === 'log-end' ? latestTimestamp : earliestTimestamp;
    const partition = { partitionIndex: first!.index, currentLeaderEpoch: epochOf(first!), timestamp };
    return { api: 2, replicaId: id, topics: [{ name: first!.topic, partitions: [partition] }] };
  }
  const topics = asking
    .filter(({ question }) => question === 'epoch-end')
    .map((p) => {
      const leaderEpoch = latestEpoch(p.log.epochs);
      return { topic: p.topic, partitions: [{ partition: p.index, currentLeaderEpoch: epochOf(p), leaderEpoch }] };
    });
  return { api: 23, replicaId: id, topics };
}

/** The leader says where epochs end in its log. */
export function onEpochEnds(
  b: BrokerContext,
  fetcher: Fetcher,
  request: OffsetForLeaderEpochRequest,
  response: OffsetForLeaderEpochResponse,
  delay: (p: Partition) => void,
): void {
  for (const [t, { topic, partitions }] of response.topics.entries()) {
    for (const [i, { partition, errorCode, leaderEpoch, endOffset }] of partitions.entries()) {
      const asked = request.topics[t]!.partitions[i]!;
      const p = stillAsking(b, fetcher, topic, partition, 'epoch-end', asked.currentLeaderEpoch);
      if (p === null || asked.leaderEpoch !== latestEpoch(p.log.epochs)) continue;
      if (errorCode === ErrorCode.fencedLeaderEpoch) p.fetchFailed = true;
      else if (errorCode !== ErrorCode.none) delay(p);
      else {
        const { to, isAgreed } = truncationPoint(p.log, leaderEpoch, endOffset);
        if (isAgreed) p.question = null;
        truncate(b, p, b.rules.truncationOffset(p, to));
        if (p.log.epochs.length === 0) p.question = null;
      }
    }
  }
}

/** A fetch was out of range; the leader says where its log ends, and then where it starts. Source: fetchOffsetAndTruncate. */
export function onLogEdge(
  b: BrokerContext,
  fetcher: Fetcher,
  request: ListOffsetsRequest,
  response: ListOffsetsResponse,
  delay: (p: Partition) => void,
): void {
  const { name, partitions } = response.topics[0]!;
  const { partitionIndex, errorCode, offset } = partitions[0]!;
  const { timestamp, currentLeaderEpoch } = request.topics[0]!.partitions[0]!;
  const question = timestamp === latestTimestamp ? 'log-end' : 'log-start';
  const p = stillAsking(b, fetcher, name, partitionIndex, question, currentLeaderEpoch);
  if (p === null) return;
  if (errorCode === ErrorCode.fencedLeaderEpoch) p.fetchFailed = true;
  else if (errorCode !== ErrorCode.none) delay(p);
  else {
    p.question = null;
    const { logEndOffset } = p.log;
    if (question === 'log-end') {
      if (offset < logEndOffset) truncate(b, p, b.rules.truncationOffset(p, offset));
      else p.question = 'log-start';
    } else if (offset > logEndOffset) {
      // We were away for longer than the leader keeps its records: nothing of ours is of use.
      restartLog(p.log, offset, b.state.files, b.out);
      b.out.note('log-restarted', p.topicId, p.index, logEndOffset, offset);
    } else {
      // The leader's end has passed ours meanwhile. Kafka fetches at once.
      delay(p);
    }
  }
}

/** The partition that an answer is about, if it still waits for it. */
function stillAsking(
  b: BrokerContext,
  fetcher: Fetcher,
  topic: string,
  index: number,
  question: Question,
  askedInEpoch: number,
): Partition | null {
  const p = partitionNamed(b, topic, index);
  if (p === undefined || p.role !== 'follower' || p.leader !== fetcher.channel.node || p.question !== question) return null;
  return askedInEpoch >= 0 && askedInEpoch !== p.leaderEpoch ? null : p;
}

/**
 * Up to where a log agrees with a leader in whose log the newest epoch at or below ours, `leaderEpoch`, ends at `leaderEnd`; when our own
 * log does not have that epoch, what is left has to be asked about again (KIP-279). Source: getOffsetTruncationState.
 */
export function truncationPoint(
  log: PartitionLog,
  leaderEpoch: number,
  leaderEnd: Offset,
): { readonly to: Offset; readonly isAgreed: boolean } {
  const { epochs, logEndOffset, highWatermark } = log;
  if (leaderEnd < 0) return { to: Math.min(highWatermark, logEndOffset), isAgreed: true };
  if (leaderEpoch === undefinedEpoch) return { to: Math.min(leaderEnd, logEndOffset), isAgreed: true };
  const own = endOffsetFor(epochs, leaderEpoch, logEndOffset);
  if (own.endOffset < 0) return { to: Math.min(leaderEnd, logEndOffset), isAgreed: true };
  if (own.epoch !== leaderEpoch) return { to: Math.min(own.endOffset, logEndOffset), isAgreed: false };
  return { to: Math.min(own.endOffset, leaderEnd, logEndOffset), isAgreed: true };
}

/**
 * Cuts the log of a follower. True when that changed nothing: a log that kept what it was to lose (a mutant's) is told the same for ever.
 */
export function truncate(b: BrokerContext, p: Partition, to: Offset): boolean {
  const from = p.log.logEndOffset;
  const epoch = latestEpoch(p.log.epochs);
  truncateLog(p.log, to, b.state.files, b.out);
  b.out.note('log-truncated', p.topicId, p.index, from, p.log.logEndOffset);
  return p.log.logEndOffset === from && latestEpoch(p.log.epochs) === epoch;
}
