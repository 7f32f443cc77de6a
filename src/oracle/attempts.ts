/**
 * The attempts behind a record that is in a log twice, or too late: where its batch began, when a leader appended it, when the
 * producer put it back for another attempt and with which error. Batches keep their records over all attempts (a batch that was
 * split for its size is the exception), so the first record of the batch names it.
 */
import type { History, LogAudit } from '../history/history.ts';
import { Column, type Evidence, Kind, rowWidth } from './evidence.ts';

/** One appearance of a record in a leader's log, and the append that made it. */
export interface Appearance {
  readonly partition: number;
  readonly offset: number;
  /** Event of the append, -1 when it was not noted. */
  readonly event: number;
  /** Record id of the first record of its batch; the record itself when that is not known. */
  readonly batchFirst: number;
}

/** The appearance of a record at an offset of the leader's final log. */
export function appearanceAt(evidence: Evidence, partition: number, log: LogAudit, offset: number): Appearance {
  const index = offset - log.startOffset;
  const epoch = log.epochs[index] ?? -1;
  const { rows, turns } = evidence;
  let leader = -1;
  let ledRow = 0;
  for (const row of turns) {
    const at = row * rowWidth;
    if (rows[at] === Kind.led && rows[at + Column.partition] === partition && rows[at + Column.x] === epoch) {
      leader = rows[at + Column.host]!;
      if (ledRow === 0) ledRow = row;
    }
  }
  let event = -1;
  let base = offset;
  for (let row = ledRow; row < evidence.length; row++) {
    const at = row * rowWidth;
    if (rows[at] !== Kind.appended || rows[at + Column.partition] !== partition) continue;
    if (leader >= 0 && rows[at + Column.host] !== leader) continue;
    const from = rows[at + Column.x]!;
    if (from > offset || offset >= from + rows[at + Column.y]!) continue;
    event = rows[at + Column.event]!;
    base = from;
  }
  return { partition, offset, event, batchFirst: log.records[base - log.startOffset] ?? log.records[index]! };
}

/** A batch put back by its producer. */
export interface Retry {
  readonly event: number;
  readonly errorCode: number;
}

/** The last time the producer put the batch back in `(fromEvent, toEvent]`, or null. */
export function lastRetry(evidence: Evidence, batchFirst: number, fromEvent: number, toEvent: number): Retry | null {
  const { rows, turns } = evidence;
  let found: Retry | null = null;
  for (const row of turns) {
    const at = row * rowWidth;
    const event = rows[at + Column.event]!;
    if (event > toEvent) break;
    if (event <= fromEvent || rows[at] !== Kind.retried || rows[at + Column.y] !== batchFirst) continue;
    found = { event, errorCode: rows[at + Column.x]! };
  }
  return found;
}

/** Event of an epoch bump of the record's producer in `(fromEvent, toEvent]`, -1 when there was none. */
export function epochBump(evidence: Evidence, producer: number, fromEvent: number, toEvent: number): number {
  const { rows, turns, layout } = evidence;
  for (const row of turns) {
    const at = row * rowWidth;
    const event = rows[at + Column.event]!;
    if (event > toEvent) break;
    if (event <= fromEvent || rows[at] !== Kind.epochBumped) continue;
    if (layout.producerOfHost[rows[at + Column.host]!] === producer) return event;
  }
  return -1;
}

/** Event at which the record's producer died in `(fromEvent, toEvent]`, -1 when it did not. */
export function producerDeath(evidence: Evidence, producer: number, fromEvent: number, toEvent: number): number {
  const { rows, turns, layout } = evidence;
  for (const row of turns) {
    const at = row * rowWidth;
    const event = rows[at + Column.event]!;
    if (event > toEvent) break;
    if (event <= fromEvent || (rows[at] !== Kind.crashed && rows[at] !== Kind.powerLost)) continue;
    if (layout.producerOfHost[rows[at + Column.host]!] === producer) return event;
  }
  return -1;
}

/** How a report names a record: `p1#29`. */
export function recordName(history: History, record: number): string {
  const producer = history.producers[history.sends.producer[record] ?? -1];
  return `${producer?.name ?? '?'}#${history.sends.ordinal[record] ?? -1}`;
}
