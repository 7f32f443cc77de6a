/**
 * Orders of delivery by priority, after PCT (Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
 * ASPLOS 2010). Every kind of message on every link has a priority, drawn once: the lower, the later its messages come. At a few moments,
 * drawn in advance, the priority of what is being sent then drops below all others. Uniform jitter mixes everything with everything and
 * seldom keeps one message back long enough; here some always are.
 */
import type { Choices, SiteId } from '../base/choices.ts';
import { siteLabel } from '../kernel/sites.ts';

/** Priorities are numbers below this. */
const priorities = 1024;
/** Moments at which a priority drops: the depth of the bugs that are looked for, less one. */
const drops = 3;
/** Among how many messages the moments are drawn. */
const horizon = 2000;

export class PctChoices implements Choices {
  private readonly inner: Choices;
  /** By site of a latency; -1 for a site of anything else. */
  private readonly priority = new Map<SiteId, number>();
  private readonly moments = new Set<number>();
  private sent = 0;

  /** `inner` draws priorities and moments, and whatever is no latency. */
  constructor(inner: Choices) {
    this.inner = inner;
    const site = inner.site('priority drops');
    for (let i = 0; i < drops; i++) this.moments.add(inner.below(site, i, horizon));
  }

  site(label: string): SiteId {
    return this.inner.site(label);
  }

  below(site: SiteId, occurrence: number, n: number): number {
    let priority = this.priority.get(site);
    if (priority === undefined) {
      const label = siteLabel(site);
      const first = this.inner.site(`priority of ${label}`);
      priority = label.startsWith('latency ') ? this.inner.below(first, 0, priorities) : -1;
      this.priority.set(site, priority);
    }
    if (priority < 0) return this.inner.below(site, occurrence, n);
    if (this.moments.has(this.sent++)) {
      priority = priorities - 1;
      this.priority.set(site, priority);
    }
    // The delay grows with the cube: most messages are quick, few are very late.
    return Math.floor(((n - 1) * priority * priority * priority) / (priorities * priorities * priorities));
  }
}
