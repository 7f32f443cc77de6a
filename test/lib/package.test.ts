/** What `npm pack` makes installs into an empty project and works there: all three entry points from ESM, their types, the program. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../infra/sources.ts';

const project = mkdtempSync(join(tmpdir(), 'spillway-package-'));
const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { dependencies: Record<string, string> };

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'pipe',
  });
  // The build is there already; nothing is fetched: dependencies come from where this repository has them.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: root, stdio: 'pipe' });
  execFileSync('tar', ['xzf', join(project, 'spillway-0.1.0.tgz')], { cwd: project });
  mkdirSync(join(project, 'node_modules'));
  cpSync(join(project, 'package'), join(project, 'node_modules', 'spillway'), { recursive: true });
  for (const name of [
    ...Object.keys(dependencies),
    'fast-check',
    'vitest',
    '@types/node',
    '@types/seedrandom',
    '@types/murmurhash-js',
  ]) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name), 'dir');
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const source = `import { compile, evaluate, explore, parseScenarioText, planOf, type LoadedScenario } from 'spillway';
import * as fc from 'fast-check';
import { plans } from 'spillway/fast-check';
const { scenario } = parseScenarioText('claim: calm\\nexpect: {}\\n', 'calm.yaml');
const loaded: LoadedScenario = scenario!;
const { judgement } = evaluate(compile(planOf(loaded, null)), { seed: '1', trace: 'hash' });
const drawn = fc.sample(plans(), { seed: 1, numRuns: 1 })[0]!;
const { runs } = explore({ scenario: loaded, case: null, strategy: 'random', firstSeed: 1, seeds: 2 });
console.log(judgement.counts.acknowledged, drawn.brokers > 0, runs);
`;

test('runs from ESM', () => {
  writeFileSync(join(project, 'use.mjs'), source.replace(/, type \w+|: LoadedScenario|!(?=[;,)])/g, ''));
  const { stdout, stderr } = spawnSync(process.execPath, ['use.mjs'], { cwd: project, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['100 true 2\n', '']);
});

test('its matchers work in a test of the project', { timeout: 60_000 }, () => {
  const text = `import { expect, test } from 'vitest';
import 'spillway/vitest';
test('calm', () => expect({ claim: 'calm', expect: {} }).toLoseNothing());
`;
  writeFileSync(join(project, 'calm.test.mjs'), text);
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project, '--reporter', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  expect(JSON.parse(stdout), stderr).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
});

test('its types resolve', { timeout: 120_000 }, () => {
  writeFileSync(
    join(project, 'use.ts'),
    `${source}import { expect } from 'vitest';\nimport 'spillway/vitest';\nexpect(loaded).toLoseNothing({ explore: true });\n`,
  );
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

test('brings the program', () => {
  const { stdout, status } = spawnSync(process.execPath, ['node_modules/spillway/dist/cli.js', '--version'], {
    cwd: project,
    encoding: 'utf8',
  });
  expect([stdout.trim().split(/\s/).at(-1), status]).toEqual(['0.1.0', 0]);
});
