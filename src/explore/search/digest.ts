/** Two independent 32-bit hashes over a row of integers: 64 bits for a state. */
export class Digest {
  a = 0;
  b = 0;

  reset(): void {
    this.a = 0x243f6a88 | 0;
    this.b = 0x85a308d3 | 0;
  }

  add(value: number): void {
    const low = value | 0;
    let a = Math.imul(this.a ^ low, 0x9e3779b1);
    if (low !== value) a = Math.imul(a ^ Math.floor(value / 4294967296), 0xc2b2ae35);
    a ^= a >>> 15;
    this.a = a | 0;
    this.b = (Math.imul(this.b ^ (a >>> 7), 0x5bd1e995) + low) | 0;
  }

  /** The end: every bit depends on every bit. */
  finish(): void {
    this.a = mixed(this.a ^ this.b);
    this.b = mixed(this.b + Math.imul(this.a, 0x27d4eb2f));
  }
}

function mixed(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

const texts = new Map<string, number>();

/** A number for a text, the same within a process. */
export function textNumber(text: string): number {
  let known = texts.get(text);
  if (known === undefined) {
    known = 0x165667b1 | 0;
    for (let i = 0; i < text.length; i++) known = Math.imul(known ^ text.charCodeAt(i), 0x01000193);
    known = mixed(known);
    texts.set(text, known);
  }
  return known;
}
