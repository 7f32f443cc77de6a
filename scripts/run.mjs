/**
 * Runs a TypeScript program of this repository: `node scripts/run.mjs bench/main.ts [arguments]`. It is bundled into a temporary
 * folder inside `dist/` first, because the oldest supported Node runs no TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { common, makeRequire, root } from './build.mjs';

const [source, ...args] = process.argv.slice(2);
if (source === undefined) {
  process.stderr.write('usage: node scripts/run.mjs <program.ts> [arguments]\n');
  process.exit(3);
}
const folder = mkdtempSync(join(root, 'dist', 'run-'));
try {
  const outfile = join(folder, 'program.js');
  await build({ ...common, entryPoints: [source], outfile, platform: 'node', banner: { js: makeRequire }, external: ['jiti'] });
  const done = spawnSync(process.execPath, ['--expose-gc', outfile, ...args], { cwd: root, stdio: 'inherit' });
  process.exitCode = done.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
