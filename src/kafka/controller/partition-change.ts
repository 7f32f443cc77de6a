/**
 * How the controller changes a partition: a target ISR, an election, and the record that results, or none when nothing changes.
 * An election never compares logs: it takes the first acceptable replica in assignment order. Source: PartitionChangeBuilder.java,
 * ReplicationControlManager.generateLeaderAndIsrUpdates, PartitionReassignmentReplicas.java.
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
  /** Of a reassignment (KIP-455): who is to go, who is to come. As they are where they are not given. */
  readonly targetRemoving?: readonly number[];
  readonly targetAdding?: readonly number[];
  /** Acceptable although it is not active yet: a broker that is being unfenced. */
  readonly brokerToAdd?: number;
  /** Not acceptable any more: a broker that is being fenced or shut down. */
  readonly brokerToRemove?: number;
  /** Not acceptable, and no eligible leader replica: a broker that comes back without having stopped in order. */
  readonly brokerWithUncleanShutdown?: number;
}

/** The record of a change, or null when it would change nothing. */
export function partitionChange(c: ControllerContext, p: PartitionRegistration, wanted: PartitionChange): MetadataRecord | null {
  const { eligibleLeaderReplicas } = c.state;
  const change = completeReassignment(p, wanted);
  const replicas = change.targetReplicas ?? p.replicas;
  const removing = change.targetRemoving ?? p.removingReplicas;
  const adding = change.targetAdding ?? p.addingReplicas;
  let targetIsr = change.targetIsr;
  let elr = eligibleLeaderReplicas ? eligibleOf(c, p, change) : [];
  const { leader, unclean } = elect(c, p, change, elr);
  // An eligible replica that is elected is the ISR; it is complete, so the election is a clean one.
  if (elr.includes(leader)) {
    targetIsr = [leader];
    elr = elr.filter((id) => id !== leader);
  }
  if (unclean) {
    targetIsr = [leader];
    elr = [];
  }
  // Without eligible leader replicas the ISR is never emptied: its last member stays.
  const mayBe = targetIsr.length > 0 || eligibleLeaderReplicas;
  // An unclean election is written again when the partition recovers from an earlier one, so that its record tells it by itself.
  // Where a replica goes, the leader's epoch grows though the leader stays: it must forget what the replica fetched.
  const record = {
    kind: 'PartitionChangeRecord',
    topicId: p.topicId,
    partitionId: p.partitionId,
    isr: unclean || (mayBe && !same(targetIsr, p.isr)) ? targetIsr : null,
    eligibleLeaderReplicas: same(elr, p.elr) ? null : elr,
    lastKnownElr: null,
    leader: leader === p.leader && p.replicas.every((id) => replicas.includes(id)) ? null : leader,
    replicas: same(replicas, p.replicas) ? null : replicas,
    removingReplicas: same(removing, p.removingReplicas) ? null : removing,
    addingReplicas: same(adding, p.addingReplicas) ? null : adding,
    leaderRecoveryState: unclean ? 1 : null,
  } as const;
  const lastKnownElr = eligibleLeaderReplicas ? lastKnownLeader(p, record.isr, leader) : null;
  if (lastKnownElr === null && unchanged(record)) return null;
  return { ...record, lastKnownElr };
}

function unchanged(record: Extract<MetadataRecord, { kind: 'PartitionChangeRecord' }>): boolean {
  const { isr, eligibleLeaderReplicas, leader, replicas, removingReplicas, addingReplicas, leaderRecoveryState } = record;
  const assignment = replicas === null && removingReplicas === null && addingReplicas === null;
  return assignment && isr === null && eligibleLeaderReplicas === null && leader === null && leaderRecoveryState === null;
}

/**
 * A reassignment is complete as soon as the ISR, without those who are to go, holds every replica that is to stay: then they go, in the
 * same record (PartitionReassignmentReplicas.maybeCompleteReassignment).
 */
function completeReassignment(p: PartitionRegistration, change: PartitionChange): PartitionChange {
  const removing = change.targetRemoving ?? p.removingReplicas;
  const adding = change.targetAdding ?? p.addingReplicas;
  if (removing.length === 0 && adding.length === 0) return change;
  const stays = (id: number): boolean => !removing.includes(id);
  const targetIsr = change.targetIsr.filter(stays);
  const targetReplicas = (change.targetReplicas ?? p.replicas).filter(stays);
  if (removing.length > 0 && (targetIsr.length === 0 || targetReplicas.length === 0)) return change;
  if (!targetReplicas.every((id) => targetIsr.includes(id))) return change;
  return { ...change, targetIsr, targetReplicas, targetRemoving: [], targetAdding: [] };
}

