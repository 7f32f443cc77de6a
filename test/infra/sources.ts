/** Reads the repository's own files, for tests that hold them to a rule. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { root } from '../../scripts/build.mjs';

export { root };

/** Files under the given folders or files, as path from the root to text, sorted; `ends` filters by the end of the name. */
export function readSources(places: readonly string[], ends: readonly string[]): Record<string, string> {
  const paths: string[] = [];
  for (const place of places) {
    if (!existsSync(`${root}/${place}`)) continue;
    if (statSync(`${root}/${place}`).isFile()) paths.push(place);
    else for (const file of readdirSync(`${root}/${place}`, { recursive: true })) paths.push(`${place}/${String(file)}`);
  }
  const kept = paths.filter((path) => ends.some((end) => path.endsWith(end))).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(kept.map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')]));
}
