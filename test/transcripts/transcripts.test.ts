/** Every transcript says what the program says. `npm run golden` writes them anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectGolden } from '../infra/golden.ts';
import { root } from '../infra/sources.ts';
import { parseTranscript, play, printTranscript } from './transcript.ts';

const folder = 'test/transcripts';
const stories = readdirSync(`${root}/${folder}`).filter((file) => file.endsWith('.txt'));

test.each(stories)('%s', { timeout: 300_000 }, (story) => {
  const parts = parseTranscript(readFileSync(`${root}/${folder}/${story}`, 'utf8'));
  expectGolden(`${folder}/${story}`, printTranscript(play(parts)));
});

test('a transcript survives being read and printed', () => {
  const text =
    '# a story\n# of two lines\n\n> a.properties\nacks=1\n\n$ spillway list\n----\n one\n\n two\n\n$ spillway new\n----\n three\n';
  expect(printTranscript(parseTranscript(text))).toBe(text);
});

test('a transcript runs spillway or cat and nothing else', () => {
  expect(() => play(parseTranscript('$ rm -rf nothing\n----\n'))).toThrow('runs spillway or cat and nothing else');
});
