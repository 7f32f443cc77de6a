/**
 * PHANTOM: every attempt was refused with an error that means "not written" (outcome failed), yet the record is readable: it is
 * in a leader's log, or a consumer was given it. Counts records. Jepsen: `G1a`.
 *
 * A send that ended in a timeout or a disconnect is unknown, not failed; it may go either way. So may a record that the
 * application sent again after a restart: nobody was told how its earlier send ended.
 */
import { Outcome, type Reads, type Sends } from '../../history/history.ts';
import { because } from '../because.ts';
import { offsetIn } from '../final-logs.ts';
import { freshMarks, type Subject } from '../subject.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function count(subject: Subject): number {
  const { history, logs, tally } = subject;
  if (tally.failed === 0) return 0;
  const { outcome, count: records } = history.sends;
  let phantoms = 0;
  for (let id = 0; id < records; id++) {
    if (outcome[id] === Outcome.failed && logs.appearances[id]! > 0 && history.sends.sendCount[id]! < 2) phantoms++;
  }
  onlyRead(subject, history.reads, history.sends, () => phantoms++);
  return phantoms;
}

/** Calls `found(record, read)` once for each failed record that was read and is in no log. */
function onlyRead({ logs }: Subject, reads: Reads, sends: Sends, found: (record: number, read: number) => void): void {
  const { marks, mark } = freshMarks(sends.count);
  for (let i = 0; i < reads.count; i++) {
    const record = reads.record[i]!;
    if (record < 0 || record >= sends.count || marks[record] === mark) continue;
    if (sends.outcome[record] !== Outcome.failed || sends.sendCount[record]! > 1 || logs.appearances[record]! > 0) continue;
    marks[record] = mark;
    found(record, i);
  }
}

function explain(subject: Case): Finding[] {
  const { history, logs } = subject;
  const { sends, reads } = history;
  const findings: Finding[] = [];
  const add = (record: number, partition: number, offset: number, readEvent: number): void => {
    const reason = because('refused-yet-written', { offset, errorCode: sends.errorCode[record]! });
    const events = [sends.sentEvent[record]!, sends.completedEvent[record]!, readEvent];
    findings.push(findingOf(subject, 'phantom', record, partition, offset, reason, events));
  };
  for (let id = 0; id < sends.count; id++) {
    if (sends.outcome[id] !== Outcome.failed || sends.sendCount[id]! > 1 || logs.appearances[id] === 0) continue;
    const partition = logs.logs.findIndex((log) => log?.records.includes(id));
    add(id, partition, offsetIn(logs.logs[partition]!, id, 0), -1);
  }
  onlyRead(subject, reads, sends, (record, i) => add(record, reads.partition[i]!, reads.offset[i]!, reads.event[i]!));
  return findings;
}

export const phantom: Checker = { harm: 'phantom', count, explain };
