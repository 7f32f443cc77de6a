/** A search spread over a pool comes to what a search without one does, however many threads there are and whoever is first. */
import { expect, test } from 'vitest';
import type { SearchTask } from '../../src/cli/engine.ts';
import { searchOn } from '../../src/cli/searching.ts';
import type { WorkerPool } from '../../src/cli/worker-pool.ts';
import { mutantNamed } from '../../src/cluster/mutants.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { Expander } from '../../src/explore/search/expander.ts';
import { defaultScope, type Scope } from '../../src/explore/search/scope.ts';
import { search } from '../../src/explore/search/search.ts';

/** Does the parts of a wave in turns, and the last of them first. */
function backwards(size: number, scope: Scope, mutant: string | null): WorkerPool & { parts: number } {
  const expanders = Array.from({ length: size }, () => new Expander(scope, rulesOf(mutant)));
  const pool: WorkerPool & { parts: number } = {
    size,
    parts: 0,
    async run<T, R>(tasks: readonly T[], onResult?: (index: number, result: R) => void, stop?: AbortSignal): Promise<R[]> {
      // As in a pool, each of them does what it is given in order.
      const done = tasks.map((task, i) => expanders[i % size]!.expand((task as SearchTask).paths) as R);
      pool.parts += tasks.length;
      for (const [index, result] of [...done.entries()].reverse()) if (stop?.aborted !== true) onResult?.(index, result);
      return done;
    },
    close: () => undefined,
  };
  return pool;
}

function rulesOf(mutant: string | null) {
  return mutant === null ? kafkaRules : mutantNamed(mutant)!.rules;
}

test.each([
  [{ records: 2, depth: 9 }, null, true],
  [{ lags: 1, depth: 8 }, null, true],
  [{ crashes: 1, depth: 7 }, null, true],
  [{}, 'retries-forget-their-sequence', false],
  [{ depth: 10 }, 'no-truncation', true],
] as const)('%j under %s', { timeout: 120_000 }, async (bounds, mutant, all) => {
  const scope = { ...defaultScope, ...bounds };
  const alone = search(scope, { rules: rulesOf(mutant), all });
  for (const size of [2, 3]) {
    const pool = backwards(size, scope, mutant);
    const spread = await searchOn(pool, { scope, mutant, all }, new Expander(scope, rulesOf(mutant)), () => false);
    expect(spread).toEqual(alone);
    expect(pool.parts).toBeGreaterThan(0);
  }
});

test('ends in the middle of a wave when it is told to', async () => {
  const scope = { ...defaultScope, records: 2 };
  const pool = backwards(2, scope, null);
  const { exhausted, states, open } = await searchOn(
    pool,
    { scope, mutant: null, all: false },
    new Expander(scope),
    ({ states }) => states > 5000,
  );
  expect(exhausted).toBe(false);
  expect(states).toBeGreaterThan(5000);
  expect(open).toBeGreaterThan(0);
});
