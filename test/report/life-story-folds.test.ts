/** What comes again and again in a life is told twice, and then how often. */
import { expect, test } from 'vitest';
import type { StoryStep } from '../../src/report/explain-text.ts';
import { folded } from '../../src/report/life-story-folds.ts';

const step = (atUs: number, host: string, code: string): StoryStep => ({ atUs, host, section: 'notes', code, params: {} });

test('a sequence that is refused for two minutes is told twice, not two hundred times', () => {
  const rounds = Array.from({ length: 100 }, (_, i) => [
    step(i * 1000, 'broker-2', 'out-of-order-sequence'),
    step(i * 1000, 'broker-2', 'produce-refused'),
    step(i * 1000 + 1, 'p3', 'batch-retried'),
  ]).flat();
  const told = folded(rounds);
  expect(told.map(({ host, code }) => `${host} ${code}`)).toEqual([
    'broker-2 out-of-order-sequence',
    'broker-2 produce-refused',
    'p3 batch-retried',
    'broker-2 out-of-order-sequence',
    'broker-2 produce-refused',
    'p3 batch-retried',
    'broker-2 and-again',
    'p3 and-again',
  ]);
  expect(told.at(-1)!.params).toEqual({ count: 98, forUs: 97_000 });
});

test('what comes three times is told three times', () => {
  const thrice = [1, 2, 3].map((atUs) => step(atUs, 'broker-1', 'produce-refused'));
  expect(folded(thrice)).toEqual(thrice);
});
