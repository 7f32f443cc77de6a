/**
 * Watches lists of records go by, and knows whether they came to every record of a run, each exactly once, those of each producer in
 * their order. As a rule a list goes on where the last one of its producer ended, which is seen without a table of records.
 *
 * Applications hand over their records in ascending order of ids, and clients keep that order within a batch, so that the two ends of a
 * list say what lies between. Of what is found in logs that is looked at.
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

  /** A list of records in ascending order comes. */
  take(records: readonly RecordId[]): void {
    const { length } = records;
    if (length === 0 || !this.inTurn) return;
    const { next } = this;
    const { count, producer, ordinal } = this.facts;
    const first = records[0]!.id;
    const last = records[length - 1]!.id;
    if (first < 0 || last >= count || last - first !== length - 1) {
      this.inTurn = false;
      return;
    }
    const by = producer[first]!;
    while (next.length <= by) next.push(1);
    const expected = next[by]!;
    // As many ordinals as records: none of another producer lies between.
    this.inTurn = ordinal[first] === expected && producer[last] === by && ordinal[last] === expected + length - 1;
    next[by] = expected + length;
    this.taken += length;
  }

  /** The same of a list that may be in any order, and then spoils it. */
  takeAny(records: readonly RecordId[]): void {
    const { length } = records;
    if (length === 0 || !this.inTurn) return;
    let { id } = records[0]!;
    for (let i = 1; i < length; i++) {
      if (records[i]!.id !== ++id) {
        this.inTurn = false;
        return;
      }
    }
    this.take(records);
  }
}
