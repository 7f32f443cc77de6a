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
import { harms } from '../../src/oracle/verdict.ts';
import type { Plan, RawSettings } from '../../src/plan/plan.ts';
import { layoutOf } from '../../src/scenario/evaluate-case.ts';
import { consumeCellPlan, consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import { planOf } from '../cluster/plans.ts';
import { caseNamed } from '../determinism/every-case.ts';

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];

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

/** A cell of the consume matrix, its fault in one of its places. */
function consumePlan(row: string, column: string | null, placement: number): Plan {
  const at = consumeColumns.find(({ letter }) => letter === column) ?? null;
  return consumeCellPlan(consumeRows.find(({ id }) => id === row)!, at, placement, '3.9');
}

/** Members that get two records a poll and commit automatically all the time; one of them dies. */
const fewAPoll = withConfig(consumePlan('C1', 'a', 0), { 'max.poll.records': 2, 'auto.commit.interval.ms': 50 });

function withConfig(plan: Plan, config: RawSettings): Plan {
  return { ...plan, groups: plan.groups!.map((group) => ({ ...group, config: { ...group.config, ...config } })) };
}

/** The broker that coordinates the group dies; its page cache survives, and the next coordinator has everything. */
const coordinatorDies: Plan = {
  ...consumePlan('C4', null, 0),
  faults: [
    {
      name: 'process-crash',
      when: { kind: 'applied', group: 'billing', nth: 60 },
      target: { kind: 'leader', partition: '__consumer_offsets-0' },
      healAfterUs: 20_000_000,
    },
  ],
};

/** Where each mutant shows, by its name. */
const shownIn: Readonly<Record<string, Plan>> = {
  'no-dedup': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
  'ack-before-isr': caseNamed('acks-1-leader-crash/mends').plan,
  'no-truncation': caseNamed('acks-1-leader-crash/breaks').plan,
  'fsync-does-nothing': caseNamed('all-brokers-lose-power/mends').plan,
  'isr-never-shrinks': slowFollower,
  'high-watermark-ignores-a-follower': caseNamed('replication-factor-1-or-3/mends').plan,
  'retries-forget-their-sequence': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
  'auto-commit-runs-ahead': fewAPoll,
  'coordinator-forgets': coordinatorDies,
  'commits-are-not-fenced': consumePlan('C3', 'b', 1),
  'rebalance-keeps-ownership': consumePlan('C1', 'd', 0),
  'reset-policy-ignored': consumePlan('C4', null, 0),
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
  for (const harm of [...harms, 'unavailable'] as const) {
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
