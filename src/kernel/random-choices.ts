/**
 * The random backend of {@link Choices}: value = mix(key of the site, occurrence). The seed goes through seedrandom (tychei: 0.6 µs
 * a stream; xor128 and xorshift7 are linear and would make siblings differ by a constant) into a 128-bit master key; a site's key
 * mixes that with the hash of its label. No draw depends on any other draw.
 */
import tychei from 'seedrandom/lib/tychei.js';
import { assert } from '../base/assert.ts';
import type { Choices, SiteId } from '../base/choices.ts';
import { mix32 } from './mix.ts';
import { siteHash, siteId } from './sites.ts';

/** The keys of a site, and the seeding that they belong to. */
class SiteKeys {
  first: number;
  second: number;
  seeding: number;
  constructor(first: number, second: number, seeding: number) {
    this.first = first;
    this.second = second;
    this.seeding = seeding;
  }
}

export class RandomChoices implements Choices {
  private readonly master = new Int32Array(4);
  /** By site. */
  private readonly keys: SiteKeys[] = [];
  private seeding = 0;

  constructor(seed: string) {
    this.reseed(seed);
  }

  /** Starts over with another seed; keeps its memory. */
  reseed(seed: string): void {
    const stream = tychei(seed);
    for (let i = 0; i < 4; i++) this.master[i] = stream.int32();
    // Keys of earlier seeds are no longer known from here on.
    this.seeding++;
  }

  site(label: string): SiteId {
    return siteId(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    // Nearly always a small integer, which is soon compared.
    assert(n >= 1 && (n <= 2147483647 || n <= 4294967296), 'a choice has between 1 and 2^32 options');
    if (n === 1) return 0;
    const { first, second } = this.keysOf(site);
    const low = occurrence | 0;
    const high = low === occurrence ? 0 : (occurrence / 4294967296) | 0;
    let h = mix32(first ^ low);
    h = mix32((h + second) ^ Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b));
    return (((h >>> 0) * n) / 4294967296) >>> 0;
  }

  private keysOf(site: SiteId): SiteKeys {
    const { keys } = this;
    if (site >= keys.length) return this.derive(site);
    const known = keys[site]!;
    return known.seeding === this.seeding ? known : this.derive(site);
  }

  private derive(site: SiteId): SiteKeys {
    const { keys, seeding, master: m } = this;
    // There is no seeding 0.
    while (keys.length <= site) keys.push(new SiteKeys(0, 0, 0));
    const a = siteHash(site, 0);
    const b = siteHash(site, 1);
    const first = mix32(mix32(m[0]! ^ a) + Math.imul(m[1]! ^ b, 0xc2b2ae35));
    const second = mix32(mix32(m[2]! + b) ^ Math.imul(m[3]! + a, 0x27d4eb2f));
    const derived = keys[site]!;
    derived.first = first;
    derived.second = second;
    derived.seeding = seeding;
    return derived;
  }
}
