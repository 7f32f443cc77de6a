/**
 * The replay backend of {@link Choices}: a sparse list of choices that differ from their default; a choice that is not listed takes
 * its default, 0. An entry that matches nothing is reported by {@link ReplayChoices.unmatched}, never silently re-rolled.
 */
import type { Choices, SiteId } from '../base/choices.ts';
import { siteId, siteLabel } from './sites.ts';

/** One choice of a witness. */
export interface ChoiceEntry {
  readonly site: string;
  readonly occurrence: number;
  readonly value: number;
}

export class ReplayChoices implements Choices {
  private readonly bySite = new Map<SiteId, Map<number, number>>();
  private readonly asked = new Set<string>();
  private readonly entries: readonly ChoiceEntry[];

  constructor(entries: readonly ChoiceEntry[]) {
    this.entries = entries;
    for (const entry of entries) {
      const site = siteId(entry.site);
      let values = this.bySite.get(site);
      if (values === undefined) {
        values = new Map();
        this.bySite.set(site, values);
      }
      values.set(entry.occurrence, entry.value);
    }
  }

  site(label: string): SiteId {
    return siteId(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    const value = this.bySite.get(site)?.get(occurrence);
    if (value === undefined) return 0;
    this.asked.add(`${siteLabel(site)}#${occurrence}`);
    // A value from a larger choice than the one asked now: the last option is the nearest.
    return value < n ? value : n - 1;
  }

  /** Entries that no draw of the run asked for. */
  unmatched(): readonly ChoiceEntry[] {
    return this.entries.filter((entry) => !this.asked.has(`${entry.site}#${entry.occurrence}`));
  }
}
