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
  /** By site, three numbers: its two keys, and the seeding that they belong to. */
  private keys = new Int32Array(3 * 64);
  private seeding = 0;

  constructor(seed: string) {
    this.reseed(seed);
  }

  /** Starts over with another seed; keeps its arrays. */
  reseed(seed: string): void {
    const stream = tychei(seed);
    for (let i = 0; i < 4; i++) this.master[i] = stream.int32();
    // Keys of earlier seeds are no longer known from here on.
    this.seeding = (this.seeding + 1) | 0;
  }

  site(label: string): SiteId {
    return siteId(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    assert(n >= 1 && n <= 4294967296, 'a choice has between 1 and 2^32 options');
    if (n === 1) return 0;
    const at = 3 * site;
    if (at >= this.keys.length || this.keys[at + 2] !== this.seeding) this.derive(site);
    const { keys } = this;
    const low = occurrence | 0;
    const high = low === occurrence ? 0 : (occurrence / 4294967296) | 0;
    let h = mix32(keys[at]! ^ low);
    h = mix32((h + keys[at + 1]!) ^ Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b));
    return (((h >>> 0) * n) / 4294967296) >>> 0;
  }

  private derive(site: SiteId): void {
    const at = 3 * site;
    if (at >= this.keys.length) {
      const wider = new Int32Array(Math.max(3 * sitesKnown(), this.keys.length * 2));
      wider.set(this.keys);
      this.keys = wider;
    }
    const a = siteHash(site, 0);
    const b = siteHash(site, 1);
    const m = this.master;
    this.keys[at] = mix32(mix32(m[0]! ^ a) + Math.imul(m[1]! ^ b, 0xc2b2ae35));
    this.keys[at + 1] = mix32(mix32(m[2]! + b) ^ Math.imul(m[3]! + a, 0x27d4eb2f));
    this.keys[at + 2] = this.seeding;
  }
}
