/** Faults: when they happen, whom they hit, when they end, and whether they bit. */
import { describe, expect, test } from 'vitest';
import { ratio } from '../../src/base/ratio.ts';
import type { FaultPlan, Peers, Target, Trigger } from '../../src/plan/faults.ts';
import { type PlanOptions, type Ran, ran, upTo } from './plans.ts';

const follower: Target = { kind: 'broker', id: 3 };

/** A crash of broker 3, which comes back. */
function crash(when: Trigger, changes: Partial<Pick<FaultPlan, 'target' | 'healAfterUs' | 'jitterUs'>> = {}): FaultPlan {
  return { name: 'process-crash', when, target: follower, healAfterUs: 100_000, ...changes };
}

function withFaults(faults: readonly FaultPlan[], options: Partial<PlanOptions> = {}, seed = '1'): Ran {
  return ran({ faults, ...options }, seed);
}

describe('a fault happens', () => {
  test('at a time', () => {
    expect(withFaults([crash({ kind: 'at', atUs: 12_345 })]).injections()).toEqual([12.345]);
  });

  test('when a producer’s nth record is handed over, and when its nth acknowledgement arrives', () => {
    const sent = withFaults([crash({ kind: 'sent', producer: 'p1', nth: 20 })]);
    expect(sent.injections()).toEqual([19]);
    const acked = withFaults([crash({ kind: 'acked', producer: 'p1', nth: 20 })]);
    const { completedAtUs } = acked.result.history.sends;
    expect(acked.injections()).toEqual([(completedAtUs[19]! - acked.result.startedAtUs) / 1000]);
  });

  test('when the leader has appended its nth batch, before any reply leaves', () => {
    const appended = withFaults([
      crash({ kind: 'batch-appended', partition: 'orders-0', nth: 10 }, { target: { kind: 'leader', partition: 'orders-0' } }),
    ]);
    expect(appended.injections()).toEqual([appended.lines('batch-appended')[9]!.atMs]);
    expect(appended.result.faults[0]!.targets).toEqual(['broker-1']);
  });

  test('when the ISR has become that small, and when a leader was elected for the nth time', () => {
    const both = withFaults(
      [
        { name: 'process-crash', when: { kind: 'at', atUs: 10_000 }, target: { kind: 'broker', id: 1 }, healAfterUs: 30_000_000 },
        {
          name: 'reset',
          when: { kind: 'isr-size', partition: 'orders-0', size: 2 },
          target: { kind: 'broker', id: 2 },
          peers: 'clients',
        },
        {
          name: 'reset',
          when: { kind: 'leader-elected', partition: 'orders-0', nth: 2 },
          target: { kind: 'broker', id: 3 },
          peers: 'clients',
        },
      ],
      { producer: { config: { acks: 'all' } } },
    );
    expect(both.injections(1)).toEqual([both.first('isr-changed', 1)]);
    expect(both.injections(2)).toEqual([both.first('leader-elected', 1)]);
  });

  test('at the nth note of any kind', () => {
    const noted = withFaults([crash({ kind: 'note', code: 'high-watermark-advanced', nth: 5 })]);
    expect(noted.injections()).toEqual([noted.lines('high-watermark-advanced')[4]!.atMs]);
  });

  test('a while after another fault', () => {
    const after = withFaults([
      crash({ kind: 'at', atUs: 5_000 }),
      crash({ kind: 'after-fault', fault: 0, delayUs: 7_000 }, { target: { kind: 'broker', id: 2 } }),
    ]);
    expect(after.injections(1)).toEqual([12]);
  });

  test('by dice, a limited number of times, never while it lasts; the dice depend on the seed', () => {
    const dice = (seed: string): Ran =>
      withFaults(
        [
          {
            name: 'stall',
            when: { kind: 'dice', everyUs: 10_000, chance: ratio(1, 3), budget: 3 },
            target: follower,
            peers: 'brokers',
            healAfterUs: 25_000,
          },
        ],
        { producer: { send: { count: 100, everyUs: 5_000 } } },
        seed,
      );
    const times = ['1', '2', '3', '4'].map((seed) => dice(seed).injections());
    for (const at of times) {
      expect(at.length).toBeLessThanOrEqual(3);
      for (const [i, ms] of at.entries()) {
        expect(ms % 10).toBe(0);
        if (i > 0) expect(ms - at[i - 1]!).toBeGreaterThanOrEqual(25);
      }
    }
    expect(new Set(times.map(String)).size).toBeGreaterThan(1);
    expect(Math.max(...times.map((at) => at.length))).toBe(3);
  });

  test('a choice later than its trigger', () => {
    const delays = ['1', '2', '3'].map(
      (seed) => withFaults([crash({ kind: 'at', atUs: 5_000 }, { jitterUs: 4_000 })], {}, seed).injections()[0]!,
    );
    for (const at of delays) expect(at >= 5 && at <= 9).toBe(true);
    expect(new Set(delays).size).toBeGreaterThan(1);
  });
});

