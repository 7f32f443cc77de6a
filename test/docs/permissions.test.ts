/** docs/permissions.md is what the rules say. */
import { expect, test } from 'vitest';
import { permissionRules } from '../../src/oracle/permission.ts';
import { permissionMarkdown } from '../../src/report/permission-markdown.ts';
import { expectGolden } from '../infra/golden.ts';

test('docs/permissions.md has one row for every rule', () => {
  const document = permissionMarkdown();
  const rows = [...document.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id);
  expect(rows.toSorted()).toEqual(permissionRules.map(({ id }) => id).toSorted());
  expectGolden('docs/permissions.md', document);
});
