/** The state of a member of a group: plain data, no behaviour. */
import { assert } from '../../base/assert.ts';
import type { Micros, Millis, Offset } from '../../base/units.ts';
import { type Channel, type ChannelTable, createChannelTable } from '../client/channel.ts';
import { type ClusterMetadata, createMetadata, type NodeChannels } from '../client/metadata.ts';
import type { ConsumerConfig } from '../config/consumer.ts';
import type { HostId, Input } from '../machine.ts';
import type { Assignment, JoinGroupResponse, OffsetCommitPartition, OffsetFetchPartition } from '../protocol/group-messages.ts';
import type { RecordBatch } from '../protocol/records.ts';
import type { ReadReplica } from './read-replica.ts';

/** One partition that the member owns. Source: SubscriptionState.TopicPartitionState. */
export interface OwnedPartition extends ReadReplica {
  readonly partition: number;
  /**
   * `initializing`: to be asked of the coordinator; `awaiting-reset`: of the leader; `awaiting-validation`: it has a position, which is to
   * be held against the leader's log; `fetching`: it has one.
   */
  phase: 'initializing' | 'awaiting-reset' | 'awaiting-validation' | 'fetching';
  /** The position: the next offset to return to the application; -1 without one. */
  offset: Offset;
  /** Leader epoch of the last record returned, -1 when unknown. */
  leaderEpoch: number;
  /** The leader that the position was last validated for, -1 for none, and its epoch. */
  currentLeader: number;
  currentLeaderEpoch: number;
  /** Neither asked nor fetched before this time. */
  notBeforeMs: Millis;
  /** About to be given up: nothing is fetched and nothing is returned any more. */
  pendingRevocation: boolean;
}

/** What one fetch brought for one partition and the application has not got yet. Source: CompletedFetch.java. */
export interface CompletedFetch {
  readonly partition: number;
  readonly errorCode: number;
  readonly batches: readonly RecordBatch[];
  /** Epoch of the leader that was asked, as the member knew it. */
  readonly leaderEpoch: number;
  /** The follower that the leader sends the consumer to, -1 for none. */
  readonly preferredReadReplica: number;
  /** Next offset to take from it. */
  nextFetchOffset: Offset;
  /** Index of the batch to go on with. */
  nextBatch: number;
}

/** Source: AbstractCoordinator.Generation. */
export interface Generation {
  /** -1: none. */
  readonly generationId: number;
  /** Empty: none. */
  readonly memberId: string;
  readonly protocolName: string | null;
}
export const noGeneration: Generation = { generationId: -1, memberId: '', protocolName: null };

/** A join from its request to the assignment. Source: AbstractCoordinator.joinFuture. */
export interface PendingJoin {
  done: boolean;
  errorCode: number;
  assignment: Assignment | null;
}

/** The leader has the members and waits for metadata that is fresh enough to assign partitions. */
export interface PendingAssignment {
  readonly join: PendingJoin;
  readonly response: JoinGroupResponse;
  /** Of {@link GroupConsumerState.metadataVersion}. */
  readonly metadataVersion: number;
}

/** Source: AbstractCoordinator.java, MemberState. */
export interface Membership {
  phase: 'unjoined' | 'preparing-rebalance' | 'completing-rebalance' | 'stable';
  generation: Generation;
  rejoinNeeded: boolean;
  needsJoinPrepare: boolean;
  join: PendingJoin | null;
  /** After a join that failed. */
  joinNotBeforeMs: Millis;
  assigning: PendingAssignment | null;
  /** Partitions by topic, as the leader saw them when it assigned; null for a follower. */
  assignmentSnapshot: readonly { readonly topic: string; readonly partitions: number }[] | null;
  /** onJoinPrepare is waiting for its commit: until when; -1 when it is not. */
  prepareDeadlineMs: Millis;
  prepareCommit: PendingCommit | null;
  prepareNotBeforeMs: Millis;
}

/** Source: Heartbeat.java, AbstractCoordinator.HeartbeatThread. */
export interface HeartbeatState {
  /** The thread runs: from the moment of joining until membership is lost. It also keeps the network going between calls. */
  enabled: boolean;
  dueMs: Millis;
  sessionDueMs: Millis;
  pollDueMs: Millis;
  /** Failures in a row. */
  attempts: number;
  /** What stopped the thread for good; thrown from the next poll(). */
  failure: number;
  sent: number;
}

/** Source: AbstractCoordinator.lookupCoordinator, ensureCoordinatorReady. */
export interface Lookup {
  inFlight: boolean;
  notBeforeMs: Millis;
  /** After a failure metadata comes first: the version to wait for. */
  metadataVersion: number;
  /** Failures in a row. */
  attempts: number;
  requests: number;
  /** An error that no second look-up would mend; thrown from the next call that needs the coordinator. */
  failure: number;
}

/** A commit on its way. */
export interface PendingCommit {
  readonly kind: 'auto' | 'before-rebalance' | 'async' | 'sync';
  /** The call it answers, -1 for none. */
  readonly id: number;
  /** The one it was sent in. */
  generation: Generation;
  readonly offsets: readonly OffsetCommitPartition[];
  done: boolean;
  errorCode: number;
}

/** A request for committed offsets. Source: ConsumerCoordinator.PendingCommittedOffsetRequest. */
export interface PendingOffsetFetch {
  readonly partitions: readonly number[];
  readonly generation: Generation | null;
  done: boolean;
  errorCode: number;
  offsets: readonly OffsetFetchPartition[];
}

