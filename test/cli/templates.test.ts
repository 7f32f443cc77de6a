/** What `spillway new` writes passes the check that users' scenarios get, and TypeScript and YAML say the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findScenarios } from '../../src/cli/scenario-files.ts';
import { templates } from '../../src/cli/templates.ts';
import { root } from '../infra/sources.ts';
import { call, freshFolder } from './harness.ts';

test.each(Object.keys(templates))('%s', async (name) => {
  const cwd = freshFolder();
  expect((await call(['new', name], { cwd })).code).toBe(0);
  expect((await call(['new', name, '--yaml'], { cwd })).code).toBe(0);
  const installation = { libraryFile: `${root}/src/lib/index.ts` };
  const { chosen, warnings } = await findScenarios([`${name}.ts`, `${name}.yaml`], cwd, installation);
  expect(warnings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(chosen[1]?.scenario.definition).toEqual(chosen[0]?.scenario.definition);
});

test('without a template, what there is', async () => {
  const { out } = await call(['new']);
  for (const name of Object.keys(templates)) expect(out).toContain(name);
});

test('the schema that YAML templates name is built', () => {
  const schema = JSON.parse(readFileSync(join(root, 'dist/scenario.schema.json'), 'utf8'));
  expect(schema.title).toBe('Spillway scenario');
});
