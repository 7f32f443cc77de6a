/**
 * Chance that can be addressed. Everything in a run that could have gone otherwise is a *choice* with an address: the site
 * (who, and for what) and the occurrence (which one, by meaning: the ordinal of a request on its link, say; never "the
 * next number"). Because a draw depends on its address alone, adding or removing anything else in a run moves no other draw,
 * and "the same dice, other acks" compares like with like.
 *
 * Backends: random and replay (`kernel/`), children of a run and delivery by priority (`explore/`), and the paths of a small-scope search
 * (`explore/search/`), which tries every option.
 */
import type { Ratio } from './ratio.ts';

/** Handle of a site within one run. */
export type SiteId = number;

export interface Choices {
  /**
   * The handle of the site with this label, for example `latency broker-1→broker-2 Fetch`. The same label always gives the
   * same handle within a run.
   */
  site(label: string): SiteId;
  /**
   * An integer in `0 … n-1` for this address. 0 is the *default*: what happens in a witness that does not list the choice (fixed
   * latency, no jitter, no fault, first option).
   */
  below(site: SiteId, occurrence: number, n: number): number;
}

/** True with the given probability; the default of the choice is false. */
export function happens(choices: Choices, site: SiteId, occurrence: number, probability: Ratio): boolean {
  if (probability.numerator === 0) return false;
  const drawn = choices.below(site, occurrence, probability.denominator);
  return drawn >= probability.denominator - probability.numerator;
}
