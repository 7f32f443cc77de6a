/**
 * The replica that a consumer reads from (KIP-392): the leader, or for metadata.max.age.ms the follower that the leader has named. It is
 * left for the leader when a fetch from it is refused, lost or out of range, and when metadata does not name it any more. Source:
 * SubscriptionState.updatePreferredReadReplica, AbstractFetch.selectReadReplica, handleFetchFailure.
 */
import type { Millis } from '../../base/units.ts';
import type { ClusterMetadata } from '../client/metadata.ts';
import type { HostId } from '../machine.ts';

/** Part of what a consumer knows of a partition. */
export interface ReadReplica {
  /** -1: the leader. */
  preferredReadReplica: HostId;
  preferredUntilMs: Millis;
}

/** Whom to fetch from now. */
export function readReplicaOf(of: ReadReplica, leader: HostId, metadata: ClusterMetadata, nowMs: Millis): HostId {
  if (of.preferredReadReplica < 0) return leader;
  if (nowMs < of.preferredUntilMs && metadata.nodes.includes(of.preferredReadReplica)) return of.preferredReadReplica;
  if (nowMs < of.preferredUntilMs) metadata.updateRequested = true;
  of.preferredReadReplica = -1;
  return leader;
}

/** The leader has named another one, or nobody. */
export function preferReadReplica(of: ReadReplica, named: HostId, untilMs: Millis): void {
  if (named < 0) return;
  of.preferredReadReplica = named;
  of.preferredUntilMs = untilMs;
}

/** Back to the leader; false when that is where the consumer was. */
export function leaveReadReplica(of: ReadReplica): boolean {
  const left = of.preferredReadReplica >= 0;
  of.preferredReadReplica = -1;
  return left;
}