/**
 * Who left the ISR while it was smaller than its minimum holds everything that is committed, for from then on the high watermark stood
 * still (KIP-966, PartitionChangeBuilder.maybePopulateTargetElr). A broker that did not stop in order may have lost some of it.
 */
function eligibleOf(c: ControllerContext, p: PartitionRegistration, change: PartitionChange): readonly number[] {
  if (change.targetIsr.length >= effectiveMinIsr(c, p)) return [];
  const candidates = [...p.elr, ...p.isr.filter((id) => !p.elr.includes(id))];
  return candidates
    .filter((id) => !change.targetIsr.includes(id) && id !== change.brokerWithUncleanShutdown)
    .sort((a, b) => a - b);
}

function elect(
  c: ControllerContext,
  p: PartitionRegistration,
  change: PartitionChange,
  elr: readonly number[],
): { readonly leader: number; readonly unclean: boolean } {
  const { targetIsr, brokerToAdd, brokerToRemove, brokerWithUncleanShutdown } = change;
  const acceptable = (id: number): boolean =>
    id !== brokerToRemove && id !== brokerWithUncleanShutdown && (id === brokerToAdd || isActive(c, id));
  const valid = (id: number): boolean => (targetIsr.length === 0 ? elr : targetIsr).includes(id) && acceptable(id);
  const replicas = change.targetReplicas ?? p.replicas;
  if (change.election === 'preferred' && valid(replicas[0]!)) return { leader: replicas[0]!, unclean: false };
  if (valid(p.leader)) return { leader: p.leader, unclean: false };
  const online = replicas.find(valid);
  if (online !== undefined) return { leader: online, unclean: false };
  // Nobody is known to be complete: whoever led last is the best guess, and it may have lost something (KIP-966, KAFKA-19522).
  const [lastLeader, ...more] = p.lastKnownElr;
  const guess = lastLeader !== undefined && more.length === 0 && targetIsr.length === 0 && elr.length === 0;
  if (guess && c.state.eligibleLeaderReplicas && acceptable(lastLeader)) return { leader: lastLeader, unclean: true };
  const alive = change.election === 'unclean' ? replicas.find(acceptable) : undefined;
  return { leader: alive ?? -1, unclean: alive !== undefined };
}

/** Who led last is written down when the partition loses its ISR, and forgotten when it has a leader again; null: no change. */
function lastKnownLeader(p: PartitionRegistration, isr: readonly number[] | null, leader: number): readonly number[] | null {
  if (isr?.length === 0 && !same(p.lastKnownElr, [p.leader])) return [p.leader];
  return leader >= 0 && p.lastKnownElr.length > 0 ? [] : null;
}

/** min.insync.replicas of a topic, never more than there are replicas (ReplicationControlManager.getTopicEffectiveMinIsr). */
function effectiveMinIsr(c: ControllerContext, { topicId, replicas }: PartitionRegistration): number {
  const own = c.state.topics[topicId]!.config.get('min.insync.replicas');
  return Math.min(own === undefined ? c.state.config.minInsyncReplicas : Number(own), replicas.length);
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
  brokers: Pick<PartitionChange, 'brokerToAdd' | 'brokerToRemove' | 'brokerWithUncleanShutdown'>,
): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const gone = brokers.brokerToRemove ?? brokers.brokerWithUncleanShutdown;
  for (const topic of c.state.topics) {
    for (const p of topic.partitions) {
      const touched = gone === undefined ? p.leader < 0 : p.isr.includes(gone) || p.leader === gone || isUnclean(brokers, p);
      if (!touched) continue;
      const record = partitionChange(c, p, {
        election: uncleanElectionEnabled(c, p.topicId) ? 'unclean' : 'online',
        targetIsr: gone === undefined || staysInSync(c, p, brokers) ? p.isr : p.isr.filter((id) => id !== gone),
        ...brokers,
      });
      if (record !== null) records.push(record);
    }
  }
  return records;
}

/** Never, by Kafka's rules: who is fenced leaves the ISR. */
function staysInSync(
  c: ControllerContext,
  { leader }: PartitionRegistration,
  { brokerToRemove }: Partial<PartitionChange>,
): boolean {
  return brokerToRemove !== undefined && leader !== brokerToRemove && !c.rules.fencingShrinksIsr();
}

function isUnclean({ brokerWithUncleanShutdown }: Partial<PartitionChange>, { elr }: PartitionRegistration): boolean {
  return brokerWithUncleanShutdown !== undefined && elr.includes(brokerWithUncleanShutdown);
}
