/**
 * Tests of the tests: each deliberate bug is caught by the checker or the invariant that is named for it, within a few seeds; and on the
 * same plans and seeds Kafka's own rules are caught by none.
 */
import { describe, expect, test } from 'vitest';
import { type CompiledPlan, compile } from '../../src/cluster/compile.ts';
import { mutants } from '../../src/cluster/mutants.ts';
import { kafkaRules, type Rules } from '../../src/cluster/rules.ts';
import { run } from '../../src/cluster/run.ts';
import { View } from '../../src/cluster/view.ts';
import { countHarms, type HarmCounts } from '../../src/oracle/counts.ts';
import { InvariantMonitor } from '../../src/oracle/invariants/monitor.ts';
import { invariants } from '../../src/oracle/invariants/registry.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { layoutOf } from '../../src/scenario/evaluate-case.ts';
import { planOf } from '../cluster/plans.ts';
import { caseNamed } from '../determinism/every-case.ts';

const seeds = ['1', '2', '3', '4', '5', '6'];

/** A follower is out of reach for half a minute, from the brokers only; the producer waits for ten seconds at most. */
const slowFollower = planOf({
  brokerConfig: { 'replica.lag.time.max.ms': 2000 },
  producer: { config: { acks: 'all', 'delivery.timeout.ms': 10_000, 'request.timeout.ms': 5000, 'linger.ms': 0 } },
  faults: [
    {
      name: 'partition',
      when: { kind: 'sent', producer: 'p1', nth: 20 },
      target: { kind: 'broker', id: 3 },
      peers: 'brokers',
      direction: 'both',
      healAfterUs: 30_000_000,
    },
  ],
});

/** Where each mutant shows, by its name. */
const shownIn: Readonly<Record<string, Plan>> = {
  'no-dedup': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
  'ack-before-isr': caseNamed('acks-1-leader-crash/mends').plan,
  'no-truncation': caseNamed('acks-1-leader-crash/breaks').plan,
  'fsync-does-nothing': caseNamed('all-brokers-lose-power/mends').plan,
  'isr-never-shrinks': slowFollower,
  'high-watermark-ignores-a-follower': caseNamed('replication-factor-1-or-3/mends').plan,
  'retries-forget-their-sequence': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
};

/** Names of the invariants that were broken, and of the harms that were done. */
function catches(compiled: CompiledPlan, rules: Rules, seed: string): Set<string> {
  const monitors: InvariantMonitor[] = [];
  const { history, faults } = run(compiled, {
    seed,
    rules,
    observers: (cluster) => {
      monitors.push(new InvariantMonitor(layoutOf(compiled), new View(cluster)));
      return monitors;
    },
  });
  const caught = new Set(monitors[0]!.breaches.map(({ invariant }) => invariant));
  const counts: HarmCounts = countHarms(history, faults);
  for (const harm of ['lost', 'duplicated', 'reordered', 'phantom', 'dirtyRead', 'diverged', 'stuck', 'unavailable'] as const) {
    if (counts[harm] > 0) caught.add(harm);
  }
  return caught;
}

test('every mutant is looked for', () => {
  expect(Object.keys(shownIn)).toEqual(mutants.map(({ name }) => name));
});

describe.each(mutants)('$name', ({ name, caughtBy, rules }) => {
  const compiled = compile(shownIn[name]!);

  test(`is caught: ${caughtBy}`, () => {
    const catchers = seeds.map((seed) => catches(compiled, rules, seed));
    expect(catchers.some((caught) => caught.has(caughtBy))).toBe(true);
  });

  test('is not what Kafka does', () => {
    for (const seed of seeds) {
      const caught = catches(compiled, kafkaRules, seed);
      expect(caught.has(caughtBy), `seed ${seed}`).toBe(false);
      for (const invariant of invariants) expect(caught.has(invariant.name), `${invariant.name}, seed ${seed}`).toBe(false);
    }
  });
});