describe('a role', () => {
  const rows: readonly (readonly [name: string, target: Target, hosts: readonly string[]])[] = [
    ['the leader', { kind: 'leader', partition: 'orders-0' }, ['broker-2']],
    ['the nth follower, in assignment order', { kind: 'follower', partition: 'orders-0', nth: 2 }, ['broker-1']],
    ['all followers', { kind: 'followers', partition: 'orders-0' }, ['broker-3', 'broker-1']],
    ['all brokers', { kind: 'all-brokers' }, ['broker-1', 'broker-2', 'broker-3']],
    ['the controller', { kind: 'controller' }, ['controller']],
    ['a client', { kind: 'client', name: 'p1' }, ['p1']],
  ];

  test.each(rows)('%s', (_name, target, hosts) => {
    const hit = withFaults(
      [{ name: 'slow-disk', when: { kind: 'at', atUs: 5_000 }, target, appendUs: 0, fsyncUs: 0, healAfterUs: 1_000 }],
      {
        topic: { assignment: [[2, 3, 1]] },
      },
    );
    expect(hit.result.faults[0]!.targets).toEqual(hosts);
  });

  test('is looked up when the fault happens; the same hosts as an earlier fault stay the same', () => {
    const moved = withFaults(
      [
        {
          name: 'process-crash',
          when: { kind: 'at', atUs: 10_000 },
          target: { kind: 'leader', partition: 'orders-0' },
          healAfterUs: 30_000_000,
        },
        {
          name: 'reset',
          when: { kind: 'at', atUs: 20_000_000 },
          target: { kind: 'leader', partition: 'orders-0' },
          peers: 'clients',
        },
        { name: 'reset', when: { kind: 'at', atUs: 40_000_000 }, target: { kind: 'same-as', fault: 0 }, peers: 'clients' },
      ],
      { producer: { config: { acks: 'all' } } },
    );
    expect(moved.result.faults.map(({ targets }) => targets)).toEqual([['broker-1'], ['broker-2'], ['broker-1']]);
  });
});

describe('the far side of a network fault', () => {
  const rows: readonly (readonly [peers: Peers, touched: readonly string[]])[] = [
    ['brokers', ['broker-1', 'broker-2']],
    ['controller', ['controller']],
    ['brokers-and-controller', ['broker-1', 'broker-2', 'controller']],
  ];

  test.each(rows)('%s', (peers, touched) => {
    const cut = withFaults([{ name: 'reset', when: { kind: 'at', atUs: 5_000 }, target: follower, peers }], {
      topic: { partitions: 3 },
    });
    const hosts = cut.lines('connection-reset').flatMap(({ a, b }) => [cut.compiled.hostNames[a]!, cut.compiled.hostNames[b]!]);
    expect([...new Set(hosts)].filter((name) => name !== 'broker-3').sort()).toEqual(touched);
  });

  test('clients', () => {
    const cut = withFaults([
      { name: 'reset', when: { kind: 'at', atUs: 20_000 }, target: { kind: 'broker', id: 1 }, peers: 'clients' },
    ]);
    expect(cut.lines('connection-reset').map(({ a, b }) => [cut.compiled.hostNames[a], cut.compiled.hostNames[b]])).toEqual([
      ['p1', 'broker-1'],
    ]);
  });
});

describe('a fault ends', () => {
  test('after its time', () => {
    const healed = withFaults([crash({ kind: 'at', atUs: 5_000 })]);
    expect(healed.first('fault-healed')).toBe(105);
    expect(healed.lines('host-started').at(-1)).toMatchObject({ host: 3, atMs: 105 });
  });

  test('when the run heals, without a time of its own; nothing is injected afterwards', () => {
    const healed = withFaults(
      [
        { name: 'process-crash', when: { kind: 'at', atUs: 5_000 }, target: follower },
        { name: 'process-crash', when: { kind: 'at', atUs: 3_000_000 }, target: { kind: 'broker', id: 2 } },
      ],
      { limits: { healAtUs: 2_000_000 } },
    );
    expect(healed.first('fault-healed')).toBe(2000);
    expect(healed.injections(1)).toEqual([]);
    expect(healed.result.ended).toBe('settled');
  });
});

describe('a fault bit', () => {
  const bits = (run: Ran): boolean[] => run.result.faults.map(({ bit }) => bit);
  const all = { producer: { config: { acks: 'all' } } };

  test('when it stopped a broker that leads or is in sync', () => {
    expect(bits(withFaults([crash({ kind: 'at', atUs: 5_000 })], all))).toEqual([true]);
  });

  test('when it held frames', () => {
    const stall = (atUs: number): FaultPlan => ({
      name: 'stall',
      when: { kind: 'at', atUs },
      target: { kind: 'client', name: 'p1' },
      peers: 'brokers',
      healAfterUs: 5_000,
    });
    // All is sent and answered after 100 ms; metadata is asked for every five minutes.
    expect(bits(withFaults([stall(10_000), stall(2_000_000)], all))).toEqual([true, false]);
  });

  test('not when it never happened', () => {
    const never = withFaults([crash({ kind: 'acked', producer: 'p1', nth: 5_000 })], { limits: { healAtUs: 1_000_000 } });
    expect([bits(never), never.injections()]).toEqual([[false], []]);
  });

  test('not when a failing fsync was asked of a disk that nobody syncs', () => {
    const quiet = withFaults(
      [{ name: 'fsync-error', when: { kind: 'at', atUs: 10_000 }, target: { kind: 'client', name: 'p1' }, healAfterUs: 10_000 }],
      all,
    );
    expect(bits(quiet)).toEqual([false]);
  });
});

test('a leadership that an operator moves goes to the next replica, and nothing is lost with acks=all', () => {
  const moved = withFaults(
    [
      {
        name: 'leader-move',
        when: { kind: 'acked', producer: 'p1', nth: 20 },
        target: { kind: 'leader', partition: 'orders-0' },
        partition: 'orders-0',
      },
    ],
    { producer: { config: { acks: 'all' } } },
  );
  expect(moved.result.history.audits[0]).toMatchObject({ leader: 2, leaderEpoch: 1 });
  expect(moved.log()).toEqual(upTo(50));
});
