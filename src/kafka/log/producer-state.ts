/**
 * What a log knows of idempotent producers: for each producer id its epoch and its last five batches. Derived from the log alone, so
 * every replica has it. Source: ProducerStateEntry.java, ProducerAppendInfo.java, UnifiedLog.analyzeAndValidateProducerState.
 */
import { emptyList } from '../../base/lists.ts';
import type { Millis, Offset } from '../../base/units.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { incrementSequence, type RecordBatch } from '../protocol/records.ts';

/** ProducerStateEntry.NUM_BATCHES_TO_RETAIN: why at most five requests may be in flight. */
export const batchesToRetain = 5;

export interface ProducerStateEntry {
  producerEpoch: number;
  /** At most {@link batchesToRetain}: the newest takes the place of the oldest. */
  readonly batches: RecordBatch[];
  /** Where the newest is; the others precede it in turn. */
  newest: number;
  lastTimestampMs: Millis;
}

export type ProducerStates = Map<number, ProducerStateEntry>;

/** The batch of the window that is this very batch again (same epoch, same first and last sequence), or null. */
export function duplicateOf(states: ProducerStates, batch: RecordBatch): RecordBatch | null {
  const entry = states.get(batch.producerId);
  if (entry === undefined || entry.producerEpoch !== batch.producerEpoch) return null;
  const { batches } = entry;
  const { baseSequence, lastSequence } = batch;
  for (let i = 0; i < batches.length; i++) {
    const known = batches[i]!;
    if (known.baseSequence === baseSequence && known.lastSequence === lastSequence) return known;
  }
  return null;
}

/** The sequence that would be accepted next, -1 when any is (nothing known of the producer). */
export function expectedSequence(states: ProducerStates, producerId: number): number {
  const entry = states.get(producerId);
  return entry === undefined ? -1 : nextSequence(entry);
}

function nextSequence({ batches, newest }: ProducerStateEntry): number {
  return batches.length === 0 ? -1 : incrementSequence(batches[newest]!.lastSequence, 1);
}

/** Error code for a batch that is no duplicate; 0 when it may be appended. An unknown producer id is accepted with any sequence. */
export function checkSequence(states: ProducerStates, batch: RecordBatch): number {
  const entry = states.get(batch.producerId);
  if (entry === undefined) return ErrorCode.none;
  if (batch.producerEpoch < entry.producerEpoch) return ErrorCode.invalidProducerEpoch;
  if (batch.producerEpoch !== entry.producerEpoch) {
    return batch.baseSequence === 0 ? ErrorCode.none : ErrorCode.outOfOrderSequenceNumber;
  }
  const expected = nextSequence(entry);
  return expected === -1 || expected === batch.baseSequence ? ErrorCode.none : ErrorCode.outOfOrderSequenceNumber;
}

/** Takes an appended batch into account. */
export function updateProducerState(states: ProducerStates, batch: RecordBatch): void {
  if (batch.producerId < 0) return;
  let entry = states.get(batch.producerId);
  if (entry === undefined) {
    entry = { producerEpoch: batch.producerEpoch, batches: emptyList(), newest: -1, lastTimestampMs: 0 };
    states.set(batch.producerId, entry);
  }
  const { batches } = entry;
  if (entry.producerEpoch !== batch.producerEpoch) {
    entry.producerEpoch = batch.producerEpoch;
    entry.newest = -1;
    batches.length = 0;
  }
  entry.newest = (entry.newest + 1) % batchesToRetain;
  if (batches.length < batchesToRetain) batches.push(batch);
  else batches[entry.newest] = batch;
  entry.lastTimestampMs = batch.maxTimestampMs;
}

/** Forgets producers that have been silent for `producer.id.expiration.ms`; says how many. */
export function expireProducers(states: ProducerStates, nowMs: Millis, expirationMs: Millis): number {
  const before = states.size;
  for (const [producerId, entry] of states) {
    if (nowMs - entry.lastTimestampMs >= expirationMs) states.delete(producerId);
  }
  return before - states.size;
}

/** What was known of producers where a segment begins. Source: ProducerStateManager.takeSnapshot. */
export interface ProducerSnapshot {
  readonly offset: Offset;
  /** The last batch of each, the only one that a snapshot keeps: what it repeats is still known, what went before is not. */
  readonly batches: readonly RecordBatch[];
}

/** Name of the file with the snapshots of a log. */
export function producerSnapshotsName(directory: string): string {
  return `${directory}/producer-snapshots`;
}

/** A snapshot at an offset. */
export function snapshotOf(offset: Offset, states: ProducerStates): ProducerSnapshot {
  const batches: RecordBatch[] = [];
  for (const { batches: known, newest } of states.values()) batches.push(known[newest]!);
  return { offset, batches };
}

/** Takes over what a snapshot knows. */
export function restoreProducers(states: ProducerStates, { batches }: ProducerSnapshot): void {
  for (const batch of batches) updateProducerState(states, batch);
}
