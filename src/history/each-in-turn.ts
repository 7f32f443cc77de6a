/**
 * Watches lists of records go by, and knows whether they came to every record of a run, each exactly once, those of each producer in
 * their order. As a rule a list goes on where the last one of its producer ended, which is seen without a table of records.
 */
import type { Sends } from './history.ts';

/** What a record is to a history: its id. */
export interface RecordId {
  readonly id: number;
}

export class EachInTurn {
  private readonly facts: Pick<Sends, 'count' | 'producer' | 'ordinal'>;
  /** By producer: the ordinal that comes next. */
  private readonly next: number[] = [];
  private taken = 0;
  private inTurn = true;

  constructor(facts: Pick<Sends, 'count' | 'producer' | 'ordinal'>) {
    this.facts = facts;
  }

  /** One that goes on from here on its own. */
  fork(): EachInTurn {
    const fork = new EachInTurn(this.facts);
    for (const ordinal of this.next) fork.next.push(ordinal);
    fork.taken = this.taken;
    fork.inTurn = this.inTurn;
    return fork;
  }

  /** Every record came, and came in its turn. */
  get complete(): boolean {
    return this.inTurn && this.taken === this.facts.count;
  }

  /** Something came that has no place among them. */
  spoil(): void {
    this.inTurn = false;
  }

  /** The records from index `from` up to `to` (exclusive) of a list. */
  take(records: readonly RecordId[], from: number, to: number): void {
    if (from === to || !this.inTurn) return;
    const { next } = this;
    const { count, producer, ordinal } = this.facts;
    const first = records[from]!.id;
    const last = first + to - from - 1;
    if (first < 0 || last >= count) {
      this.inTurn = false;
      return;
    }
    const by = producer[first]!;
    while (next.length <= by) next.push(1);
    const expected = next[by]!;
    // As many ordinals as records: none of another producer lies between.
    let inTurn = ordinal[first] === expected && producer[last] === by && ordinal[last] === expected + last - first;
    for (let i = from, id = first; i < to && inTurn; i++, id++) inTurn = records[i]!.id === id;
    this.inTurn = inTurn;
    next[by] = expected + to - from;
    this.taken += to - from;
  }
}
