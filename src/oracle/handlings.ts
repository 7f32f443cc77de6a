/**
 * What a group's members did with each record: the rows of {@link Handling} by group and record, with what checkers ask of them. Made
 * once for each group that handled anything.
 */
import { type GroupFacts, type Handling, type History, type LogAudit, Step } from '../history/history.ts';

/** One group in one run. */
export class Handlings {
  readonly group: number;
  readonly facts: GroupFacts;
  /** By record id: handed to a handler so often. */
  readonly handed: Uint16Array;
  /** By record id: how often its effect was done. */
  readonly applied: Uint16Array;
  /** By record id: 1 when the handler returned: its effect was done, or the sink had it already. */
  readonly finished: Uint8Array;
  /** By record id: 1 when the handler threw for it, once or more often. */
  readonly threw: Uint8Array;
  private readonly handling: Handling;

  constructor(history: History, group: number) {
    const { handling, sends } = history;
    this.group = group;
    this.facts = history.groups[group]!;
    this.handling = handling;
    this.handed = new Uint16Array(sends.count);
    this.applied = new Uint16Array(sends.count);
    this.finished = new Uint8Array(sends.count);
    this.threw = new Uint8Array(sends.count);
    for (let row = 0; row < handling.count; row++) {
      if (handling.group[row] !== group) continue;
      const record = handling.record[row]!;
      const step = handling.step[row]!;
      if (step === Step.handed) this.handed[record]!++;
      else if (step === Step.threw) this.threw[record] = 1;
      else {
        this.finished[record] = 1;
        if (step === Step.applied) this.applied[record]!++;
      }
    }
  }

  /** Rows of one step of one record, in order of time. */
  rowsOf(record: number, step: Step): number[] {
    const { handling, group } = this;
    const rows: number[] = [];
    for (let row = 0; row < handling.count; row++) {
      if (handling.record[row] === record && handling.group[row] === group && handling.step[row] === step) rows.push(row);
    }
    return rows;
  }

  /** Name of the member that a row is about: `billing-2`. */
  memberAt(row: number): string {
    return this.facts.members[this.handling.member[row]!] ?? this.facts.name;
  }

  eventAt(row: number): number {
    return this.handling.event[row]!;
  }

  /** The lowest offset of a partition that the group was ever handed, -1 when there is none. */
  firstOffset(partition: number): number {
    const { handling, group } = this;
    let first = -1;
    for (let row = 0; row < handling.count; row++) {
      if (handling.group[row] !== group || handling.partition[row] !== partition || handling.step[row] !== Step.handed) continue;
      if (first < 0 || handling.offset[row]! < first) first = handling.offset[row]!;
    }
    return first;
  }

  /**
   * The lowest offset of a partition at which the group was handed a record that its log no longer has there, -1 when there is none:
   * from there on the log was cut after the group had read it. What was deleted from its start was not cut.
   */
  cutAt(partition: number, log: LogAudit | null): number {
    const { handling, group } = this;
    let cut = -1;
    if (log === null) return cut;
    for (let row = 0; row < handling.count; row++) {
      if (handling.group[row] !== group || handling.partition[row] !== partition || handling.step[row] !== Step.handed) continue;
      const offset = handling.offset[row]!;
      if (offset < log.startOffset) continue;
      if (log.records[offset - log.startOffset] !== handling.record[row] && (cut < 0 || offset < cut)) cut = offset;
    }
    return cut;
  }
}

/** One for every group of the history. */
export function handlingsOf(history: History): Handlings[] {
  return history.groups.map((_, group) => new Handlings(history, group));
}
