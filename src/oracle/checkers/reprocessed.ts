/**
 * REPROCESSED: a record was handed to a group's handlers more than once. Counts the times beyond the first, over all groups. It is a
 * harm only where the effect doubles, which is APPLIED TWICE.
 */
import { because } from '../because.ts';
import { type Handlings, handlingsOf } from '../handlings.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function beyondFirst(times: Uint16Array): number {
  let beyond = 0;
  for (let i = 0; i < times.length; i++) if (times[i]! > 1) beyond += times[i]! - 1;
  return beyond;
}

function count({ history }: Subject): number {
  if (history.handling.count === 0) return 0;
  return handlingsOf(history).reduce((sum, { handed }) => sum + beyondFirst(handed), 0);
}

function explain(subject: Case): Finding[] {
  const { history } = subject;
  const findings: Finding[] = [];
  if (history.handling.count === 0) return findings;
  for (const handlings of handlingsOf(history)) {
    for (let record = 0; record < handlings.handed.length; record++) {
      const rows = handlings.handed[record]! > 1 ? handlings.rowsOf(record, 0) : [];
      for (let i = 1; i < rows.length; i++) {
        const partition = history.handling.partition[rows[i]!]!;
        const offset = history.handling.offset[rows[i]!]!;
        const events = [handlings.eventAt(rows[i - 1]!), handlings.eventAt(rows[i]!)];
        findings.push(findingOf(subject, 'reprocessed', record, partition, offset, why(subject, handlings, rows, i), events));
      }
    }
  }
  return findings;
}

/** Two appearances in the log are two records to a group; else it was read again: its offset had not been committed, or was reset. */
function why({ history, logs }: Case, handlings: Handlings, rows: readonly number[], nth: number): Because {
  const { offset } = history.handling;
  const params = {
    group: handlings.facts.name,
    offset: offset[rows[nth]!]!,
    first: handlings.memberAt(rows[nth - 1]!),
    second: handlings.memberAt(rows[nth]!),
  };
  if (offset[rows[nth]!] !== offset[rows[nth - 1]!]) return because('written-twice', params);
  const partition = history.handling.partition[rows[nth]!]!;
  // What the sink stores with the effects is never taken back: only a position that the log no longer has starts again.
  const cut = handlings.facts.commit === 'in-sink' ? handlings.cutAt(partition, logs.logs[partition] ?? null) : -1;
  if (cut >= 0) return because('read-again-after-cut', { ...params, cut });
  return because('read-again-uncommitted', params);
}

export const reprocessed: Checker = { harm: 'reprocessed', count, explain };

/** APPLIED TWICE: the effect of a record is in a group's sink more than once. Counts the times beyond the first, over all groups. */
export const appliedTwice: Checker = {
  harm: 'appliedTwice',
  count: ({ history }) =>
    history.handling.count === 0 ? 0 : handlingsOf(history).reduce((sum, { applied }) => sum + beyondFirst(applied), 0),
  explain: (subject) => {
    const { history } = subject;
    const findings: Finding[] = [];
    if (history.handling.count === 0) return findings;
    for (const handlings of handlingsOf(history)) {
      for (let record = 0; record < handlings.applied.length; record++) {
        const rows = handlings.applied[record]! > 1 ? handlings.rowsOf(record, 2) : [];
        for (let i = 1; i < rows.length; i++) {
          const partition = history.handling.partition[rows[i]!]!;
          const offset = history.handling.offset[rows[i]!]!;
          const events = [handlings.eventAt(rows[i - 1]!), handlings.eventAt(rows[i]!)];
          findings.push(findingOf(subject, 'appliedTwice', record, partition, offset, why(subject, handlings, rows, i), events));
        }
      }
    }
    return findings;
  },
};
