/**
 * What `npm test` runs: types, lint, then the tests. Every step runs even if an earlier one failed; the last line is always
 * `N passed, N failed`, where each of the first two steps counts as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './build.mjs';

let passed = 0;
let failed = 0;

/** Runs a program of `node_modules/.bin` and tells whether it succeeded. */
function run(title, program, args, env = {}) {
  process.stdout.write(`\n${title}\n`);
  const done = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return done.status === 0;
}

function step(title, program, args) {
  if (run(title, program, args)) passed++;
  else failed++;
}

const plain = !process.stdout.isTTY;
const colours = plain ? ['--colors=off'] : [];
step('types', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']);
step('types of the engine, without Node and browser', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.engine.json']);
step('lint and format', 'node_modules/@biomejs/biome/bin/biome', ['ci', '.', ...colours]);

const folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
const counts = join(folder, 'counts.json');
try {
  const green = run('tests', 'node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)], {
    SPILLWAY_TEST_COUNTS: counts,
    ...(plain ? { NO_COLOR: '1' } : {}),
  });
  const seen = readCounts(counts);
  passed += seen.passed;
  // A run that broke before it could count, or that failed without a failing test, is one failure.
  failed += green || seen.failed > 0 ? seen.failed : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}
