/**
 * MISSED: a record is in the leader's log, or was acknowledged and is deleted from its start; a group's offset has gone past it, and no
 * member of the group ever finished it. Counts records, once for each group.
 *
 * Finished is what the sink saw: an effect that was done, or that was there already. A partition without an audit of its leader, or
 * a group whose offset is not known, cannot be told. What was lost from the log is LOST, not missed. Of deleted records those count that
 * lie above the first one that the group was ever handed: who begins later never had a claim to them.
 */
import { type History, Outcome } from '../../history/history.ts';
import { because } from '../because.ts';
import { type Handlings, handlingsOf } from '../handlings.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

/** Calls `found(group, partition, offset, record)` for each. */
function missing(
  { history, logs }: Subject,
  found: (handlings: Handlings, partition: number, offset: number, record: number) => void,
): void {
  const { committed } = history;
  if (committed.length === 0) return;
  const all = handlingsOf(history);
  for (const { group, partition, offset: next } of committed) {
    const log = logs.logs[partition] ?? null;
    const handlings = all[group];
    if (log === null || handlings === undefined) continue;
    if (log.startOffset > 0) deletedUnread(history, handlings, partition, Math.min(next, log.startOffset), found);
    const end = Math.min(next - log.startOffset, log.records.length);
    for (let i = 0; i < end; i++) {
      const record = log.records[i]!;
      if (record >= 0 && handlings.finished[record] === 0) found(handlings, partition, log.startOffset + i, record);
    }
  }
}

/** Acknowledged records below `end` that the group passed over: nothing but their acknowledgements tells of them any more. */
function deletedUnread(
  { sends }: History,
  handlings: Handlings,
  partition: number,
  end: number,
  found: (handlings: Handlings, partition: number, offset: number, record: number) => void,
): void {
  const first = handlings.firstOffset(partition);
  if (first < 0) return;
  for (let record = 0; record < sends.count; record++) {
    const offset = sends.offset[record]!;
    if (sends.partition[record] !== partition || offset < first || offset >= end) continue;
    if (sends.outcome[record] === Outcome.acknowledged && handlings.finished[record] === 0)
      found(handlings, partition, offset, record);
  }
}

function count(subject: Subject): number {
  let missed = 0;
  missing(subject, () => missed++);
  return missed;
}

function explain(subject: Case): Finding[] {
  const findings: Finding[] = [];
  missing(subject, (handlings, partition, offset, record) => {
    const rows = [...handlings.rowsOf(record, 0), ...handlings.rowsOf(record, 1)];
    const events = [subject.history.sends.sentEvent[record]!, ...rows.map((row) => handlings.eventAt(row))];
    findings.push(
      findingOf(subject, 'missed', record, partition, offset, why(subject, handlings, partition, offset, record), events),
    );
  });
  return findings;
}

function why({ logs }: Case, handlings: Handlings, partition: number, offset: number, record: number): Because {
  const group = handlings.facts.name;
  if (handlings.threw[record] === 1) return because('handler-threw', { group, offset });
  const logStartOffset = logs.logs[partition]?.startOffset ?? 0;
  if (offset < logStartOffset) return because('deleted-before-read', { group, offset, logStartOffset });
  const { reset, where, commit } = handlings.facts;
  // Whoever commits only what is done passes over a record only when it is sent elsewhere: to the end, for want of an offset.
  const orderly = commit === 'done-prefix' || (where === 'poll-loop' && commit !== 'before');
  const handed = handlings.rowsOf(record, 0);
  if (handed.length > 0 && !(orderly && reset !== 'earliest')) {
    return because('committed-while-in-hand', { group, offset, member: handlings.memberAt(handed[0]!) });
  }
  const first = handlings.firstOffset(partition);
  if (reset !== 'earliest' && (first < 0 || offset < first || orderly)) {
    return because('reset-past-record', { group, offset, firstOffset: first });
  }
  const cut = handlings.cutAt(partition, logs.logs[partition] ?? null);
  if (handed.length === 0 && cut >= 0 && offset >= cut) return because('written-below-position', { group, offset, cut });
  return because('committed-before-handed', { group, offset });
}

export const missed: Checker = { harm: 'missed', count, explain };
