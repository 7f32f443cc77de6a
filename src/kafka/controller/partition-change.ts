/**
 * How the controller changes a partition: a target ISR, an election, and the record that results, or none when nothing changes.
 * An election never compares logs: it takes the first acceptable replica in assignment order. Source: PartitionChangeBuilder.java,
 * ReplicationControlManager.generateLeaderAndIsrUpdates.
 *
 * Left out: eligible leader replicas (KIP-966 part 2, off by default in 3.9), reassignments that add or remove replicas.
 */
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import type { ControllerContext } from './context.ts';
import type { PartitionRegistration } from './state.ts';

/** `online` keeps the present leader while it is valid; `preferred` goes back to the first replica; `unclean` may leave the ISR. */
export type Election = 'online' | 'preferred' | 'unclean';

/** Registered, unfenced and not shutting down. */
export function isActive(c: ControllerContext, brokerId: number): boolean {
  const broker = c.state.brokers.get(brokerId);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** What a change is made from. */
export interface PartitionChange {
  readonly election: Election;
  readonly targetIsr: readonly number[];
  readonly targetReplicas?: readonly number[];
  /** Acceptable although it is not active yet: a broker that is being unfenced. */
  readonly brokerToAdd?: number;
  /** Not acceptable any more: a broker that is being fenced or shut down. */
  readonly brokerToRemove?: number;
}

/** The record of a change, or null when it would change nothing. */
export function partitionChange(c: ControllerContext, p: PartitionRegistration, change: PartitionChange): MetadataRecord | null {
  const acceptable = (id: number): boolean => id !== change.brokerToRemove && (id === change.brokerToAdd || isActive(c, id));
  const replicas = change.targetReplicas ?? p.replicas;
  const valid = (id: number): boolean => change.targetIsr.includes(id) && acceptable(id);

  let leader = -1;
  let unclean = false;
  if (change.election === 'preferred' && valid(replicas[0]!)) leader = replicas[0]!;
  else if (valid(p.leader)) leader = p.leader;
  else {
    leader = replicas.find(valid) ?? -1;
    if (leader < 0 && change.election === 'unclean') {
      leader = replicas.find(acceptable) ?? -1;
      unclean = leader >= 0;
    }
  }

  let isr: readonly number[] | null = null;
  if (unclean) isr = [leader];
  // Without eligible leader replicas the ISR is never emptied: its last member stays.
  else if (change.targetIsr.length > 0 && !same(change.targetIsr, p.isr)) isr = change.targetIsr;
  const newReplicas =
    change.targetReplicas !== undefined && !same(change.targetReplicas, p.replicas) ? change.targetReplicas : null;
  const newLeader = leader === p.leader ? null : leader;
  // Written again when the partition is still recovering from an earlier one, so that a record tells an unclean election by itself.
  const recovery = unclean ? 1 : null;
  if (isr === null && newLeader === null && newReplicas === null && recovery === null) return null;
  return {
    kind: 'PartitionChangeRecord',
    topicId: p.topicId,
    partitionId: p.partitionId,
    isr,
    leader: newLeader,
    replicas: newReplicas,
    leaderRecoveryState: recovery,
  };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** unclean.leader.election.enable of a topic: its own setting, else the cluster's. */
export function uncleanElectionEnabled(c: ControllerContext, topicId: number): boolean {
  const own = c.state.topics[topicId]!.config.get('unclean.leader.election.enable');
  return own === undefined ? c.state.config.uncleanLeaderElectionEnable : own === 'true';
}

/** Records for every partition that a broker's coming or going touches. */
export function leaderAndIsrUpdates(
  c: ControllerContext,
  options: { readonly brokerToRemove?: number; readonly brokerToAdd?: number },
): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const { brokerToRemove, brokerToAdd } = options;
  for (const topic of c.state.topics) {
    for (const p of topic.partitions) {
      const touched = brokerToRemove !== undefined ? p.isr.includes(brokerToRemove) || p.leader === brokerToRemove : p.leader < 0;
      if (!touched) continue;
      const record = partitionChange(c, p, {
        election: uncleanElectionEnabled(c, p.topicId) ? 'unclean' : 'online',
        targetIsr: brokerToRemove === undefined ? p.isr : p.isr.filter((id) => id !== brokerToRemove),
        ...(brokerToAdd === undefined ? {} : { brokerToAdd }),
        ...(brokerToRemove === undefined ? {} : { brokerToRemove }),
      });
      if (record !== null) records.push(record);
    }
  }
  return records;
}
