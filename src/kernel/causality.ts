/**
 * Happened-before in a trace (Lamport 1978): what one process does is in order, and a message is sent before it arrives. A *point* is what
 * one process did in one event. Pure, over the entries of a full trace.
 *
 * Two questions: what lies in the past of some points, by both rules; and what led to them, by the causes of their inputs alone, which
 * leaves out whatever a process did before for other reasons.
 */
import { assert } from '../base/assert.ts';
import type { Cause } from './trace.ts';

/** What causality asks of an entry of a trace. */
export interface CausalRow {
  readonly event: number;
  readonly host: number;
  readonly cause: Cause | null;
}

/** What one process did in one event. */
export interface Point {
  readonly event: number;
  readonly host: number;
  /** The point of the same process before it, -1 for the first. */
  readonly previous: number;
  /** Points that its inputs go back to, each once, ascending; on other hosts they are messages. */
  readonly causes: readonly number[];
}

export class Causality {
  /** In the order of the trace; a point is known by its place here. */
  readonly points: readonly Point[];
  private readonly places: ReadonlyMap<string, number>;

  /** `rows` in the order of the trace. */
  constructor(rows: readonly CausalRow[]) {
    const places = new Map<string, number>();
    const points: { event: number; host: number; previous: number; causes: number[] }[] = [];
    const last = new Map<number, number>();
    for (const { event, host, cause } of rows) {
      let place = places.get(keyOf(event, host));
      if (place === undefined) {
        place = points.length;
        places.set(keyOf(event, host), place);
        points.push({ event, host, previous: last.get(host) ?? -1, causes: [] });
        last.set(host, place);
      }
      // A process that stood still may have been connected to before it noticed: then it did nothing in that event.
      const from = cause === null ? undefined : places.get(keyOf(cause.event, cause.host));
      if (from === undefined) continue;
      assert(from < place, 'a cause comes before what it causes');
      const { causes } = points[place]!;
      if (!causes.includes(from)) causes.push(from);
    }
    for (const { causes } of points) causes.sort((a, b) => a - b);
    this.points = points;
    this.places = places;
  }

  /** The point of a process in an event, -1 when it did nothing then. */
  at(event: number, host: number): number {
    return this.places.get(keyOf(event, host)) ?? -1;
  }

  /** The points of an event. */
  in(event: number): number[] {
    const found: number[] = [];
    for (let place = this.firstIn(event); this.points[place]?.event === event; place++) found.push(place);
    return found;
  }

  /** Everything that happened before some points, with them. */
  past(of: Iterable<number>): Set<number> {
    return this.closure(of, ({ previous, causes }) => (previous < 0 ? causes : [previous, ...causes]));
  }

  /** What led to some points, with them: where their messages were sent and their timers set, and what led to that. */
  ledTo(of: Iterable<number>): Set<number> {
    return this.closure(of, ({ causes }) => causes);
  }

  /**
   * Vector clocks by point, one number a host: how many counted points of that host happened before it, itself included. With every point
   * counted, `a` happened before `b` exactly where the clock of `b` has reached that of `a` on the host of `a`.
   */
  clocks(hosts: number, counts: (place: number) => boolean = () => true): Int32Array[] {
    const clocks: Int32Array[] = [];
    for (const [place, { host, previous, causes }] of this.points.entries()) {
      const clock = previous < 0 ? new Int32Array(hosts) : clocks[previous]!.slice();
      for (const cause of causes) {
        const sent = clocks[cause]!;
        for (let i = 0; i < hosts; i++) if (sent[i]! > clock[i]!) clock[i] = sent[i]!;
      }
      if (counts(place)) clock[host]!++;
      clocks.push(clock);
    }
    return clocks;
  }

  private closure(of: Iterable<number>, before: (point: Point) => readonly number[]): Set<number> {
    const reached = new Set(of);
    const open = [...reached];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const one of before(this.points[place]!)) {
        if (reached.has(one)) continue;
        reached.add(one);
        open.push(one);
      }
    }
    return reached;
  }

  /** The first place whose event is not before this one. */
  private firstIn(event: number): number {
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.points[middle]!.event < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keyOf(event: number, host: number): string {
  return `${event} ${host}`;
}
