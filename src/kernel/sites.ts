/**
 * Labels of sites as small integers. The table is shared by all runs of a process: it only grows, and a value never depends on
 * the integer, only on the label behind it. So a compiled Plan may keep its site ids across seeds.
 */
import type { SiteId } from '../base/choices.ts';

const ids = new Map<string, SiteId>();
const labels: string[] = [];

/** The id of a label, new or known. */
export function siteId(label: string): SiteId {
  let id = ids.get(label);
  if (id === undefined) {
    id = labels.length;
    ids.set(label, id);
    labels.push(label);
  }
  return id;
}

/** The label behind an id. */
export function siteLabel(site: SiteId): string {
  return labels[site]!;
}

/** How many labels are known. */
export function sitesKnown(): number {
  return labels.length;
}
