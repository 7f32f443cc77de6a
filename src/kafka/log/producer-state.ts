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

export interface BatchMetadata {
  firstSequence: number;
  lastSequence: number;
  firstOffset: Offset;
  lastOffset: Offset;
}

export interface ProducerStateEntry {
  producerEpoch: number;
  /** Oldest first, at most {@link batchesToRetain}. */
  readonly batches: BatchMetadata[];
  lastTimestampMs: Millis;
}

export type ProducerStates = Map<number, ProducerStateEntry>;

/** The batch of the window that is this very batch again (same epoch, same first and last sequence), or null. */
export function duplicateOf(states: ProducerStates, batch: RecordBatch): BatchMetadata | null {
  const entry = states.get(batch.producerId);
  if (entry === undefined || entry.producerEpoch !== batch.producerEpoch) return null;
  const batches = entry.batches;
  for (let i = batches.length - 1; i >= 0; i--) {
    const known = batches[i]!;
    if (known.firstSequence === batch.baseSequence && known.lastSequence === batch.lastSequence) return known;
  }
  return null;
}

/** The sequence that would be accepted next, -1 when any is (nothing known of the producer). */
export function expectedSequence(states: ProducerStates, producerId: number): number {
  const entry = states.get(producerId);
  return entry === undefined ? -1 : nextSequence(entry);
}

function nextSequence({ batches }: ProducerStateEntry): number {
  return batches.length === 0 ? -1 : incrementSequence(batches[batches.length - 1]!.lastSequence, 1);
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
    entry = { producerEpoch: batch.producerEpoch, batches: emptyList(), lastTimestampMs: 0 };
    states.set(batch.producerId, entry);
  }
  if (entry.producerEpoch !== batch.producerEpoch) {
    entry.producerEpoch = batch.producerEpoch;
    entry.batches.length = 0;
  }
  const batches = entry.batches;
  if (batches.length < batchesToRetain) {
    batches.push({
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
    });
  } else {
    // The window moves on: the oldest entry becomes the newest one.
    const moved = batches[0]!;
    for (let i = 1; i < batchesToRetain; i++) batches[i - 1] = batches[i]!;
    moved.firstSequence = batch.baseSequence;
    moved.lastSequence = batch.lastSequence;
    moved.firstOffset = batch.baseOffset;
    moved.lastOffset = batch.lastOffset;
    batches[batchesToRetain - 1] = moved;
  }
  entry.lastTimestampMs = batch.maxTimestampMs;
}

/** Forgets producers that have been silent for `producer.id.expiration.ms`. */
export function expireProducers(states: ProducerStates, nowMs: Millis, expirationMs: Millis): void {
  for (const [producerId, entry] of states) {
    if (nowMs - entry.lastTimestampMs >= expirationMs) states.delete(producerId);
  }
}
