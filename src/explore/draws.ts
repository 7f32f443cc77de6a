/** What a seed of an exploration draws before its run: each draw has an address, so that one more of one thing moves no other. */
import type { Choices } from '../base/choices.ts';
import { choicesOfSeed } from './patched-choices.ts';

export class Draws {
  private readonly choices: Choices;
  private readonly drawn = new Map<string, number>();

  /** A stream of its own, apart from the dice of the run with the same seed. */
  constructor(seed: string) {
    this.choices = choicesOfSeed(seed, 'explore ');
  }

  /** An integer in `0 … n-1`: the next of those that are drawn for `what`. */
  below(what: string, n: number): number {
    const nth = this.drawn.get(what) ?? 0;
    this.drawn.set(what, nth + 1);
    return this.choices.below(this.choices.site(`explore ${what}`), nth, n);
  }

  /** One of a list that is not empty. */
  one<T>(what: string, of: readonly T[]): T {
    return of[this.below(what, of.length)]!;
  }

  /** A number of microseconds below `mostUs`, small ones as likely as large ones: half of the range of sizes each time. */
  span(what: string, leastUs: number, mostUs: number): number {
    const sizes = [leastUs];
    for (let size = 2 * leastUs; size <= mostUs; size *= 2) sizes.push(size);
    const low = this.one(`${what} size`, sizes);
    return Math.min(mostUs, low + this.below(what, low));
  }
}
