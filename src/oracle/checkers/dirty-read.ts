/**
 * DIRTY READ: a consumer's poll returned the record, and later it is gone from the leader's log: at no offset of any audited
 * partition. Counts records, however often each was read. Jepsen: the value of an aborted read.
 *
 * *Gone anywhere*, not *gone at that offset*: when a record was truncated and its retry landed elsewhere, what the consumer did
 * with it still stands for a record that exists; that it may be read twice is another harm. Not gone: what lies below the log's
 * start. A partition whose leader gave no audit cannot be told.
 */
import { because } from '../because.ts';
import { topicOf } from '../facts.ts';
import { fateOf } from '../fate.ts';
import { removalEvents, whyUnread } from '../loss.ts';
import { freshMarks, type Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function count(subject: Subject): number {
  const { reads, sends } = subject.history;
  const { appearances } = subject.logs;
  const { record, count: rows } = reads;
  for (let i = 0; i < rows; i++) {
    if (appearances[record[i]!] === 0 && record[i]! < sends.count) return countFrom(subject, i);
  }
  return 0;
}

function countFrom(subject: Subject, from: number): number {
  let dirty = 0;
  gone(subject, from, () => dirty++);
  return dirty;
}

/** Calls `found(record, read)` at the first read of each record that is gone. */
function gone({ history, logs }: Subject, from: number, found: (record: number, read: number) => void): void {
  const { reads, sends } = history;
  const { marks, mark } = freshMarks(sends.count);
  for (let i = from; i < reads.count; i++) {
    const record = reads.record[i]!;
    if (record < 0 || record >= sends.count || marks[record] === mark || logs.appearances[record]! > 0) continue;
    const log = logs.logs[reads.partition[i]!] ?? null;
    if (log === null || reads.offset[i]! < log.startOffset) continue;
    marks[record] = mark;
    found(record, i);
  }
}

function explain(subject: Case): Finding[] {
  const { reads, sends } = subject.history;
  const findings: Finding[] = [];
  gone(subject, 0, (record, i) => {
    const [reason, events] = why(subject, record, i);
    const witnesses = [sends.sentEvent[record]!, reads.event[i]!, ...events];
    findings.push(findingOf(subject, 'dirtyRead', record, reads.partition[i]!, reads.offset[i]!, reason, witnesses));
  });
  return findings;
}

function why({ history, evidence, facts }: Case, record: number, i: number): [Because, readonly number[]] {
  const { reads, sends } = history;
  if (!evidence.observed) return [because('no-evidence', {}), []];
  const partition = reads.partition[i]!;
  const readEvent = reads.event[i]!;
  const replicationFactor = topicOf(facts, partition)?.replicationFactor ?? 1;
  const from = sends.sendCount[record]! > 1 ? 0 : sends.sentEvent[record]!;
  const fate = fateOf(evidence, partition, reads.offset[i]!, replicationFactor, from, readEvent, true);
  if (fate === null) return [because('unexplained', {}), []];
  return [whyUnread(fate, readEvent, replicationFactor), removalEvents(fate)];
}

export const dirtyRead: Checker = { harm: 'dirtyRead', count, explain };
