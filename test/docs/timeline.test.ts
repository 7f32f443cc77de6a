/** The drawings in docs/timeline.md are what the program draws. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectGolden, rewriting } from '../infra/golden.ts';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';
import { blocksOf } from './markdown.ts';

const command = ['timeline', 'acks-1-leader-crash/breaks', 'p1#30', '--format'];

test('the SVG', () => {
  expectGolden('docs/timeline.svg', program([...command, 'svg']).out);
});

test('the Mermaid block', () => {
  const file = `${root}/docs/timeline.md`;
  const document = readFileSync(file, 'utf8');
  const block = blocksOf(document).find(({ language }) => language === 'mermaid')!;
  const { out } = program([...command, 'mermaid']);
  if (rewriting) {
    const { offset, text } = block;
    writeFileSync(file, document.slice(0, offset) + out + document.slice(offset + text.length));
  } else expect(block.text).toBe(out);
});
