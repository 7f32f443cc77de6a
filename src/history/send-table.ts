/**
 * {@link Sends} while a run goes on. What every checker looks at is kept up to date: partition, order, number of sends, outcome. The
 * rest is noted once for all records that share a call, and written into columns when somebody asks: few runs of a campaign are
 * explained.
 */
import { emptyList } from '../base/lists.ts';
import type { Micros, Offset } from '../base/units.ts';
import { Outcome, type Sends } from './history.ts';

/** What is known of a run's records before it starts; columns by record id, as in {@link Sends}. */
export type RecordFacts = Pick<Sends, 'count' | 'producer' | 'ordinal' | 'key'>;

/** What a record is to a history: its id. */
export interface RecordId {
  readonly id: number;
}

/** A call of `send()`, or the end of one. */
interface Call {
  readonly records: readonly RecordId[];
  readonly atUs: Micros;
  readonly event: number;
  /** Null for a call of `send()`. */
  readonly end: { readonly outcome: Outcome; readonly errorCode: number; readonly offset: Offset; readonly told: boolean } | null;
}

/** The columns that are written when somebody asks. */
type Details = Pick<Sends, 'sentAtUs' | 'sentEvent' | 'offset' | 'completedAtUs' | 'completedEvent' | 'errorCode' | 'told'>;

export class SendTable implements Sends {
  readonly count: number;
  readonly producer: Int32Array;
  readonly ordinal: Int32Array;
  readonly key: Int32Array;
  readonly partition: Int32Array;
  readonly sendOrder: Int32Array;
  readonly sendCount: Uint8Array;
  readonly outcome: Uint8Array;
  readonly diedInProducer: Uint8Array;
  /** By record: an earlier send ended without anybody knowing. */
  private readonly perhapsWritten: Uint8Array;
  private nextOrder = 0;
  private readonly calls: Call[] = emptyList();
  /** What the calls so far come to, null before somebody asks. */
  private details: Details | null = null;

  constructor(facts: RecordFacts) {
    const { count } = facts;
    this.count = count;
    this.producer = facts.producer;
    this.ordinal = facts.ordinal;
    this.key = facts.key;
    // One buffer for all columns: what costs is asking for memory, not its size.
    const buffer = new ArrayBuffer(count * 12);
    new Int32Array(buffer, 0, 2 * count).fill(-1);
    this.partition = new Int32Array(buffer, 0, count);
    this.sendOrder = new Int32Array(buffer, 4 * count, count);
    this.sendCount = new Uint8Array(buffer, 8 * count, count);
    this.outcome = new Uint8Array(buffer, 9 * count, count);
    this.diedInProducer = new Uint8Array(buffer, 10 * count, count);
    this.perhapsWritten = new Uint8Array(buffer, 11 * count, count);
  }

  /** A table that goes on from here on its own. */
  fork(): SendTable {
    const fork = new SendTable(this);
    fork.partition.set(this.partition);
    fork.sendOrder.set(this.sendOrder);
    fork.sendCount.set(this.sendCount);
    fork.outcome.set(this.outcome);
    fork.diedInProducer.set(this.diedInProducer);
    fork.perhapsWritten.set(this.perhapsWritten);
    fork.nextOrder = this.nextOrder;
    for (const call of this.calls) fork.calls.push(call);
    return fork;
  }

  get sentAtUs(): Float64Array {
    return this.written().sentAtUs;
  }
  get sentEvent(): Int32Array {
    return this.written().sentEvent;
  }
  get offset(): Float64Array {
    return this.written().offset;
  }
  get completedAtUs(): Float64Array {
    return this.written().completedAtUs;
  }
  get completedEvent(): Int32Array {
    return this.written().completedEvent;
  }
  get errorCode(): Int16Array {
    return this.written().errorCode;
  }
  get told(): Uint8Array {
    return this.written().told;
  }

  /** The application called `send()` for these records. A second call for the same record makes it pending again. */
  sent(records: readonly RecordId[], atUs: Micros, event: number): void {
    this.note({ records, atUs, event, end: null });
    const { sendOrder, sendCount } = this;
    let order = this.nextOrder;
    for (let i = 0; i < records.length; i++) {
      const { id } = records[i]!;
      sendOrder[id] = order++;
      if (sendCount[id]!++ > 0) this.sentAgain(id);
    }
    this.nextOrder = order;
  }

  private sentAgain(id: number): void {
    const { diedInProducer, outcome } = this;
    diedInProducer[id] = 0;
    if (outcome[id] === Outcome.acknowledged) return;
    if (outcome[id] === Outcome.unknown) this.perhapsWritten[id] = 1;
    outcome[id] = Outcome.pending;
  }

  /**
   * The producer finished with these records: `offset` is that of the first, the others follow; -1 when none is known. `told` says
   * whether the application looked.
   */
  completed(
    records: readonly RecordId[],
    result: Outcome,
    errorCode: number,
    offset: Offset,
    told: boolean,
    atUs: Micros,
    event: number,
  ): void {
    this.note({ records, atUs, event, end: { outcome: result, errorCode, offset, told } });
    const { outcome } = this;
    for (let i = 0; i < records.length; i++) {
      const { id } = records[i]!;
      // Over all sends: one acknowledgement settles it, and what may have been written once is never certainly unwritten.
      if (result === Outcome.acknowledged) outcome[id] = result;
      else if (outcome[id] !== Outcome.acknowledged) {
        outcome[id] = result === Outcome.failed && this.perhapsWritten[id] === 1 ? Outcome.unknown : result;
      }
    }
  }

  /** The producer's process died with the record unfinished: nobody will ever be told. */
  died(record: number): void {
    if (this.outcome[record] !== Outcome.pending) return;
    this.outcome[record] = Outcome.unknown;
    this.diedInProducer[record] = 1;
  }

  private note(call: Call): void {
    this.calls.push(call);
    this.details = null;
  }

  private written(): Details {
    this.details ??= detailsOf(this.calls, this.count);
    return this.details;
  }
}

/** Goes through the calls in order. What an acknowledged record is told later changes nothing any more. */
function detailsOf(calls: readonly Call[], count: number): Details {
  const details: Details = {
    sentAtUs: new Float64Array(count).fill(-1),
    sentEvent: new Int32Array(count).fill(-1),
    offset: new Float64Array(count).fill(-1),
    completedAtUs: new Float64Array(count).fill(-1),
    completedEvent: new Int32Array(count).fill(-1),
    errorCode: new Int16Array(count),
    told: new Uint8Array(count),
  };
  const acknowledged = new Uint8Array(count);
  for (const { records, atUs, event, end } of calls) {
    for (let i = 0; i < records.length; i++) {
      const { id } = records[i]!;
      if (end === null) {
        details.sentAtUs[id] = atUs;
        details.sentEvent[id] = event;
        if (acknowledged[id] === 0) details.told[id] = 0;
      } else if (acknowledged[id] === 0) {
        acknowledged[id] = end.outcome === Outcome.acknowledged ? 1 : 0;
        details.errorCode[id] = end.errorCode;
        details.offset[id] = end.offset < 0 ? -1 : end.offset + i;
        details.told[id] = end.told ? 1 : 0;
        details.completedAtUs[id] = atUs;
        details.completedEvent[id] = event;
      }
    }
  }
  return details;
}
