/**
 * How many of each harm, and nothing else: what a campaign of thousands of runs a second asks for. Passes over typed arrays, no
 * object per record; `judge.ts` explains the runs that are worth it.
 */
import { type History, Outcome } from '../history/history.ts';
import { ClientError, ErrorCode } from '../kafka/protocol/errors.ts';
import type { FaultReport } from '../plan/faults.ts';
import { checkers } from './checkers/registry.ts';
import { FinalLogs } from './final-logs.ts';
import { type Subject, subjectOf, type Tally } from './subject.ts';
import type { Harm } from './verdict.ts';

/** Counts of one run. What each harm counts is said in its checker. */
export interface HarmCounts extends Tally, Readonly<Record<Harm, number>> {
  /** See {@link countUnavailable}. */
  readonly unavailable: number;
  /** A partition gave no audit of its leader: nothing is known to be absent from it. */
  readonly cannotTell: boolean;
}

const shared = new FinalLogs();

/**
 * Counts the harms of a run. `faults` are asked only when they began (see {@link countUnavailable}).
 */
export function countHarms(history: History, faults: readonly FaultReport[] = []): HarmCounts {
  if (history.uneventful === true) return noHarms(history.sends.count);
  return countHarmsOf(subjectOf(history, shared), faults);
}

/** Of a history in which nothing happened to any record (see {@link History.uneventful}). */
export function noHarms(acknowledged: number): HarmCounts {
  return {
    sent: acknowledged,
    acknowledged,
    failed: 0,
    unknown: 0,
    pending: 0,
    unavailable: 0,
    cannotTell: false,
    lost: 0,
    swallowed: 0,
    missed: 0,
    duplicated: 0,
    reprocessed: 0,
    appliedTwice: 0,
    reordered: 0,
    phantom: 0,
    dirtyRead: 0,
    diverged: 0,
    stuck: 0,
  };
}

/** The same as {@link countHarms}, of a subject that is prepared already. */
export function countHarmsOf(subject: Subject, faults: readonly FaultReport[]): HarmCounts {
  const { sent, acknowledged, failed, unknown, pending } = subject.tally;
  const counts = {
    sent,
    acknowledged,
    failed,
    unknown,
    pending,
    unavailable: acknowledged === sent ? 0 : countUnavailable(subject.history, firstInjection(faults)),
    cannotTell: subject.logs.unaudited > 0,
    lost: 0,
    swallowed: 0,
    missed: 0,
    duplicated: 0,
    reprocessed: 0,
    appliedTwice: 0,
    reordered: 0,
    phantom: 0,
    dirtyRead: 0,
    diverged: 0,
    stuck: 0,
  };
  for (const checker of checkers) counts[checker.harm] = checker.count(subject);
  return counts;
}

/** When the first fault was injected; 0 when none was, so that the whole run counts. */
function firstInjection(faults: readonly FaultReport[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const fault of faults) for (const at of fault.atUs) if (at < first) first = at;
  return first === Number.POSITIVE_INFINITY ? 0 : first;
}

/**
 * UNAVAILABLE, a price and not an anomaly: sends that ended in an error at or after `sinceUs` (the first fault), or were still
 * unfinished when the run ended. A fault counts as lasting until the run ends, because what it leaves behind (an election, an
 * ISR to refill) outlasts it. Not counted: a record refused for its own size, and what died with its producer's process.
 */
export function countUnavailable(history: History, sinceUs: number): number {
  const { outcome, errorCode, diedInProducer, completedAtUs, sendOrder, count } = history.sends;
  let unavailable = 0;
  for (let id = 0; id < count; id++) {
    const how = outcome[id]!;
    if (how === Outcome.acknowledged) continue;
    if (how === Outcome.pending) {
      if (sendOrder[id]! >= 0) unavailable++;
    } else if (diedInProducer[id] === 0 && completedAtUs[id]! >= sinceUs && !isTooLarge(errorCode[id]!)) unavailable++;
  }
  return unavailable;
}

function isTooLarge(code: number): boolean {
  return code === ClientError.recordTooLarge || code === ErrorCode.messageTooLarge || code === ErrorCode.recordListTooLarge;
}
