/**
 * What a rebalance does to the partitions of a member: they are given up before it rejoins, and others come with the assignment.
 * Source: ConsumerCoordinator.java (onJoinPrepare, onJoinComplete, onLeavePrepare).
 *
 * Left out: the cooperative protocol (KIP-429). Where a rule lets a member keep partitions, those that it is not given again are revoked
 * when the assignment is there.
 */
import { isRetriable } from '../protocol/errors.ts';
import type { Assignment } from '../protocol/group-messages.ts';
import { sendCommit } from './commits.ts';
import type { GroupConsumerContext } from './context.ts';
import { type OwnedPartition, rebalanceInProgress } from './state.ts';

/**
 * Before a join: an automatic commit, waited for up to the rebalance timeout, then everything is given up. A member that has lost its
 * generation cannot commit any more: its partitions are lost. Returns false while the commit is under way.
 */
export function onJoinPrepare(c: GroupConsumerContext): boolean {
  const { state, step, out } = c;
  const { membership, config } = state;
  const keeps = c.rules.keepsOwnership(state);
  if (membership.prepareDeadlineMs < 0) membership.prepareDeadlineMs = step.wallMs + config.maxPollIntervalMs;
  const expired = step.wallMs >= membership.prepareDeadlineMs;
  if (config.enableAutoCommit && !expired) {
    if (membership.prepareCommit === null) {
      if (step.wallMs < membership.prepareNotBeforeMs) return false;
      // Nothing more is returned from now on, or what is committed would be behind.
      if (!keeps) for (const owned of state.owned) owned.pendingRevocation = true;
      membership.prepareCommit = sendCommit(c, 'before-rebalance', -1, c.rules.autoCommitOffsets(state));
    }
    if (!membership.prepareCommit.done) return false;
    if (isRetriable(membership.prepareCommit.errorCode)) {
      membership.prepareCommit = null;
      membership.prepareNotBeforeMs = step.wallMs + config.retryBackoffMs;
      return false;
    }
  }
  const partitions = state.owned.map(({ partition }) => partition);
  if (membership.generation.generationId < 0 || membership.generation.memberId === '') {
    if (partitions.length > 0) out.revoked(state.topic, partitions, true);
    state.owned = [];
  } else if (!keeps) {
    out.revoked(state.topic, partitions, false);
    state.owned = [];
  }
  membership.assignmentSnapshot = null;
  membership.prepareDeadlineMs = -1;
  membership.prepareCommit = null;
  return true;
}

/** The assignment is there. False when it names a topic that the member did not ask for: then it rejoins. */
export function onJoinComplete(c: GroupConsumerContext, assignment: Assignment): boolean {
  const { state, step, out } = c;
  const { membership, config } = state;
  if (assignment.assignedPartitions.some(({ topic }) => topic !== state.topic)) {
    membership.rejoinNeeded = true;
    return false;
  }
  const assigned = assignment.assignedPartitions.flatMap(({ partitions }) => partitions).sort((a, b) => a - b);
  const before = state.owned;
  const revoked = before.filter(({ partition }) => !assigned.includes(partition)).map(({ partition }) => partition);
  if (revoked.length > 0) out.revoked(state.topic, revoked, false);
  out.note('assignment-received', membership.generation.generationId, assigned.length);
  state.nextAutoCommitMs = step.wallMs + config.autoCommitIntervalMs;
  const kept = (partition: number): OwnedPartition | undefined => before.find((owned) => owned.partition === partition);
  state.owned = assigned.map((partition) => kept(partition) ?? withoutPosition(partition));
  out.assigned(
    state.topic,
    assigned.filter((partition) => kept(partition) === undefined),
  );
  state.inCallback = true;
  return true;
}

function withoutPosition(partition: number): OwnedPartition {
  return {
    partition,
    phase: 'initializing',
    offset: -1,
    leaderEpoch: -1,
    currentLeader: -1,
    currentLeaderEpoch: -1,
    preferredReadReplica: -1,
    preferredUntilMs: 0,
    notBeforeMs: 0,
    pendingRevocation: false,
  };
}

/** close(): the callback comes before the group is left. */
export function onLeavePrepare(c: GroupConsumerContext): void {
  const { state, out } = c;
  if (state.owned.length === 0) return;
  const { generationId, memberId } = state.membership.generation;
  const lost = generationId < 0 || memberId === '' || rebalanceInProgress(state);
  const partitions = state.owned.map(({ partition }) => partition);
  state.owned = [];
  out.revoked(state.topic, partitions, lost);
}
