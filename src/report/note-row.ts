/** A note as observers and traces have it, and its four numbers by their names. */
import { type NoteCode, noteParameters } from '../kafka/notes.ts';

/** What a machine or the world said; a trace has other lines too, whose code is no note's. */
export interface NoteRow {
  readonly event: number;
  readonly atUs: number;
  /** Index of the host that said it. */
  readonly host: number;
  readonly code: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** True when the line is a note. */
export function isNote(row: NoteRow): boolean {
  return Object.hasOwn(noteParameters, row.code);
}

/** The values of a note by the names that `kafka/notes.ts` gives them; a topic's id becomes its name. */
export function noteValues(note: NoteRow, topics: readonly string[]): Record<string, string | number> {
  const names = noteParameters[note.code as NoteCode];
  const values: Record<string, string | number> = {};
  for (const [i, value] of [note.a, note.b, note.c, note.d].entries()) {
    const name = names[i] ?? '';
    if (name !== '') values[name] = name === 'topic' ? (topics[value] ?? `topic-${value}`) : value;
  }
  return values;
}
