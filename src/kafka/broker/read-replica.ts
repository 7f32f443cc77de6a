/**
 * Which replica a leader sends a consumer to (KIP-392): with RackAwareReplicaSelector one in the consumer's rack that is in sync and has
 * the offset, the furthest one; the leader itself where it stands there, or nobody does. Source: ReplicaManager.findPreferredReadReplica,
 * RackAwareReplicaSelector.java, ReplicaView.comparator.
 */
import { holds } from '../../base/lists.ts';
import type { Offset } from '../../base/units.ts';
import type { BrokerContext } from './context.ts';
import type { Partition, RemoteReplica } from './state.ts';

const rackAware = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/** Broker id of the follower, -1 for the leader. */
export function preferredReadReplica({ state }: BrokerContext, p: Partition, rack: string, offset: Offset): number {
  if (p.role !== 'leader' || state.config.replicaSelectorClass !== rackAware) return -1;
  const { racks } = state;
  if (racks[state.id] === rack) return -1;
  let chosen: RemoteReplica | null = null;
  for (const replica of p.remotes) {
    if (racks[replica.brokerId] !== rack || !holds(p.isr, replica.brokerId) || replica.logEndOffset < offset) continue;
    if (chosen === null || isAhead(replica, chosen)) chosen = replica;
  }
  return chosen === null ? -1 : chosen.brokerId;
}

/** By log end, then by who caught up last, then by the smaller id. */
function isAhead(one: RemoteReplica, other: RemoteReplica): boolean {
  if (one.logEndOffset !== other.logEndOffset) return one.logEndOffset > other.logEndOffset;
  if (one.lastCaughtUpTimeMs !== other.lastCaughtUpTimeMs) return one.lastCaughtUpTimeMs > other.lastCaughtUpTimeMs;
  return one.brokerId < other.brokerId;
}
