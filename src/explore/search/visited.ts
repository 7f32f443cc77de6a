/** The states that a search has seen, by their 64-bit keys, in the order in which it saw them; and how each was reached first. */
export class Visited {
  /** Open addressing: index of a state plus 1, 0 for an empty place. */
  private places = new Int32Array(1 << 16);
  private low = new Int32Array(1 << 15);
  private high = new Int32Array(1 << 15);
  private parents = new Int32Array(1 << 15);
  private steps = new Int32Array(1 << 15);
  size = 0;

  /** Adds a state; false when it is known. `step` leads to it from `parent`, which is -1 for the first state. */
  add(a: number, b: number, parent: number, step: number): boolean {
    const mask = this.places.length - 1;
    let at = (a ^ (b << 5)) & mask;
    for (; this.places[at] !== 0; at = (at + 1) & mask) {
      const known = this.places[at]! - 1;
      if (this.low[known] === a && this.high[known] === b) return false;
    }
    if (this.size === this.low.length) this.widen();
    this.low[this.size] = a;
    this.high[this.size] = b;
    this.parents[this.size] = parent;
    this.steps[this.size] = step;
    this.places[at] = ++this.size;
    if (this.size * 2 > this.places.length) this.rehash();
    return true;
  }

  /** The steps that lead to a state from the first one. */
  pathTo(state: number): number[] {
    const path: number[] = [];
    for (let at = state; this.parents[at]! >= 0; at = this.parents[at]!) path.push(this.steps[at]!);
    return path.reverse();
  }

  /** How many steps lead to a state from the first one. */
  depthOf(state: number): number {
    let depth = 0;
    for (let at = state; this.parents[at]! >= 0; at = this.parents[at]!) depth++;
    return depth;
  }

  private widen(): void {
    const wider = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(2 * old.length);
      array.set(old);
      return array;
    };
    this.low = wider(this.low);
    this.high = wider(this.high);
    this.parents = wider(this.parents);
    this.steps = wider(this.steps);
  }

  private rehash(): void {
    const places = new Int32Array(2 * this.places.length);
    const mask = places.length - 1;
    for (let state = 0; state < this.size; state++) {
      let at = (this.low[state]! ^ (this.high[state]! << 5)) & mask;
      while (places[at] !== 0) at = (at + 1) & mask;
      places[at] = state + 1;
    }
    this.places = places;
  }
}
