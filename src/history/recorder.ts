/** Writes a {@link History} while a run goes on. Growth is amortised; nothing is copied until {@link HistoryRecorder.finish}. */
import type { Micros, Offset } from '../base/units.ts';
import { HandlingRecorder } from './handling.ts';
import {
  type CommittedOffset,
  type GroupFacts,
  type History,
  Outcome,
  type PartitionAudit,
  type ProducerFacts,
  type Reads,
  type Sends,
  type Step,
} from './history.ts';

/** Carves typed arrays of one length out of one buffer. */
class Columns {
  private readonly buffer: ArrayBuffer;
  private readonly length: number;
  private at = 0;

  constructor(length: number, floats: number, ints: number, bytes: number) {
    this.length = length;
    // Floats come first, then ints, so that everything is aligned; a column of shorts counts as two of bytes.
    this.buffer = new ArrayBuffer(length * (8 * floats + 4 * ints + bytes));
  }

  floats(): Float64Array {
    return new Float64Array(this.buffer, this.take(8), this.length);
  }
  ints(): Int32Array {
    return new Int32Array(this.buffer, this.take(4), this.length);
  }
  shorts(): Int16Array {
    return new Int16Array(this.buffer, this.take(2), this.length);
  }
  bytes(): Uint8Array {
    return new Uint8Array(this.buffer, this.take(1), this.length);
  }

  private take(width: number): number {
    const at = Math.ceil(this.at / width) * width;
    this.at = at + width * this.length;
    return at;
  }
}

/** What is known of a run's records before it starts; columns by record id, as in {@link Sends}. */
export type RecordFacts = Pick<Sends, 'count' | 'producer' | 'ordinal' | 'key'>;

/** What a record is to a history: its id. */
export interface RecordId {
  readonly id: number;
}

export class HistoryRecorder {
  readonly sends: Sends;
  private sendOrder = 0;
  /** By record: an earlier send ended without anybody knowing. */
  private readonly perhapsWritten: Uint8Array;
  private readCount = 0;
  private readConsumer: Int32Array;
  private readPartition: Int32Array;
  private readOffset: Float64Array;
  private readRecord: Int32Array;
  private readAtUs: Float64Array;
  private readEvent: Int32Array;
  private readonly handling = new HandlingRecorder();

  /** `expectedReads`: a first guess of how many reads follow. */
  constructor(facts: RecordFacts, expectedReads: number) {
    // One buffer for all columns: what costs is asking for memory, not its size.
    const columns = new Columns(facts.count, 3, 4, 7);
    this.sends = {
      count: facts.count,
      producer: facts.producer,
      ordinal: facts.ordinal,
      key: facts.key,
      sentAtUs: columns.floats().fill(-1),
      offset: columns.floats().fill(-1),
      completedAtUs: columns.floats().fill(-1),
      partition: columns.ints().fill(-1),
      sendOrder: columns.ints().fill(-1),
      sentEvent: columns.ints().fill(-1),
      completedEvent: columns.ints().fill(-1),
      errorCode: columns.shorts(),
      sendCount: columns.bytes(),
      outcome: columns.bytes(),
      told: columns.bytes(),
      diedInProducer: columns.bytes(),
    };
    this.perhapsWritten = columns.bytes();
    const room = Math.max(16, expectedReads);
    const reads = new Columns(room, 2, 4, 0);
    this.readOffset = reads.floats();
    this.readAtUs = reads.floats();
    this.readConsumer = reads.ints();
    this.readPartition = reads.ints();
    this.readRecord = reads.ints();
    this.readEvent = reads.ints();
  }

  /** The application called `send()` for these records. A second call for the same record makes it pending again. */
  sent(records: readonly RecordId[], atUs: Micros, event: number): void {
    const { sendOrder, sentAtUs, sentEvent, sendCount } = this.sends;
    for (let i = 0; i < records.length; i++) {
      const { id } = records[i]!;
      sendOrder[id] = this.sendOrder++;
      sentAtUs[id] = atUs;
      sentEvent[id] = event;
      if (sendCount[id]!++ > 0) this.sentAgain(id);
    }
  }

  private sentAgain(id: number): void {
    const { diedInProducer, outcome, told } = this.sends;
    diedInProducer[id] = 0;
    if (outcome[id] === Outcome.acknowledged) return;
    if (outcome[id] === Outcome.unknown) this.perhapsWritten[id] = 1;
    told[id] = 0;
    outcome[id] = Outcome.pending;
  }

