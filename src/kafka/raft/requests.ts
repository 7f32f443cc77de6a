/**
 * What a voter answers. Every request names an epoch: an older one is refused, a newer one is followed. Source: KafkaRaftClient.java,
 * handleVoteRequest, handleBeginQuorumEpochRequest, handleEndQuorumEpochRequest, handleFetchRequest.
 */
import type { Millis, Offset } from '../../base/units.ts';
import type { ConnectionId } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchMetadataLogRequest } from '../protocol/messages.ts';
import type {
  BeginQuorumEpochRequest,
  EndQuorumEpochRequest,
  OffsetAndEpoch,
  RaftRequest,
  VoteRequest,
} from '../protocol/raft-messages.ts';
import { batchesFrom, divergence, isUpToDate } from './log.ts';
import { becomeFollower, becomeUnattached, refuse, vote } from './roles.ts';
import { majority, type RaftContext, type RaftState, type WaitingFetch } from './state.ts';

/** A request of another voter. */
export function handleRaftRequest(r: RaftContext, connection: ConnectionId, correlationId: number, request: RaftRequest): void {
  const { raft, out } = r;
  let voteGranted = false;
  let errorCode: number = ErrorCode.none;
  const epoch = request.api === 52 ? request.candidateEpoch : request.leaderEpoch;
  if (epoch < raft.epoch) errorCode = ErrorCode.fencedLeaderEpoch;
  else if (request.api === 52) voteGranted = considerVote(r, request);
  else learnLeader(r, request);
  const known = { errorCode, leaderId: raft.leaderId, leaderEpoch: raft.epoch };
  out.reply(connection, correlationId, request.api === 52 ? { api: 52, ...known, voteGranted } : { api: request.api, ...known });
}

/** One vote an epoch, for whoever has at least as much of the log, and while nobody is known to lead. */
function considerVote(r: RaftContext, { candidateId, candidateEpoch, lastOffset, lastOffsetEpoch }: VoteRequest): boolean {
  const { raft } = r;
  if (candidateEpoch > raft.epoch) becomeUnattached(r, candidateEpoch);
  if (raft.role !== 'unattached') return false;
  if (raft.votedId >= 0) return raft.votedId === candidateId;
  if (raft.leaderId >= 0 || !isUpToDate(raft, { offset: lastOffset, epoch: lastOffsetEpoch })) return false;
  vote(r, candidateId);
  return true;
}

/** Somebody leads, or did and tells that it will no longer. */
function learnLeader(r: RaftContext, request: BeginQuorumEpochRequest | EndQuorumEpochRequest): void {
  const { raft, raftConfig, step } = r;
  const { leaderId, leaderEpoch } = request;
  follow(r, leaderEpoch, leaderId);
  if (request.api !== 54 || raft.role !== 'follower' || raft.leaderId !== leaderId) return;
  const most = raftConfig.controllerQuorumElectionBackoffMaxMs;
  raft.deadlineMs = step.wallMs + successionMs(request.preferredCandidates, raft.id, most);
}

/** How long a follower waits to stand when its leader resigned: the first not at all (strictExponentialElectionBackoffMs). */
function successionMs(candidates: readonly number[], id: number, most: Millis): Millis {
  const position = candidates.indexOf(id);
  if (position === 0) return 0;
  if (position < 0) return most;
  return Math.min(most, (most >> (candidates.length - 1)) << (position - 1));
}

/** News of an epoch that is not older than this voter's, and of who leads in it, if anybody (maybeTransition). */
export function follow(r: RaftContext, epoch: number, leaderId: number): void {
  const { raft } = r;
  if (epoch > raft.epoch) {
    if (leaderId >= 0) becomeFollower(r, epoch, leaderId);
    else becomeUnattached(r, epoch);
  } else if (epoch === raft.epoch && leaderId >= 0 && raft.leaderId < 0) becomeFollower(r, epoch, leaderId);
}

