/**
 * DUPLICATED: one record at two or more offsets of its topic, in the leaders' logs. Counts records, not copies. A record that
 * the application itself sent again after a restart is one: its identity is the application's, not the producer's.
 * Jepsen: `duplicate`.
 */

import { ErrorCode } from '../../kafka/protocol/errors.ts';
import type { Appearance } from '../attempts.ts';
import { appearanceAt, epochBump, lastRetry } from '../attempts.ts';
import { because } from '../because.ts';
import type { Evidence } from '../evidence.ts';
import { offsetIn } from '../final-logs.ts';
import type { Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';

function count({ history, logs }: Subject): number {
  if (logs.repeats === 0) return 0;
  const { appearances } = logs;
  let duplicated = 0;
  for (let id = 0; id < history.sends.count; id++) if (appearances[id]! > 1) duplicated++;
  return duplicated;
}

function explain(subject: Case): Finding[] {
  const { history, logs } = subject;
  const findings: Finding[] = [];
  if (logs.repeats === 0) return findings;
  for (let id = 0; id < history.sends.count; id++) {
    if (logs.appearances[id]! < 2) continue;
    const [first, second] = firstTwo(subject, id);
    const [reason, events] = why(subject, id, first, second);
    const { sentEvent } = history.sends;
    findings.push(
      findingOf(subject, 'duplicated', id, second.partition, second.offset, reason, [
        sentEvent[id]!,
        first.event,
        second.event,
        ...events,
      ]),
    );
  }
  return findings;
}

/** The first two appearances, in the order in which they were appended when that is known. */
function firstTwo({ logs, evidence }: Case, id: number): [Appearance, Appearance] {
  const found: Appearance[] = [];
  for (let p = 0; p < logs.logs.length && found.length < 2; p++) {
    const log = logs.logs[p] ?? null;
    if (log === null) continue;
    for (let nth = 0; found.length < 2; nth++) {
      const offset = offsetIn(log, id, nth);
      if (offset < 0) break;
      found.push(appearanceAt(evidence, p, log, offset));
    }
  }
  const [a, b] = found as [Appearance, Appearance];
  return b.event >= 0 && b.event < a.event ? [b, a] : [a, b];
}

function why({ history, evidence }: Case, id: number, first: Appearance, second: Appearance): [Because, readonly number[]] {
  const { sends, producers } = history;
  const firstOffset = first.offset;
  const secondOffset = second.offset;
  const producer = sends.producer[id]!;
  const idempotent = producers[producer]?.idempotent ?? false;
  const again = sends.sentEvent[id]!;
  if (sends.sendCount[id]! > 1 && (second.event < 0 || again < second.event)) {
    const code = idempotent ? 'retry-after-restart-new-producer-id' : 'resent-after-restart';
    return [because(code, { firstOffset, secondOffset }), []];
  }
  if (!evidence.observed) return [because('no-evidence', {}), []];
  const retry =
    lastRetry(evidence, first.batchFirst, -1, second.event) ?? lastRetry(evidence, second.batchFirst, -1, second.event);
  const errorCode = retry?.errorCode ?? 0;
  const bump = idempotent ? bumpBetween(evidence, producer, first, second) : -1;
  if (bump >= 0)
    return [because('epoch-bumped-after-expiry', { firstOffset, secondOffset, errorCode }), [bump, retry?.event ?? -1]];
  if (retry === null) return [because('unexplained', {}), []];
  // When the producer gave up before either attempt was appended, the first request was executed after that.
  const code = retry.event < first.event ? 'late-execution-of-a-timed-out-request' : 'retry-after-unknown-outcome';
  return [because(code, { firstOffset, secondOffset, errorCode }), [retry.event]];
}

/**
 * The bump that gave the second attempt another epoch than the first, -1 when there was none: it came after the first was appended,
 * or after it was given up, and then the broker executed it late (KAFKA-14034).
 */
function bumpBetween(evidence: Evidence, producer: number, first: Appearance, second: Appearance): number {
  const bump = epochBump(evidence, producer, first.event, second.event);
  if (bump >= 0) return isForItself(evidence, first.batchFirst, bump) ? -1 : bump;
  const givenUp = lastRetry(evidence, first.batchFirst, -1, first.event);
  return givenUp === null ? -1 : epochBump(evidence, producer, givenUp.event - 1, first.event);
}

/**
 * Whether the producer bumped its epoch because this very batch, which had been appended, was called out of order: a broker that lost
 * nothing recognises it instead (ProducerStateEntry.findDuplicateBatch).
 */
function isForItself(evidence: Evidence, batchFirst: number, bump: number): boolean {
  const { uncleanElections, brokerDataLosses } = evidence.counts;
  if (uncleanElections + brokerDataLosses > 0) return false;
  return lastRetry(evidence, batchFirst, bump - 1, bump)?.errorCode === ErrorCode.outOfOrderSequenceNumber;
}

export const duplicated: Checker = { harm: 'duplicated', count, explain };
