/**
 * Rewrites what programs are held to: golden files, transcripts, the outputs shown in documents, vitest's snapshots, and the reports.
 * Commit only what you understand.
 */
import { spawnSync } from 'node:child_process';
import { buildAll, root } from './build.mjs';

await buildAll();
run(['dist/cli.js', 'matrix', '--quiet', '--output-file', 'reports/matrix.md']);
run(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2), '--update'], { SPILLWAY_GOLDEN: '1' });

function run(args, env = {}) {
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.status !== 0) process.exitCode = done.status ?? 1;
}
