/**
 * What a voter becomes, and when. Epoch, vote and leader are on disk before anybody hears of them. Source: QuorumState.java,
 * KafkaRaftClient.onBecomeLeader, onBecomeFollower.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { appendBatch, flush } from './log.ts';
import { ordinalOf, type RaftContext, raftTimer, type WaitingFetch } from './state.ts';

/** The file that keeps what a voter must not forget. */
export const quorumStateName = '__cluster_metadata-0/quorum-state';

/** What is in it. */
export interface ElectionState {
  readonly leaderEpoch: number;
  readonly leaderId: number;
  readonly votedId: number;
}

function persist({ raft, out }: RaftContext): void {
  const state: ElectionState = { leaderEpoch: raft.epoch, leaderId: raft.leaderId, votedId: raft.votedId };
  out.replace(quorumStateName, state);
}

/** Answers to requests of the role before no longer count, and what waits for records is sent away. */
function changeRole(r: RaftContext, role: RaftContext['raft']['role']): void {
  const { raft } = r;
  raft.role = role;
  raft.backingOff = false;
  for (const peer of raft.peers) {
    peer.awaiting = -1;
    peer.vote = null;
    peer.fetched = false;
    peer.toldOf = true;
    peer.endOffset = -1;
  }
  const { waiting } = raft;
  raft.waiting = [];
  for (const fetch of waiting) refuse(r, fetch, ErrorCode.notLeaderOrFollower);
}

/** A fetch is answered with an error, and with who leads. */
export function refuse({ raft, out }: RaftContext, { connection, correlationId }: WaitingFetch, errorCode: number): void {
  const { leaderId, epoch: leaderEpoch } = raft;
  const quorum = { leaderId, leaderEpoch, divergingEpoch: null, batches: [] };
  out.reply(connection, correlationId, { api: 59, errorCode, highWatermark: -1, records: [], quorum });
}

/**
 * An unattached voter, a candidate or a resigned leader stands (again) after controller.quorum.election.timeout.ms and up to as much
 * again. The default of the choice is another for each voter, or they would stand at one time for ever.
 */
function awaitElection({ raft, raftConfig, step }: RaftContext): void {
  const base = raftConfig.controllerQuorumElectionTimeoutMs;
  const site = step.choices.site(`election timeout ${raft.channels.clientId}`);
  const before = ordinalOf(raft, raft.id) - 1;
  const shift = Math.floor((before * base) / (raft.peers.length + 1));
  raft.electionDeadlineMs = step.wallMs + base + ((step.choices.below(site, raft.epoch, base) + shift) % base);
  raft.deadlineMs = raft.electionDeadlineMs;
}

/** A newer epoch, of which no leader is known yet. */
export function becomeUnattached(r: RaftContext, epoch: number): void {
  const { raft } = r;
  const goesOn = raft.role === 'unattached' || raft.role === 'candidate';
  changeRole(r, 'unattached');
  raft.epoch = epoch;
  raft.leaderId = -1;
  raft.votedId = -1;
  if (goesOn) raft.deadlineMs = raft.electionDeadlineMs;
  else awaitElection(r);
  persist(r);
}

/** Votes in the present epoch. It waits anew: who it voted for has as good a chance as it has. */
export function vote(r: RaftContext, candidateId: number): void {
  const { raft } = r;
  raft.votedId = candidateId;
  awaitElection(r);
  persist(r);
}

/** Somebody leads. */
export function becomeFollower(r: RaftContext, epoch: number, leaderId: number): void {
  const { raft, raftConfig, step, out } = r;
  changeRole(r, 'follower');
  if (epoch > raft.epoch) raft.votedId = -1;
  raft.epoch = epoch;
  raft.leaderId = leaderId;
  raft.retries = 0;
  raft.deadlineMs = step.wallMs + raftConfig.controllerQuorumFetchTimeoutMs;
  persist(r);
  out.note('quorum-follower', ordinalOf(raft, leaderId), epoch);
}

/** It wants to lead, in a new epoch. */
export function becomeCandidate(r: RaftContext): void {
  const { raft, out } = r;
  raft.retries = raft.role === 'candidate' ? raft.retries + 1 : 1;
  changeRole(r, 'candidate');
  raft.epoch++;
  raft.leaderId = -1;
  raft.votedId = raft.id;
  awaitElection(r);
  persist(r);
  out.note('quorum-candidate', raft.epoch);
}

/** A majority voted for it. The first record of the epoch commits, once a majority has it, what earlier epochs left. */
export function becomeLeader(r: RaftContext): void {
  const { raft, raftConfig, step, out } = r;
  changeRole(r, 'leader');
  raft.leaderId = raft.id;
  raft.retries = 0;
  raft.epochStartOffset = raft.endOffset;
  // LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR
  raft.deadlineMs = step.wallMs + Math.floor(raftConfig.controllerQuorumFetchTimeoutMs * 1.5);
  raft.beginQuorumMs = step.wallMs;
  persist(r);
  out.note('quorum-leader', raft.epoch);
  appendAsLeader(r, [{ kind: 'LeaderChangeMessage', leaderId: raft.id }]);
}

/** A leader appends and flushes; who waits for records gets them at once. */
export function appendAsLeader(r: RaftContext, records: readonly MetadataRecord[]): void {
  appendBatch(r, { baseOffset: r.raft.endOffset, epoch: r.raft.epoch, records });
  flush(r);
}

/** It leads no longer: no majority follows it, or it is asked to stop. Whoever has most of the log is to stand first. */
export function resign(r: RaftContext): void {
  const { raft, out } = r;
  const byEnd = [...raft.peers].sort((x, y) => y.endOffset - x.endOffset || x.id - y.id);
  raft.preferredCandidates = byEnd.map(({ id }) => id);
  changeRole(r, 'resigned');
  for (const peer of raft.peers) peer.toldOf = false;
  awaitElection(r);
  out.note('quorum-leader-resigned', raft.epoch);
}

/** The state after a start, from what is on disk. Source: QuorumState.initialize. */
export function initialize(r: RaftContext, stored: ElectionState | null): void {
  const { raft, raftConfig, step } = r;
  const logEpoch = raft.epochs.at(-1)?.epoch ?? 0;
  const { leaderEpoch, leaderId, votedId } = stored ?? { leaderEpoch: 0, leaderId: -1, votedId: -1 };
  raft.epoch = Math.max(leaderEpoch, logEpoch);
  awaitElection(r);
  if (leaderEpoch >= logEpoch) {
    raft.leaderId = leaderId;
    raft.votedId = votedId;
    if (leaderId === raft.id) raft.role = 'resigned';
    else if (leaderId >= 0) {
      raft.role = 'follower';
      raft.deadlineMs = step.wallMs + raftConfig.controllerQuorumFetchTimeoutMs;
    } else if (votedId === raft.id) {
      raft.role = 'candidate';
      raft.retries = 1;
    }
  }
  persist(r);
  r.out.setTimer(raftTimer, 0);
}
