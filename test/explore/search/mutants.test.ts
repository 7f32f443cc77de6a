/**
 * Tests of the search by deliberate bugs: each mutant of replication is found at the smallest bounds that can show it, and not found when
 * any one bound is smaller; at both, Kafka's own rules show nothing.
 */
import { describe, expect, test } from 'vitest';
import { mutantNamed } from '../../../src/cluster/mutants.ts';
import { defaultScope, type Scope } from '../../../src/explore/search/scope.ts';
import { nameOfFinding, search } from '../../../src/explore/search/search.ts';
import { tellSteps } from '../../../src/explore/search/tell.ts';

const smallest = { ...defaultScope, replicas: 2, records: 1, epochs: 1 };
const twoEpochs = { ...smallest, epochs: 2 };
const flushed = { ...smallest, replicas: 1, powerLosses: 1, topic: { ...smallest.topic, 'flush.messages': 1 } };

/** Where each shows, after how many steps, and what smaller bounds do not show it. */
const shown: Readonly<Record<string, { scope: Scope; finding: string; steps: number; smaller: readonly Partial<Scope>[] }>> = {
  'ack-before-isr': { scope: smallest, finding: 'acknowledged-is-replicated', steps: 1, smaller: [{ replicas: 1 }] },
  'high-watermark-ignores-a-follower': {
    scope: smallest,
    finding: 'high-watermark-replicated',
    steps: 1,
    smaller: [{ replicas: 1 }],
  },
  'no-truncation': {
    scope: twoEpochs,
    finding: 'stuck not-settled',
    steps: 7,
    smaller: [{ replicas: 1 }, { epochs: 1 }],
  },
  'no-dedup': {
    scope: twoEpochs,
    finding: 'duplicated retry-after-unknown-outcome',
    steps: 8,
    smaller: [{ replicas: 1 }, { epochs: 1 }],
  },
  'retries-forget-their-sequence': {
    scope: twoEpochs,
    finding: 'duplicated retry-after-unknown-outcome',
    steps: 9,
    smaller: [{ replicas: 1 }, { epochs: 1 }],
  },
  'fsync-does-nothing': {
    scope: flushed,
    finding: 'lost replication-factor-1-lost-page-cache',
    steps: 4,
    smaller: [{ powerLosses: 0 }],
  },
};

describe.each(Object.entries(shown))('%s', (name, { scope, finding, steps, smaller }) => {
  const { rules } = mutantNamed(name)!;

  test(`is found after ${steps} steps, and no sooner`, { timeout: 60_000 }, () => {
    const { findings } = search(scope, { rules });
    expect(findings.map(nameOfFinding)).toContain(finding);
    expect(findings[0]!.steps.length).toBe(steps);
    // Depth 0 is no bound.
    if (steps > 1) expect(search({ ...scope, depth: steps - 1 }, { rules, all: true }).findings).toEqual([]);
  });

  test.each(smaller)('is not found with %j', { timeout: 60_000 }, (bounds) => {
    const { findings, exhausted } = search({ ...scope, ...bounds }, { rules, all: true });
    expect({ findings, exhausted }).toEqual({ findings: [], exhausted: true });
  });

  test('is not what Kafka does', { timeout: 60_000 }, () => {
    expect(search({ ...scope, depth: steps + 1 }, { all: true }).findings).toEqual([]);
  });

  test('is told by its steps again', () => {
    const [first] = search(scope, { rules }).findings;
    const told = tellSteps(scope, first!.steps, first!.atRest, rules);
    expect(told.steps).toHaveLength(steps);
    expect(told.steps.some(({ kind, what }) => kind === 'request' && what === 'Produce')).toBe(true);
  });
});