/** The application's call that is under way. */
export interface Call {
  readonly kind: 'poll' | 'commit' | 'close';
  /** -1: nobody is to be answered. */
  readonly id: number;
  readonly deadlineMs: Millis;
  /** What the call throws, if it does. */
  errorCode: number;
  /** commit, close: what is committed. */
  readonly offsets: readonly OffsetCommitPartition[];
  commit: PendingCommit | null;
  notBeforeMs: Millis;
  attempts: number;
  /** close: how far it is. */
  stage: 'commit' | 'leave' | 'drain';
}

export interface GroupConsumerState {
  readonly config: ConsumerConfig;
  readonly groupId: string;
  readonly topic: string;
  /** Names of assignors, in the order of preference. */
  readonly assignors: readonly string[];
  readonly channels: ChannelTable;
  readonly nodes: NodeChannels;
  /** Connections of their own for coordinators, by host. */
  readonly coordinators: NodeChannels;
  /** Null: unknown. */
  coordinator: Channel | null;
  /** To be closed by our own side, with whatever is in flight on them. */
  disconnecting: Channel[];
  readonly metadata: ClusterMetadata;
  /** Counts the answers. */
  metadataVersion: number;
  /** The answer under way is to a question that has changed since. */
  metadataOutdated: boolean;
  readonly lookup: Lookup;
  readonly membership: Membership;
  readonly heartbeat: HeartbeatState;
  /** By partition, ascending. */
  owned: OwnedPartition[];
  /** In the order of arrival. */
  buffer: CompletedFetch[];
  nextAutoCommitMs: Millis;
  /** Asynchronous commits that wait for a coordinator. */
  waitingCommits: PendingCommit[];
  /** A static member was fenced in an asynchronous commit: every further poll() fails. */
  asyncCommitFenced: boolean;
  offsetFetch: PendingOffsetFetch | null;
  offsetFetchNotBeforeMs: Millis;
  offsetFetchAttempts: number;
  call: Call | null;
  /** What arrived while nobody polled the network. */
  inbox: Input[];
  /** Between the callback of a rebalance and what poll() does next the application may call: poll() goes on in a moment. */
  inCallback: boolean;
  closed: boolean;
  armedUs: Micros;
  /** As Java consumers do since 2.1 (KIP-320). */
  readonly validatesPositions: boolean;
  /** A log was cut below a position and there is no reset policy: thrown from the next poll(). */
  logTruncated: boolean;
}

/** Timer keys of a member. */
export const GroupConsumerTimer = { wake: 0 } as const;

export function createGroupConsumerState(
  clientId: string,
  config: ConsumerConfig,
  bootstrap: readonly HostId[],
  topic: string,
  validatesPositions = false,
): GroupConsumerState {
  const { groupId } = config;
  assert(groupId !== null, 'a member of a group has a group.id');
  return {
    config,
    groupId,
    topic,
    assignors: config.partitionAssignmentStrategy.split(',').map((name) => assignorName(name.trim())),
    channels: createChannelTable(clientId, config),
    nodes: [],
    coordinators: [],
    coordinator: null,
    disconnecting: [],
    metadata: createMetadata(bootstrap, [topic]),
    metadataVersion: 0,
    metadataOutdated: false,
    lookup: { inFlight: false, notBeforeMs: 0, metadataVersion: 0, attempts: 0, requests: 0, failure: 0 },
    membership: {
      phase: 'unjoined',
      generation: noGeneration,
      rejoinNeeded: true,
      needsJoinPrepare: true,
      join: null,
      joinNotBeforeMs: 0,
      assigning: null,
      assignmentSnapshot: null,
      prepareDeadlineMs: -1,
      prepareCommit: null,
      prepareNotBeforeMs: 0,
    },
    heartbeat: { enabled: false, dueMs: 0, sessionDueMs: 0, pollDueMs: 0, attempts: 0, failure: 0, sent: 0 },
    owned: [],
    buffer: [],
    nextAutoCommitMs: 0,
    waitingCommits: [],
    asyncCommitFenced: false,
    offsetFetch: null,
    offsetFetchNotBeforeMs: 0,
    offsetFetchAttempts: 0,
    call: null,
    inbox: [],
    inCallback: false,
    closed: false,
    armedUs: -1,
    validatesPositions,
    logTruncated: false,
  };
}

/** Kafka's setting takes classes; the protocol has names. */
function assignorName(name: string): string {
  const className = name.slice(name.lastIndexOf('.') + 1);
  switch (className) {
    case 'RangeAssignor':
      return 'range';
    case 'CooperativeStickyAssignor':
      return 'cooperative-sticky';
    case 'StickyAssignor':
      return 'sticky';
    case 'RoundRobinAssignor':
      return 'roundrobin';
    default:
      return name;
  }
}

/** What the member owns of a partition, or undefined. */
export function ownedPartition(state: GroupConsumerState, partition: number): OwnedPartition | undefined {
  return state.owned.find((candidate) => candidate.partition === partition);
}

export function sameGeneration(a: Generation | null, b: Generation | null): boolean {
  if (a === null || b === null) return a === b;
  return a.generationId === b.generationId && a.memberId === b.memberId && a.protocolName === b.protocolName;
}

/** Source: AbstractCoordinator.generationIfStable. */
export function generationIfStable(state: GroupConsumerState): Generation | null {
  return state.membership.phase === 'stable' ? state.membership.generation : null;
}

/** Source: AbstractCoordinator.rebalanceInProgress. */
export function rebalanceInProgress({ membership }: GroupConsumerState): boolean {
  return membership.phase === 'preparing-rebalance' || membership.phase === 'completing-rebalance';
}
