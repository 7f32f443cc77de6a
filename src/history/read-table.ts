/**
 * {@link Reads} while a run goes on: a note for each batch that a poll returned. Columns are written when somebody asks.
 */
import { emptyList } from '../base/lists.ts';
import type { Micros, Offset } from '../base/units.ts';
import type { RecordId } from './each-in-turn.ts';
import type { Reads } from './history.ts';

/** What a poll returned of one batch: its records from index `from` up to `to` (exclusive). */
interface Poll {
  readonly consumer: number;
  readonly partition: number;
  /** Of index 0. */
  readonly baseOffset: Offset;
  readonly records: readonly RecordId[];
  readonly from: number;
  readonly to: number;
  readonly atUs: Micros;
  readonly event: number;
}

/** The columns that are written when somebody asks. */
type Columns = Omit<Reads, 'count'>;

export class ReadTable implements Reads {
  count = 0;
  private readonly polls: Poll[] = emptyList();
  /** What the polls so far come to, null before somebody asks. */
  private columns: Columns | null = null;

  get consumer(): Int32Array {
    return this.written().consumer;
  }
  get partition(): Int32Array {
    return this.written().partition;
  }
  get record(): Int32Array {
    return this.written().record;
  }
  get offset(): Float64Array {
    return this.written().offset;
  }
  get atUs(): Float64Array {
    return this.written().atUs;
  }
  get event(): Int32Array {
    return this.written().event;
  }

  /** A consumer's poll returned these records, from index `from` up to `to` (exclusive); `baseOffset` is the offset of index 0. */
  add(
    consumer: number,
    partition: number,
    baseOffset: Offset,
    records: readonly RecordId[],
    from: number,
    to: number,
    atUs: Micros,
    event: number,
  ): void {
    if (to <= from) return;
    this.count += to - from;
    this.polls.push({ consumer, partition, baseOffset, records, from, to, atUs, event });
    this.columns = null;
  }

  private written(): Columns {
    this.columns ??= columnsOf(this.polls, this.count);
    return this.columns;
  }
}

function columnsOf(polls: readonly Poll[], rows: number): Columns {
  const columns: Columns = {
    record: new Int32Array(rows),
    consumer: new Int32Array(rows),
    partition: new Int32Array(rows),
    offset: new Float64Array(rows),
    atUs: new Float64Array(rows),
    event: new Int32Array(rows),
  };
  let row = 0;
  for (const { consumer, partition, baseOffset, records, from, to, atUs, event } of polls) {
    for (let i = from; i < to; i++, row++) {
      columns.record[row] = records[i]!.id;
      columns.consumer[row] = consumer;
      columns.partition[row] = partition;
      columns.offset[row] = baseOffset + i;
      columns.atUs[row] = atUs;
      columns.event[row] = event;
    }
  }
  return columns;
}
