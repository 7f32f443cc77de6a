/**
 * A trace as text, one line an entry: time, event, process, what it said. Notes become sentences; other entries keep their code and their
 * four numbers. Leaves out, unless asked for everything: the chatter of healthy replication.
 */
import type { NoteCode } from '../kafka/notes.ts';
import { sayCode } from './messages/catalogue.ts';
import { isNote, type NoteRow, noteValues } from './note-row.ts';
import { milliseconds } from './numbers.ts';
import { type Paint, plain } from './paint.ts';

export interface TraceNames {
  /** Names of processes by host index. */
  readonly hosts: readonly string[];
  /** Names of topics by id. */
  readonly topics: readonly string[];
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
]);

/** True for an entry that a reader of turns wants. */
export function isTurn(entry: NoteRow): boolean {
  return isNote(entry) && !chatter.has(entry.code);
}

export function traceText(entries: readonly NoteRow[], { hosts, topics }: TraceNames, paint: Paint = plain): string {
  const timeWidth = Math.max(0, ...entries.map((entry) => milliseconds(entry.atUs).length));
  const hostWidth = Math.max(0, ...hosts.map((host) => host.length));
  const lines = entries.map((entry) => {
    const head = `${milliseconds(entry.atUs).padStart(timeWidth)} ms  ${String(entry.event).padStart(7)}`;
    return `${paint.faint(head)}  ${(hosts[entry.host] ?? '').padEnd(hostWidth)}  ${sentence(entry, topics)}`.trimEnd();
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function sentence(entry: NoteRow, topics: readonly string[]): string {
  if (isNote(entry)) return sayCode('notes', entry.code, noteValues(entry, topics));
  return `${entry.code} ${entry.a} ${entry.b} ${entry.c} ${entry.d}`;
}