  /** The partitioner decided. */
  partitioned(record: number, partition: number): void {
    this.sends.partition[record] = partition;
  }

  /**
   * The producer finished with these records: `offset` is that of the first, the others follow; -1 when none is known. `toldUser` says
   * whether the application looked.
   */
  completed(
    records: readonly RecordId[],
    result: Outcome,
    error: number,
    offset: Offset,
    toldUser: boolean,
    atUs: Micros,
    event: number,
  ): void {
    const { outcome, errorCode, offset: offsets, told, completedAtUs, completedEvent } = this.sends;
    for (let i = 0; i < records.length; i++) {
      const { id } = records[i]!;
      // Over all sends: one acknowledgement settles it, and what may have been written once is never certainly unwritten.
      if (outcome[id] === Outcome.acknowledged) continue;
      outcome[id] = result === Outcome.failed && this.perhapsWritten[id] === 1 ? Outcome.unknown : result;
      errorCode[id] = error;
      offsets[id] = offset < 0 ? -1 : offset + i;
      told[id] = toldUser ? 1 : 0;
      completedAtUs[id] = atUs;
      completedEvent[id] = event;
    }
  }

  /** The producer's process died with the record unfinished: nobody will ever be told. */
  diedInProducer(record: number): void {
    const s = this.sends;
    if (s.outcome[record] === Outcome.pending) {
      s.outcome[record] = Outcome.unknown;
      s.diedInProducer[record] = 1;
    }
  }

  /** A consumer's poll returned these records, from index `from` up to `to` (exclusive); `baseOffset` is the offset of index 0. */
  read(
    consumer: number,
    partition: number,
    baseOffset: Offset,
    records: readonly RecordId[],
    from: number,
    to: number,
    atUs: Micros,
    event: number,
  ): void {
    let row = this.readCount;
    this.readCount += Math.max(0, to - from);
    while (this.readCount > this.readConsumer.length) this.growReads();
    const { readConsumer, readPartition, readOffset, readRecord, readAtUs, readEvent } = this;
    for (let i = from; i < to; i++, row++) {
      readConsumer[row] = consumer;
      readPartition[row] = partition;
      readOffset[row] = baseOffset + i;
      readRecord[row] = records[i]!.id;
      readAtUs[row] = atUs;
      readEvent[row] = event;
    }
  }

  /** A step of a record in the application of a group's member. */
  handled(
    group: number,
    member: number,
    partition: number,
    offset: Offset,
    id: number,
    step: Step,
    atUs: Micros,
    event: number,
  ): void {
    this.handling.add(group, member, partition, offset, id, step, atUs, event);
  }

  private growReads(): void {
    const room = this.readConsumer.length * 2;
    const copyInt = (from: Int32Array): Int32Array => {
      const to = new Int32Array(room);
      to.set(from);
      return to;
    };
    const copyFloat = (from: Float64Array): Float64Array => {
      const to = new Float64Array(room);
      to.set(from);
      return to;
    };
    this.readConsumer = copyInt(this.readConsumer);
    this.readPartition = copyInt(this.readPartition);
    this.readOffset = copyFloat(this.readOffset);
    this.readRecord = copyInt(this.readRecord);
    this.readAtUs = copyFloat(this.readAtUs);
    this.readEvent = copyInt(this.readEvent);
  }

  finish(facts: {
    producers: readonly ProducerFacts[];
    consumers: readonly string[];
    partitions: readonly string[];
    groups?: readonly GroupFacts[];
    committed?: readonly CommittedOffset[];
    audits: readonly PartitionAudit[];
    healedAtUs: Micros;
    settled: boolean;
    endedAtUs: Micros;
  }): History {
    const reads: Reads = {
      count: this.readCount,
      consumer: this.readConsumer,
      partition: this.readPartition,
      offset: this.readOffset,
      record: this.readRecord,
      atUs: this.readAtUs,
      event: this.readEvent,
    };
    return {
      producers: facts.producers,
      consumers: facts.consumers,
      partitions: facts.partitions,
      sends: this.sends,
      reads,
      groups: facts.groups ?? [],
      handling: this.handling.rows(),
      committed: facts.committed ?? [],
      audits: facts.audits,
      healedAtUs: facts.healedAtUs,
      settled: facts.settled,
      endedAtUs: facts.endedAtUs,
    };
  }
}
