/**
 * REORDERED: in a partition's log a record comes after one that the same producer sent later; or a group finished it after a later one
 * (`processing-order.ts`). Counts records that were overtaken. Compared are first appearances: a jump back onto a record already seen
 * is a duplicate, a jump back onto a new one is out of order (Vanlightly's MessageMonitor; Jepsen: `nonmonotonic-send`).
 *
 * The order of one key follows: a key's records of one producer are a subsequence of its partition, as long as their number stays
 * (`key-order.ts`). Kafka promises no order between two producers, nor between two partitions, so none is asked for. A
 * record that the application sent more than once counts by its last send when it comes late, and overtakes nobody: which send its
 * appearance stems from cannot be told.
 */
import type { LogAudit, Sends } from '../../history/history.ts';
import { type Appearance, appearanceAt, epochBump, lastRetry, producerDeath, recordName } from '../attempts.ts';
import { because } from '../because.ts';
import { offsetIn } from '../final-logs.ts';
import { freshMarks, type Subject } from '../subject.ts';
import type { Because } from '../verdict.ts';
import { type Case, type Checker, type Finding, findingOf } from './checker.ts';
import { countKeysOvertaken, explainKeysOvertaken } from './key-order.ts';
import { countProcessedLate, explainProcessedLate } from './processing-order.ts';

/** By producer: the latest send seen so far in a log. Reused over logs and runs. */
let latest = new Int32Array(8);

function count(subject: Subject): number {
  const { history, logs } = subject;
  const { sends } = history;
  let reordered = countProcessedLate(subject) + countKeysOvertaken(subject);
  for (let p = 0; p < logs.logs.length; p++) {
    const log = logs.logs[p] ?? null;
    if (log === null || isInOrder(log, sends, history.producers.length)) continue;
    overtaken(log, sends, history.producers.length, () => reordered++);
  }
  return reordered;
}

/** The quick look: send order never falls, producer by producer. What it cannot rule out is looked at again. */
function isInOrder(log: LogAudit, sends: Sends, producers: number): boolean {
  const { records } = log;
  const { sendOrder, producer } = sends;
  if (producers > 1) return isInOrderByProducer(records, sendOrder, producer, producers);
  let last = -1;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    if (record < 0) continue;
    const order = sendOrder[record]!;
    if (order < last) return false;
    last = order;
  }
  return true;
}

function isInOrderByProducer(records: Int32Array, sendOrder: Int32Array, producer: Int32Array, producers: number): boolean {
  if (latest.length < producers) latest = new Int32Array(producers);
  latest.fill(-1, 0, producers);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    if (record < 0) continue;
    const by = producer[record]!;
    const order = sendOrder[record]!;
    if (order < latest[by]!) return false;
    latest[by] = order;
  }
  return true;
}

/** Calls `found(record, overtaker)` for each first appearance that comes after a record its producer sent later. */
function overtaken(log: LogAudit, sends: Sends, producers: number, found: (record: number, overtaker: number) => void): void {
  const { marks, mark } = freshMarks(sends.count);
  const furthest = new Int32Array(producers).fill(-1);
  const { sendOrder, producer, sendCount } = sends;
  for (const record of log.records) {
    if (record < 0 || marks[record] === mark) continue;
    marks[record] = mark;
    const by = producer[record]!;
    const overtaker = furthest[by]!;
    if (overtaker >= 0 && sendOrder[record]! < sendOrder[overtaker]!) found(record, overtaker);
    else if (sendCount[record] === 1) furthest[by] = record;
  }
}

function explain(subject: Case): Finding[] {
  const { history, logs, evidence } = subject;
  const { sends } = history;
  const findings: Finding[] = [];
  for (let p = 0; p < logs.logs.length; p++) {
    const log = logs.logs[p] ?? null;
    if (log === null) continue;
    overtaken(log, sends, history.producers.length, (record, overtaker) => {
      const late = appearanceAt(evidence, p, log, offsetIn(log, record, 0));
      const early = appearanceAt(evidence, p, log, offsetIn(log, overtaker, 0));
      const [reason, events] = why(subject, record, overtaker, late, early);
      const witnesses = [sends.sentEvent[record]!, sends.sentEvent[overtaker]!, early.event, late.event, ...events];
      findings.push(findingOf(subject, 'reordered', record, p, late.offset, reason, witnesses));
    });
  }
  findings.push(...explainProcessedLate(subject), ...explainKeysOvertaken(subject));
  return findings;
}

function why(
  subject: Case,
  record: number,
  overtaker: number,
  late: Appearance,
  early: Appearance,
): [Because, readonly number[]] {
  const { history, evidence } = subject;
  const { sends, producers } = history;
  if (!evidence.observed) return [because('no-evidence', {}), []];
  const producer = sends.producer[record]!;
  const retry = lastRetry(evidence, late.batchFirst, -1, late.event);
  const params = {
    offset: late.offset,
    overtaker: recordName(history, overtaker),
    overtakerOffset: early.offset,
    errorCode: retry?.errorCode ?? 0,
  };
  const bump =
    producers[producer]?.idempotent === true ? epochBump(evidence, producer, sends.sentEvent[record]!, late.event) : -1;
  if (bump >= 0) return [because('epoch-bumped-then-overtaken', params), [bump, retry?.event ?? -1]];
  const finished = finishedEvent(subject, record, retry !== null, late.event);
  if (finished >= 0 && finished < late.event) return [because('late-execution-after-later-send', params), [finished]];
  if (retry === null) return [because('unexplained', {}), []];
  const other = lastRetry(evidence, early.batchFirst, -1, early.event);
  const code = other !== null && other.event === retry.event ? 'disconnect-reversed-retries' : 'retry-overtaken-in-flight';
  return [because(code, params), [retry.event]];
}

/** Event at which the producer was done with a record, -1 when that says nothing of its attempts. */
function finishedEvent({ history, evidence }: Case, record: number, retried: boolean, appendEvent: number): number {
  const { sends, producers } = history;
  const producer = sends.producer[record]!;
  if (sends.diedInProducer[record] === 1) return producerDeath(evidence, producer, sends.sentEvent[record]!, appendEvent);
  // With acks=0 a send is finished before it can be appended.
  return producers[producer]?.acks === 0 && retried ? -1 : sends.completedEvent[record]!;
}

export const reordered: Checker = { harm: 'reordered', count, explain };
