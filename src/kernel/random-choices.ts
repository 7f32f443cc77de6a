/**
 * The random backend of {@link Choices}: value = mix(key of the site, occurrence). The seed goes through seedrandom (tychei: 0.6 µs
 * a stream; xor128 and xorshift7 are linear and would make siblings differ by a constant) into a 128-bit master key; a site's key
 * mixes that with the hash of its label. No draw depends on any other draw.
 */
import tychei from 'seedrandom/lib/tychei.js';
import { assert } from '../base/assert.ts';
import type { Choices, SiteId } from '../base/choices.ts';
import { mix32 } from './mix.ts';
import { siteHash, siteId, sitesKnown } from './sites.ts';

export class RandomChoices implements Choices {
  private readonly master = new Int32Array(4);
  private keyA = new Int32Array(64);
  private keyB = new Int32Array(64);
  private known = new Uint8Array(64);

  constructor(seed: string) {
    this.reseed(seed);
  }

  /** Starts over with another seed; keeps its arrays. */
  reseed(seed: string): void {
    const stream = tychei(seed);
    for (let i = 0; i < 4; i++) this.master[i] = stream.int32();
    this.known.fill(0);
  }

  site(label: string): SiteId {
    return siteId(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    assert(n >= 1 && n <= 4294967296, 'a choice has between 1 and 2^32 options');
    if (n === 1) return 0;
    if (site >= this.known.length || this.known[site] === 0) this.derive(site);
    const low = occurrence | 0;
    const high = low === occurrence ? 0 : (occurrence / 4294967296) | 0;
    let h = mix32(this.keyA[site]! ^ low);
    h = mix32((h + this.keyB[site]!) ^ Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b));
    return Math.floor(((h >>> 0) * n) / 4294967296);
  }

  private derive(site: SiteId): void {
    if (site >= this.known.length) {
      const room = Math.max(sitesKnown(), this.known.length * 2);
      const a = new Int32Array(room);
      a.set(this.keyA);
      this.keyA = a;
      const b = new Int32Array(room);
      b.set(this.keyB);
      this.keyB = b;
      const known = new Uint8Array(room);
      known.set(this.known);
      this.known = known;
    }
    const a = siteHash(site, 0);
    const b = siteHash(site, 1);
    const m = this.master;
    this.keyA[site] = mix32(mix32(m[0]! ^ a) + Math.imul(m[1]! ^ b, 0xc2b2ae35));
    this.keyB[site] = mix32(mix32(m[2]! + b) ^ Math.imul(m[3]! + a, 0x27d4eb2f));
    this.known[site] = 1;
  }
}
