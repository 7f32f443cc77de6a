/** The table of anomalies in docs/judging.md is that of the code. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AnomalyKind, anomalyKinds } from '../../src/oracle/operations/kinds.ts';
import { root } from '../infra/sources.ts';

/** How the document says when an anomaly is allowed. */
const words: Readonly<Record<(typeof anomalyKinds)[AnomalyKind], string>> = {
  never: 'never',
  always: 'always',
  'when-subscribed': 'when consumers subscribe',
  'with-ww-dependencies': 'unless `--no-ww-deps`',
};

test('docs/judging.md lists every kind of anomaly, and when it is allowed', () => {
  const document = readFileSync(`${root}/docs/judging.md`, 'utf8');
  const rows = [...document.matchAll(/^\| `([\w-]+)` \| .+ \| ([^|]+) \|$/gm)].map(([, kind, allowed]) => [kind, allowed]);
  const kinds = Object.entries(anomalyKinds).map(([kind, allowed]) => [kind, words[allowed]]);
  expect(rows.filter(([kind]) => Object.hasOwn(anomalyKinds, kind!))).toEqual(kinds);
});
