/**
 * Record batches (message format v2). A batch is immutable and shared by every log, request and response that holds it; the
 * leader makes one stamped copy of the header when it assigns offsets, the records are never copied.
 * Source: clients/.../record/DefaultRecordBatch.java.
 */
import type { Bytes, Millis, Offset } from '../../base/units.ts';
import type { ProducerRecord } from '../machine.ts';

/** Size of a batch's header. */
export const batchOverheadBytes = 61;
/** An upper estimate of a record's own overhead (lengths, deltas), as Kafka's client uses one for its batches. */
export const recordOverheadBytes = 21;

export class RecordBatch {
  constructor(
    /** 0 from a producer; the leader assigns it. */
    readonly baseOffset: Offset,
    /** -1 from a producer; the leader stamps it. */
    readonly partitionLeaderEpoch: number,
    /** -1 without idempotence. */
    readonly producerId: number,
    readonly producerEpoch: number,
    readonly baseSequence: number,
    readonly maxTimestampMs: Millis,
    readonly sizeBytes: Bytes,
    readonly records: readonly ProducerRecord[],
  ) {}

  /** False when its checksum fails. */
  get isIntact(): boolean {
    return true;
  }

  get lastOffset(): Offset {
    return this.baseOffset + this.records.length - 1;
  }

  /** Exclusive. */
  get endOffset(): Offset {
    return this.baseOffset + this.records.length;
  }

  /** Sequence of the last record; wraps at 2^31-1 to 0. */
  get lastSequence(): number {
    return this.baseSequence < 0 ? -1 : incrementSequence(this.baseSequence, this.records.length - 1);
  }

  /** The copy that a leader writes: same records, offsets and leader epoch assigned. */
  stamped(baseOffset: Offset, partitionLeaderEpoch: number): RecordBatch {
    return new RecordBatch(
      baseOffset,
      partitionLeaderEpoch,
      this.producerId,
      this.producerEpoch,
      this.baseSequence,
      this.maxTimestampMs,
      this.sizeBytes,
      this.records,
    );
  }
}

/** A batch whose header can be read and whose checksum fails: what a rotten sector makes of one that was intact. */
export class RottenBatch extends RecordBatch {
  constructor(was: RecordBatch) {
    super(
      was.baseOffset,
      was.partitionLeaderEpoch,
      was.producerId,
      was.producerEpoch,
      was.baseSequence,
      was.maxTimestampMs,
      was.sizeBytes,
      was.records,
    );
  }

  override get isIntact(): boolean {
    return false;
  }
}

/** `sequence + by` in Kafka's arithmetic: after 2^31-1 comes 0. */
export function incrementSequence(sequence: number, by: number): number {
  const sum = sequence + by;
  return sum > 2147483647 ? sum - 2147483648 : sum;
}
