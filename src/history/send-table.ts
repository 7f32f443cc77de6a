/**
 * {@link Sends} while a run goes on: a note for each call, which all records of the call share. Columns are written when somebody asks:
 * few runs of a campaign are explained, and in most of the others nothing happened that a checker could find (`uneventful.ts`).
 */
import { emptyList } from '../base/lists.ts';
import type { Micros, Offset } from '../base/units.ts';
import { EachInTurn, type RecordId } from './each-in-turn.ts';
import { Outcome, type Sends } from './history.ts';

/** What is known of a run's records before it starts; columns by record id, as in {@link Sends}. */
export type RecordFacts = Pick<Sends, 'count' | 'producer' | 'ordinal' | 'key'>;

/** What a call was. */
const What = { sent: 0, placed: 1, completed: 2, died: 3 } as const;
type What = (typeof What)[keyof typeof What];

/** A call that concerns records from index `from` up to `to` (exclusive) of a list. What does not belong to its kind is -1. */
class Call {
  readonly what: What;
  readonly records: readonly RecordId[];
  readonly from: number;
  readonly to: number;
  readonly atUs: Micros;
  readonly event: number;
  readonly partition: number;
  readonly outcome: number;
  readonly errorCode: number;
  /** Of the first record; the others follow. */
  readonly offset: Offset;
  readonly told: boolean;

  constructor(
    what: What,
    records: readonly RecordId[],
    from: number,
    to: number,
    atUs: Micros,
    event: number,
    partition: number,
    outcome: number,
    errorCode: number,
    offset: Offset,
    told: boolean,
  ) {
    this.what = what;
    this.records = records;
    this.from = from;
    this.to = to;
    this.atUs = atUs;
    this.event = event;
    this.partition = partition;
    this.outcome = outcome;
    this.errorCode = errorCode;
    this.offset = offset;
    this.told = told;
  }
}

/** The columns that are written when somebody asks. */
type Columns = Omit<Sends, keyof RecordFacts>;

export class SendTable implements Sends {
  readonly count: number;
  readonly producer: Int32Array;
  readonly ordinal: Int32Array;
  readonly key: Int32Array;
  private readonly calls: Call[] = emptyList();
  /** What was handed over, and what was acknowledged. */
  private readonly handedOver: EachInTurn;
  private readonly acknowledged: EachInTurn;
  /** What the calls so far come to, null before somebody asks. */
  private columns: Columns | null = null;

  constructor(facts: RecordFacts, original: SendTable | null = null) {
    this.count = facts.count;
    this.producer = facts.producer;
    this.ordinal = facts.ordinal;
    this.key = facts.key;
    this.handedOver = original === null ? new EachInTurn(facts) : original.handedOver.fork();
    this.acknowledged = original === null ? new EachInTurn(facts) : original.acknowledged.fork();
    if (original !== null) for (const call of original.calls) this.calls.push(call);
  }

  /** A table that goes on from here on its own. */
  fork(): SendTable {
    return new SendTable(this, this);
  }

  /** Every record was handed over and acknowledged, each once, each producer's in their order; no call ended otherwise. */
  get allAcknowledgedInTurn(): boolean {
    return this.handedOver.complete && this.acknowledged.complete;
  }

  get partition(): Int32Array {
    return this.written().partition;
  }
  get sendOrder(): Int32Array {
    return this.written().sendOrder;
  }
  get sendCount(): Uint8Array {
    return this.written().sendCount;
  }
  get outcome(): Uint8Array {
    return this.written().outcome;
  }
  get diedInProducer(): Uint8Array {
    return this.written().diedInProducer;
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
    const to = records.length;
    this.handedOver.take(records);
    this.note(new Call(What.sent, records, 0, to, atUs, event, -1, -1, -1, -1, false));
  }

  /** The records from index `from` up to `to` (exclusive) are meant for this partition. */
  placed(records: readonly RecordId[], from: number, to: number, partition: number): void {
    this.note(new Call(What.placed, records, from, to, -1, -1, partition, -1, -1, -1, false));
  }

  /**
   * The producer finished with these records: `offset` is that of the first, the others follow; -1 when none is known. `told` says
   * whether the application looked.
   */
  completed(
    records: readonly RecordId[],
    outcome: Outcome,
    errorCode: number,
    offset: Offset,
    told: boolean,
    atUs: Micros,
    event: number,
  ): void {
    const to = records.length;
    if (outcome === Outcome.acknowledged) this.acknowledged.take(records);
    else this.acknowledged.spoil();
    this.note(new Call(What.completed, records, 0, to, atUs, event, -1, outcome, errorCode, offset, told));
  }

