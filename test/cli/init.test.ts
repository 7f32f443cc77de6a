/** What `spillway init` writes runs, is tested by Vitest, and is the job file of the documents. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';
import { call, freshFolder } from './harness.ts';

const files = ['scenarios/leader-crash.ts', 'test/scenarios.test.ts', '.github/workflows/spillway.yml'];

test('a project that runs, and whose test is green', { timeout: 120_000 }, () => {
  const cwd = freshFolder();
  const { code, out, err } = program(['init'], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(
    [
      ...files.map((file) => ` wrote ${file}\n`),
      '\n next: npm install --save-dev spillway vitest && npx spillway run scenarios\n',
    ].join(''),
  );
  const ran = program(['run', 'scenarios'], { cwd });
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('2 cases of 1 scenario: 2 as expected');
  const job = readFileSync(join(cwd, '.github/workflows/spillway.yml'), 'utf8');
  expect(job).toBe(readFileSync(`${root}/docs/jobs/github-actions.yml`, 'utf8'));

  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(root, join(cwd, 'node_modules', 'spillway'));
  symlinkSync(`${root}/node_modules/vitest`, join(cwd, 'node_modules', 'vitest'));
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }\n');
  const vitest = spawnSync(process.execPath, [`${root}/node_modules/vitest/vitest.mjs`, 'run', '--root', cwd], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  expect(vitest.stdout).toMatch(/Tests {2}2 passed/);
  expect(vitest.status).toBe(0);
});

test('into a folder', async () => {
  const cwd = freshFolder();
  const { code, out } = await call(['init', 'my project'], { cwd });
  expect(code).toBe(0);
  expect(out).toContain(" next: cd 'my project' && npm install");
  for (const file of files) expect(existsSync(join(cwd, 'my project', file)), file).toBe(true);
});

test('all of it or nothing', async () => {
  const cwd = freshFolder();
  mkdirSync(join(cwd, 'test'));
  writeFileSync(join(cwd, 'test/scenarios.test.ts'), 'mine');
  const { code, out, err } = await call(['init'], { cwd });
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toBe('error: test/scenarios.test.ts exists; it stays as it is\n');
  expect(readdirSync(cwd)).toEqual(['test']);
  expect(readFileSync(join(cwd, 'test/scenarios.test.ts'), 'utf8')).toBe('mine');

  const other = freshFolder();
  writeFileSync(join(other, 'test'), 'a file');
  expect((await call(['init'], { cwd: other })).err).toBe(
    'error: cannot write test/scenarios.test.ts: a part of its path is no folder\n',
  );
  expect(readdirSync(other)).toEqual(['test']);
});
