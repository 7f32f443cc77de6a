/**
 * Where a key or a value stands in the text it came from: exactly in YAML, by search in TypeScript. Lines and columns count
 * from 1.
 */
import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { Path } from './problem.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds the place of a path; of its nearest ancestor that exists when it does not. Null when nothing is known. */
export type Locate = (path: Path, atKey: boolean) => Place | null;

/** Places in a YAML document, from the positions of its nodes. */
export function yamlPlaces(document: Document, lines: LineCounter): Locate {
  return (path, atKey) => {
    let node: unknown = document.contents;
    // A text without anything in it is wrong where it begins.
    let place = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === String(step));
        if (pair === undefined) break;
        const useKey = (atKey && depth === path.length - 1) || !hasText(pair.value);
        place = startOf(useKey ? pair.key : pair.value) ?? place;
        node = pair.value;
      } else if (isSeq(node) && typeof step === 'number') {
        const item: unknown = node.items[step];
        if (item === undefined) break;
        place = startOf(item) ?? place;
        node = item;
      } else break;
    }
    const { line, col } = lines.linePos(place);
    return { line, column: col };
  };
}

function startOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}

/** A value left empty (`acks:`) has no text of its own. */
function hasText(value: unknown): boolean {
  const range = (value as Node | null | undefined)?.range;
  return range !== undefined && range !== null && range[1] > range[0];
}

/**
 * Places in the text of a TypeScript file: each key of the path is looked for after the one before it. Good enough to point
 * at a line; what functions build (`when(...)`) is found at the key that holds it.
 */
export function textPlaces(text: string): Locate {
  return (path) => {
    let from = Math.max(0, text.indexOf('defineScenario('));
    let found: number | null = null;
    for (const step of path) {
      if (typeof step === 'number') continue;
      const key = step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const match = new RegExp(`(?<=[{,\\s])(?:${key}|'${key}'|"${key}")\\s*:`).exec(text.slice(from));
      if (match === null) break;
      found = from + match.index;
      from = found + match[0].length;
    }
    if (found === null) return null;
    const before = text.slice(0, found).split('\n');
    return { line: before.length, column: before[before.length - 1]!.length + 1 };
  };
}
