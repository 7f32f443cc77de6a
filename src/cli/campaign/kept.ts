/**
 * What a campaign leaves on disk, as lines of JSON. A **journal** grows while the work is done: a header, then a line a result, each line
 * behind the digest of its text, so that a line that was cut off while it was written is known for what it is. A **blob** is written whole
 * when a shard is done: a header, the results in the order of their tasks, and a closing line with the digest of every byte before it.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { engineVersion } from '../version.ts';
import type { Ending } from './campaign.ts';
import type { Shard } from './shard.ts';

/** What was asked for, and by which part of which engine it was done. */
export interface Header {
  readonly spillway: 'journal' | 'blob';
  readonly schema: 1;
  readonly engine: string;
  readonly verb: string;
  /** Null for a campaign on one machine. */
  readonly shard: Shard | null;
  readonly request: unknown;
}

/** Header, results by the place of their task, and how a blob's shard ended. */
export interface Kept {
  readonly header: Header;
  readonly results: ReadonlyMap<number, unknown>;
}

/** What a blob holds. */
export interface BlobContents extends Kept {
  readonly ended: Exclude<Ending, 'interrupted'>;
}

/** Why a file is no blob or journal: a code of the catalogue. */
export type Unreadable = 'truncated' | 'corrupted' | 'not-ours' | 'newer-schema';

const count = z.int().min(0);
const header = z.strictObject({
  spillway: z.enum(['journal', 'blob']),
  schema: z.literal(1),
  engine: z.string().min(1),
  verb: z.string().min(1),
  shard: z.strictObject({ index: count.min(1), of: count.min(1) }).nullable(),
  request: z.looseObject({}),
});
const line = z.tuple([count, z.unknown()]);
const closing = z.strictObject({ ended: z.enum(['complete', 'time-limit']), sha256: z.string() });

/** The header of a file that is about to be written. */
export function headerOf(spillway: Header['spillway'], verb: string, shard: Shard | null, request: unknown): Header {
  return { spillway, schema: 1, engine: engineVersion, verb, shard, request };
}

/** The lines of a blob. */
export function* blobLines(about: Header, results: readonly (readonly [number, unknown])[], ended: Ending): Iterable<string> {
  const digest = createHash('sha256');
  const hashed = (text: string): string => {
    digest.update(text);
    return text;
  };
  yield hashed(`${JSON.stringify(about)}\n`);
  for (const result of results) yield hashed(`${JSON.stringify(result)}\n`);
  yield hashed(`{"ended":${JSON.stringify(ended)},"sha256":"`);
  yield `${digest.digest('hex')}"}\n`;
}

const tail = /^[0-9a-f]{64}"\}\n$/;
const tailBytes = 67;

/** Reads a blob whole, or says why it is none. Nothing of a file is taken of which any byte was changed. */
export function readBlob(bytes: Buffer): BlobContents | Unreadable {
  if (bytes.length === 0) return 'truncated';
  const first = readHeader(bytes.subarray(0, endOfLine(bytes, 0)).toString('utf8'), 'blob');
  if (typeof first === 'string') return first;
  const end = bytes.length - tailBytes;
  const digest = bytes.subarray(end).toString('latin1');
  if (end < 0 || !tail.test(digest)) return 'truncated';
  if (createHash('sha256').update(bytes.subarray(0, end)).digest('hex') !== digest.slice(0, 64)) return 'corrupted';
  const lines = [...linesOf(bytes)];
  const last = closing.safeParse(parsed(lines.pop() ?? ''));
  if (!last.success) return 'corrupted';
  const results = new Map<number, unknown>();
  for (const text of lines.slice(1)) {
    const read = line.safeParse(parsed(text));
    if (!read.success || results.has(read.data[0])) return 'corrupted';
    results.set(...read.data);
  }
  return { header: first, results, ended: last.data.ended };
}

/** The first line of a journal. */
export function journalHead(about: Header): string {
  return `${JSON.stringify(about)}\n`;
}

/** A line of a journal. */
export function journalLine(index: number, result: unknown): string {
  const text = JSON.stringify([index, result]);
  return `${digestOf(text)} ${text}\n`;
}

const digestLength = 16;

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digestLength);
}

/**
 * Reads a journal as far as it is whole; `bytes` is how far that is. What stands behind was cut off or damaged, and is done once more.
 */
export function readJournal(bytes: Buffer): (Kept & { readonly bytes: number }) | Unreadable {
  const firstEnd = endOfLine(bytes, 0);
  const first = readHeader(bytes.subarray(0, firstEnd).toString('utf8'), 'journal');
  if (typeof first === 'string') return first;
  const results = new Map<number, unknown>();
  let whole = firstEnd + 1;
  while (whole < bytes.length) {
    const end = endOfLine(bytes, whole);
    const text = bytes.subarray(whole, end).toString('utf8');
    const body = text.slice(digestLength + 1);
    if (end === bytes.length || text.slice(0, digestLength + 1) !== `${digestOf(body)} `) break;
    const read = line.safeParse(parsed(body));
    if (!read.success) break;
    results.set(...read.data);
    whole = end + 1;
  }
  return { header: first, results, bytes: Math.min(whole, bytes.length) };
}

function readHeader(text: string, kind: Header['spillway']): Header | Unreadable {
  const data = parsed(text);
  if (typeof data !== 'object' || data === null || !('spillway' in data) || data.spillway !== kind) return 'not-ours';
  if ('schema' in data && typeof data.schema === 'number' && data.schema > 1) return 'newer-schema';
  return header.safeParse(data).success ? (data as Header) : 'corrupted';
}

function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(10, from);
  return end < 0 ? bytes.length : end;
}

function* linesOf(bytes: Buffer): Iterable<string> {
  for (let from = 0; from < bytes.length; ) {
    const end = endOfLine(bytes, from);
    yield bytes.subarray(from, end).toString('utf8');
    from = end + 1;
  }
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
