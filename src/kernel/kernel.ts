/**
 * The event kernel: virtual time in microseconds and a queue ordered by (time, sequence). Nothing else decides order. The kernel does
 * not know what an event's kind and values mean.
 *
 * The queue has two parts. Nearly everything that is scheduled happens soon, before nearly everything that waits, so the earliest
 * events lie in a short array in order, where a new one has few to pass and the next one is at the end. The rest lies in a heap.
 */
import { assert } from '../base/assert.ts';
import { listOf } from '../base/lists.ts';
import type { Micros } from '../base/units.ts';

/** An event to come. Its owner may hold on to it for {@link Kernel.cancel}, which does no harm after it has happened. */
export class ScheduledEvent {
  readonly atUs: Micros;
  readonly sequence: number;
  /** Positive; 0 once it was cancelled. */
  kind: number;
  readonly target: number;
  readonly arg: number;
  readonly payload: unknown;

  constructor(atUs: Micros, sequence: number, kind: number, target: number, arg: number, payload: unknown) {
    this.atUs = atUs;
    this.sequence = sequence;
    this.kind = kind;
    this.target = target;
    this.arg = arg;
    this.payload = payload;
  }
}

/** What a variable for an event holds while there is none. Never scheduled. */
export const noEvent = new ScheduledEvent(0, 0, 0, 0, 0, null);

/** How many events lie in order at most; half of them go to the heap when there are more, and come back when none is left. */
const nearRoom = 32;

export class Kernel {
  /** Virtual time of the event being handled. */
  nowUs: Micros = 0;
  /** How many events were handled, the present one included: its number in traces and verdicts. */
  handled = 0;
  /** The event being handled. */
  present = noEvent;

  private sequence = 0;
  /** The earliest events, the next one last. */
  private readonly near: ScheduledEvent[] = listOf(nearRoom, () => noEvent);
  private nearCount = 0;
  /** Time of the last of them. Whatever is due then or later lies in the heap; so does everything while there are no near ones. */
  private borderUs: Micros = -1;
  /** A heap of those that come after every near one. */
  private readonly far: ScheduledEvent[] = [];

  /** Events still to come, cancelled ones included. */
  get pending(): number {
    return this.nearCount + this.far.length;
  }

  /** How many of the events still to come are wanted. Looks at each of them: not for every event. */
  count(wanted: (event: ScheduledEvent) => boolean): number {
    let found = 0;
    for (let i = 0; i < this.nearCount; i++) if (this.near[i]!.kind !== 0 && wanted(this.near[i]!)) found++;
    for (const event of this.far) if (event.kind !== 0 && wanted(event)) found++;
    return found;
  }

  /** Schedules an event at a time that is not in the past. `kind` must be positive. */
  schedule(atUs: Micros, kind: number, target: number, arg: number, payload: unknown): ScheduledEvent {
    assert(atUs >= this.nowUs, 'an event cannot be scheduled in the past');
    const event = new ScheduledEvent(atUs, this.sequence++, kind, target, arg, payload);
    // First, because it moves the border between the two parts.
    if (this.nearCount === nearRoom) this.spill();
    // A new event has the highest sequence: it comes after all that are due at the same time.
    if (atUs >= this.borderUs || this.nearCount === 0) this.pushFar(event);
    else this.insertNear(event);
    return event;
  }

  /** The event will not happen. Does nothing when it already has, or was cancelled. */
  cancel(event: ScheduledEvent): void {
    if (event !== noEvent) event.kind = 0;
  }

  /** Gives each event that waits its own of what it carries, or leaves it the same. Only for kernels that can be forked. */
  carry(_own: (payload: unknown) => unknown): void {
    assert(false, 'this kernel cannot be forked');
  }

  /** Time of the next event, or -1 when there is none. */
  peekUs(): Micros {
    while (this.nearCount > 0 || this.fill()) {
      const event = this.near[this.nearCount - 1]!;
      if (event.kind !== 0) return event.atUs;
      this.nearCount--;
    }
    return -1;
  }

  /** Moves to the next event and makes it the present one; false when none is left. */
  next(): boolean {
    while (this.nearCount > 0 || this.fill()) {
      const event = this.near[--this.nearCount]!;
      if (event.kind === 0) continue;
      this.present = event;
      const { atUs } = event;
      assert(atUs >= this.nowUs, 'time does not go back');
      // As a small integer while it is one (the first 35 minutes), which V8 passes around without allocating.
      this.nowUs = atUs <= 2147483647 ? atUs | 0 : atUs;
      this.handled++;
      return true;
    }
    return false;
  }

  private insertNear(event: ScheduledEvent): void {
    const { near } = this;
    const { atUs } = event;
    let i = this.nearCount++;
    for (; i > 0; i--) {
      const sooner = near[i - 1]!;
      if (sooner.atUs > atUs) break;
      near[i] = sooner;
    }
    near[i] = event;
  }

  /** The later half of the near events goes to the heap. */
  private spill(): void {
    const { near } = this;
    const half = nearRoom / 2;
    for (let i = 0; i < half; i++) {
      this.pushFar(near[i]!);
      near[i] = near[i + half]!;
    }
    this.nearCount = half;
    this.borderUs = near[0]!.atUs;
  }

  /** The earliest of the heap become the near ones; false when nothing is left. */
  private fill(): boolean {
    const count = Math.min(nearRoom / 2, this.far.length);
    for (let i = count - 1; i >= 0; i--) this.near[i] = this.popFar();
    this.nearCount = count;
    if (count > 0) this.borderUs = this.near[0]!.atUs;
    return count > 0;
  }

  private pushFar(event: ScheduledEvent): void {
    const { far } = this;
    const { atUs, sequence } = event;
    let i = far.length;
    far.push(event);
    while (i > 0) {
      const parent = far[(i - 1) >> 1]!;
      if (parent.atUs < atUs || (parent.atUs === atUs && parent.sequence < sequence)) break;
      far[i] = parent;
      i = (i - 1) >> 1;
    }
    far[i] = event;
  }

  private popFar(): ScheduledEvent {
    const { far } = this;
    const first = far[0]!;
    const event = far.pop()!;
    const size = far.length;
    if (size === 0) return first;
    const { atUs, sequence } = event;
    let i = 0;
    for (;;) {
      let at = 2 * i + 1;
      if (at >= size) break;
      let child = far[at]!;
      if (at + 1 < size) {
        const right = far[at + 1]!;
        if (right.atUs < child.atUs || (right.atUs === child.atUs && right.sequence < child.sequence)) {
          child = right;
          at++;
        }
      }
      if (child.atUs > atUs || (child.atUs === atUs && child.sequence > sequence)) break;
      far[i] = child;
      i = at;
    }
    far[i] = event;
    return first;
  }
}
