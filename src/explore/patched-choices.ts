/**
 * Chance of an exploration, by its seed. `12` is what it is everywhere. `12+57` is a child of it: most choices are those of 12, about every
 * fourth is that of 57. Because a choice has an address, a child resembles its parent, as no run of a new seed would.
 */
import type { Choices, SiteId } from '../base/choices.ts';
import { hashLabel, mix32 } from '../kernel/mix.ts';
import { RandomChoices } from '../kernel/random-choices.ts';
import { siteHash } from '../kernel/sites.ts';

/** The choices of a seed; `stream` keeps draws for another purpose apart. */
export function choicesOfSeed(seed: string, stream = ''): Choices {
  const [first = '', ...patches] = seed.split('+');
  const base = new RandomChoices(stream + first);
  return patches.length === 0 ? base : new PatchedChoices(base, patches, stream);
}

class PatchedChoices implements Choices {
  private readonly base: RandomChoices;
  private readonly patches: readonly { readonly choices: RandomChoices; readonly key: number }[];

  constructor(base: RandomChoices, seeds: readonly string[], stream: string) {
    this.base = base;
    this.patches = seeds.map((seed) => ({ choices: new RandomChoices(stream + seed), key: hashLabel(seed, 0x3c6ef372) }));
  }

  site(label: string): SiteId {
    return this.base.site(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    let from = this.base;
    for (const { choices, key } of this.patches) {
      if ((mix32(mix32(siteHash(site, 0) ^ key) + (occurrence | 0)) & 3) === 0) from = choices;
    }
    return from.below(site, occurrence, n);
  }
}
