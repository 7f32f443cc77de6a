/** What the controller's handlers work with, and how they make records: decide, apply, append, fsync; answer when it is durable. */
import type { ConnectionId, Out, Step } from '../machine.ts';
import type { NoteCode } from '../notes.ts';
import type { ResponseBody } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { replay } from './replay.ts';
import type { ControllerRules } from './rules.ts';
import type { ControllerState } from './state.ts';

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

/** Applies records, and appends them: they count when they are committed. */
export function commit(c: ControllerContext, records: readonly MetadataRecord[]): void {
  if (records.length === 0) return;
  const state = c.state;
  for (const record of records) {
    state.records.push(record);
    const lastKnown = electsLastKnown(state, record);
    replay(state, record);
    noteRecord(c, record, lastKnown);
  }
  c.write(records);
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
export function electsLastKnown({ topics }: ControllerState, record: MetadataRecord): boolean {
  if (record.kind !== 'PartitionChangeRecord' || record.leaderRecoveryState !== 1) return false;
  return topics[record.topicId]!.partitions[record.partitionId]!.lastKnownElr[0] === record.leader;
}

/** Says what a record means, for those who watch. */
export function noteRecord(c: ControllerContext, record: MetadataRecord, lastKnown: boolean): void {
  const { state } = c;
  if (record.kind === 'BrokerRegistrationChangeRecord' && record.fenced !== 0) {
    c.tell(record.fenced === 1 ? 'broker-fenced' : 'broker-unfenced', record.brokerId, record.brokerEpoch);
  } else if (record.kind === 'PartitionRecord') {
    c.tell('leader-elected', record.topicId, record.partitionId, record.leader, record.leaderEpoch);
  } else if (record.kind === 'PartitionChangeRecord') {
    const p = state.topics[record.topicId]!.partitions[record.partitionId]!;
    if (record.leader === -1) c.tell('partition-offline', record.topicId, record.partitionId, p.isr[0] ?? -1, p.leaderEpoch);
    else if (record.leader !== null) {
      const clean = record.leaderRecoveryState !== 1;
      const code = clean ? 'leader-elected' : lastKnown ? 'last-known-leader-elected' : 'unclean-leader-elected';
      c.tell(code, record.topicId, record.partitionId, record.leader, p.leaderEpoch);
    }
    if (record.eligibleLeaderReplicas !== null) {
      const { length } = record.eligibleLeaderReplicas;
      c.tell('eligible-leader-replicas-changed', record.topicId, record.partitionId, length, p.partitionEpoch);
    }
    if (record.isr !== null) c.tell('isr-changed', record.topicId, record.partitionId, record.isr.length, p.partitionEpoch);
  }
}
