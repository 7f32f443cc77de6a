/**
 * Where every record is in the end: the leader's log of each partition, read after heal and quiescence. All checkers of the logs
 * start from here, so that "present" means one thing.
 *
 * A partition without an audit of its leader is unknown: nothing is ever said to be absent from it.
 */
import { type History, type LogAudit, Outcome, type PartitionAudit, type Sends } from '../history/history.ts';

/** Appearances are counted up to here. */
const most = 255;

export class FinalLogs {
  /** The leader's log by partition, null where no leader answered. */
  readonly logs: (LogAudit | null)[] = [];
  /** By record id: at how many offsets of the leaders' logs it is (255 stands for "or more"). */
  appearances = new Uint8Array(0);
  /** Partitions without an audit of their leader. */
  unaudited = 0;
  /** Appearances beyond a record's first, summed over all records. */
  repeats = 0;
  /** Distinct records that were acknowledged and are in a leader's log. */
  acknowledged = 0;

  /** Reads a history's audits. May be called again: the arrays are used anew. */
  load(history: History): this {
    const { logs } = this;
    const records = history.sends.count;
    if (this.appearances.length < records) this.appearances = new Uint8Array(Math.max(records, this.appearances.length * 2));
    else this.appearances.fill(0, 0, records);
    this.repeats = 0;
    this.acknowledged = 0;
    const partitions = history.partitions.length;
    logs.length = partitions;
    for (let p = 0; p < partitions; p++) logs[p] = null;
    let absent = 0;
    for (let i = 0; i < history.audits.length; i++) {
      const audit = history.audits[i]!;
      logs[audit.partition] = leaderLog(audit);
      if (audit.isAbsent === true) absent++;
    }
    let unaudited = 0;
    for (let p = 0; p < partitions; p++) {
      const log = logs[p]!;
      if (log === null) unaudited++;
      else this.countRecords(log.records, history.sends);
    }
    this.unaudited = unaudited - absent;
    return this;
  }

  private countRecords(records: Int32Array, { outcome, count }: Sends): void {
    const { appearances } = this;
    let repeats = 0;
    let acknowledged = 0;
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      if (record < 0 || record >= count) continue;
      const before = appearances[record]!;
      if (before === 0) {
        appearances[record] = 1;
        if (outcome[record] === Outcome.acknowledged) acknowledged++;
      } else {
        repeats++;
        if (before < most) appearances[record] = before + 1;
      }
    }
    this.repeats += repeats;
    this.acknowledged += acknowledged;
  }

  /** True when the record is certainly in no leader's log: its partition was audited and it is nowhere. */
  isAbsent(history: History, record: number): boolean {
    if (this.appearances[record]! > 0) return false;
    const partition = history.sends.partition[record]!;
    // Without a partition the record never left its producer.
    if (partition < 0) return true;
    const log = this.logs[partition] ?? null;
    if (log === null) return false;
    return log.startOffset === 0 || history.sends.offset[record]! >= log.startOffset;
  }
}

function leaderLog(audit: PartitionAudit): LogAudit | null {
  if (audit.leader < 0) return null;
  const { replicas } = audit;
  for (let i = 0; i < replicas.length; i++) if (replicas[i]!.broker === audit.leader) return replicas[i]!.log;
  return null;
}

/** The position of a record in a log: its nth appearance from 0, as an offset; -1 when there is none. */
export function offsetIn(log: LogAudit, record: number, nth: number): number {
  let seen = 0;
  for (let i = 0; i < log.records.length; i++) {
    if (log.records[i] === record && seen++ === nth) return log.startOffset + i;
  }
  return -1;
}
