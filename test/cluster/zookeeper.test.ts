/** Clusters with ZooKeeper: sessions, the controller among the brokers, zombies, what a controller that takes over finds. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { ErrorCode } from '../../src/kafka/protocol/errors.ts';
import type { FaultPlan, Target } from '../../src/plan/faults.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { type PlanOptions, planOf, type Ran, ran, reader, upTo } from './plans.ts';

const zookeeper = { metadata: 'zookeeper', consumers: [reader] } satisfies Partial<PlanOptions>;
const acks = (value: 1 | 'all', count = 100, everyUs = 1_000): Partial<PlanOptions> => ({
  ...zookeeper,
  producer: { config: { acks: value }, send: { count, everyUs } },
});
const leader: Target = { kind: 'leader', partition: 'orders-0' };
const at = (ms: number): FaultPlan['when'] => ({ kind: 'at', atUs: ms * 1000 });

/** Broker that is controller, by controller epoch. */
const controllers = (run: Ran): number[] => run.lines('controller-elected').map(({ a }) => a);
/** No promise of the model is broken, and no harm is unexplained. */
function sound(options: Partial<PlanOptions>): void {
  const { breaches, judgement } = evaluate(compile(planOf(options)), { seed: '1', trace: 'off' });
  expect(breaches).toEqual([]);
  expect(judgement.anomalies.filter(({ permitted }) => !permitted)).toEqual([]);
}

describe('an ordinary run', () => {
  test('elects one controller, comes to rest, loses nothing; the same seed gives the same run', () => {
    const run = ran(acks('all'));
    expect(run.result.ended).toBe('settled');
    expect(controllers(run)).toHaveLength(1);
    expect(run.log()).toEqual(upTo(100));
    expect(run.result.history.reads.count).toBe(100);
    expect(ran(acks('all')).result.traceHash).toBe(run.result.traceHash);
    expect(ran(acks('all'), '2').result.traceHash).not.toBe(run.result.traceHash);
  });

  test('is another one than that of a KRaft controller, and says so by its host', () => {
    expect(ran(acks('all')).compiled.hostNames[0]).toBe('zookeeper');
    expect(ran({ ...acks('all'), metadata: 'kraft' }).compiled.hostNames[0]).toBe('controller');
  });
});

describe('the controller', () => {
  const killed = acks('all', 300, 100_000);
  const fault: FaultPlan = { name: 'process-crash', when: at(100), target: { kind: 'controller' }, healAfterUs: 30_000_000 };

  test('that dies is replaced when its session is over, in the next controller epoch', () => {
    const run = ran({ ...killed, faults: [fault] });
    const [first, second] = run.lines('controller-elected');
    expect(run.result.faults[0]!.targets).toEqual([`broker-${first!.a}`]);
    expect(second!.a).not.toBe(first!.a);
    expect([first!.b, second!.b]).toEqual([1, 2]);
    expect(second!.atMs).toBeGreaterThanOrEqual(run.first('session-expired'));
    expect(run.first('session-expired')).toBeGreaterThan(16_000);
    expect(run.result.ended).toBe('settled');
    sound({ ...killed, faults: [fault] });
  });

  test('that is cut off from ZooKeeper is none any more without knowing, and resigns when it hears', () => {
    const cut: FaultPlan = {
      name: 'partition',
      when: at(100),
      target: { kind: 'controller' },
      peers: 'zookeeper',
      direction: 'both',
      healAfterUs: 30_000_000,
    };
    const run = ran({ ...killed, faults: [cut] });
    const [before, after] = controllers(run);
    expect(after).not.toBe(before);
    const resigned = run.lines('controller-resigned');
    expect(resigned.map(({ host }) => host)).toEqual([before]);
    expect(resigned[0]!.atMs).toBeGreaterThan(30_100);
    expect(run.result.ended).toBe('settled');
    sound({ ...killed, faults: [cut] });
  });

  test('that stood still past its session sends what a newer one has outdated, and is refused (STALE_CONTROLLER_EPOCH)', () => {
    // What it had decided waits behind a slow link; the link's end is that broker's and nobody else's.
    const slow: FaultPlan = {
      name: 'slow-link',
      when: at(0),
      target: { kind: 'controller' },
      peers: 'brokers',
      direction: 'out',
      extraUs: 25_000_000,
    };
    const move: FaultPlan = { name: 'leader-move', when: at(1_000), target: leader, partition: 'orders-0' };
    const cut: FaultPlan = {
      name: 'partition',
      when: at(2_000),
      target: { kind: 'controller' },
      peers: 'zookeeper',
      direction: 'both',
      healAfterUs: 60_000_000,
    };
    const refused: number[] = [];
    for (const seed of ['1', '2', '3', '4']) {
      const run = ran({ ...acks('all', 10), faults: [slow, move, cut], limits: { healAtUs: 50_000_000 } }, seed);
      refused.push(...run.lines('controller-request-refused').map(({ a }) => a));
      expect(run.result.ended).toBe('settled');
    }
    expect(refused).toContain(ErrorCode.staleControllerEpoch);
  });
});

