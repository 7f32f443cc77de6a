/**
 * LOST: acknowledged to the producer (with acks=0: the client reported success), and absent from the leader's log after heal and
 * quiescence. A difference of sets of ids, never of counts: records that survive without acknowledgement would mask losses
 * (sarwarbhuiyan/blockade-kafka-failure-examples, acks=all). Counts records.
 *
 * Not lost: what lies below the log's start (removed by policy). A partition whose leader gave no audit cannot be told, and
 * counts nothing. Jepsen: `lost-write`.
 */
import { Outcome } from '../../history/history.ts';
import { because } from '../because.ts';
import { topicOf } from '../facts.ts';
import { fateOf } from '../fate.ts';
import { removalEvents, whyLost } from '../loss.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function count({ history, logs, tally }: Subject): number {
  // The same set counted twice: every acknowledged record is present.
  if (tally.acknowledged === logs.acknowledged) return 0;
  const { outcome, count: records } = history.sends;
  const { appearances } = logs;
  let lost = 0;
  for (let id = 0; id < records; id++) {
    if (outcome[id] === Outcome.acknowledged && appearances[id] === 0 && logs.isAbsent(history, id)) lost++;
  }
  return lost;
}

function explain(subject: Case): Finding[] {
  const { history, logs } = subject;
  const { sends } = history;
  const findings: Finding[] = [];
  for (let id = 0; id < sends.count; id++) {
    if (sends.outcome[id] !== Outcome.acknowledged || !logs.isAbsent(history, id)) continue;
    const offset = sends.offset[id]!;
    const [reason, events] = why(subject, id);
    const witnesses = [sends.sentEvent[id]!, sends.completedEvent[id]!, ...events];
    findings.push(findingOf(subject, 'lost', id, sends.partition[id]!, offset < 0 ? null : offset, reason, witnesses));
  }
  return findings;
}

function why({ history, evidence, facts, logs }: Case, id: number): [Because, readonly number[]] {
  const { sends } = history;
  const acks = history.producers[sends.producer[id]!]?.acks;
  if (acks === 0) return [because('acks-0-nobody-confirmed', {}), []];
  if (!evidence.observed) return [because('no-evidence', {}), []];
  const partition = sends.partition[id]!;
  const offset = sends.offset[id]!;
  const log = logs.logs[partition] ?? null;
  if (log !== null && offset >= log.startOffset && log.records[offset - log.startOffset] === -1)
    return [because('batch-rotted', { offset }), []];
  const topic = topicOf(facts, partition);
  const replicationFactor = topic?.replicationFactor ?? 1;
  // An earlier send of the same record may have been the one that was appended.
  const from = sends.sendCount[id]! > 1 ? 0 : sends.sentEvent[id]!;
  const fate = fateOf(evidence, partition, offset, replicationFactor, from, sends.completedEvent[id]!);
  if (fate === null) return [because('acknowledged-never-appended', { offset }), []];
  return [whyLost(fate, acks ?? 1, replicationFactor, topic?.flushMessages === 1), removalEvents(fate)];
}

export const lost: Checker = { harm: 'lost', count, explain };
