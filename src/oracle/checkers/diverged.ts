/**
 * DIVERGED: two replicas that follow the same leader epoch hold different records at one offset below both high watermarks, or,
 * once the cluster has settled, below both log ends. Counts replicas that differ from the most advanced one of their epoch.
 *
 * Replicas of different epochs are not compared: the older one has yet to truncate. Neither is a replica that is merely short.
 * Jepsen: `inconsistent-offsets`.
 */
import type { History, LogAudit, PartitionAudit } from '../../history/history.ts';
import { because } from '../because.ts';
import { Column, type Evidence, Kind } from '../evidence.ts';
import type { Subject } from '../subject.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function count({ history }: Subject): number {
  let diverged = 0;
  const { audits } = history;
  for (let i = 0; i < audits.length; i++) {
    const { replicas } = audits[i]!;
    for (let r = 0; r < replicas.length; r++) {
      const reference = referenceFor(history, audits[i]!, r);
      if (reference >= 0 && firstDifference(history, replicas[r]!.log, replicas[reference]!.log) >= 0) diverged++;
    }
  }
  return diverged;
}

/** The replica of the same epoch whose log reaches furthest, the leader before others; -1 when it is this one itself. */
function referenceFor(history: History, audit: PartitionAudit, index: number): number {
  const { replicas } = audit;
  const { leaderEpoch } = replicas[index]!;
  let best = -1;
  let bestEnd = -1;
  for (let r = 0; r < replicas.length; r++) {
    const replica = replicas[r]!;
    if (replica.leaderEpoch !== leaderEpoch) continue;
    const end = comparableEnd(history, replica.log);
    if (end > bestEnd || (end === bestEnd && replica.broker === audit.leader)) {
      best = r;
      bestEnd = end;
    }
  }
  return best === index ? -1 : best;
}

/** Up to where a log is compared, exclusive. */
function comparableEnd(history: History, log: LogAudit): number {
  const end = log.startOffset + log.records.length;
  return history.settled ? end : Math.min(end, log.highWatermark);
}

function firstDifference(history: History, a: LogAudit, b: LogAudit): number {
  const from = Math.max(a.startOffset, b.startOffset);
  const length = Math.min(comparableEnd(history, a), comparableEnd(history, b)) - from;
  const inA = a.records;
  const inB = b.records;
  const startA = from - a.startOffset;
  const startB = from - b.startOffset;
  // Replicas that hold the same batches were read once.
  if (inA === inB && startA === startB) return -1;
  for (let i = 0; i < length; i++) {
    const [mine, other] = [inA[startA + i]!, inB[startB + i]!];
    // What cannot be read is no other record: a copy that has gone bad.
    if (mine !== other && mine >= 0 && other >= 0) return from + i;
  }
  return -1;
}

/** Whether a broker led in an epoch, lost power, and led in it again. */
function ledAgain(evidence: Evidence, partition: number): boolean {
  const leaderOf = new Map<number, number>();
  const powerless = new Set<number>();
  for (const row of evidence.turns) {
    const kind = evidence.at(row, Column.kind);
    const host = evidence.at(row, Column.host);
    if (kind === Kind.powerLost) powerless.add(host);
    if (kind !== Kind.led || evidence.at(row, Column.partition) !== partition) continue;
    const epoch = evidence.at(row, Column.x);
    if (leaderOf.get(epoch) === host && powerless.has(host)) return true;
    leaderOf.set(epoch, host);
  }
  return false;
}

function explain(subject: Case): Finding[] {
  const { history, evidence } = subject;
  const findings: Finding[] = [];
  for (const audit of history.audits) {
    for (const [index, replica] of audit.replicas.entries()) {
      const reference = referenceFor(history, audit, index);
      if (reference < 0) continue;
      const other = audit.replicas[reference]!;
      const offset = firstDifference(history, replica.log, other.log);
      if (offset < 0) continue;
      const lossy = evidence.counts.uncleanElections + evidence.counts.brokerPowerLosses > 0;
      const again = ledAgain(evidence, audit.partition) ? 'epoch-led-again' : 'replicas-differ';
      const code = !history.settled && lossy ? 'not-yet-truncated' : again;
      const reason = because(code, { replica: replica.broker, other: other.broker, leaderEpoch: replica.leaderEpoch, offset });
      const record = replica.log.records[offset - replica.log.startOffset]!;
      findings.push(findingOf(subject, 'diverged', record, audit.partition, offset, reason, []));
    }
  }
  return findings;
}

export const diverged: Checker = { harm: 'diverged', count, explain };
