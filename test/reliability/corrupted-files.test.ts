/**
 * What `npm run reliability` does with 10,000 corrupted files, with 2,000, and a few dozen through the command line. A file that was refused
 * is told with a place; one that was accepted is sound; nothing is an exception.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { program } from '../infra/program.ts';
import { type Corrupted, corruptedFiles, type FileKind, fileKinds, Reader } from './corruptions.ts';
import { originals } from './originals.ts';

const reader = new Reader();
const folder = mkdtempSync(join(tmpdir(), 'spillway-corrupted-'));
afterAll(() => {
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(fileKinds)('what is corrupted is sound before: %s', async (kind) => {
  for (const text of originals[kind]) {
    expect(await reader.read({ kind, text })).toEqual({ accepted: true, wrong: null });
  }
});

test('2,000 corrupted files: each a clear problem or a sound file', { timeout: 300_000 }, async () => {
  const counts = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(corruptedFiles(), async (file) => {
      const { accepted, wrong } = await reader.read(file);
      counts[accepted ? 'accepted' : 'refused']++;
      expect(wrong).toBeNull();
    }),
    { seed: 10, numRuns: 2_000 },
  );
  expect(counts.accepted).toBeGreaterThan(100);
  expect(counts.refused).toBeGreaterThan(1_000);
});

/** How the command line is given a file of each kind. */
const commands: Readonly<Record<Exclude<FileKind, 'data'>, readonly [file: string, ...args: string[]]>> = {
  scenario: ['bad.yaml', 'validate'],
  'json-scenario': ['bad.yaml', 'validate'],
  witness: ['bad.yaml', 'validate'],
  properties: ['bad.properties', 'matrix', '--producer.config'],
  'json-history': ['bad.jsonl', 'judge'],
  'edn-history': ['bad.edn', 'judge'],
};

describe('through the command line', { timeout: 300_000 }, () => {
  /** Refused files alone: what is accepted would be run. */
  const refused = async (kind: Exclude<FileKind, 'data'>, count: number): Promise<string[]> => {
    const found: string[] = [];
    for (const file of fc.sample(corruptedFiles(), { seed: 4, numRuns: 600 }) as Corrupted[]) {
      if (found.length === count) break;
      if (file.kind === kind && kind !== 'properties' && !(await reader.read(file)).accepted) found.push(file.text);
    }
    return kind === 'properties' ? ['acks=\\u12', 'acks=maybe', 'acks=1\u0000', 'retries=99999999999', 'linger.ms='] : found;
  };

  test.each(Object.keys(commands) as (keyof typeof commands)[])('%s: status 3, the file named, no stack', async (kind) => {
    const [name, ...args] = commands[kind];
    const texts = await refused(kind, 5);
    expect(texts).toHaveLength(5);
    for (const text of texts) {
      writeFileSync(join(folder, name), text);
      const { code, out, err } = program([...args, name], { cwd: folder });
      expect([code, out], err).toEqual([3, '']);
      expect(err).toContain(name);
      expect(err).not.toMatch(/^\s+at |node:internal|file:\/\//m);
    }
  });
});
