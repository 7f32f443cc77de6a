/**
 * The rules of a broker that a single wrong line would break quietly: each is a function here, so that a mutant (a deliberate
 * bug, used to prove that the checkers bite) can replace one and leave the rest as it is.
 */
import { holds } from '../../base/lists.ts';
import type { Millis, Offset } from '../../base/units.ts';
import { duplicateOf, type ProducerStates } from '../log/producer-state.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { hasAllMembersJoined } from './group/membership.ts';
import type { Group, GroupMember } from './group/state.ts';
import type { Partition, RemoteReplica } from './state.ts';

export interface BrokerRules {
  /** The batch of the dedup window that this batch repeats, or null. */
  readonly duplicateOf: (states: ProducerStates, batch: RecordBatch) => RecordBatch | null;
  /** The high watermark at which a batch that ends at `endOffset` may be acknowledged under acks=all. */
  readonly requiredHighWatermark: (endOffset: Offset) => Offset;
  /** Whether the high watermark has to wait for a replica. `eligible`: unfenced, not shutting down, broker epoch known. */
  readonly holdsBackHighWatermark: (
    partition: Partition,
    replica: RemoteReplica,
    eligible: boolean,
    nowMs: Millis,
    maxLagMs: Millis,
  ) => boolean;
  /** Whether a member of the ISR has fallen out of sync. */
  readonly isOutOfSync: (partition: Partition, replica: RemoteReplica, nowMs: Millis, maxLagMs: Millis) => boolean;
  /** Whether a fetch that was refused, or that diverges, tells nothing of what its follower has (KAFKA-13141). */
  readonly ignoresRefusedFetch: () => boolean;
  /** Whether a fetch has to come from the life that is registered, for its replica to join the ISR or to hold back the high watermark. */
  readonly tellsLivesApart: () => boolean;
  /** Where a follower outside the ISR has to have come to before it is proposed. */
  readonly joinsIsrAt: (partition: Partition) => Offset;
  /** Where a follower cuts its log when the leader says they diverge at `divergesAt`. */
  readonly truncationOffset: (partition: Partition, divergesAt: Offset) => Offset;
  /** Whether a group coordinator that takes over a partition of `__consumer_offsets` reads what is in its log. */
  readonly loadsOnTakeOver: (partition: Partition) => boolean;
  /** Whether a commit of offsets is refused for which validation has found this error. */
  readonly fencesCommit: (errorCode: number) => boolean;
  /** Whether a rebalance has to wait for nobody any more. */
  readonly allJoined: (group: Group) => boolean;
  /** Whether a member whose session timeout has passed without a sign of life is removed. */
  readonly sessionExpires: (member: GroupMember) => boolean;
}

/** The ISR that counts for the high watermark: the confirmed one and whoever is about to join (KIP-497). */
export function inMaximalIsr(partition: Partition, brokerId: number): boolean {
  if (holds(partition.isr, brokerId)) return true;
  const pending = partition.pendingIsr;
  return pending !== null && pending.kind === 'expand' && holds(pending.isr, brokerId);
}

/** Kafka's rules. */
export const brokerRules: BrokerRules = {
  duplicateOf,
  requiredHighWatermark: (endOffset) => endOffset,
  // Partition.maybeIncrementLeaderHW
  holdsBackHighWatermark: (partition, replica, eligible, nowMs, maxLagMs) =>
    inMaximalIsr(partition, replica.brokerId) ||
    (eligible && (replica.logEndOffset === partition.log.logEndOffset || nowMs - replica.lastCaughtUpTimeMs <= maxLagMs)),
  // Partition.isFollowerOutOfSync: a replica at the leader's end is never out of sync, however long it has been silent.
  isOutOfSync: (partition, replica, nowMs, maxLagMs) =>
    replica.logEndOffset !== partition.log.logEndOffset && nowMs - replica.lastCaughtUpTimeMs > maxLagMs,
  // Partition.fetchRecords
  ignoresRefusedFetch: () => true,
  // Partition.isReplicaIsrEligible (KIP-903)
  tellsLivesApart: () => true,
  // Partition.isFollowerInSync
  joinsIsrAt: (partition) => Math.max(partition.log.highWatermark, partition.leaderEpochStartOffset),
  truncationOffset: (_partition, divergesAt) => divergesAt,
  // GroupMetadataManager.doLoadGroupsAndOffsets
  loadsOnTakeOver: () => true,
  // GroupCoordinator.doCommitOffsets
  fencesCommit: () => true,
  // GroupCoordinator.tryCompleteJoin
  allJoined: hasAllMembersJoined,
  // GroupCoordinator.onExpireHeartbeat
  sessionExpires: () => true,
};
