/**
 * The other half of REORDERED: a group finished a record after a later one of the same partition and key (of the same partition, where
 * records have no key). Compared are first finishes, by offset, which orders nothing beyond one partition; which order the log itself has
 * is the business of `reordered.ts`. A record that is no longer where it was read has no place in that order: the log was cut and written
 * anew.
 */
import { Step } from '../../history/history.ts';
import { recordName } from '../attempts.ts';
import { because } from '../because.ts';
import { Column, Kind } from '../evidence.ts';
import { type Handlings, handlingsOf } from '../handlings.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Finding, findingOf } from './checker.ts';

/** Calls `found(row, overtakerRow)` for each first finish that comes after that of a later record. */
function overtaken({ history, logs }: Subject, found: (row: number, overtaker: number) => void): void {
  const { handling, sends } = history;
  if (handling.count === 0) return;
  const seen = new Set<number>();
  const furthest = new Map<number, number>();
  const groups = history.groups.length + 1;
  const partitions = history.partitions.length;
  for (let row = 0; row < handling.count; row++) {
    const step = handling.step[row]!;
    if (step !== Step.applied && step !== Step.refused) continue;
    const group = handling.group[row]!;
    const record = handling.record[row]!;
    if (seen.has(group * sends.count + record)) continue;
    seen.add(group * sends.count + record);
    const log = logs.logs[handling.partition[row]!] ?? null;
    if (log !== null && log.records[handling.offset[row]! - log.startOffset] !== record) continue;
    const key = sends.key[record]!;
    // Records of a group in a partition with one key are one line, and so are those without a key.
    const line = ((key + 1) * partitions + handling.partition[row]!) * groups + group;
    const before = furthest.get(line);
    if (before !== undefined && handling.offset[row]! < handling.offset[before]!) found(row, before);
    else furthest.set(line, row);
  }
}

export function countProcessedLate(subject: Subject): number {
  let late = 0;
  overtaken(subject, () => late++);
  return late;
}

export function explainProcessedLate(subject: Case): Finding[] {
  const { history } = subject;
  const { handling } = history;
  const findings: Finding[] = [];
  const handlings = handlingsOf(history);
  overtaken(subject, (row, overtaker) => {
    const record = handling.record[row]!;
    const events = [handling.event[overtaker]!, handling.event[row]!];
    const offset = handling.offset[row]!;
    findings.push(
      findingOf(
        subject,
        'reordered',
        record,
        handling.partition[row]!,
        offset,
        why(subject, handlings[handling.group[row]!]!, row, overtaker),
        events,
      ),
    );
  });
  return findings;
}

function why(subject: Case, handlings: Handlings, row: number, overtaker: number): Because {
  const { history, logs } = subject;
  const { handling } = history;
  const { name: group, where } = handlings.facts;
  const offset = handling.offset[row]!;
  const partition = handling.partition[row]!;
  const cut = handlings.cutAt(partition, logs.logs[partition] ?? null);
  if (cut >= 0 && offset >= cut) return because('written-below-position', { group, offset, cut });
  const params = {
    group,
    offset,
    overtaker: recordName(history, handling.record[overtaker]!),
    member: handlings.memberAt(overtaker),
  };
  const bySameMember = handling.member[row] === handling.member[overtaker] && !readAgain(subject, handlings, row, overtaker);
  return because(bySameMember && where === 'workers' ? 'workers-overtook' : 'read-again-behind', params);
}

/** Between the two the member began anew, at the record or before it: the partition was given to it again. */
function readAgain({ history, evidence }: Case, handlings: Handlings, row: number, overtaker: number): boolean {
  const { handling } = history;
  const member = handlings.memberAt(row);
  const until = handling.event[row]!;
  for (let at = evidence.firstRowAt(handling.event[overtaker]!); at < evidence.length; at++) {
    if (evidence.at(at, Column.event) > until) return false;
    if (
      evidence.at(at, Column.kind) === Kind.positioned &&
      evidence.at(at, Column.partition) === handling.partition[row] &&
      evidence.at(at, Column.x) <= handling.offset[row]! &&
      evidence.layout.memberOfHost[evidence.at(at, Column.host)] === member
    )
      return true;
  }
  return false;
}
