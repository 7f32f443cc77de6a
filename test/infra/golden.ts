/**
 * Golden files: what a program printed when somebody last looked and found it right. `npm run golden` writes them anew; commit only what
 * you understand.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import { root } from './sources.ts';

/** True while `npm run golden` rewrites the files. */
export const rewriting = process.env['SPILLWAY_GOLDEN'] === '1';

/** Compares with the golden file at this path from the root, or writes it. */
export function expectGolden(path: string, actual: string): void {
  const file = `${root}/${path}`;
  if (rewriting) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || readFileSync(file, 'utf8') !== actual) writeFileSync(file, actual);
    return;
  }
  expect(existsSync(file), `${path} is missing; npm run golden writes it`).toBe(true);
  expect(actual, `${path} differs; npm run golden rewrites it`).toBe(readFileSync(file, 'utf8'));
}
