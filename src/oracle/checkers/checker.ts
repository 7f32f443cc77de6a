/**
 * What a checker is: a definition of one harm, counted first and explained only when asked. Counting reads typed arrays and
 * allocates nothing when nothing is wrong; explaining may take its time.
 */
import type { Offset } from '../../base/units.ts';
import { recordName } from '../attempts.ts';
import type { Evidence } from '../evidence.ts';
import type { RunFacts } from '../facts.ts';
import type { Subject } from '../subject.ts';
import type { Anomaly, Because, Harm } from '../verdict.ts';

/** Everything an explanation may draw on. */
export interface Case extends Subject {
  readonly evidence: Evidence;
  readonly facts: RunFacts;
}

/** An anomaly before it is known whether the settings permit it. */
export type Finding = Omit<Anomaly, 'permitted' | 'permittedBy'>;

/** A pure function of its subject, twice: how many, and which. Both find the same. */
export interface Checker {
  readonly harm: Harm;
  /** How many there are; the unit is said in the checker's file. */
  count(subject: Subject): number;
  /** Each of them, with its reason and its witness events. */
  explain(subject: Case): Finding[];
}

/** Makes a finding about a record; `events` may hold -1 for "not known" and come in any order. */
export function findingOf(
  subject: Subject,
  kind: Harm,
  record: number,
  partition: number,
  offset: Offset | null,
  because: Because,
  events: readonly number[],
): Finding {
  const { history } = subject;
  return {
    kind,
    record: record < 0 ? null : recordName(history, record),
    recordId: record,
    partition: history.partitions[partition] ?? null,
    offset,
    because,
    events: ascending(events),
  };
}

/** Known events, each once, in order. */
function ascending(events: readonly number[]): number[] {
  return [...new Set(events)].filter((event) => event >= 0).sort((a, b) => a - b);
}
