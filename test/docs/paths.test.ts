/** The files that documents name are there: what says where something is done goes stale with the first file that moves. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSources, root } from '../infra/sources.ts';

const documents = readSources(['README.md', 'README.zh.md', 'MODEL.md', 'CHANGELOG.md', 'docs'], ['.md']);

/** Paths from the root in backticks; `<name>` stands for any. */
function pathsIn(document: string): string[] {
  const named = [...document.matchAll(/`((?:src|test|scenarios|scripts|docs)\/[\w./-]*)`/g)];
  return [...new Set(named.map((match) => match[1] ?? ''))];
}

test.each(Object.keys(documents))('%s names files that exist', (path) => {
  expect(pathsIn(documents[path] ?? '').filter((name) => !existsSync(`${root}/${name}`))).toEqual([]);
});

test('a path is found, and one with a placeholder is none', () => {
  expect(pathsIn('in `src/kafka/notes.ts`, `src/world/faults/<name>.ts` and `acks`')).toEqual(['src/kafka/notes.ts']);
});
