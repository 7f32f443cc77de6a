/**
 * Histories of operations in files: JSON Lines, or Jepsen's EDN, an operation a line. Read piece by piece, so that a file may be large; the
 * first line that is no operation ends it.
 */
import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Operation } from '../history/operations.ts';
import { NoOperation, readOperation } from '../oracle/operations/read-operation.ts';
import { badInput } from './failure.ts';
import { reason } from './files.ts';

/** The name that stands for standard input. */
const standardInput = '-';

/** Where a reading is: bytes of bytes; `of` is 0 where nobody knows. */
export type Reading = (bytes: number, of: number) => void;

/** Hands every operation of a history over, in order. @throws BadInput */
export async function readHistory(cwd: string, file: string, take: (operation: Operation) => void, at: Reading): Promise<void> {
  const size = file === standardInput ? 0 : sizeOf(cwd, file);
  let parse: Parse | null = null;
  let line = 0;
  let index = 0;
  const takeLine = (text: string, read: Parse): void => {
    line++;
    const bare = bareLine(text);
    if (bare === '') return;
    try {
      take(readOperation(read(bare), index++));
    } catch (error) {
      throw refusal(error, file, line);
    }
  };
  let rest = '';
  let bytes = 0;
  for await (const chunk of chunksOf(cwd, file)) {
    const lines = (rest + chunk).split('\n');
    parse ??= await parserFor(file, lines);
    rest = lines.pop()!;
    for (const text of lines) takeLine(text, parse);
    bytes += chunk.length;
    at(bytes, size);
  }
  if (parse !== null) takeLine(rest, parse);
}

/** Some histories are one list: its brackets and commas stand around the operations. */
function bareLine(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '[' || trimmed === ']' || trimmed === '[]') return '';
  const begun = trimmed.startsWith('[') ? trimmed.slice(1).trimStart() : trimmed;
  return begun.endsWith('},') || begun.endsWith('}]') ? begun.slice(0, -1) : begun;
}

async function* chunksOf(cwd: string, file: string): AsyncGenerator<string> {
  const stream = file === standardInput ? process.stdin : createReadStream(resolve(cwd, file), { highWaterMark: 1 << 20 });
  stream.setEncoding('utf8');
  try {
    yield* stream as AsyncIterable<string>;
  } catch (error) {
    throw badInput('cannot-read', { file, why: reason(error) });
  }
}

function sizeOf(cwd: string, file: string): number {
  try {
    return statSync(resolve(cwd, file)).size;
  } catch (error) {
    throw badInput('cannot-read', { file, why: reason(error) });
  }
}

function refusal(error: unknown, file: string, line: number): unknown {
  if (error instanceof NoOperation) {
    return badInput(error.code, {}, { file, line, found: foundText(error.found), allowed: error.allowed });
  }
  if (error instanceof SyntaxError) return badInput('not-json', { why: error.message }, { file, line });
  return error;
}

const foundWidth = 60;

function foundText(found: unknown): string {
  const text = found === undefined ? '' : jsonOf(found);
  return text.length > foundWidth ? `${text.slice(0, foundWidth)}…` : text;
}

/** What is nested more deeply than anybody can print is told by its kind. */
function jsonOf(found: unknown): string {
  try {
    return JSON.stringify(found);
  } catch {
    return Array.isArray(found) ? '[…]' : '{…}';
  }
}

type Parse = (text: string) => unknown;

/** EDN by the file's name, or by the look of what standard input begins with. */
async function parserFor(file: string, lines: readonly string[]): Promise<Parse> {
  const first = lines.map(bareLine).find((line) => line !== '') ?? '';
  return file.endsWith('.edn') || (file === standardInput && /^(#|\{\s*:)/.test(first)) ? ednParser() : JSON.parse;
}

async function ednParser(): Promise<Parse> {
  const { parseEdn } = await import('./edn.ts');
  return (text) => {
    const data = parseEdn(text);
    if (data === null) throw new NoOperation('not-edn', text);
    return data;
  };
}
