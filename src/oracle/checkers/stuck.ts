/**
 * STUCK: every fault was healed and there was time to recover, yet a send is still pending, or the cluster did not come to rest.
 * Counts pending sends, and one for the cluster.
 *
 * A run that ended before its faults were healed (its budget of events was spent) is inconclusive, not stuck. A record that the
 * application never came to send is no pending send.
 */
import { type History, Outcome } from '../../history/history.ts';
import { because } from '../because.ts';
import { Column, Kind } from '../evidence.ts';
import { topicOf } from '../facts.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function isPending(history: History, id: number): boolean {
  const { outcome, sendOrder } = history.sends;
  return outcome[id] === Outcome.pending && sendOrder[id]! >= 0;
}

function count({ history, tally }: Subject): number {
  if (history.healedAtUs < 0) return 0;
  return tally.pending + (history.settled ? 0 : 1);
}

function explain(subject: Case): Finding[] {
  const { history } = subject;
  const findings: Finding[] = [];
  if (history.healedAtUs < 0) return findings;
  const { sends } = history;
  for (let id = 0; id < sends.count; id++) {
    if (!isPending(history, id)) continue;
    const partition = sends.partition[id]!;
    const [reason, event] = why(subject, partition) ?? [because('send-never-completed', {}), -1];
    findings.push(findingOf(subject, 'stuck', id, partition, null, reason, [sends.sentEvent[id]!, event]));
  }
  if (!history.settled) {
    const [reason, event, partition] = whyUnsettled(subject);
    findings.push(findingOf(subject, 'stuck', -1, partition, null, reason, [event]));
  }
  return findings;
}

/** A group whose offset is known to be behind the log that it reads, or null. */
function lagging({ history, logs }: Case): [Because, number, number] | null {
  for (const { group, partition, offset } of history.committed) {
    const log = logs.logs[partition] ?? null;
    if (log === null) continue;
    const endOffset = log.startOffset + log.records.length;
    if (Math.max(offset, log.startOffset) >= endOffset) continue;
    return [because('group-lags', { group: history.groups[group]!.name, committed: offset, endOffset }), -1, partition];
  }
  return null;
}

function whyUnsettled(subject: Case): [Because, number, number] {
  for (let p = 0; p < subject.history.partitions.length; p++) {
    const found = why(subject, p);
    if (found !== null) return [...found, p];
  }
  // A broker that stays fenced keeps the cluster from rest even where it has no replica.
  const deposed = deposedBroker(subject);
  if (deposed !== null) return [...deposed, -1];
  return lagging(subject) ?? [because('not-settled', {}), -1, -1];
}

/** A broker that is fenced for good: a registration of its former life replaced the present one, and it was not started again. */
function deposedBroker({ evidence }: Case): [Because, number] | null {
  let deposed: [broker: number, event: number] | null = null;
  for (const row of evidence.turns) {
    const kind = evidence.at(row, Column.kind);
    if (kind === Kind.deposed) deposed = [evidence.at(row, Column.x), evidence.at(row, Column.event)];
    else if (kind === Kind.started && deposed?.[0] === evidence.layout.brokerOfHost[evidence.at(row, Column.host)])
      deposed = null;
  }
  return deposed === null ? null : [because('broker-deposed', { broker: deposed[0] }), deposed[1]];
}

/** What holds a partition up: its last election, its ISR, a broker or a log directory that is gone. Null when none of these. */
function why(subject: Case, partition: number): [Because, number] | null {
  const { evidence, facts } = subject;
  const topic = topicOf(facts, partition);
  const replicas = topic?.replicationFactor ?? 1;
  let isrSize = replicas;
  let isrEvent = -1;
  let offline: [lastLeader: number, event: number] | null = null;
  let failed: [host: number, event: number] | null = null;
  let corrupt: [offset: number, leader: number, event: number] | null = null;
  for (const row of evidence.turns) {
    const kind = evidence.at(row, Column.kind);
    const event = evidence.at(row, Column.event);
    const host = evidence.at(row, Column.host);
    if (kind === Kind.directoryFailed) failed = [host, event];
    else if (kind === Kind.started && failed?.[0] === host) failed = null;
    if (evidence.at(row, Column.partition) !== partition) continue;
    const x = evidence.at(row, Column.x);
    if (kind === Kind.corruptFetched) corrupt = [x, evidence.at(row, Column.y), event];
    if (kind === Kind.offline) offline = [x, event];
    else if (kind === Kind.elected) offline = null;
    else if (kind === Kind.electedUnclean) {
      offline = null;
      isrSize = 1;
    } else if (kind === Kind.isrChanged) {
      isrSize = x;
      isrEvent = event;
    }
  }
  if (failed !== null)
    return [because('log-directory-failed', { broker: evidence.layout.brokerOfHost[failed[0]] ?? -1 }), failed[1]];
  if (corrupt !== null) return [because('corrupt-batch', { offset: corrupt[0], leader: corrupt[1] }), corrupt[2]];
  const deposed = offline !== null || isrSize < replicas ? deposedBroker(subject) : null;
  if (deposed !== null) return deposed;
  if (offline !== null) return [because('partition-offline', { lastLeader: offline[0], isrSize }), offline[1]];
  if (topic !== null && isrSize < topic.minInsyncReplicas) {
    return [because('isr-below-minimum', { isrSize, minInsyncReplicas: topic.minInsyncReplicas }), isrEvent];
  }
  return null;
}

export const stuck: Checker = { harm: 'stuck', count, explain };
