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

/** How wide the times and the names of processes are. */
export interface TraceColumns {
  readonly time: number;
  readonly host: number;
}

/** Columns in which all these entries fit, with every process of these runs. */
export function columnsFor(entries: readonly (NoteRow | null)[], runs: readonly TraceNames[]): TraceColumns {
  const first = Math.min(...runs.map(({ startedAtUs }) => startedAtUs));
  const times = entries.map((entry) => (entry === null ? 0 : milliseconds(entry.atUs - first).length));
  return {
    time: times.reduce((width, length) => Math.max(width, length), 0),
    host: Math.max(0, ...runs.flatMap(({ hosts }) => hosts.map(widthOf))),
  };
}

/** The entries, one a line. */
export function traceText(
  entries: readonly NoteRow[],
  names: TraceNames,
  paint: Paint = plain,
  columns: TraceColumns = columnsFor(entries, [names]),
): string {
  const { hosts, startedAtUs } = names;
  const lines = entries.map((entry) => {
    const time = milliseconds(entry.atUs - startedAtUs);
    const head = `${time.padStart(columns.time)} ms  ${String(entry.event).padStart(7)}`;
    return `${paint.faint(head)}  ${padEnd(hosts[entry.host] ?? '', columns.host)}  ${sentence(entry, names)}`.trimEnd();
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function sentence(entry: NoteRow, names: Names): string {
  if (isNote(entry)) return sayCode('notes', entry.code, noteValues(entry, names));
  return `${entry.code} ${entry.a} ${entry.b} ${entry.c} ${entry.d}`;
}
