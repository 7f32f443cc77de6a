/** What the controller's handlers work with, and how they make records: decide, apply, append, fsync; answer when it is durable. */
import type { ConnectionId, Out, Step } from '../machine.ts';
import type { NoteCode } from '../notes.ts';
import type { ResponseBody } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { replay } from './replay.ts';
import type { ControllerRules } from './rules.ts';
import type { ControllerState, PartitionRegistration } from './state.ts';

export interface ControllerContext {
  readonly state: ControllerState;
  readonly rules: ControllerRules;
  step: Step;
  out: Out;
  /** Appends records to the log, which commits them in time. */
  write(records: readonly MetadataRecord[]): void;
  /** Says what a record that was just made means, for those who watch. */
  tell(code: NoteCode, a: number, b: number, c?: number, d?: number): void;
}

/**
 * Applies records, and appends them: they count when they are committed. `unclean`: the one whose leader comes from outside the ISR
 * though it does not say so, as it is when a reassignment is cancelled that had nobody else left.
 */
export function commit(c: ControllerContext, records: readonly MetadataRecord[], unclean: MetadataRecord | null = null): void {
  if (records.length === 0) return;
  const state = c.state;
  for (const record of records) {
    state.records.push(record);
    replayAndTell(c, record, true, record === unclean);
  }
  c.write(records);
}

/** Applies a record, and says what it means, for those who watch. `unclean` as in {@link commit}. */
export function replayAndTell(c: ControllerContext, record: MetadataRecord, tells: boolean, unclean = false): void {
  const lastKnown = electsLastKnown(c.state, record);
  const reassigned = reassignmentBefore(c.state, record);
  replay(c.state, record);
  if (!tells) return;
  noteRecord(c, record, unclean ? 'unclean-leader-elected' : lastKnown ? 'last-known-leader-elected' : null);
  if (reassigned !== null) noteReassignment(c, reassigned);
}

/** Answers when everything appended so far is durable: at once, if it is already. */
export function replyWhenCommitted(
  c: ControllerContext,
  connection: ConnectionId,
  correlationId: number,
  body: ResponseBody,
): void {
  const atOffset = c.state.records.length;
  if (c.state.committedOffset >= atOffset) c.out.reply(connection, correlationId, body);
  else c.state.deferred.push({ connection, correlationId, body, atOffset });
}

/** An unclean election of the one who led last (KIP-966). */
function electsLastKnown({ topics }: ControllerState, record: MetadataRecord): boolean {
  if (record.kind !== 'PartitionChangeRecord' || record.leaderRecoveryState !== 1) return false;
  return topics[record.topicId]!.partitions[record.partitionId]!.lastKnownElr[0] === record.leader;
}

/** A partition before a record that begins, changes or ends a reassignment; null for any other record. */
function reassignmentBefore({ topics }: ControllerState, record: MetadataRecord): PartitionRegistration | null {
  if (record.kind !== 'PartitionChangeRecord') return null;
  if (record.addingReplicas === null && record.removingReplicas === null && record.replicas === null) return null;
  return { ...topics[record.topicId]!.partitions[record.partitionId]! };
}

/** Says where a reassignment has come to. Cancelled: those who were to go are still there. A new order of replicas is none. */
function noteReassignment(c: ControllerContext, before: PartitionRegistration): void {
  const { topicId, partitionId } = before;
  const { replicas, addingReplicas, removingReplicas, partitionEpoch } = c.state.topics[topicId]!.partitions[partitionId]!;
  if (addingReplicas.length > 0 || removingReplicas.length > 0) {
    c.tell('reassignment-started', topicId, partitionId, addingReplicas.length, removingReplicas.length);
    return;
  }
  const gone = before.replicas.filter((id) => !replicas.includes(id));
  const underWay = before.addingReplicas.length > 0 || before.removingReplicas.length > 0;
  if (!underWay && gone.length === 0 && replicas.length === before.replicas.length) return;
  const kept = before.removingReplicas.every((id) => replicas.includes(id));
  const dropped = before.addingReplicas.length > 0 && before.addingReplicas.every((id) => !replicas.includes(id));
  const cancelled = underWay && kept && (dropped || before.addingReplicas.length === 0);
  const code = cancelled ? 'reassignment-cancelled' : 'reassignment-completed';
  c.tell(code, topicId, partitionId, replicas.length, partitionEpoch);
}

/** Says what a record means, for those who watch. */
function noteRecord(c: ControllerContext, record: MetadataRecord, election: NoteCode | null): void {
  const { state } = c;
  if (record.kind === 'BrokerRegistrationChangeRecord' && record.fenced !== 0) {
    c.tell(record.fenced === 1 ? 'broker-fenced' : 'broker-unfenced', record.brokerId, record.brokerEpoch);
  } else if (record.kind === 'PartitionRecord') {
    c.tell('leader-elected', record.topicId, record.partitionId, record.leader, record.leaderEpoch);
  } else if (record.kind === 'PartitionChangeRecord') {
    const p = state.topics[record.topicId]!.partitions[record.partitionId]!;
    if (record.leader === -1) c.tell('partition-offline', record.topicId, record.partitionId, p.isr[0] ?? -1, p.leaderEpoch);
    else if (record.leader !== null) {
      const code = record.leaderRecoveryState === 1 ? 'unclean-leader-elected' : 'leader-elected';
      c.tell(election ?? code, record.topicId, record.partitionId, record.leader, p.leaderEpoch);
    }
    if (record.eligibleLeaderReplicas !== null) {
      const { length } = record.eligibleLeaderReplicas;
      c.tell('eligible-leader-replicas-changed', record.topicId, record.partitionId, length, p.partitionEpoch);
    }
    if (record.isr !== null) c.tell('isr-changed', record.topicId, record.partitionId, record.isr.length, p.partitionEpoch);
  }
}