describe('a leader that is cut off from ZooKeeper alone', () => {
  const cut = (value: 1 | 'all'): Partial<PlanOptions> => ({
    ...acks(value, 300, 100_000),
    faults: [
      { name: 'partition', when: at(1_000), target: leader, peers: 'zookeeper', direction: 'both', healAfterUs: 40_000_000 },
    ],
  });

  test('goes on acknowledging acks=1 until it is heard of again, and loses rate times window', () => {
    const run = ran(cut(1));
    const elected = run.lines('leader-elected').at(-1)!;
    expect(run.outcomes.acknowledged).toBe(300);
    // Nobody tells it: a controller sends to registered brokers only.
    const told = run.lines('became-follower').filter(({ host, atMs }) => host === 1 && atMs > elected.atMs);
    expect(told.map(({ atMs }) => atMs > 41_000)).toEqual([true]);
    const lost = 300 - run.log().length;
    expect(lost).toBeGreaterThan((30_000 - elected.atMs) / 100 - 5);
    sound(cut(1));
  });

  test('can acknowledge nothing with acks=all', () => {
    const run = ran(cut('all'));
    expect(run.outcomes.acknowledged).toBe(300);
    expect(run.log().toSorted((a, b) => a - b)).toEqual(upTo(300));
    sound(cut('all'));
  });
});

describe('without ZooKeeper', () => {
  test('the ISR stays as it is and nobody is elected; when it is back sessions begin anew (canon: leadership frozen)', () => {
    const faults: FaultPlan[] = [
      { name: 'process-crash', when: at(100), target: { kind: 'zookeeper' }, healAfterUs: 50_000_000 },
      // By its number: who leads is not to be learnt just then.
      { name: 'process-crash', when: at(5_000), target: { kind: 'broker', id: 1 }, healAfterUs: 75_000_000 },
    ];
    const run = ran({ ...acks('all', 20, 1_000_000), faults, limits: { healAtUs: 90_000_000 } });
    const later = run.lines('leader-elected').filter(({ atMs }) => atMs > 0);
    expect(later.length).toBeGreaterThan(0);
    for (const { atMs } of [...later, ...run.lines('isr-changed')]) expect(atMs).toBeGreaterThan(50_100 + 18_000);
    expect(run.result.ended).toBe('settled');
    sound({ ...acks('all', 20, 1_000_000), faults, limits: { healAtUs: 90_000_000 } });
  });

  test('with power lost it comes back with all that it had told', () => {
    const faults: FaultPlan[] = [
      { name: 'power-loss', when: at(20), target: { kind: 'zookeeper' }, tornWrite: true, healAfterUs: 3_000_000 },
    ];
    const run = ran({ ...acks('all'), faults });
    expect(run.log()).toEqual(upTo(100));
    expect(run.lines('session-expired')).toEqual([]);
    expect(controllers(run)).toHaveLength(1);
  });
});

describe('a broker', () => {
  test('that is back before its session is over cannot register until it is (KafkaZkClient.registerBroker)', () => {
    const fault: FaultPlan = { name: 'process-crash', when: at(20), target: { kind: 'broker', id: 3 }, healAfterUs: 1_000_000 };
    const run = ran({ ...acks('all'), faults: [fault] });
    const refused = run.lines('duplicate-registration-refused');
    expect(refused.length).toBeGreaterThan(3);
    const registered = run.first('broker-registered', 20);
    expect(registered).toBeGreaterThan(run.first('session-expired'));
    expect(refused.at(-1)!.atMs).toBeLessThan(registered);
    expect(run.result.history.audits[0]!.isr.toSorted()).toEqual([1, 2, 3]);
  });

  test('that stops in order hands its leaderships over first, and is gone for ZooKeeper at once', () => {
    const fault: FaultPlan = { name: 'controlled-shutdown', when: at(50), target: leader, healAfterUs: 5_000_000 };
    const run = ran({ ...acks('all'), faults: [fault] });
    const elected = run.first('leader-elected', 50);
    const stopped = run.first('shut-down-cleanly', 50);
    expect(elected).toBeLessThan(stopped);
    expect(run.lines('session-expired')).toEqual([]);
    expect(run.log().toSorted((a, b) => a - b)).toEqual(upTo(100));
    expect(run.result.history.audits[0]!.isr.toSorted()).toEqual([1, 2, 3]);
    sound({ ...acks('all'), faults: [fault] });
  });

  test('that comes back before the controller has looked is another life: it was gone in between (KIP-380)', () => {
    // A follower stops and is back at once, while the controller stands still.
    const bounced = [1, 2, 3].map((id) => {
      const faults: FaultPlan[] = [
        { name: 'pause', when: at(20), target: { kind: 'controller' }, healAfterUs: 12_000_000 },
        { name: 'controlled-shutdown', when: at(30), target: { kind: 'broker', id }, healAfterUs: 11_000_000 },
      ];
      const run = ran({ ...acks('all'), brokerConfig: { 'controlled.shutdown.enable': false }, faults });
      const [controller] = controllers(run);
      const seen = run.trace(['broker-gone', 'broker-alive']).filter(({ a, atMs }) => a === id && atMs > 20);
      return controller === id ? null : seen.map(({ code }) => code);
    });
    expect(bounced.filter((codes) => codes !== null)).toHaveLength(2);
    for (const codes of bounced) if (codes !== null) expect(codes).toEqual(['broker-gone', 'broker-alive']);
  });

  test('leads on in the same epoch when a controller takes over and finds it alive, though its power took records', () => {
    const faults: FaultPlan[] = [{ name: 'power-loss', when: at(60), target: { kind: 'all-brokers' }, healAfterUs: 1_000_000 }];
    const options = { ...acks(1), faults };
    const led = ['1', '2', '3', '4', '5', '6'].flatMap((seed) => {
      const run = ran(options, seed);
      return run.lines('became-leader').map(({ c }) => c);
    });
    // Some of them: whether the controller sees the leader before or after it is back, the race decides.
    expect(led.filter((epoch) => epoch === 0).length).toBeGreaterThan(6);
    sound(options);
  });
});
