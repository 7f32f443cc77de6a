/**
 * Marks of what happens only sometimes: every note that a broker, a client, the controller or the world may say, and the refusals among
 * them by their error. A campaign that never reached a mark has shown nothing about what lies behind it.
 */

import { type NoteCode, noteParameters } from '../kafka/notes.ts';
import { errorName } from '../kafka/protocol/errors.ts';
import type { Observer } from '../plan/observer.ts';

/** Every mark that does not depend on an error, in the order of the notes. */
export const noteCodes = Object.keys(noteParameters) as readonly NoteCode[];

const numbers = new Map<string, number>(noteCodes.map((code, i) => [code, i]));
/** Where a note has its error code; -1 where it has none. */
const errorAt = noteCodes.map((code) => (noteParameters[code] as readonly string[]).indexOf('errorCode'));
/** Error codes are below this, the client's own included; the one below 0 is the highest. */
const errorRoom = 2048;

/** The marks that one run reaches. */
export class Marks implements Observer {
  private readonly seen = new Set<number>();
  /** By host, its last mark; undefined when nobody asks in which order. */
  private readonly before: number[] | undefined;
  private readonly steps = new Set<number>();

  /** `inOrder`: remember which mark followed which on the same host. */
  constructor(inOrder: boolean) {
    this.before = inOrder ? [] : undefined;
  }

  note(_event: number, _atUs: number, host: number, code: string, a: number, b: number, c: number, d: number): void {
    const number = numbers.get(code)!;
    const at = errorAt[number]!;
    const error = at < 0 ? 0 : at === 0 ? a : at === 1 ? b : at === 2 ? c : d;
    const mark = number * errorRoom + (error & (errorRoom - 1));
    this.seen.add(mark);
    if (this.before === undefined) return;
    this.steps.add((this.before[host] ?? 0) * (noteCodes.length * errorRoom) + mark);
    this.before[host] = mark;
  }

  /** What was reached, as numbers for {@link markName}. */
  reached(): readonly number[] {
    return [...this.seen];
  }

  /** Which mark followed which, as numbers that mean nothing else; none when nobody asked. */
  ways(): readonly number[] {
    return [...this.steps];
  }
}

/** `produce-refused NOT_LEADER_OR_FOLLOWER`. */
export function markName(mark: number): string {
  const number = Math.floor(mark / errorRoom);
  const code = noteCodes[number]!;
  const error = mark % errorRoom;
  return errorAt[number]! < 0 ? code : `${code} ${errorName(error === errorRoom - 1 ? -1 : error)}`;
}

/** Notes about groups, which say nothing where there are none. */
export const groupCodes: ReadonlySet<NoteCode> = new Set(noteCodes.slice(noteCodes.indexOf('group-rebalancing')));

/** The note of a mark. */
export function noteOf(mark: number): NoteCode {
  return noteCodes[Math.floor(mark / errorRoom)]!;
}
