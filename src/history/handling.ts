/** Writes {@link Handling} while a run goes on: nothing is allocated before the first row. */
import type { Micros, Offset } from '../base/units.ts';
import type { Handling, Step } from './history.ts';

const none: Handling = {
  count: 0,
  group: new Int32Array(0),
  member: new Int32Array(0),
  partition: new Int32Array(0),
  offset: new Float64Array(0),
  record: new Int32Array(0),
  step: new Uint8Array(0),
  atUs: new Float64Array(0),
  event: new Int32Array(0),
};

function room(from: Handling, size: number): Handling {
  const ints = (column: Int32Array): Int32Array => {
    const wider = new Int32Array(size);
    wider.set(column);
    return wider;
  };
  const floats = (column: Float64Array): Float64Array => {
    const wider = new Float64Array(size);
    wider.set(column);
    return wider;
  };
  const step = new Uint8Array(size);
  step.set(from.step);
  return {
    count: from.count,
    group: ints(from.group),
    member: ints(from.member),
    partition: ints(from.partition),
    offset: floats(from.offset),
    record: ints(from.record),
    step,
    atUs: floats(from.atUs),
    event: ints(from.event),
  };
}

export class HandlingRecorder {
  private columns = none;
  private count = 0;

  add(
    group: number,
    member: number,
    partition: number,
    offset: Offset,
    record: number,
    step: Step,
    atUs: Micros,
    event: number,
  ): void {
    if (this.count === this.columns.step.length) this.columns = room(this.columns, Math.max(256, 2 * this.count));
    const { columns } = this;
    const row = this.count++;
    columns.group[row] = group;
    columns.member[row] = member;
    columns.partition[row] = partition;
    columns.offset[row] = offset;
    columns.record[row] = record;
    columns.step[row] = step;
    columns.atUs[row] = atUs;
    columns.event[row] = event;
  }

  /** What was written so far. */
  rows(): Handling {
    return this.count === 0 ? none : { ...this.columns, count: this.count };
  }
}
