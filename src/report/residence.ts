/**
 * Where a record lived: at which offsets of its partition, from which append on, and until which append gave its offset to another
 * record. An append is known by its leader's epoch, so what a deposed leader appends at the same offset is told apart.
 */
import { type History, Outcome } from '../history/history.ts';
import type { NoteCode } from '../kafka/notes.ts';
import { type Names, type NoteRow, noteValues } from './note-row.ts';

/** A record at an offset. */
export interface Residence {
  readonly offset: number;
  /** Event of the append, and the epoch of the leader that appended. */
  readonly from: number;
  readonly epoch: number;
  /** Event of the append that gave the offset to another record; infinite when none did. */
  readonly until: number;
}

interface Append {
  readonly event: number;
  readonly base: number;
  readonly count: number;
  readonly epoch: number;
}

/** Every place at which the record is known to have lived: acknowledged, read, or in a log at the end. Earliest first. */
export function residencesOf(history: History, record: number, notes: readonly NoteRow[], names: Names): Residence[] {
  const partition = history.partitions[history.sends.partition[record] ?? -1];
  if (partition === undefined) return [];
  const appends = appendsTo(partition, notes, names);
  const found: Residence[] = [];
  for (const { offset, by, epoch } of sightings(history, record)) {
    const own = appends.findLast(
      (append) => covers(append, offset) && append.event <= by && (epoch < 0 || append.epoch === epoch),
    );
    if (own === undefined || found.some((known) => known.offset === offset && known.from === own.event)) continue;
    const next = appends.find((append) => covers(append, offset) && append.event > own.event && append.epoch > own.epoch);
    found.push({ offset, from: own.event, epoch: own.epoch, until: next?.event ?? Number.POSITIVE_INFINITY });
  }
  return found.sort((a, b) => a.from - b.from);
}

/** Offsets at which the record is known to have been, whether or not the notes tell of its append. */
export function offsetsOf(history: History, record: number): number[] {
  return [...new Set(sightings(history, record).map(({ offset }) => offset))];
}

function covers(append: Append, offset: number): boolean {
  return append.base <= offset && offset < append.base + append.count;
}

interface Sighting {
  readonly offset: number;
  /** Event by which it was there. */
  readonly by: number;
  /** Leader epoch of its batch, -1 when not known. */
  readonly epoch: number;
}

function sightings(history: History, record: number): Sighting[] {
  const { sends, reads, audits } = history;
  const found: Sighting[] = [];
  const acknowledged = sends.offset[record] ?? -1;
  if (sends.outcome[record] === Outcome.acknowledged && acknowledged >= 0) {
    found.push({ offset: acknowledged, by: sends.completedEvent[record] ?? -1, epoch: -1 });
  }
  for (let i = 0; i < reads.count; i++) {
    if (reads.record[i] === record) found.push({ offset: reads.offset[i] ?? -1, by: reads.event[i] ?? -1, epoch: -1 });
  }
  for (const { log } of audits.find((audit) => audit.partition === sends.partition[record])?.replicas ?? []) {
    for (let i = log.records.indexOf(record); i >= 0; i = log.records.indexOf(record, i + 1)) {
      found.push({ offset: log.startOffset + i, by: Number.POSITIVE_INFINITY, epoch: log.epochs[i] ?? -1 });
    }
  }
  return found;
}

/** Appends to a partition in the order of events, each with the epoch that its leader had. */
function appendsTo(partition: string, notes: readonly NoteRow[], names: Names): Append[] {
  const epochs = new Map<number, number>();
  const appends: Append[] = [];
  for (const note of notes) {
    const code = note.code as NoteCode;
    if (code !== 'became-leader' && code !== 'batch-appended') continue;
    const { topic, partition: number } = noteValues(note, names);
    if (`${topic}-${number}` !== partition) continue;
    if (code === 'became-leader') epochs.set(note.host, note.c);
    else appends.push({ event: note.event, base: note.c, count: note.d, epoch: epochs.get(note.host) ?? 0 });
  }
  return appends;
}
