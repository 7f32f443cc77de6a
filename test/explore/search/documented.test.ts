/** What `docs/search.md` says of small scopes is what a search of them comes to now; larger ones take minutes and are left to whoever writes it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultScope } from '../../../src/explore/search/scope.ts';
import { search } from '../../../src/explore/search/search.ts';
import { root } from '../../infra/sources.ts';

const text = readFileSync(`${root}/docs/search.md`, 'utf8');

/** The cells of a table, by the words of its head. */
function rowsOf(head: string): string[][] {
  const [, table = ''] = text.split(`| ${head} |\n`);
  return table
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll(',', '')));
}

const mostStates = 10_000;
const exhausted = rowsOf('replicas | records | epochs | more | states | steps | depth | result').filter(
  ([, , , , , states]) => Number(states) <= mostStates,
);

test('there are small scopes in the document', () => {
  expect(exhausted.length).toBeGreaterThan(2);
});

describe.each(exhausted)(
  '%s%s replicas, %s records, %s epochs, %s',
  (_, replicas, records, epochs, more, states, steps, depth, found) => {
    test('come to as many states and steps', { timeout: 60_000 }, () => {
      const lags = more === '1 lag' ? 1 : 0;
      const bounds = { replicas: Number(replicas), records: Number(records), epochs: Number(epochs), lags };
      const result = search({ ...defaultScope, ...bounds });
      expect({ found, more: more === '' || lags === 1 }).toEqual({ found: 'none', more: true });
      expect(result).toMatchObject({
        exhausted: true,
        findings: [],
        states: Number(states),
        transitions: Number(steps),
        depth: Number(depth),
      });
    });
  },
);

describe.each(rowsOf('scope | states | without partial order | without symmetry'))('%s%s', (_, scope, ...states) => {
  test('has as many states with each reduction', { timeout: 60_000 }, () => {
    const [replicas, records, epochs] = [...scope!.matchAll(/\d+/g)].map(([count]) => Number(count));
    const of = (reductions: object): number =>
      search({ ...defaultScope, replicas: replicas!, records: records!, epochs: epochs! }, reductions).states;
    expect([of({}), of({ partialOrder: false }), of({ symmetry: false })]).toEqual(states.slice(0, 3).map(Number));
  });
});
