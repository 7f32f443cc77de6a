/**
 * The state of a group coordinator: plain data. It is a cache of what the log of `__consumer_offsets` says, plus what only a coordinator
 * in office knows: who waits, and until when. Source: GroupMetadata.scala, MemberMetadata.scala.
 *
 * Left out: transactional commits, the metadata text of a commit, and the expiry of offsets and empty groups
 * (offsets.retention.minutes): runs are short.
 */
import type { Micros, Millis, Offset } from '../../../base/units.ts';
import type { ConnectionId } from '../../machine.ts';
import type { OffsetCommitValue } from '../../protocol/coordinator-records.ts';
import type { Assignment, JoinGroupRequest, OffsetCommitResponse } from '../../protocol/group-messages.ts';

/** `Dead`: the coordinator has resigned; appends under way still know the group. */
export type GroupPhase = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/** A request that is not answered yet. */
export interface Parked {
  readonly connection: ConnectionId;
  readonly correlationId: number;
}

export interface GroupMember {
  /** A static member gets a new one when it comes back. */
  memberId: string;
  /** Null: a dynamic member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  rebalanceTimeoutMs: Millis;
  sessionTimeoutMs: Millis;
  /** In the order of preference. */
  protocols: JoinGroupRequest['protocols'];
  assignment: Assignment;
  /** Its JoinGroup, parked until the rebalance is complete. */
  joining: Parked | null;
  /** Its SyncGroup, parked until the leader's assignment is stored. */
  syncing: Parked | null;
  /** It has not been through a rebalance yet. */
  isNew: boolean;
  /** Without a sign of life it is removed now; -1: nobody looks. */
  sessionDeadlineUs: Micros;
}

export interface Group {
  readonly id: string;
  /** For notes. */
  readonly number: number;
  /** Partition of `__consumer_offsets` that keeps it. */
  readonly partition: number;
  phase: GroupPhase;
  generation: number;
  protocolType: 'consumer' | null;
  /** The assignor chosen for this generation. */
  protocol: string | null;
  /** Member id. */
  leader: string | null;
  /** In the order in which they joined. */
  readonly members: GroupMember[];
  /** Member ids that were handed out with MEMBER_ID_REQUIRED and have not come back. */
  readonly pendingMembers: { readonly memberId: string; readonly deadlineUs: Micros }[];
  /** Members that have their generation and have not asked for their assignment. */
  readonly pendingSync: string[];
  /** Until when members may join, -1 outside of a rebalance. */
  joinDeadlineUs: Micros;
  /** The first rebalance of an empty group: it is not over when all have joined, and goes on while new members come. */
  initialDelay: { readonly delayMs: Millis; readonly remainingMs: Millis } | null;
  /** Somebody joined during the present initial delay. */
  newMemberAdded: boolean;
  /** Until when members may ask for their assignment, -1 when nobody is awaited. */
  syncDeadlineUs: Micros;
  /** By {@link offsetKey}: what OffsetFetch answers, and in which batch it was written. */
  readonly offsets: Map<string, { readonly value: OffsetCommitValue; readonly baseOffset: Offset }>;
  /** By the same key: the latest commit that is being written. */
  readonly pendingCommits: Map<string, OffsetCommitValue>;
}

/** Key of a partition in a group's offsets. */
export function offsetKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** What a coordinator had written, and goes on with when the append is complete. */
export interface GroupAppend {
  readonly group: Group;
  /** Of the append, with `baseOffset`: known when it is complete. */
  errorCode: number;
  baseOffset: Offset;
  readonly then: AfterGroupAppend;
}

export type AfterGroupAppend =
  /** The assignment of a generation, from its leader. */
  | { readonly kind: 'assignment'; readonly generation: number; readonly assignments: ReadonlyMap<string, Assignment> }
  /** A group without members. */
  | { readonly kind: 'empty' }
  /** A stable group in which a static member has a new id. */
  | {
      readonly kind: 'replaced';
      readonly member: GroupMember;
      readonly oldMemberId: string;
      readonly oldLeader: string | null;
      readonly oldRebalanceTimeoutMs: Millis;
      readonly oldSessionTimeoutMs: Millis;
      readonly request: Parked;
    }
  | {
      readonly kind: 'offsets';
      readonly generation: number;
      readonly offsets: readonly OffsetCommitValue[];
      /** As it will be answered; partitions without an error yet get that of the append. */
      readonly topics: OffsetCommitResponse['topics'];
      readonly request: Parked;
    };

export interface GroupCoordinatorState {
  /** By partition of `__consumer_offsets`: the groups of those that this broker leads, once loaded. */
  readonly owned: (Map<string, Group> | undefined)[];
  /** Numbers of groups, for notes: the known ones, then others in the order in which they were first met. */
  readonly numbers: Map<string, number>;
  /** Appends that are complete; the broker goes on with them when the present input is handled. */
  readonly completed: GroupAppend[];
  nextMember: number;
  /** When the timer of all groups will fire, -1 when it is not armed. */
  armedUs: Micros;
}

/** `known`: groups whose numbers are given; others get the next ones. */
export function createGroupCoordinatorState(known: readonly string[]): GroupCoordinatorState {
  return { owned: [], numbers: new Map(known.map((id, number) => [id, number])), completed: [], nextMember: 0, armedUs: -1 };
}

/** A group without members, generation 0. */
export function createGroup(state: GroupCoordinatorState, id: string, partition: number): Group {
  let number = state.numbers.get(id);
  if (number === undefined) {
    number = state.numbers.size;
    state.numbers.set(id, number);
  }
  return {
    id,
    number,
    partition,
    phase: 'Empty',
    generation: 0,
    protocolType: null,
    protocol: null,
    leader: null,
    members: [],
    pendingMembers: [],
    pendingSync: [],
    joinDeadlineUs: -1,
    initialDelay: null,
    newMemberAdded: false,
    syncDeadlineUs: -1,
    offsets: new Map(),
    pendingCommits: new Map(),
  };
}
