/**
 * Labels of sites as small integers. The table is shared by all runs of a process: it only grows, and a value never depends on
 * the integer, only on the label behind it. So a compiled Plan may keep its site ids across seeds.
 */
import type { SiteId } from '../base/choices.ts';
import { hashLabel } from './mix.ts';

const ids = new Map<string, SiteId>();
const labels: string[] = [];
const hashes: number[] = [];

/** The id of a label, new or known. */
export function siteId(label: string): SiteId {
  let id = ids.get(label);
  if (id === undefined) {
    id = labels.length;
    ids.set(label, id);
    labels.push(label);
    hashes.push(hashLabel(label, 0x2545f491), hashLabel(label, 0x5bd1e995));
  }
  return id;
}

/** The label behind an id. */
export function siteLabel(site: SiteId): string {
  return labels[site]!;
}

/** One of two independent hashes of a label, 0 or 1. */
export function siteHash(site: SiteId, which: 0 | 1): number {
  return hashes[2 * site + which]!;
}
