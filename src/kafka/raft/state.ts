/**
 * What one voter of the metadata quorum knows: its log, the epoch it is in, and what it is in that epoch. Plain data.
 * Source: QuorumState.java and the states beside it, KafkaRaftClient.java.
 */
import type { Millis, Offset } from '../../base/units.ts';
import { type Channel, type ChannelTable, createChannel, createChannelTable } from '../client/channel.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { EpochEntry } from '../log/leader-epochs.ts';
import type { ConnectionId, FileId, HostId, Out, Step } from '../machine.ts';
import type { OffsetAndEpoch, RaftBatch } from '../protocol/raft-messages.ts';

/**
 * - unattached: in an epoch of which it knows no leader; it may have voted;
 * - candidate: it wants to lead, and has voted for itself;
 * - leader, follower;
 * - resigned: it led in this epoch and does so no longer.
 */
export type RaftRole = 'unattached' | 'candidate' | 'leader' | 'follower' | 'resigned';

/** Another voter, as this one sees it. */
export interface Peer {
  readonly id: number;
  readonly channel: Channel;
  /** Correlation id of the request whose answer still counts, -1 for none: a change of role forgets the earlier ones. */
  awaiting: number;
  /** Of a candidate: what it answered. */
  vote: 'granted' | 'rejected' | null;
  /** Of a leader: the end of its log as its last fetch told, -1 before one. */
  endOffset: Offset;
  /** Of a leader: it has fetched since the quorum was last checked. */
  fetched: boolean;
  /** Of a leader: it has not been told of the epoch since that was last due. Of one that resigned: it has yet to answer. */
  toldOf: boolean;
}

/** A replica's fetch that waits for records. */
export interface WaitingFetch {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly replicaId: number;
  readonly fetchOffset: Offset;
  readonly deadlineMs: Millis;
  /** What it is told if nothing comes: made when it arrived. */
  readonly highWatermark: Offset;
}

export interface RaftState {
  /** Host of this voter. */
  readonly id: HostId;
  readonly channels: ChannelTable;
  /** The others, in the order of their hosts. */
  readonly peers: readonly Peer[];
  // ---- the log
  file: FileId;
  readonly batches: RaftBatch[];
  readonly epochs: EpochEntry[];
  endOffset: Offset;
  flushedOffset: Offset;
  highWatermark: Offset;
  nextFsyncToken: number;
  /** Ends that fsyncs under way will make durable, by token. */
  readonly fsyncs: Map<number, Offset>;
  // ---- the epoch
  role: RaftRole;
  epoch: number;
  /** -1: not known. */
  leaderId: number;
  /** Whom it voted for in this epoch, -1 for nobody. */
  votedId: number;
  /** When an unattached, a candidate or a resigned one stands (again), a follower gives its leader up, a leader the office. */
  deadlineMs: Millis;
  /** End of the election timeout that was drawn last. */
  electionDeadlineMs: Millis;
  /** Elections in a row that it did not win. */
  retries: number;
  backingOff: boolean;
  /** Offset at which the epoch of this leader begins. */
  epochStartOffset: Offset;
  /** When a leader tells everybody again that it leads. */
  beginQuorumMs: Millis;
  /** Who should stand first when it has resigned. */
  preferredCandidates: readonly number[];
  waiting: WaitingFetch[];
  /** It stops when somebody else leads, or at this time; -1: it is not asked to. */
  stopsAtMs: Millis;
  armedMs: Millis;
}

/** What the functions of a voter work with. */
export interface RaftContext {
  readonly raft: RaftState;
  readonly raftConfig: BrokerConfig;
  step: Step;
  out: Out;
}

/** Timer of a voter. */
export const raftTimer = 100;

/** A voter that has not read its disk yet. `voters`: hosts of all, itself included. */
export function createRaftState(id: HostId, name: string, voters: readonly HostId[]): RaftState {
  return {
    id,
    channels: createChannelTable(name, {
      // RaftManager.buildNetworkClient
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 500,
      socketConnectionSetupTimeoutMs: 10000,
      socketConnectionSetupTimeoutMaxMs: 30000,
    }),
    peers: voters
      .filter((voter) => voter !== id)
      .map((voter) => ({
        id: voter,
        channel: createChannel(voter),
        awaiting: -1,
        vote: null,
        endOffset: -1,
        fetched: false,
        toldOf: true,
      })),
    file: -1,
    batches: [],
    epochs: [],
    endOffset: 0,
    flushedOffset: 0,
    highWatermark: -1,
    nextFsyncToken: 0,
    fsyncs: new Map(),
    role: 'unattached',
    epoch: 0,
    leaderId: -1,
    votedId: -1,
    deadlineMs: 0,
    electionDeadlineMs: 0,
    retries: 0,
    backingOff: false,
    epochStartOffset: -1,
    beginQuorumMs: 0,
    preferredCandidates: [],
    waiting: [],
    stopsAtMs: -1,
    armedMs: -1,
  };
}

/** The end of a voter's log. */
export function logEnd({ endOffset, epochs }: RaftState): OffsetAndEpoch {
  return { offset: endOffset, epoch: epochs.at(-1)?.epoch ?? 0 };
}

/** Which of the voters one is, from 1 on. */
export function ordinalOf({ id, peers }: RaftState, voter: HostId): number {
  let before = 0;
  if (id < voter) before++;
  for (const peer of peers) if (peer.id < voter) before++;
  return before + 1;
}

/** How many voters make a majority. */
export function majority({ peers }: RaftState): number {
  return Math.floor((peers.length + 1) / 2) + 1;
}
