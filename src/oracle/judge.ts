/**
 * From a history, and what was noted of the run, to a judgement: which anomalies, why each, and whether settings and faults
 * permit it. Knows no simulator: a history of a real system is judged the same way, with an {@link Evidence} that saw nothing.
 */
import { type History, Step } from '../history/history.ts';
import type { FaultReport } from '../plan/faults.ts';
import type { Case } from './checkers/checker.ts';
import { checkers } from './checkers/registry.ts';
import { countHarmsOf, type HarmCounts, noHarms } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { type RunFacts, topicOf } from './facts.ts';
import { namesOfBitten, rulesFor, type Situation } from './permission.ts';
import { subjectOf } from './subject.ts';
import type { Anomaly } from './verdict.ts';

export interface Judgement {
  /** In the order of the harms, then of the records. */
  readonly anomalies: readonly Anomaly[];
  readonly counts: JudgementCounts;
  /** Sends that ended in an error or never ended while a fault lasted: a price, see `countUnavailable`. */
  readonly unavailable: number;
  /** A partition gave no audit of its leader: whether records are lost from it cannot be told. */
  readonly cannotTell: boolean;
  /** Anomalies that no permission rule allows: a bug of Spillway's or a discovery. */
  readonly unpermitted: number;
}

/** The counts as a report shows them. */
export type JudgementCounts = Omit<HarmCounts, 'unavailable' | 'cannotTell'>;

/** Judges a run. Pure: the same arguments give the same judgement. */
export function judge(history: History, evidence: Evidence, facts: RunFacts, faults: readonly FaultReport[]): Judgement {
  if (history.uneventful === true) {
    const { unavailable, cannotTell, ...counts } = noHarms(history.sends.count);
    return { anomalies: [], counts, unavailable, cannotTell, unpermitted: 0 };
  }
  const subject: Case = { ...subjectOf(history), evidence, facts };
  const { unavailable, cannotTell, ...counts } = countHarmsOf(subject, faults);
  const bit = namesOfBitten(faults);
  const anomalies: Anomaly[] = [];
  let unpermitted = 0;
  for (const checker of checkers) {
    if (counts[checker.harm] === 0) continue;
    for (const finding of checker.explain(subject)) {
      const partition = finding.partition === null ? -1 : history.partitions.indexOf(finding.partition);
      const group = history.groups.findIndex(({ name }) => name === finding.because.params['group']);
      const situation = situationOf(subject, finding.recordId, partition, group, bit);
      const permittedBy = rulesFor(finding.kind, finding.because, situation);
      const permitted = permittedBy.length > 0;
      if (!permitted) unpermitted++;
      anomalies.push({ ...finding, permitted, permittedBy });
    }
  }
  return { anomalies, counts, unavailable, cannotTell, unpermitted };
}

function situationOf(
  { history, evidence, facts }: Case,
  record: number,
  partition: number,
  group: number,
  bit: Situation['bit'],
): Situation {
  const index = record < 0 ? -1 : history.sends.producer[record]!;
  const producer = history.producers[index] ?? null;
  const topic = topicOf(facts, partition) ?? facts.topics.find(({ name }) => name === producer?.topic) ?? facts.topics[0];
  return {
    producer,
    onRestart: facts.onRestart[index] ?? 'continue',
    topic: topic ?? noTopic,
    bit,
    seen: evidence.counts,
    settled: history.settled,
    group: history.groups[group] ?? null,
    threw: group >= 0 && someoneThrew(history, group),
  };
}

function someoneThrew({ handling }: History, group: number): boolean {
  for (let row = 0; row < handling.count; row++) {
    if (handling.group[row] === group && handling.step[row] === Step.threw) return true;
  }
  return false;
}

/** Stands in when a run has no topic at all. */
const noTopic = {
  name: '',
  partitions: 0,
  replicationFactor: 1,
  minInsyncReplicas: 1,
  uncleanLeaderElection: false,
  flushMessages: 1,
} as const;
