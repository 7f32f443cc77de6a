/**
 * Many faults at once, a different lot for each seed. What the settings tolerate must do no harm at all; and whatever happens to weak
 * settings, the promises of the model hold, and the run ends.
 */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import type { FaultName, FaultPlan, Target } from '../../src/plan/faults.ts';
import type { RawSettings } from '../../src/plan/plan.ts';
import { type Evaluated, evaluate } from '../../src/scenario/evaluate-case.ts';
import { planOf, reader } from './plans.ts';

type Pick = (n: number) => number;

/** Nothing that is in a page cache is lost. */
const harmless: readonly FaultName[] = [
  'process-crash',
  'pause',
  'stall',
  'partition',
  'reset',
  'slow-link',
  'controlled-shutdown',
  'leader-move',
  'slow-disk',
];
const harmful: readonly FaultName[] = [...harmless, 'power-loss', 'power-loss', 'fsync-error', 'fsync-lie'];

function fault(names: readonly FaultName[], atUs: number, pick: Pick): FaultPlan {
  const name = names[pick(names.length)]!;
  const broker: Target = pick(2) === 0 ? { kind: 'leader', partition: 'orders-0' } : { kind: 'broker', id: 1 + pick(3) };
  // The controller's own disk is whole: its log is a quorum's.
  const anybody: Target = pick(4) === 0 ? { kind: 'controller' } : broker;
  const when = { kind: 'at', atUs } as const;
  const healAfterUs = 100_000 + pick(20_000_000);
  const peers = (['brokers', 'controller', 'clients', 'everyone', 'brokers-and-controller'] as const)[pick(5)]!;
  const direction = (['both', 'in', 'out'] as const)[pick(3)]!;
  switch (name) {
    case 'leader-move':
      return { name, when, target: broker, partition: 'orders-0' };
    case 'partition':
      return { name, when, target: anybody, healAfterUs, peers, direction };
    case 'slow-link':
      return { name, when, target: anybody, healAfterUs, peers, direction, extraUs: 1000 + pick(3_000_000) };
    case 'slow-disk':
      return { name, when, target: anybody, healAfterUs, appendUs: pick(50_000), fsyncUs: pick(500_000) };
    case 'stall':
    case 'reset':
      return { name, when, target: anybody, healAfterUs, peers };
    case 'power-loss':
      return { name, when, target: pick(4) === 0 ? { kind: 'all-brokers' } : broker, healAfterUs, tornWrite: pick(2) === 0 };
    case 'process-crash':
    case 'pause':
      return { name, when, target: anybody, healAfterUs };
    default:
      return { name, when, target: broker, healAfterUs } as FaultPlan;
  }
}

/** One run with two to ten faults within half a minute. */
function swarm(
  seed: number,
  names: readonly FaultName[],
  producer: (pick: Pick) => RawSettings,
  topic: (pick: Pick) => RawSettings,
): Evaluated {
  const choices = new RandomChoices(`swarm ${seed}`);
  const site = choices.site('plan');
  let drawn = 0;
  const pick: Pick = (n) => choices.below(site, drawn++, n);
  const faults: FaultPlan[] = [];
  for (let left = 2 + pick(9), atUs = 0; left > 0; left--) {
    atUs += pick(5_000_000);
    faults.push(fault(names, atUs, pick));
  }
  const compiled = compile(
    planOf({
      topic: { partitions: 1 + pick(3), config: topic(pick) },
      producers: 1 + pick(2),
      producer: { config: producer(pick), send: { count: 100, everyUs: 300_000, keys: pick(3) } },
      consumers: [reader],
      faults,
      network: { stallPerMille: pick(20), stallUs: 200_000, resetPerMille: pick(10) },
    }),
  );
  return evaluate(compiled, { seed: String(seed), trace: 'hash' });
}

const seeds = Array.from({ length: 120 }, (_, i) => i + 1);

describe('acks=all and idempotence', () => {
  const batchSizes = [200, 1000, 16384];
  const strong = (pick: Pick): RawSettings => ({ acks: 'all', 'linger.ms': pick(5), 'batch.size': batchSizes[pick(3)]! });
  const any = (pick: Pick): RawSettings => ({
    'min.insync.replicas': 1 + pick(2),
    'segment.bytes': pick(2) === 0 ? 2000 : 1_000_000,
  });

  test('lose nothing as long as no page cache is lost, and repeat or reorder only where Kafka’s own producer does', () => {
    let acknowledged = 0;
    let troubled = 0;
    for (const seed of seeds) {
      const { judgement, breaches, run } = swarm(seed, harmless, strong, any);
      expect(breaches, `seed ${seed}`).toEqual([]);
      const none = { lost: 0, phantom: 0, dirtyRead: 0, diverged: 0, stuck: 0 };
      expect(judgement.counts, `seed ${seed}`).toMatchObject(none);
      // A new leader that knows nothing of the producer takes any sequence (KAFKA-14359); a producer that then bumps its epoch gives new
      // sequences to what may have been written already (KAFKA-14034).
      for (const { because } of judgement.anomalies) expect(because.code, `seed ${seed}`).toMatch(/^epoch-bumped/);
      expect(run.ended, `seed ${seed}`).toBe('settled');
      acknowledged += judgement.counts.acknowledged;
      if (judgement.anomalies.length > 0) troubled++;
    }
    // The faults did not simply stop everything, and the exception is rare.
    expect(acknowledged).toBeGreaterThan(seeds.length * 80);
    expect(troubled).toBeLessThan(seeds.length / 20);
  });
});

describe('whatever the settings and the faults', () => {
  const weak = (pick: Pick): RawSettings => ({
    acks: (['all', '1', '0'] as const)[pick(3)]!,
    'enable.idempotence': false,
    'max.in.flight.requests.per.connection': 1 + pick(5),
    'delivery.timeout.ms': 60_000,
  });
  const lax = (pick: Pick): RawSettings => ({
    'unclean.leader.election.enable': pick(2) === 0,
    'segment.bytes': pick(2) === 0 ? 2000 : 1_000_000,
    'flush.messages': pick(4) === 0 ? 1 : 1_000_000,
  });
  /** Promises that nothing voids: no setting, no fault. */
  const unconditional = [
    'log-matching',
    'high-watermark-within-log',
    'one-leader-per-epoch',
    'isr-contains-leader',
    'epochs-monotonic',
  ];

  test('logs match, epochs have one leader, and every run comes to rest', () => {
    let harmed = 0;
    for (const seed of seeds) {
      const { judgement, breaches, run } = swarm(seed, harmful, weak, lax);
      const broken = breaches.map(({ invariant }) => invariant).filter((name) => unconditional.includes(name));
      expect(broken, `seed ${seed}`).toEqual([]);
      expect(run.ended, `seed ${seed}`).toBe('settled');
      const { lost, duplicated, reordered } = judgement.counts;
      if (lost + duplicated + reordered > 0) harmed++;
    }
    // And the simulator is not too kind.
    expect(harmed).toBeGreaterThan(seeds.length / 4);
  });
});
