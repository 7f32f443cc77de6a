/**
 * A kernel whose next event may be somebody else's choice: everything that waits lies open, and whoever searches the behaviours of a
 * scope takes one of it. Nobody chooses: then the earliest event is next, as in any kernel. Time never goes back: what is taken after
 * its time happens late.
 */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import { Kernel, noEvent, ScheduledEvent } from './kernel.ts';

export class OpenKernel extends Kernel {
  /** What waits, in the order in which it was scheduled. */
  readonly waiting: ScheduledEvent[] = [];
  private chosen = noEvent;
  private scheduled = 0;

  override get pending(): number {
    return this.waiting.length;
  }

  override count(wanted: (event: ScheduledEvent) => boolean): number {
    return this.waiting.filter(wanted).length;
  }

  /** The next event is this one, and it happens at this time or after. */
  choose(event: ScheduledEvent, notBeforeUs: Micros): void {
    assert(this.chosen === noEvent, 'one event is chosen at a time');
    this.chosen = event;
    if (notBeforeUs > this.nowUs) this.nowUs = notBeforeUs;
  }

  override schedule(atUs: Micros, kind: number, target: number, arg: number, payload: unknown): ScheduledEvent {
    const event = new ScheduledEvent(atUs, this.scheduled++, kind, target, arg, payload);
    this.waiting.push(event);
    return event;
  }

  override cancel(event: ScheduledEvent): void {
    const at = this.waiting.indexOf(event);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  override peekUs(): Micros {
    const event = this.earliest();
    return event === noEvent ? -1 : event.atUs;
  }

  override next(): boolean {
    const event = this.chosen === noEvent ? this.earliest() : this.chosen;
    this.chosen = noEvent;
    if (event === noEvent) return false;
    this.cancel(event);
    this.present = event;
    if (event.atUs > this.nowUs) this.nowUs = event.atUs;
    this.handled++;
    return true;
  }

  /** A kernel that goes on from here on its own, between two events. Nothing changes an event: both hold the same ones. */
  fork(): OpenKernel {
    const fork = new OpenKernel();
    fork.nowUs = this.nowUs;
    fork.handled = this.handled;
    fork.scheduled = this.scheduled;
    for (const event of this.waiting) fork.waiting.push(event);
    return fork;
  }

  override carry(own: (payload: unknown) => unknown): void {
    const { waiting } = this;
    for (let i = 0; i < waiting.length; i++) {
      const event = waiting[i]!;
      if (event.payload === null) continue;
      const payload = own(event.payload);
      const { atUs, sequence, kind, target, arg } = event;
      if (payload !== event.payload) waiting[i] = new ScheduledEvent(atUs, sequence, kind, target, arg, payload);
    }
  }

  private earliest(): ScheduledEvent {
    let first = noEvent;
    for (const event of this.waiting) {
      // What waits lies in the order of its sequence.
      if (first === noEvent || event.atUs < first.atUs) first = event;
    }
    return first;
  }
}
