/**
 * REORDERED across partitions: a group finished a record after a later one of the same producer and key that went to another partition.
 * Only where the topic was given more partitions in the run: a key has one partition as long as their number stays, and order within a
 * partition is the business of `processing-order.ts`. Left out: producers that do not ask keys for the partition.
 */
import { Step } from '../../history/history.ts';
import { recordName } from '../attempts.ts';
import { because } from '../because.ts';
import type { Subject } from '../subject.ts';
import { type Case, type Finding, findingOf } from './checker.ts';

/** Calls `found(row, overtakerRow)` for each first finish that comes after that of a record sent later, in another partition. */
function overtaken({ history }: Subject, found: (row: number, overtaker: number) => void): void {
  const { handling, sends, producers, partitions, partitionsAdded = [] } = history;
  if (partitionsAdded.length === 0 || handling.count === 0) return;
  const grown = new Set(partitionsAdded.map((partition) => topicOf(partitions[partition]!)));
  const seen = new Set<number>();
  const furthest = new Map<string, number>();
  for (let row = 0; row < handling.count; row++) {
    const step = handling.step[row]!;
    const record = handling.record[row]!;
    const key = sends.key[record]!;
    const producer = sends.producer[record]!;
    if ((step !== Step.applied && step !== Step.refused) || key < 0 || producers[producer]!.ignoresKeys === true) continue;
    if (!grown.has(topicOf(partitions[handling.partition[row]!]!))) continue;
    const group = handling.group[row]!;
    if (seen.has(group * sends.count + record)) continue;
    seen.add(group * sends.count + record);
    const line = `${group} ${producer} ${key}`;
    const before = furthest.get(line);
    const isLate = before !== undefined && sends.sendOrder[record]! < sends.sendOrder[handling.record[before]!]!;
    if (!isLate) furthest.set(line, row);
    else if (handling.partition[before] !== handling.partition[row]) found(row, before);
  }
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('-'));
}

export function countKeysOvertaken(subject: Subject): number {
  let late = 0;
  overtaken(subject, () => late++);
  return late;
}

export function explainKeysOvertaken(subject: Case): Finding[] {
  const { history } = subject;
  const { handling, groups, partitions } = history;
  const findings: Finding[] = [];
  overtaken(subject, (row, overtaker) => {
    const record = handling.record[row]!;
    const partition = handling.partition[row]!;
    const offset = handling.offset[row]!;
    const params = {
      group: groups[handling.group[row]!]!.name,
      offset,
      overtaker: recordName(history, handling.record[overtaker]!),
      newPartition: partitions[handling.partition[overtaker]!]!,
    };
    const events = [handling.event[overtaker]!, handling.event[row]!];
    findings.push(findingOf(subject, 'reordered', record, partition, offset, because('key-moved', params), events));
  });
  return findings;
}
