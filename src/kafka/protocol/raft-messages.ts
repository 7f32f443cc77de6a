/**
 * What the controllers of a quorum say to each other: Vote, BeginQuorumEpoch, EndQuorumEpoch (KIP-595). The log itself they fetch, as
 * brokers do (`FetchMetadataLog`). An answer always names the epoch that its sender knows, and who leads in it: that is how news travels.
 */
import type { Offset } from '../../base/units.ts';
import type { MetadataRecord } from './metadata-records.ts';

/** Records that were appended in one go, in one epoch: they are truncated together, too. */
export interface RaftBatch {
  readonly baseOffset: Offset;
  readonly epoch: number;
  readonly records: readonly MetadataRecord[];
}

/** End of a log, or of an epoch in it. */
export interface OffsetAndEpoch {
  readonly offset: Offset;
  readonly epoch: number;
}

/** Who leads in the newest epoch that the sender knows of. */
export interface KnownLeader {
  /** -1: nobody that the sender knows. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** What a replica says when it fetches: the epoch it is in, and that of the last record it has (0 for none). */
export interface RaftPosition {
  readonly currentLeaderEpoch: number;
  readonly lastFetchedEpoch: number;
}

/** What it is answered. */
export interface RaftAnswer extends KnownLeader {
  /** The logs part: the epoch of the leader's log at or below the one asked for, and where it ends; null where they do not. */
  readonly divergingEpoch: OffsetAndEpoch | null;
  readonly batches: readonly RaftBatch[];
}

interface Answer extends KnownLeader {
  readonly errorCode: number;
}

export interface VoteRequest {
  readonly api: 52;
  readonly candidateId: number;
  readonly candidateEpoch: number;
  /** Of the candidate's log. */
  readonly lastOffset: Offset;
  readonly lastOffsetEpoch: number;
}
export interface VoteResponse extends Answer {
  readonly api: 52;
  readonly voteGranted: boolean;
}

export interface BeginQuorumEpochRequest {
  readonly api: 53;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface BeginQuorumEpochResponse extends Answer {
  readonly api: 53;
}

export interface EndQuorumEpochRequest {
  readonly api: 54;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Who has most of the log first. */
  readonly preferredCandidates: readonly number[];
}
export interface EndQuorumEpochResponse extends Answer {
  readonly api: 54;
}

export type RaftRequest = VoteRequest | BeginQuorumEpochRequest | EndQuorumEpochRequest;
export type RaftResponse = VoteResponse | BeginQuorumEpochResponse | EndQuorumEpochResponse;
