/**
 * SWALLOWED: never acknowledged, never told to the application, and in no log: a failure that fire-and-forget ignored, or what
 * was still in the producer when its process died. Counts records.
 *
 * Not swallowed: a record that reached the leader's log though nobody was told (nothing is missing); a record still pending
 * (that is STUCK); a failure that the application looked at. A partition whose leader gave no audit cannot be told.
 */
import { Outcome } from '../../history/history.ts';
import { ClientError, ErrorCode } from '../../kafka/protocol/errors.ts';
import { because } from '../because.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function isSwallowed({ history, logs }: Subject, id: number): boolean {
  const { outcome, told } = history.sends;
  const ended = outcome[id] === Outcome.failed || outcome[id] === Outcome.unknown;
  return ended && told[id] === 0 && logs.isAbsent(history, id);
}

function count(subject: Subject): number {
  if (subject.tally.failed + subject.tally.unknown === 0) return 0;
  const { outcome, count: records } = subject.history.sends;
  let swallowed = 0;
  for (let id = 0; id < records; id++) {
    if (outcome[id]! > Outcome.acknowledged && isSwallowed(subject, id)) swallowed++;
  }
  return swallowed;
}

function explain(subject: Case): Finding[] {
  const { sends } = subject.history;
  const findings: Finding[] = [];
  for (let id = 0; id < sends.count; id++) {
    if (!isSwallowed(subject, id)) continue;
    const events = [sends.sentEvent[id]!, sends.completedEvent[id]!];
    findings.push(findingOf(subject, 'swallowed', id, sends.partition[id]!, null, why(subject, id), events));
  }
  return findings;
}

const tooLarge: ReadonlySet<number> = new Set<number>([
  ClientError.recordTooLarge,
  ErrorCode.messageTooLarge,
  ErrorCode.recordListTooLarge,
]);

function why({ history }: Case, id: number): Because {
  const { diedInProducer, errorCode } = history.sends;
  if (diedInProducer[id] === 1) return because('died-in-accumulator', {});
  const code = errorCode[id]!;
  return because(tooLarge.has(code) ? 'record-too-large-ignored' : 'fire-and-forget', { errorCode: code });
}

export const swallowed: Checker = { harm: 'swallowed', count, explain };
