/**
 * What a voter does by itself: looks whether its time is over, and sends what its role has to say, one request at a time to each of the
 * others. Called after everything that happens to it. Source: KafkaRaftClient.poll, pollCurrentState, and the handlers of responses.
 */
import type { Millis } from '../../base/units.ts';
import {
  channelConnected,
  channelDeadlineMs,
  channelExpired,
  channelOf,
  connectIfNeeded,
  dropChannel,
  earlier,
  sendRequest,
  takeInFlight,
} from '../client/channel.ts';
import type { ConnectionId } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchMetadataLogResponse, RequestBody } from '../protocol/messages.ts';
import type { RaftResponse, VoteResponse } from '../protocol/raft-messages.ts';
import { appendBatch, flush, truncateToEndOffset } from './log.ts';
import { advanceHighWatermark, answerWaiting, follow } from './requests.ts';
import { becomeCandidate, becomeLeader, resign } from './roles.ts';
import { logEnd, majority, ordinalOf, type Peer, type RaftContext, type RaftState, raftTimer } from './state.ts';

/** KafkaRaftClient.MAX_FETCH_WAIT_MS, and RETRY_BACKOFF_BASE_MS of elections. */
const fetchWaitMs: Millis = 500;
const electionBackoffBaseMs: Millis = 100;

/** Brings a voter up to the present moment. */
export function poll(r: RaftContext): void {
  const { raft, step } = r;
  advanceHighWatermark(r);
  answerWaiting(r);
  if (step.wallMs >= raft.deadlineMs) onDeadline(r);
  for (const peer of raft.peers) talkTo(r, peer);
  arm(r);
}

function onDeadline(r: RaftContext): void {
  const { raft, step, raftConfig } = r;
  if (raft.role === 'leader') {
    resign(r);
    return;
  }
  // It is about to stop: nobody is to elect it.
  if (raft.stopsAtMs >= 0) return;
  if (raft.role === 'candidate' && !raft.backingOff) backOff(r, raftConfig.controllerQuorumElectionBackoffMaxMs, step.wallMs);
  else becomeCandidate(r);
}

/** An election was not won: a while of chance, longer after each, before the next (binaryExponentialElectionBackoffMs). */
function backOff({ raft, step }: RaftContext, most: Millis, nowMs: Millis): void {
  const site = step.choices.site(`election backoff ${raft.channels.clientId}`);
  const rounds = 2 << Math.min(20, raft.retries - 1);
  // The default is another for each voter, or they would stand at one time again.
  const shift = ordinalOf(raft, raft.id) - 1;
  raft.backingOff = true;
  raft.deadlineMs =
    nowMs + Math.min(electionBackoffBaseMs * ((step.choices.below(site, raft.epoch, rounds) + shift) % rounds), most);
}

/** The request that the role has for another voter now, if any. */
function wordFor({ raft }: RaftContext, peer: Peer): RequestBody | null {
  const { id, epoch, role } = raft;
  switch (role) {
    case 'candidate': {
      if (raft.backingOff || peer.vote !== null) return null;
      const { offset, epoch: lastOffsetEpoch } = logEnd(raft);
      return { api: 52, candidateId: id, candidateEpoch: epoch, lastOffset: offset, lastOffsetEpoch };
    }
    case 'leader':
      return peer.toldOf ? null : { api: 53, leaderId: id, leaderEpoch: epoch };
    case 'resigned':
      if (peer.toldOf) return null;
      return { api: 54, leaderId: id, leaderEpoch: epoch, preferredCandidates: raft.preferredCandidates };
    case 'follower':
      // What it has is flushed before it asks for more.
      if (peer.id !== raft.leaderId || raft.flushedOffset < raft.endOffset || raft.stopsAtMs >= 0) return null;
      return {
        api: 59,
        replicaId: id,
        fetchOffset: raft.endOffset,
        maxWaitMs: fetchWaitMs,
        quorum: { currentLeaderEpoch: epoch, lastFetchedEpoch: logEnd(raft).epoch },
      };
    default:
      return null;
  }
}

function talkTo(r: RaftContext, peer: Peer): void {
  const { raft, raftConfig, step, out } = r;
  if (raft.role === 'leader' && step.wallMs >= raft.beginQuorumMs) {
    for (const one of raft.peers) one.toldOf = false;
    raft.beginQuorumMs = step.wallMs + Math.floor(raftConfig.controllerQuorumFetchTimeoutMs / 2);
  }
  const body = wordFor(r, peer);
  if (body === null) return;
  if (!connectIfNeeded(raft.channels, peer.channel, step, out) || peer.channel.inFlight.length > 0) return;
  // Of an epoch a leader tells again when it is due, whatever becomes of this request.
  if (raft.role === 'leader') peer.toldOf = true;
  const timeoutMs = raftConfig.controllerQuorumRequestTimeoutMs;
  peer.awaiting = sendRequest(raft.channels, peer.channel, body.api, body, timeoutMs, true, null, step, out);
}

