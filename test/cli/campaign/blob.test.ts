/** A blob that was changed anywhere is refused whole with a clear error; what is accepted gives the identical result. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { journalHead, journalLine, readBlob, readJournal } from '../../../src/cli/campaign/kept.ts';
import { freshFolder } from '../harness.ts';
import { really, shards } from './shards.ts';

let cwd: string;
let files: readonly string[];
let whole: Buffer;
let printed: string;

beforeAll(async () => {
  cwd = freshFolder();
  files = await shards(['run', 'acks-1-leader-crash', '-n', '2'], 2, cwd);
  whole = readFileSync(join(cwd, files[0]!));
  printed = (await really(['merge', ...files], cwd)).out;
});

/** A way of changing bytes. */
const change: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7)).map(([at, bit]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    changed[Math.floor(at * bytes.length)]! ^= 1 << bit;
    return changed;
  }),
  fc
    .double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    .map((at) => (bytes: Buffer) => bytes.subarray(0, at * bytes.length)),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), fc.uint8Array({ maxLength: 40 }))
    .map(([at, away, put]) => (bytes: Buffer) => {
      const from = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + away)]);
    }),
  // A number becomes another one, a word another word: still well-formed JSON.
  fc.tuple(fc.nat(), fc.constantFrom('0', '7', '1e3', '-1', 'null', 'true')).map(([nth, put]) => (bytes: Buffer) => {
    const numbers = [...bytes.toString('latin1').matchAll(/(?<=[:,[])\d+(?=[,\]}])/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: text } = numbers[nth % numbers.length]!;
    return Buffer.concat([bytes.subarray(0, index), Buffer.from(put), bytes.subarray(index + text.length)]);
  }),
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => (bytes: Buffer) => {
    const lines = bytes.toString('latin1').split('\n');
    const [i, j] = [a % (lines.length - 1), b % (lines.length - 1)];
    [lines[i], lines[j]] = [lines[j]!, lines[i]!];
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')])),
);

test('10,000 changed blobs: each is refused, or is the one it was', () => {
  const meant = readBlob(whole);
  const seen = { refused: 0, same: 0 };
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const changed = changes.reduce((bytes, one) => one(bytes), whole);
      const read = readBlob(changed);
      if (typeof read === 'string') {
        expect(['truncated', 'corrupted', 'not-ours', 'newer-schema']).toContain(read);
        seen.refused++;
      } else {
        expect(changed.equals(whole)).toBe(true);
        expect(read).toEqual(meant);
        seen.same++;
      }
    }),
    { numRuns: 10_000 },
  );
  expect(seen.refused).toBeGreaterThan(9000);
}, 240_000);

test('the program refuses it with its name and ends with 3', async () => {
  const changes = fc.sample(change, { numRuns: 200, seed: 5 });
  for (const one of changes) {
    const changed = one(whole);
    writeFileSync(join(cwd, 'changed.blob'), changed);
    const { code, out, err } = await really(['merge', 'changed.blob', files[1]!], cwd);
    if (changed.equals(whole)) expect({ code, out }).toEqual({ code: 0, out: printed });
    else {
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toMatch(/^error: changed\.blob (is|was) .*\n$/);
    }
  }
});

describe('what is well-formed and hashed, but no blob of ours', () => {
  let alone: string;

  beforeAll(async () => {
    const [file] = await shards(['run', 'acks-1-leader-crash', '-n', '2'], 1, cwd);
    alone = readFileSync(join(cwd, file!), 'utf8');
  });

  /** With the digest that its changed text asks for. */
  function forged(of: (text: string) => string): Buffer {
    const text = of(alone.slice(0, -67));
    return Buffer.from(`${text}${createHash('sha256').update(text).digest('hex')}"}\n`);
  }

  test.each<[string, (text: string) => string]>([
    ['a shard of two that has the tasks of both', (text) => text.replace('"of":1', '"of":2')],
    ['a shard beyond the last', (text) => text.replace('"index":1', '"index":2')],
    ['a task that does not exist', (text) => text.replace(/^\[(\d+),/m, '[99,')],
    ['a result twice', (text) => text.replace(/^(\[.*\n)/m, '$1$1')],
    ['a result that is missing', (text) => text.replace(/^\[.*\n/m, '')],
    ['a result without its counts', (text) => text.replace('"counts":', '"count":')],
    ['a count that is none', (text) => text.replace(/"sent":\d+/, '"sent":-1')],
    ['an outcome that does not exist', (text) => text.replace('"outcome":"', '"outcome":"not-')],
    ['a verb that does not exist', (text) => text.replace('"verb":"run"', '"verb":"walk"')],
    ['a verb of Object', (text) => text.replace('"verb":"run"', '"verb":"constructor"')],
    ['a request that lacks its cases', (text) => text.replace('"cases":[{"scenario"', '"case":[{"scenario"')],
    ['another case than there are scenarios for', (text) => text.replace('"cases":[{"scenario":0', '"cases":[{"scenario":7')],
    ['a request with more in it', (text) => text.replace('"bail":false', '"bail":false,"more":1')],
    ['a schema of the future', (text) => text.replace('"schema":1', '"schema":2')],
    ['no shard', (text) => text.replace('"shard":{"index":1,"of":1}', '"shard":null')],
    ['an interrupted shard', (text) => text.replace('"ended":"complete"', '"ended":"interrupted"')],
    ['a journal', (text) => text.replace('"spillway":"blob"', '"spillway":"journal"')],
    ['a line between', (text) => text.replace('\n[', '\n\n[')],
  ])('%s', async (_name, of) => {
    const changed = forged(of);
    expect(changed.toString()).not.toBe(alone);
    writeFileSync(join(cwd, 'forged.blob'), changed);
    const { code, out, err } = await really(['merge', 'forged.blob'], cwd);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error: /);
  });
});

describe('a journal', () => {
  const about = { spillway: 'journal', schema: 1, engine: '0.1.0', verb: 'run', shard: null, request: { a: 1 } } as const;
  const lines = Array.from({ length: 9 }, (_, i) => journalLine(i * 2, { of: i, text: 'ü\n' }));
  const bytes = Buffer.from(journalHead(about) + lines.join(''));

  test('that was changed or cut anywhere gives a beginning of what it held, and says how far it is whole', () => {
    const headEnd = journalHead(about).length;
    fc.assert(
      fc.property(change, (one) => {
        const read = readJournal(one(bytes));
        if (typeof read === 'string') return;
        // Who opens a journal takes it only with the header that it would have written.
        if (JSON.stringify(read.header) !== JSON.stringify(about)) return;
        const kept = [...read.results];
        const known = lines.map((_, i) => [i * 2, { of: i, text: 'ü\n' }]);
        for (const result of kept) expect(known).toContainEqual(result);
        expect(one(bytes).subarray(0, read.bytes).length).toBe(read.bytes);
        expect(read.bytes).toBeGreaterThanOrEqual(Math.min(headEnd, one(bytes).length));
      }),
      { numRuns: 3000 },
    );
  });

  test('of which the last line was torn lacks that line alone', () => {
    const torn = bytes.subarray(0, bytes.length - 4);
    const read = readJournal(torn);
    expect(typeof read === 'string' ? read : [...read.results.keys()]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(typeof read === 'string' ? read : read.bytes).toBe(bytes.length - Buffer.byteLength(lines[8]!));
  });
});
