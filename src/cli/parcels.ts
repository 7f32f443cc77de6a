/**
 * What goes between two threads is copied. Parts that many tasks or results have in common go once: that saves the copies, and what a
 * thread has learnt of such a part (a scenario's compiled plans) holds for the next task that has it.
 */

/** Parts of tasks and of results that are the same object time and again. */
const recurring = ['scenario', 'request', 'scope', 'settings'];

/** Something to be copied to another thread. */
export interface Parcel {
  /** With null for recurring parts. */
  readonly plain: unknown;
  /** What belongs there: its name, its number, and itself the first time. */
  readonly parts: readonly (readonly [name: string, number: number, part?: object])[];
}

/** One end of a way between two threads. */
export class Sender {
  private readonly numbers = new WeakMap<object, number>();
  private next = 0;

  /** Packs something for the receiver at the other end, who unpacks everything in this order. */
  pack(value: unknown): Parcel {
    const parts: [string, number, object?][] = [];
    if (typeof value !== 'object' || value === null) return { plain: value, parts };
    const held = value as Readonly<Record<string, unknown>>;
    const plain: Record<string, unknown> = {};
    for (const name of recurring) {
      const part = held[name];
      if (typeof part !== 'object' || part === null) continue;
      plain[name] = null;
      const known = this.numbers.get(part);
      if (known !== undefined) parts.push([name, known]);
      else {
        parts.push([name, this.next, part]);
        this.numbers.set(part, this.next++);
      }
    }
    return { plain: parts.length === 0 ? value : { ...held, ...plain }, parts };
  }
}

/** The other end. */
export class Receiver {
  private readonly known: object[] = [];

  unpack({ plain, parts }: Parcel): unknown {
    for (const [name, number, part] of parts) {
      if (part !== undefined) this.known[number] = part;
      (plain as Record<string, unknown>)[name] = this.known[number];
    }
    return plain;
  }
}
