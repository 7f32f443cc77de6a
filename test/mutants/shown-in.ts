/** For each mutant a plan in which it shows, and in which Kafka's own rules show nothing of the kind. */
import { planned } from '../../src/explore/explore.ts';
import { Swarm } from '../../src/explore/swarm.ts';
import { wildScenarios } from '../../src/explore/wild.ts';
import type { Plan, RawSettings } from '../../src/plan/plan.ts';
import { consumeCellPlan, consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import { planOf } from '../cluster/plans.ts';
import { caseNamed } from '../determinism/every-case.ts';

/** A follower is out of reach for half a minute, from the brokers only; the producer waits for ten seconds at most. */
const slowFollower: Plan = named(
  'a-slow-follower',
  planOf({
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
  }),
);

/** A cell of the consume matrix, its fault in one of its places. */
function consumePlan(row: string, column: string | null, placement: number): Plan {
  const at = consumeColumns.find(({ letter }) => letter === column) ?? null;
  return consumeCellPlan(consumeRows.find(({ id }) => id === row)!, at, placement, '3.9');
}

/** Members that get two records a poll and commit automatically all the time; one of them dies. */
const fewAPoll = withConfig(consumePlan('C1', 'a', 0), { 'max.poll.records': 2, 'auto.commit.interval.ms': 50 });

function named(name: string, plan: Plan): Plan {
  return { ...plan, name };
}

function withConfig(plan: Plan, config: RawSettings): Plan {
  return { ...plan, groups: plan.groups!.map((group) => ({ ...group, config: { ...group.config, ...config } })) };
}

/** The broker that coordinates the group dies; its page cache survives, and the next coordinator has everything. */
const coordinatorDies: Plan = {
  ...named('C4-coordinator-dies', consumePlan('C4', null, 0)),
  faults: [
    {
      name: 'process-crash',
      when: { kind: 'applied', group: 'billing', nth: 60 },
      target: { kind: 'leader', partition: '__consumer_offsets-0' },
      healAfterUs: 20_000_000,
    },
  ],
};

/** What `soak` runs with a seed while leaderships change all the time. */
function whileElecting(seed: string): Plan {
  const [, , elections] = wildScenarios();
  return named(`soak-elections-${seed}`, planned(new Swarm(elections!, null), 'random', seed).plan);
}

/** Where each mutant shows, by its name. */
export const shownIn: Readonly<Record<string, Plan>> = {
  'no-dedup': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
  'ack-before-isr': caseNamed('acks-1-leader-crash/mends').plan,
  'no-truncation': caseNamed('acks-1-leader-crash/breaks').plan,
  'fsync-does-nothing': caseNamed('all-brokers-lose-power/mends').plan,
  'isr-never-shrinks': slowFollower,
  'high-watermark-ignores-a-follower': caseNamed('replication-factor-1-or-3/mends').plan,
  'high-watermark-ignores-joiners': whileElecting('8'),
  'high-watermark-trusts-a-shrink': whileElecting('112'),
  'diverging-followers-count': whileElecting('771'),
  'joins-below-the-epoch-start': whileElecting('653'),
  'proposals-are-not-fenced': whileElecting('892'),
  'fenced-followers-stay-in-sync': caseNamed('30-counts-before-it-has-caught-up/mends').plan,
  'former-lives-join': caseNamed('46-fetch-of-a-former-life/mends').plan,
  'unclean-shutdown-goes-unnoticed': caseNamed('eligible-leader-replicas/mends').plan,
  'retries-forget-their-sequence': caseNamed('lost-ack-and-retry-duplicates/mends').plan,
  'auto-commit-runs-ahead': fewAPoll,
  'coordinator-forgets': coordinatorDies,
  'commits-are-not-fenced': consumePlan('C3', 'b', 1),
  'rebalance-keeps-ownership': consumePlan('C1', 'd', 0),
  'reset-policy-ignored': consumePlan('C4', null, 0),
};
