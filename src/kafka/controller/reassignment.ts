/**
 * Other replicas for a partition (KIP-455). First those that are to come are replicas beside those that are to go; when the ISR holds
 * all that are to stay, the others go (`partition-change.ts`). Until then the reassignment can be cancelled, or another one asked for.
 * Source: ReplicationControlManager.changePartitionReassignment, cancelPartitionReassignment, PartitionReassignmentRevert.java.
 */
import type { ConnectionId, RequestHeader } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AlterPartitionReassignmentsRequest } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';
import { partitionChange, uncleanElectionEnabled } from './partition-change.ts';
import type { PartitionRegistration } from './state.ts';

/** The operator asks for other replicas, or for another order of them, or for what is under way to be cancelled. */
export function alterPartitionReassignments(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: AlterPartitionReassignmentsRequest,
): void {
  const records: MetadataRecord[] = [];
  let unclean: MetadataRecord | null = null;
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const topicId = c.state.topicIds.get(name);
      const p = topicId === undefined ? undefined : c.state.topics[topicId]!.partitions[partitionIndex];
      if (p === undefined) return { partitionIndex, errorCode: ErrorCode.unknownTopicOrPartition };
      const { errorCode, record, leavesIsr } = replicas === null ? cancel(c, p) : change(c, p, replicas);
      if (record !== null) records.push(record);
      if (leavesIsr) unclean = record;
      return { partitionIndex, errorCode };
    }),
  }));
  commit(c, records, unclean);
  replyWhenCommitted(c, connection, header.correlationId, { api: 45, responses });
}

/** What comes of a request for one partition. `leavesIsr`: the leader that it elects was not in sync. */
interface Decision {
  readonly errorCode: number;
  readonly record: MetadataRecord | null;
  readonly leavesIsr: boolean;
}

const refused = (errorCode: number): Decision => ({ errorCode, record: null, leavesIsr: false });

/** Why a list of replicas cannot be one of this cluster, 0 when it can. Source: validateManualPartitionAssignment. */
export function checkAssignment(c: ControllerContext, replicas: readonly number[]): number {
  const registered = replicas.every((id) => c.state.brokers.has(id));
  const valid = replicas.length > 0 && registered && new Set(replicas).size === replicas.length;
  return valid ? ErrorCode.none : ErrorCode.invalidReplicaAssignment;
}

function change(c: ControllerContext, p: PartitionRegistration, target: readonly number[]): Decision {
  const errorCode = checkAssignment(c, target);
  if (errorCode !== ErrorCode.none) return refused(errorCode);
  // While another reassignment is under way, whoever is to go by it or to come by it is a replica like any other.
  const removing = p.replicas.filter((id) => !target.includes(id)).sort((a, b) => a - b);
  const adding = target.filter((id) => !p.replicas.includes(id)).sort((a, b) => a - b);
  const record = partitionChange(c, p, {
    election: 'online',
    targetIsr: p.isr,
    targetReplicas: [...target, ...removing],
    // Nobody to go, or to come, leaves what an earlier reassignment said of it.
    ...(removing.length === 0 ? {} : { targetRemoving: removing }),
    ...(adding.length === 0 ? {} : { targetAdding: adding }),
  });
  return { errorCode, record, leavesIsr: false };
}

/**
 * Back to the replicas that were there before. When nobody of those is in the ISR any more, the first of them is made the ISR, whatever
 * it holds: only where the topic allows an unclean election.
 */
function cancel(c: ControllerContext, p: PartitionRegistration): Decision {
  if (p.addingReplicas.length === 0 && p.removingReplicas.length === 0) return refused(ErrorCode.noReassignmentInProgress);
  const original = p.replicas.filter((id) => !p.addingReplicas.includes(id));
  const isr = p.isr.filter((id) => !p.addingReplicas.includes(id));
  const leavesIsr = isr.length === 0;
  if (leavesIsr && !uncleanElectionEnabled(c, p.topicId)) return refused(ErrorCode.invalidReplicaAssignment);
  const record = partitionChange(c, p, {
    election: uncleanElectionEnabled(c, p.topicId) ? 'unclean' : 'online',
    targetIsr: leavesIsr ? original.slice(0, 1) : isr,
    targetReplicas: original,
    targetRemoving: [],
    targetAdding: [],
  });
  return { errorCode: ErrorCode.none, record, leavesIsr };
}
