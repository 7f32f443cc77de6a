/** "Did you mean": the right name nearest to a wrong one, or nothing when none is near. */
import { distance } from 'fastest-levenshtein';

/** Ways of writing a dotted name that are not Kafka's: `lingerMs`, `LINGER_MS`, `linger-ms`. */
function plain(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1.$2')
    .replace(/[-_\s]/g, '.')
    .toLowerCase();
}

/**
 * The candidate that `name` was most likely meant to be: equal but for spelling (`lingerMs` for `linger.ms`), its beginning
 * or the beginning of it, or within a third of its letters. The first in the given order wins a tie. Null when nothing is
 * near; no number is near to another.
 */
export function nearest(name: string, candidates: readonly string[]): string | null {
  if (/^[\d.]*$/.test(name)) return null;
  const wanted = plain(name);
  let best: string | null = null;
  let bestDistance = Math.ceil(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const begins = wanted.length >= 4 && other.length >= 4 && (other.startsWith(wanted) || wanted.startsWith(other));
    const d = begins ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
