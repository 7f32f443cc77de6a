/**
 * The scenario of the last replica standing: in every seed it loses what three replicas had acknowledged. These seeds once lost
 * nothing, because a loss of power spared every dirty extent, or every one but those that nobody had been promised.
 */
import { expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { caseNamed } from '../determinism/every-case.ts';

test.each([
  ['breaks', ['2379']],
  ['breaks-with-min-isr-2', ['38', '68', '455', '572', '2203', '2379', '2816', '2931']],
] as const)('%s loses in every run', (name, seeds) => {
  const compiled = compile(caseNamed(`last-isr-member-power-loss/${name}`).plan);
  for (const seed of seeds) {
    const { judgement } = evaluate(compiled, { seed, trace: 'hash' });
    expect(judgement.counts.lost, `seed ${seed}`).toBeGreaterThan(0);
    for (const { kind, because } of judgement.anomalies) {
      if (kind === 'lost') expect(because.code, `seed ${seed}`).toBe('last-replica-lost-page-cache');
    }
  }
});
