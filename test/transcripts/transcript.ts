/**
 * Transcripts: what a user types and what the program says, one file a story.
 *
 * ```text
 * # any line that begins with # tells the reader what to look at
 *
 * > producer.properties
 * acks=1
 *
 * $ spillway matrix --producer.config producer.properties
 * ----
 * what it prints
 *
 * $ the next part begins after an empty line, with $, > or #
 * ```
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, shown, words } from '../infra/program.ts';

export type Part =
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'command'; readonly line: string; readonly output: string };

export function parseTranscript(text: string): Part[] {
  const blocks = text.split(/\n\n(?=[#$>] )/);
  return blocks
    .filter((block) => block.trim() !== '')
    .map((block): Part => {
      const [first = '', ...rest] = block.trimEnd().split('\n');
      const body = rest.length === 0 ? '' : `${rest.join('\n')}\n`;
      if (first.startsWith('# ')) return { kind: 'remark', text: block.trimEnd() };
      if (first.startsWith('> ')) return { kind: 'file', name: first.slice(2), text: body };
      if (!first.startsWith('$ ')) throw new Error(`a transcript begins with #, > or $, not with: ${first}`);
      return { kind: 'command', line: first.slice(2), output: body.replace(/^----\n/, '') };
    });
}

export function printTranscript(parts: readonly Part[]): string {
  const texts = parts.map((part) => {
    if (part.kind === 'remark') return `${part.text}\n`;
    if (part.kind === 'file') return `> ${part.name}\n${part.text}`;
    return `$ ${part.line}\n----\n${part.output}`;
  });
  return texts
    .map((text, i) => (parts[i]?.kind === 'remark' && parts[i + 1]?.kind === 'remark' ? text : `${text}\n`))
    .join('')
    .trimEnd()
    .concat('\n');
}

/** The same story with what the program says now. Every transcript has a folder of its own. */
export function play(parts: readonly Part[]): Part[] {
  const cwd = mkdtempSync(join(tmpdir(), 'spillway-transcript-'));
  return parts.map((part) => {
    if (part.kind === 'file') writeFileSync(join(cwd, part.name), part.text);
    if (part.kind !== 'command') return part;
    const [name, ...args] = words(part.line);
    if (name === 'cat') return { ...part, output: readFileSync(join(cwd, args[0] ?? ''), 'utf8') };
    if (name !== 'spillway') throw new Error(`a transcript runs spillway or cat and nothing else, not: ${part.line}`);
    return { ...part, output: shown(program(args, { cwd })).trimEnd().concat('\n') };
  });
}
