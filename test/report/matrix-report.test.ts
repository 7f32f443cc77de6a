/** The committed report is what the engine finds today: the whole campaign again, compared byte by byte. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';

test('reports/matrix.md is what `spillway matrix` writes; npm run golden rewrites it', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-matrix-'));
  try {
    const file = join(folder, 'matrix.md');
    const { code, err } = program(['matrix', '--quiet', '--output-file', file]);
    expect(err).toBe('');
    expect(code).toBe(0);
    const written = readFileSync(file, 'utf8').replaceAll(file, 'reports/matrix.md');
    expect(written).toBe(readFileSync(`${root}/reports/matrix.md`, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
