/** The examples of docs/library.md do what they say: each block runs as a module, and throws where it does not hold. */
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import * as fc from 'fast-check';
import * as spillway from 'spillway';
import { describe, expect, test } from 'vitest';
import * as arbitraries from '../../src/lib/fast-check.ts';
import * as matchers from '../../src/lib/vitest.ts';
import { root } from '../infra/sources.ts';
import { blocksOf } from './markdown.ts';

const blocks = blocksOf(readFileSync(`${root}/docs/library.md`, 'utf8')).filter(({ language }) => language === 'ts');
const modules: Readonly<Record<string, object>> = {
  spillway,
  'spillway/fast-check': arbitraries,
  'spillway/vitest': matchers,
  'fast-check': fc,
  vitest: { describe, expect, test },
};

/** Runs a block, its imports taken from here. */
function runBlock(text: string): void {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });
  const take = (name: string): object => modules[name] ?? expect.fail(`the document imports ${name}`);
  new Function('require', 'module', 'exports', code)(take, { exports: {} }, {});
}

test('there are examples of all three entry points', () => {
  for (const name of Object.keys(modules)) expect(blocks.some(({ text }) => text.includes(`from '${name}'`))).toBe(true);
});

const [tests, plain] = [
  blocks.filter(({ text }) => text.includes('test(')),
  blocks.filter(({ text }) => !text.includes('test(')),
];

test.each(plain.map(({ line, text }) => [line, text] as const))('the block in line %i holds', { timeout: 120_000 }, (_, text) => {
  runBlock(text);
});

for (const { line, text } of tests) describe(`the tests in line ${line}`, () => runBlock(text));
