/**
 * What an operation history says of one key: its values, and the order of its log. An offset is Kafka's; a *place* is the rank of an offset
 * among those that held a value, because markers of transactions and what nobody saw leave gaps.
 */
import type { Offset } from '../../base/units.ts';
import type { Value } from '../../history/operations.ts';

/** Operations are named by their number among the completed ones; -1 for none. */
export type OperationNumber = number;

/** What is known of one value of a key. */
export class ValueFacts {
  readonly value: Value;
  /** Who sent it; the last one, when several did. */
  writer: OperationNumber = -1;
  /** An operation that sent it failed for certain. */
  failed = false;
  /** An operation that sent it is `ok`. */
  acknowledged = false;
  /** An operation that read it is `ok`. */
  read = false;
  firstReader: OperationNumber = -1;
  /** Operations of unknown outcome that sent it: to be believed once it is read. */
  waiting: OperationNumber[] | null = null;
  /** Where it was seen first; -1: nobody knows. */
  offset: Offset = -1;
  /** Where else it was seen. */
  furtherOffsets: Offset[] | null = null;
  /** Its place; the last one if it has several, -1 if none, or if another value was seen there before. */
  place = -1;
  /** Over all offsets at which it was seen. */
  firstPlace = -1;
  lastPlace = -1;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Why two values are compared: they follow each other ... */
export const Following = {
  /** ... among what one operation read. */
  polledWithin: 0,
  /** ... as the last of one operation and the first of the next that a process read. */
  polledNext: 1,
  sentWithin: 2,
  sentNext: 3,
} as const;
export type Following = (typeof Following)[keyof typeof Following];

/** A key, and what was seen of its log so far. */
export class Partition {
  readonly key: string;
  /** What {@link findingsOf} said last is no longer all. */
  changed = true;
  private readonly values = new Map<Value, ValueFacts>();
  /** The value that was seen first at an offset. */
  private readonly log = new Map<Offset, ValueFacts>();
  /** All values of the offsets at which more than one was seen. */
  readonly conflicts = new Map<Offset, ValueFacts[]>();
  /** Every offset that held a value; in order while `ordered`. */
  private readonly offsets: Offset[] = [];
  private ordered = true;
  /** The first value seen at each place. */
  private byPlace: ValueFacts[] = [];
  /** Values at more than one offset. */
  readonly duplicated = new Set<ValueFacts>();

  // Pairs of values to compare, in columns: there is one for nearly every record read.
  readonly following: Following[] = [];
  readonly before: ValueFacts[] = [];
  readonly after: ValueFacts[] = [];
  readonly beforeIn: OperationNumber[] = [];
  readonly afterIn: OperationNumber[] = [];

  constructor(key: string) {
    this.key = key;
  }

  /** What is known of a value; a new one begins with nothing. */
  factsOf(value: Value): ValueFacts {
    let facts = this.values.get(value);
    if (facts === undefined) {
      facts = new ValueFacts(value);
      this.values.set(value, facts);
    }
    return facts;
  }

  /** How many values were sent or read. */
  get size(): number {
    return this.values.size;
  }

  /** Every one of them. */
  all(): Iterable<ValueFacts> {
    return this.values.values();
  }

  /** A value was seen at an offset. */
  place(offset: Offset, facts: ValueFacts): void {
    if (facts.offset === offset) return;
    if (facts.offset < 0) facts.offset = offset;
    else {
      if (facts.furtherOffsets?.includes(offset)) return;
      (facts.furtherOffsets ??= []).push(offset);
      this.duplicated.add(facts);
    }
    this.changed = true;
    const first = this.log.get(offset);
    if (first !== undefined) {
      const all = this.conflicts.get(offset);
      if (all === undefined) this.conflicts.set(offset, [first, facts]);
      else all.push(facts);
      return;
    }
    this.log.set(offset, facts);
    if (this.ordered && this.offsets.length > 0 && offset < this.offsets[this.offsets.length - 1]!) this.ordered = false;
    this.offsets.push(offset);
  }

  /** Two values follow each other in a client. */
  follows(how: Following, before: ValueFacts, after: ValueFacts, beforeIn: OperationNumber, afterIn: OperationNumber): void {
    this.changed = true;
    this.following.push(how);
    this.before.push(before);
    this.after.push(after);
    this.beforeIn.push(beforeIn);
    this.afterIn.push(afterIn);
  }

  /** Gives every value its place. */
  arrange(): void {
    const { offsets, log, conflicts } = this;
    if (!this.ordered) offsets.sort((a, b) => a - b);
    this.ordered = true;
    for (const facts of this.values.values()) {
      facts.place = -1;
      facts.firstPlace = -1;
      facts.lastPlace = -1;
    }
    this.byPlace = offsets.map((offset) => log.get(offset)!);
    for (let place = 0; place < offsets.length; place++) {
      const first = this.byPlace[place]!;
      first.place = place;
      seenAt(first, place);
      if (conflicts.size > 0) for (const facts of conflicts.get(offsets[place]!) ?? []) seenAt(facts, place);
    }
  }

  /** How many places there are. Of the last {@link Partition.arrange}, as all that follows. */
  get places(): number {
    return this.byPlace.length;
  }

  /** The value at a place. */
  at(place: number): ValueFacts | undefined {
    return this.byPlace[place];
  }

  /** The place of an offset that held a value. */
  placeOf(offset: Offset): number {
    let low = 0;
    let high = this.offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function seenAt(facts: ValueFacts, place: number): void {
  if (facts.firstPlace < 0) facts.firstPlace = place;
  facts.lastPlace = place;
}
