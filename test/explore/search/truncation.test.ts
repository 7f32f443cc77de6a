/**
 * What was wrong with truncation to the high watermark and with KIP-101 is found at two replicas, one record and three leader epochs, as the
 * published TLA+ models have it; not where fetches are fenced, nor in as many steps with fewer epochs or without moves of the leadership.
 */
import { describe, expect, test } from 'vitest';
import { defaultScope, type Scope } from '../../../src/explore/search/scope.ts';
import { nameOfFinding, search } from '../../../src/explore/search/search.ts';
import { tellSteps } from '../../../src/explore/search/tell.ts';

const scope: Scope = { ...defaultScope, epochs: 3, moves: 2 };

describe.each([
  ['high-watermark', 'high-watermark-replicated'],
  ['kip-101', 'committed-survives'],
] as const)('%s', (truncation, finding) => {
  test('is found after 11 steps', { timeout: 120_000 }, () => {
    const { findings } = search({ ...scope, truncation });
    expect(findings.map(nameOfFinding)).toEqual([finding]);
    expect(findings[0]!.steps).toHaveLength(11);
    const told = tellSteps({ ...scope, truncation }, findings[0]!.steps, false);
    expect(told.steps.some(({ kind }) => kind === 'leadership-moves')).toBe(true);
  });

  test.each([
    { epochs: 2, depth: 11 },
    { moves: 0, depth: 11 },
  ])('is not found with %j', { timeout: 120_000 }, (bounds) => {
    expect(search({ ...scope, truncation, ...bounds }).findings).toEqual([]);
  });
});

test.each(['kip-320', 'kip-595'] as const)('%s shows nothing in as many steps', { timeout: 120_000 }, (truncation) => {
  expect(search({ ...scope, truncation, depth: 11 }, { all: true }).findings).toEqual([]);
});
