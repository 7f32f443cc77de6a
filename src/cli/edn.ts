/** EDN, the notation in which Jepsen writes histories. Apart, because only they need it. */
import { parseEDNString } from 'edn-data';

/** EDN as plain data: keywords are their names, sets and lists are arrays, a tag falls away. Null when it is no EDN. */
export function parseEdn(text: string): unknown {
  let data: unknown;
  try {
    data = parseEDNString(text, { mapAs: 'object', keywordAs: 'string', setAs: 'array', listAs: 'array' });
  } catch {
    // The parser says most of what is wrong with null, and some of it with exceptions: a bad escape, brackets that do not match.
    return null;
  }
  return typeof data === 'object' && data !== null && 'tag' in data && 'val' in data ? data.val : data;
}
