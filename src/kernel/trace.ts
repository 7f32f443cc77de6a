/**
 * The trace of a run: off, a rolling hash, the last entries in a ring, or everything. An entry is five integers and an optional
 * code; the hash is over the same integers in every mode, so `digest(explore) == digest(replay with full trace)`.
 */
import type { Micros } from '../base/units.ts';
import { mix32 } from './mix.ts';

export type TraceMode = 'off' | 'hash' | 'ring' | 'full';

/** What an entry goes back to: where a message was sent, a timer set, an fsync begun, a connection opened. */
export interface Cause {
  readonly event: number;
  readonly host: number;
}

/** One line of a trace. What `a … d` mean depends on `code`. */
export interface TraceEntry {
  readonly event: number;
  readonly atUs: Micros;
  readonly host: number;
  readonly code: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** The message or input itself, for readers; never part of the hash. */
  readonly detail: unknown;
  /** Of an input: where it was sent or asked for. Known where the whole trace is kept; never part of the hash. */
  readonly cause: Cause | null;
}

export class Trace {
  readonly mode: TraceMode;
  /** False when nothing is recorded at all. */
  readonly on: boolean;
  /** True when entries are kept, so that a caller may spend time on `detail`. */
  readonly keeps: boolean;
  /** Of the next entry that is kept. */
  cause: Cause | null = null;
  private readonly room: number;
  private readonly kept: TraceEntry[] = [];
  private position = 0;
  private h1 = 0x243f6a88 | 0;
  private h2 = 0x85a308d3 | 0;

  /** `room`: how many entries a ring keeps. */
  constructor(mode: TraceMode, room = 4096) {
    this.mode = mode;
    this.on = mode !== 'off';
    this.keeps = mode === 'ring' || mode === 'full';
    this.room = room;
  }

  /** `codeNumber` stands for `code` in the hash. */
  record(
    event: number,
    atUs: Micros,
    host: number,
    codeNumber: number,
    code: string,
    a: number,
    b: number,
    c: number,
    d: number,
    detail: unknown,
  ): void {
    if (!this.on) return;
    let x = Math.imul(this.h1 ^ atUs, 0x9e3779b1);
    if (atUs >= 4294967296) x ^= Math.imul((atUs / 4294967296) | 0, 0x85ebca6b);
    x = Math.imul((x ^ (x >>> 15)) + (host | 0), 0xc2b2ae35) ^ Math.imul(codeNumber, 0x27d4eb2f);
    x = Math.imul((x ^ (x >>> 13)) + (a | 0), 0x165667b1) ^ Math.imul(b, 0x9e3779b1);
    x = Math.imul((x ^ (x >>> 16)) + (c | 0), 0x85ebca6b) ^ d;
    this.h1 = (x ^ (x >>> 15)) | 0;
    this.h2 = (Math.imul(this.h2, 0x5bd1e995) + (x ^ (x >>> 11))) | 0;
    if (this.keeps) this.keep({ event, atUs, host, code, a, b, c, d, detail, cause: this.cause });
  }

  private keep(entry: TraceEntry): void {
    this.cause = null;
    if (this.mode === 'full') this.kept.push(entry);
    else {
      this.kept[this.position] = entry;
      this.position = (this.position + 1) % this.room;
    }
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return hex(mix32(this.h1)) + hex(mix32(this.h2));
  }

  /** What was kept, oldest first. */
  entries(): readonly TraceEntry[] {
    if (this.mode !== 'ring' || this.kept.length < this.room) return this.kept;
    return [...this.kept.slice(this.position), ...this.kept.slice(0, this.position)];
  }
}
