/**
 * A trace as text, one line an entry: time, event, process, what it said. Notes become sentences; other entries keep their code and their
 * four numbers. Leaves out, unless asked for everything: the chatter of healthy replication.
 */
import type { NoteCode } from '../kafka/notes.ts';
import { sayCode } from './messages/catalogue.ts';
import { isNote, type Names, type NoteRow, noteValues } from './note-row.ts';
import { milliseconds } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import { padEnd, widthOf } from './width.ts';

/** What a trace has numbers for. */
export interface TraceNames extends Names {
  /** Times count from here. */
  readonly startedAtUs: number;
}

/** What a cluster says when nothing is wrong. */
const chatter: ReadonlySet<string> = new Set<NoteCode>([
  'batch-appended',
  'batch-replicated',
  'high-watermark-advanced',
  'produce-acknowledged',
  'log-flushed',
  'isr-committed',
  'frame-stalled',
  'commit-sent',
  'offset-committed',
]);

/** True for an entry that a reader of turns wants. */
export function isTurn(entry: NoteRow): boolean {
  return isNote(entry) && !chatter.has(entry.code);
}

/** The entries, one a line. */
export function traceText(entries: readonly NoteRow[], names: TraceNames, paint: Paint = plain): string {
  const { hosts, startedAtUs } = names;
  const time = (entry: NoteRow): string => milliseconds(entry.atUs - startedAtUs);
  const timeWidth = entries.reduce((width, entry) => Math.max(width, time(entry).length), 0);
  const hostWidth = Math.max(0, ...hosts.map(widthOf));
  const lines = entries.map((entry) => {
    const head = `${time(entry).padStart(timeWidth)} ms  ${String(entry.event).padStart(7)}`;
    return `${paint.faint(head)}  ${padEnd(hosts[entry.host] ?? '', hostWidth)}  ${sentence(entry, names)}`.trimEnd();
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function sentence(entry: NoteRow, names: Names): string {
  if (isNote(entry)) return sayCode('notes', entry.code, noteValues(entry, names));
  return `${entry.code} ${entry.a} ${entry.b} ${entry.c} ${entry.d}`;
}
