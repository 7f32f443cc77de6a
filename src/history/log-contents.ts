/** What logs hold at the end of a run, batch by batch; columns are written when somebody asks. Replicas that hold the same share it. */
import type { Offset } from '../base/units.ts';
import type { RecordId } from './each-in-turn.ts';
import type { LogAudit } from './history.ts';

/** A batch in a log, as far as a history looks at it. */
export interface LoggedBatch {
  readonly records: readonly RecordId[];
  readonly partitionLeaderEpoch: number;
}

/** The columns of a log. */
type Columns = Pick<LogAudit, 'records' | 'epochs'>;

export class LogContents {
  /** In the order of their offsets, without gaps. */
  readonly batches: readonly LoggedBatch[];
  private columns: Columns | null = null;

  constructor(batches: readonly LoggedBatch[]) {
    this.batches = batches;
  }

  /** One entry for each offset. */
  written(): Columns {
    this.columns ??= columnsOf(this.batches);
    return this.columns;
  }
}

function columnsOf(batches: readonly LoggedBatch[]): Columns {
  let length = 0;
  for (const { records } of batches) length += records.length;
  const columns = { records: new Int32Array(length), epochs: new Int32Array(length) };
  let at = 0;
  for (const { records, partitionLeaderEpoch } of batches) {
    for (let i = 0; i < records.length; i++, at++) {
      columns.records[at] = records[i]!.id;
      columns.epochs[at] = partitionLeaderEpoch;
    }
  }
  return columns;
}

/** The log of one replica. */
export class BatchedLog implements LogAudit {
  readonly startOffset: Offset;
  readonly highWatermark: Offset;
  readonly contents: LogContents;

  constructor(startOffset: Offset, highWatermark: Offset, contents: LogContents) {
    this.startOffset = startOffset;
    this.highWatermark = highWatermark;
    this.contents = contents;
  }

  get records(): Int32Array {
    return this.contents.written().records;
  }
  get epochs(): Int32Array {
    return this.contents.written().epochs;
  }
}