  /** The producer's process died: of those of its records that are unfinished nobody will ever be told. */
  died(records: readonly RecordId[]): void {
    this.acknowledged.spoil();
    this.note(new Call(What.died, records, 0, records.length, -1, -1, -1, -1, -1, -1, false));
  }

  private note(call: Call): void {
    this.calls.push(call);
    this.columns = null;
  }

  private written(): Columns {
    this.columns ??= columnsOf(this.calls, this.count);
    return this.columns;
  }
}

function columnsOf(calls: readonly Call[], count: number): Columns {
  const writer = new ColumnWriter(count);
  for (const call of calls) {
    if (call.what === What.sent) writer.sent(call);
    else if (call.what === What.placed) writer.placed(call);
    else if (call.what === What.completed) writer.completed(call);
    else writer.died(call);
  }
  return writer;
}

/** Goes through the calls in order. */
class ColumnWriter implements Columns {
  readonly partition: Int32Array;
  readonly sendOrder: Int32Array;
  readonly sentEvent: Int32Array;
  readonly completedEvent: Int32Array;
  readonly sentAtUs: Float64Array;
  readonly offset: Float64Array;
  readonly completedAtUs: Float64Array;
  readonly errorCode: Int16Array;
  readonly sendCount: Uint8Array;
  readonly outcome: Uint8Array;
  readonly diedInProducer: Uint8Array;
  readonly told: Uint8Array;
  /** By record: an earlier send ended without anybody knowing. */
  private readonly perhapsWritten: Uint8Array;
  private nextOrder = 0;

  constructor(count: number) {
    // One buffer for all of a kind: what costs is asking for memory, not its size.
    const [wide, middle, small] = [new ArrayBuffer(count * 24), new ArrayBuffer(count * 16), new ArrayBuffer(count * 5)];
    new Float64Array(wide).fill(-1);
    new Int32Array(middle).fill(-1);
    this.sentAtUs = new Float64Array(wide, 0, count);
    this.offset = new Float64Array(wide, 8 * count, count);
    this.completedAtUs = new Float64Array(wide, 16 * count, count);
    this.partition = new Int32Array(middle, 0, count);
    this.sendOrder = new Int32Array(middle, 4 * count, count);
    this.sentEvent = new Int32Array(middle, 8 * count, count);
    this.completedEvent = new Int32Array(middle, 12 * count, count);
    this.sendCount = new Uint8Array(small, 0, count);
    this.outcome = new Uint8Array(small, count, count);
    this.diedInProducer = new Uint8Array(small, 2 * count, count);
    this.told = new Uint8Array(small, 3 * count, count);
    this.perhapsWritten = new Uint8Array(small, 4 * count, count);
    this.errorCode = new Int16Array(count);
  }

  sent({ records, from, to, atUs, event }: Call): void {
    const { outcome, told, sentAtUs, sentEvent, sendOrder, sendCount } = this;
    for (let i = from; i < to; i++) {
      const { id } = records[i]!;
      sendOrder[id] = this.nextOrder++;
      sentAtUs[id] = atUs;
      sentEvent[id] = event;
      if (sendCount[id]!++ > 0) this.sentAgain(id);
      if (outcome[id] !== Outcome.acknowledged) told[id] = 0;
    }
  }

  private sentAgain(id: number): void {
    const { diedInProducer, outcome } = this;
    diedInProducer[id] = 0;
    if (outcome[id] === Outcome.acknowledged) return;
    if (outcome[id] === Outcome.unknown) this.perhapsWritten[id] = 1;
    outcome[id] = Outcome.pending;
  }

  placed({ records, from, to, partition }: Call): void {
    for (let i = from; i < to; i++) this.partition[records[i]!.id] = partition;
  }

  /** Over all sends: one acknowledgement settles it, and what an acknowledged record is told later changes nothing any more. */
  completed({ records, from, to, atUs, event, outcome: result, errorCode, offset, told }: Call): void {
    const { outcome, completedAtUs, completedEvent } = this;
    for (let i = from; i < to; i++) {
      const { id } = records[i]!;
      if (outcome[id] === Outcome.acknowledged) continue;
      // What may have been written once is never certainly unwritten.
      outcome[id] = result === Outcome.failed && this.perhapsWritten[id] === 1 ? Outcome.unknown : result;
      this.errorCode[id] = errorCode;
      this.offset[id] = offset < 0 ? -1 : offset + i;
      this.told[id] = told ? 1 : 0;
      completedAtUs[id] = atUs;
      completedEvent[id] = event;
    }
  }

  died({ records, from, to }: Call): void {
    for (let i = from; i < to; i++) {
      const { id } = records[i]!;
      if (this.outcome[id] !== Outcome.pending) continue;
      this.outcome[id] = Outcome.unknown;
      this.diedInProducer[id] = 1;
    }
  }
}
