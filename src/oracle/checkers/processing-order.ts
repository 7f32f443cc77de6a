/**
 * The other half of REORDERED: a group finished a record after a later one of the same key (of the same partition, where records have no
 * key). Compared are first finishes, by offset; which order the log itself has is the business of `reordered.ts`.
 */
import { type History, Step } from '../../history/history.ts';
import { recordName } from '../attempts.ts';
import { because } from '../because.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Finding, findingOf } from './checker.ts';

/** Calls `found(row, overtakerRow)` for each first finish that comes after that of a later record. */
function overtaken({ handling, sends }: History, found: (row: number, overtaker: number) => void): void {
  if (handling.count === 0) return;
  const seen = new Set<number>();
  const furthest = new Map<string, number>();
  for (let row = 0; row < handling.count; row++) {
    const step = handling.step[row]!;
    if (step !== Step.applied && step !== Step.refused) continue;
    const group = handling.group[row]!;
    const record = handling.record[row]!;
    if (seen.has(group * sends.count + record)) continue;
    seen.add(group * sends.count + record);
    const key = sends.key[record]!;
    const line = `${group} ${key >= 0 ? `key ${key}` : handling.partition[row]!}`;
    const before = furthest.get(line);
    if (before !== undefined && handling.offset[row]! < handling.offset[before]!) found(row, before);
    else furthest.set(line, row);
  }
}

export function countProcessedLate({ history }: Subject): number {
  let late = 0;
  overtaken(history, () => late++);
  return late;
}

export function explainProcessedLate(subject: Case): Finding[] {
  const { history } = subject;
  const { handling } = history;
  const findings: Finding[] = [];
  overtaken(history, (row, overtaker) => {
    const record = handling.record[row]!;
    const events = [handling.event[overtaker]!, handling.event[row]!];
    const offset = handling.offset[row]!;
    findings.push(
      findingOf(subject, 'reordered', record, handling.partition[row]!, offset, why(history, row, overtaker), events),
    );
  });
  return findings;
}

function why(history: History, row: number, overtaker: number): Because {
  const { handling, groups } = history;
  const group = groups[handling.group[row]!]!;
  const params = {
    group: group.name,
    offset: handling.offset[row]!,
    overtaker: recordName(history, handling.record[overtaker]!),
    member: group.members[handling.member[overtaker]!] ?? group.name,
  };
  const bySameMember = handling.member[row] === handling.member[overtaker];
  return because(bySameMember && group.where === 'workers' ? 'workers-overtook' : 'read-again-behind', params);
}
