/**
 * {@link Reads} while a run goes on. Checkers want the records, which are written at once; the rest is noted once for each batch, and
 * written into columns when somebody asks.
 */
import { emptyList } from '../base/lists.ts';
import type { Micros, Offset } from '../base/units.ts';
import type { Reads } from './history.ts';
import type { RecordId } from './send-table.ts';

/** What a poll returned of one batch. */
interface Poll {
  readonly consumer: number;
  readonly partition: number;
  /** Of its first record. */
  readonly offset: Offset;
  readonly count: number;
  readonly atUs: Micros;
  readonly event: number;
}

/** The columns that are written when somebody asks. */
type Details = Pick<Reads, 'consumer' | 'partition' | 'offset' | 'atUs' | 'event'>;

export class ReadTable implements Reads {
  count = 0;
  record: Int32Array;
  private readonly polls: Poll[] = emptyList();
  /** What the polls so far come to, null before somebody asks. */
  private details: Details | null = null;

  /** `expected`: a first guess of how many reads follow. */
  constructor(expected: number) {
    this.record = new Int32Array(Math.max(16, expected));
  }

  get consumer(): Int32Array {
    return this.written().consumer;
  }
  get partition(): Int32Array {
    return this.written().partition;
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
    let row = this.count;
    this.count += to - from;
    while (this.count > this.record.length) this.grow();
    this.polls.push({ consumer, partition, offset: baseOffset + from, count: to - from, atUs, event });
    this.details = null;
    const { record } = this;
    for (let i = from; i < to; i++) record[row++] = records[i]!.id;
  }

  private grow(): void {
    const wider = new Int32Array(this.record.length * 2);
    wider.set(this.record);
    this.record = wider;
  }

  private written(): Details {
    this.details ??= detailsOf(this.polls, this.count);
    return this.details;
  }
}

function detailsOf(polls: readonly Poll[], rows: number): Details {
  const details: Details = {
    consumer: new Int32Array(rows),
    partition: new Int32Array(rows),
    offset: new Float64Array(rows),
    atUs: new Float64Array(rows),
    event: new Int32Array(rows),
  };
  let row = 0;
  for (const { consumer, partition, offset, count, atUs, event } of polls) {
    for (let i = 0; i < count; i++, row++) {
      details.consumer[row] = consumer;
      details.partition[row] = partition;
      details.offset[row] = offset + i;
      details.atUs[row] = atUs;
      details.event[row] = event;
    }
  }
  return details;
}
