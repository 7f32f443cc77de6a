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

/** Names of what notes have numbers for. */
export interface Names {
  /** Processes by host index. */
  readonly hosts: readonly string[];
  /** Topics by id. */
  readonly topics: readonly string[];
  /** Groups by number. */
  readonly groups: readonly string[];
  /** Faults by their index in the plan. */
  readonly faults: readonly string[];
}

/** The values of a note by the names that `kafka/notes.ts` gives them; a topic, a group and a fault get their own names. */
export function noteValues(note: NoteRow, { topics, groups, faults }: Names): Record<string, string | number> {
  const names = noteParameters[note.code as NoteCode];
  const values: Record<string, string | number> = {};
  for (const [i, value] of [note.a, note.b, note.c, note.d].entries()) {
    const name = names[i] ?? '';
    if (name === 'topic') values[name] = topics[value] ?? `topic-${value}`;
    else if (name === 'group') values[name] = groups[value] ?? `group-${value}`;
    else if (name === 'fault') values[name] = faults[value] ?? `fault ${value}`;
    else if (name !== '') values[name] = value;
  }
  return values;
}
