/**
 * The event kernel: virtual time in microseconds and a queue ordered by (time, sequence). Nothing else decides order. An event is
 * five plain values; the kernel does not know what they mean.
 *
 * The queue is a binary heap over typed arrays: pending sets are small (tens of events), so cleverer structures buy nothing.
 */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';

/** Names a scheduled event for {@link Kernel.cancel}; stays harmless after the event has happened. */
export type EventHandle = number;

/** What an unused handle variable holds. */
export const noEvent: EventHandle = -1;

const generations = 1 << 20;

export class Kernel {
  /** Virtual time of the event being handled. */
  nowUs: Micros = 0;
  /** How many events were handled, the present one included: its number in traces and verdicts. */
  handled = 0;

  // The present event.
  kind = 0;
  target = 0;
  arg = 0;
  payload: unknown = null;

  private heapTime = new Float64Array(64);
  private heapSequence = new Float64Array(64);
  private heapSlot = new Int32Array(64);
  private heapSize = 0;
  private sequence = 0;

  private slotKind = new Int32Array(64);
  private slotTarget = new Int32Array(64);
  private slotArg = new Int32Array(64);
  private slotGeneration = new Int32Array(64);
  private readonly slotPayload: unknown[] = new Array<unknown>(64).fill(null);
  private slotsUsed = 0;
  private free = new Int32Array(64);
  private freeCount = 0;

  /** Events still to come, cancelled ones included. */
  get pending(): number {
    return this.heapSize;
  }

  /** Forgets everything and starts again at time 0; keeps its arrays. */
  reset(): void {
    this.nowUs = 0;
    this.handled = 0;
    this.heapSize = 0;
    this.sequence = 0;
    for (let slot = 0; slot < this.slotsUsed; slot++) this.slotPayload[slot] = null;
    this.slotsUsed = 0;
    this.freeCount = 0;
    this.payload = null;
  }

  /** Schedules an event at a time that is not in the past. `kind` must be positive. */
  schedule(atUs: Micros, kind: number, target: number, arg: number, payload: unknown): EventHandle {
    assert(atUs >= this.nowUs, 'an event cannot be scheduled in the past');
    let slot: number;
    if (this.freeCount > 0) {
      slot = this.free[--this.freeCount]!;
    } else {
      slot = this.slotsUsed++;
      if (slot === this.slotKind.length) this.grow();
    }
    this.slotKind[slot] = kind;
    this.slotTarget[slot] = target;
    this.slotArg[slot] = arg;
    this.slotPayload[slot] = payload;
    this.push(atUs, this.sequence++, slot);
    return slot * generations + this.slotGeneration[slot]!;
  }

  /** The event will not happen. Does nothing when it already has, or was cancelled. */
  cancel(handle: EventHandle): void {
    if (handle < 0) return;
    const slot = Math.floor(handle / generations);
    if (this.slotGeneration[slot] !== handle % generations) return;
    this.slotKind[slot] = 0;
    this.slotPayload[slot] = null;
  }

  /** Time of the next event, or -1 when there is none. */
  peekUs(): Micros {
    this.dropCancelled();
    return this.heapSize === 0 ? -1 : this.heapTime[0]!;
  }

  /** Moves to the next event and makes it the present one; false when none is left. */
  next(): boolean {
    this.dropCancelled();
    if (this.heapSize === 0) return false;
    // As a small integer while it is one (the first 35 minutes), which V8 passes around without allocating.
    const timeUs = this.heapTime[0]!;
    this.nowUs = timeUs <= 2147483647 ? timeUs | 0 : timeUs;
    const slot = this.heapSlot[0]!;
    this.pop();
    this.kind = this.slotKind[slot]!;
    this.target = this.slotTarget[slot]!;
    this.arg = this.slotArg[slot]!;
    this.payload = this.slotPayload[slot];
    this.release(slot);
    this.handled++;
    return true;
  }

  private dropCancelled(): void {
    while (this.heapSize > 0) {
      const slot = this.heapSlot[0]!;
      if (this.slotKind[slot] !== 0) return;
      this.pop();
      this.release(slot);
    }
  }

  private release(slot: number): void {
    this.slotPayload[slot] = null;
    this.slotGeneration[slot] = (this.slotGeneration[slot]! + 1) % generations;
    this.free[this.freeCount++] = slot;
  }

  private push(time: number, sequence: number, slot: number): void {
    let i = this.heapSize++;
    if (i === this.heapTime.length) this.growHeap();
    const times = this.heapTime;
    const sequences = this.heapSequence;
    const slots = this.heapSlot;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const parentTime = times[parent]!;
      // A new event has the highest sequence, so at equal times its parent stays in front.
      if (parentTime <= time) break;
      times[i] = parentTime;
      sequences[i] = sequences[parent]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    times[i] = time;
    sequences[i] = sequence;
    slots[i] = slot;
  }

  private pop(): void {
    const last = --this.heapSize;
    if (last === 0) return;
    const times = this.heapTime;
    const sequences = this.heapSequence;
    const slots = this.heapSlot;
    const time = times[last]!;
    const sequence = sequences[last]!;
    const slot = slots[last]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= last) break;
      let childTime = times[child]!;
      const right = child + 1;
      if (right < last) {
        const rightTime = times[right]!;
        if (rightTime < childTime || (rightTime === childTime && sequences[right]! < sequences[child]!)) {
          child = right;
          childTime = rightTime;
        }
      }
      if (childTime > time || (childTime === time && sequences[child]! > sequence)) break;
      times[i] = childTime;
      sequences[i] = sequences[child]!;
      slots[i] = slots[child]!;
      i = child;
    }
    times[i] = time;
    sequences[i] = sequence;
    slots[i] = slot;
  }

  private growHeap(): void {
    const room = this.heapTime.length * 2;
    const times = new Float64Array(room);
    times.set(this.heapTime);
    this.heapTime = times;
    const sequences = new Float64Array(room);
    sequences.set(this.heapSequence);
    this.heapSequence = sequences;
    const slots = new Int32Array(room);
    slots.set(this.heapSlot);
    this.heapSlot = slots;
  }

  private grow(): void {
    const room = this.slotKind.length * 2;
    const wider = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(room);
      to.set(from);
      return to;
    };
    this.slotKind = wider(this.slotKind);
    this.slotTarget = wider(this.slotTarget);
    this.slotArg = wider(this.slotArg);
    this.slotGeneration = wider(this.slotGeneration);
    this.free = wider(this.free);
  }
}
