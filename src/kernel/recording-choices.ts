/**
 * Listens to another backend: keeps every choice that differs from its default (the makings of a witness) and, when asked to,
 * every draw (to compare two runs choice by choice).
 */
import type { Choices, SiteId } from '../base/choices.ts';
import type { ChoiceEntry } from './replay-choices.ts';
import { siteLabel } from './sites.ts';

export class RecordingChoices implements Choices {
  readonly draws: { readonly site: string; readonly occurrence: number; readonly n: number; readonly value: number }[] = [];
  private readonly inner: Choices;

  constructor(inner: Choices) {
    this.inner = inner;
  }

  site(label: string): SiteId {
    return this.inner.site(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    const value = this.inner.below(site, occurrence, n);
    this.draws.push({ site: siteLabel(site), occurrence, n, value });
    return value;
  }

  /** The choices that differ from their default. */
  entries(): ChoiceEntry[] {
    return this.draws.filter((draw) => draw.value !== 0).map(({ site, occurrence, value }) => ({ site, occurrence, value }));
  }
}