/** A replica asks for records: another voter, or a broker. It is told to truncate, given what there is, or waits. */
export function handleRaftFetch(
  r: RaftContext,
  connection: ConnectionId,
  correlationId: number,
  request: FetchMetadataLogRequest,
): void {
  const { raft, step } = r;
  const { currentLeaderEpoch, lastFetchedEpoch } = request.quorum ?? { currentLeaderEpoch: -1, lastFetchedEpoch: 0 };
  const fetch: WaitingFetch = {
    connection,
    correlationId,
    replicaId: request.replicaId,
    fetchOffset: request.fetchOffset,
    deadlineMs: step.wallMs + request.maxWaitMs,
    highWatermark: knownHighWatermark(raft),
  };
  const errorCode = leaderOnly(raft, currentLeaderEpoch);
  if (errorCode !== ErrorCode.none) {
    refuse(r, fetch, errorCode);
    return;
  }
  const diverging = divergence(raft, { offset: request.fetchOffset, epoch: lastFetchedEpoch });
  if (diverging !== null) {
    answer(r, fetch, fetch.highWatermark, diverging);
    return;
  }
  noteFetch(r, fetch);
  if (fetch.fetchOffset < raft.endOffset || request.maxWaitMs === 0) answer(r, fetch, knownHighWatermark(raft), null);
  else raft.waiting.push({ ...fetch, highWatermark: knownHighWatermark(raft) });
}

/** What a leader tells: nothing until a record of its own epoch is committed. */
function knownHighWatermark({ highWatermark, epochStartOffset }: RaftState): Offset {
  return highWatermark > epochStartOffset ? highWatermark : -1;
}

/** Only the leader of exactly this epoch serves (validateLeaderOnlyRequest). */
function leaderOnly({ epoch, role }: RaftState, requestEpoch: number): number {
  if (requestEpoch < epoch) return ErrorCode.fencedLeaderEpoch;
  if (requestEpoch > epoch) return ErrorCode.unknownLeaderEpoch;
  return role === 'leader' ? ErrorCode.none : ErrorCode.notLeaderOrFollower;
}

function answer(r: RaftContext, fetch: WaitingFetch, highWatermark: Offset, divergingEpoch: OffsetAndEpoch | null): void {
  const { raft, out } = r;
  const batches = divergingEpoch === null ? batchesFrom(raft, fetch.fetchOffset) : [];
  const quorum = { leaderId: raft.id, leaderEpoch: raft.epoch, divergingEpoch, batches };
  out.reply(fetch.connection, fetch.correlationId, { api: 59, errorCode: ErrorCode.none, highWatermark, records: [], quorum });
}

/** A voter has everything below the offset at which it fetches, durably: it flushed before it asked. */
function noteFetch(r: RaftContext, { replicaId, fetchOffset }: WaitingFetch): void {
  const { raft, raftConfig, step } = r;
  const peer = raft.peers.find(({ id }) => id === replicaId);
  if (peer === undefined) return;
  if (fetchOffset > peer.endOffset) peer.endOffset = fetchOffset;
  peer.fetched = true;
  // The leader is one of the majority.
  if (raft.peers.filter(({ fetched }) => fetched).length >= majority(raft) - 1) {
    for (const one of raft.peers) one.fetched = false;
    raft.deadlineMs = step.wallMs + Math.floor(raftConfig.controllerQuorumFetchTimeoutMs * 1.5);
  }
  advanceHighWatermark(r);
}

/** The high watermark of a leader: what a majority has, once that reaches into its own epoch (LeaderState.maybeUpdateHighWatermark). */
export function advanceHighWatermark({ raft }: RaftContext): void {
  if (raft.role !== 'leader') return;
  const ends = [raft.flushedOffset, ...raft.peers.map(({ endOffset }) => endOffset)].sort((x, y) => y - x);
  const end = ends[majority(raft) - 1]!;
  if (end <= raft.epochStartOffset || end <= raft.highWatermark) return;
  raft.highWatermark = end;
}

/** Those who wait for records: they get what was appended; or their time is over, and they hear what they would have heard at once. */
export function answerWaiting(r: RaftContext): void {
  const { raft, step } = r;
  if (raft.waiting.length === 0) return;
  const { waiting } = raft;
  raft.waiting = [];
  for (const fetch of waiting) {
    if (fetch.fetchOffset < raft.endOffset) {
      noteFetch(r, fetch);
      answer(r, fetch, knownHighWatermark(raft), null);
    } else if (fetch.deadlineMs <= step.wallMs) answer(r, fetch, fetch.highWatermark, null);
    else raft.waiting.push(fetch);
  }
}