/** Wakes up when something is due. */
function arm(r: RaftContext): void {
  const { raft, step, out } = r;
  let next = raft.stopsAtMs >= 0 ? raft.stopsAtMs : raft.deadlineMs;
  if (raft.role === 'leader') next = earlier(next, Math.min(raft.deadlineMs, raft.beginQuorumMs));
  for (const { deadlineMs } of raft.waiting) next = earlier(next, deadlineMs);
  for (const peer of raft.peers) {
    const { channel } = peer;
    if (channel.state !== 'disconnected') next = earlier(next, channelDeadlineMs(channel));
    else if (wordFor(r, peer) !== null) next = earlier(next, channel.nextAttemptMs);
  }
  if (raft.armedMs === next && next > step.wallMs) return;
  raft.armedMs = next;
  out.setTimer(raftTimer, Math.max(1, next - step.wallMs) * 1000);
}

/** The timer. */
export function onRaftTimer(r: RaftContext): void {
  const { raft, step, out } = r;
  raft.armedMs = -1;
  for (const { channel } of raft.peers) {
    if (!channelExpired(channel, step.wallMs)) continue;
    out.close(channel.connection);
    dropChannel(raft.channels, channel, step);
  }
}

/** True when the connection was this voter's own. */
export function onRaftConnection(r: RaftContext, connection: ConnectionId, up: boolean): boolean {
  const { raft, step } = r;
  const channel = channelOf(raft.channels, connection);
  if (channel === undefined) return false;
  if (up) channelConnected(channel);
  else dropChannel(raft.channels, channel, step);
  return true;
}

/** An answer of another voter. One to a request of a role that is over tells nothing. */
export function onRaftResponse(
  r: RaftContext,
  connection: ConnectionId,
  correlationId: number,
  body: RaftResponse | FetchMetadataLogResponse,
): void {
  const { raft, out, step } = r;
  const peer = raft.peers.find(({ channel }) => channel.connection === connection);
  if (peer === undefined) return;
  if (takeInFlight(peer.channel, correlationId) === null) {
    out.close(connection);
    dropChannel(raft.channels, peer.channel, step);
  } else if (peer.awaiting === correlationId) {
    peer.awaiting = -1;
    onAnswer(r, peer, body);
  }
}

/** What every answer may tell comes first (maybeHandleCommonResponse). */
function onAnswer(r: RaftContext, peer: Peer, body: RaftResponse | FetchMetadataLogResponse): void {
  const { raft } = r;
  const { errorCode } = body;
  const { leaderId, leaderEpoch } = body.api === 59 ? body.quorum! : body;
  if (leaderEpoch < raft.epoch || errorCode === ErrorCode.unknownLeaderEpoch) return;
  if (leaderEpoch > raft.epoch || errorCode === ErrorCode.fencedLeaderEpoch || errorCode === ErrorCode.notLeaderOrFollower) {
    follow(r, leaderEpoch, leaderId);
    return;
  }
  follow(r, leaderEpoch, leaderId);
  if (errorCode !== ErrorCode.none) return;
  if (body.api === 59) onFetched(r, body);
  else if (body.api === 52) onVote(r, peer, body);
  else if (body.api === 54) peer.toldOf = true;
}

function onVote(r: RaftContext, peer: Peer, { voteGranted }: VoteResponse): void {
  const { raft, raftConfig, step } = r;
  if (raft.role !== 'candidate') return;
  peer.vote = voteGranted ? 'granted' : 'rejected';
  const count = (vote: Peer['vote']): number => raft.peers.filter((one) => one.vote === vote).length;
  if (count('granted') + 1 >= majority(raft)) becomeLeader(r);
  else if (count('rejected') > raft.peers.length + 1 - majority(raft) && !raft.backingOff) {
    backOff(r, raftConfig.controllerQuorumElectionBackoffMaxMs, step.wallMs);
  }
}

/** A follower truncates, or appends and flushes; what its leader has committed is committed. */
function onFetched(r: RaftContext, body: FetchMetadataLogResponse): void {
  const { raft, raftConfig, step, out } = r;
  if (raft.role !== 'follower') return;
  const { divergingEpoch, batches } = body.quorum!;
  if (divergingEpoch !== null) {
    if (divergingEpoch.offset < raft.highWatermark) {
      // Kafka's process ends there too: a majority has forgotten what it had committed.
      out.note('quorum-lost-committed', divergingEpoch.offset, raft.highWatermark);
      out.halt();
      return;
    }
    const before = raft.endOffset;
    out.note('quorum-log-truncated', truncateToEndOffset(r, divergingEpoch), before);
  } else {
    for (const batch of batches) appendBatch(r, batch);
    if (batches.length > 0) flush(r);
    const end = Math.min(raft.endOffset, body.highWatermark);
    if (end > raft.highWatermark) raft.highWatermark = end;
  }
  raft.deadlineMs = step.wallMs + raftConfig.controllerQuorumFetchTimeoutMs;
}

/** The voter is asked to stop: a leader resigns first, so that another one is elected soon. */
export function stopRaft(r: RaftContext, timeoutMs: Millis): void {
  const { raft, step, out } = r;
  if (raft.role !== 'leader') {
    out.halt();
    return;
  }
  raft.stopsAtMs = step.wallMs + timeoutMs;
  resign(r);
}

/** It has resigned, and another epoch has begun, or its time is over. */
export function mayStop({ stopsAtMs, role }: RaftState, nowMs: Millis): boolean {
  return stopsAtMs >= 0 && (role !== 'resigned' || nowMs >= stopsAtMs);
}
