/**
 * The exhaustive backend of {@link Choices}: what a loss of power spares is drawn from a given list, and beyond its end the first
 * option is taken and the number of options kept, so that a search can come back for the others. Everything else takes its default:
 * latencies are the scheduler's, and the jitter of a pause plays no role where a pause is as long as one likes.
 */
import type { Choices, SiteId } from '../../base/choices.ts';
import { siteId, siteLabel } from '../../kernel/sites.ts';

export class PathChoices implements Choices {
  /** What to draw next, and what has been drawn since {@link start}, with the number of options. */
  private given: readonly number[] = [];
  readonly drawn: { readonly value: number; readonly options: number }[] = [];

  /** A step begins, with these draws. */
  start(given: readonly number[]): void {
    this.given = given;
    this.drawn.length = 0;
  }

  site(label: string): SiteId {
    return siteId(label);
  }

  below(site: SiteId, _occurrence: number, n: number): number {
    if (n === 1 || !isSearched(siteLabel(site))) return 0;
    const value = this.given[this.drawn.length] ?? 0;
    this.drawn.push({ value, options: n });
    return value;
  }

  /** The draws that come after these ones in the order of an odometer, null after the last. */
  following(): number[] | null {
    for (let at = this.drawn.length - 1; at >= 0; at--) {
      const { value, options } = this.drawn[at]!;
      if (value + 1 < options) return [...this.drawn.slice(0, at).map((draw) => draw.value), value + 1];
    }
    return null;
  }
}

function isSearched(label: string): boolean {
  return label.startsWith('power-loss ');
}
