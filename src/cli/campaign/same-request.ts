/** Whether two files are of one campaign, and if not, in what they differ. */

import type { Header } from './kept.ts';
import { shardText } from './shard.ts';

/** Where two campaigns part, and what each has there. */
export interface Difference {
  /** `engine`, `verb`, `shard`, or a part of the request: `seeds`. */
  readonly what: string;
  readonly here: string;
  readonly there: string;
}

const longest = 60;

/** The first difference between headers, `shard` included; null when both are of the same work. */
export function differenceOf(here: Header, there: Header): Difference | null {
  const shard = (header: Header): string => (header.shard === null ? '1/1' : shardText(header.shard));
  return campaignDifference(here, there) ?? difference('shard', shard(here), shard(there));
}

/** The same for parts of one campaign, which have shards of their own. */
export function campaignDifference(here: Header, there: Header): Difference | null {
  const a = here.request as Readonly<Record<string, unknown>>;
  const b = there.request as Readonly<Record<string, unknown>>;
  const inRequest = (): Difference | null => {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = difference(key, JSON.stringify(a[key]), JSON.stringify(b[key]));
      if (found !== null) return found;
    }
    return null;
  };
  return difference('engine', here.engine, there.engine) ?? difference('verb', here.verb, there.verb) ?? inRequest();
}

function difference(what: string, here: string | undefined, there: string | undefined): Difference | null {
  if (here === there) return null;
  return { what, here: short(here), there: short(there) };
}

/** As much as a line can hold, from where it gets interesting on. */
function short(text = '-'): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
