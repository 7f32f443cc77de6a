/** Brokers that go and come back: sessions, ISR, leaderships, logs. The times are Kafka's defaults. */
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../src/plan/faults.ts';
import { type PlanOptions, type Ran, ran, reader, upTo } from './plans.ts';

const all = { producer: { config: { acks: 'all' }, send: { count: 100 } } } satisfies Partial<PlanOptions>;

/** Broker 3, or another, goes at 20 ms and is started again so much later. */
function gone(name: 'process-crash' | 'power-loss', backAfterMs: number, id = 3, options: Partial<PlanOptions> = all): Ran {
  const fault: FaultPlan = {
    name,
    when: { kind: 'at', atUs: 20_000 },
    target: { kind: 'broker', id },
    healAfterUs: backAfterMs * 1000,
  };
  return ran({ ...options, faults: [fault] });
}

describe('a broker that is silent', () => {
  test('is fenced after nine seconds without a heartbeat; they come every two (broker.session.timeout.ms)', () => {
    for (const name of ['process-crash', 'power-loss'] as const) {
      const run = gone(name, 30_000);
      const fenced = run.first('broker-fenced', 20);
      expect(fenced).toBeGreaterThan(20 + 7_000);
      expect(fenced).toBeLessThanOrEqual(20 + 9_000);
      expect(run.first('isr-changed', 20)).toBe(fenced);
    }
  });

  test('and comes back sooner is refused until its old session is over; then it registers, and joins the ISR again', () => {
    const run = gone('process-crash', 1_000);
    const refused = run.lines('duplicate-registration-refused');
    expect(refused.length).toBeGreaterThan(3);
    const fenced = run.first('broker-fenced', 20);
    expect(refused.at(-1)!.atMs).toBeLessThan(fenced);
    const registered = run.first('broker-registered', 20);
    expect(registered).toBeGreaterThan(fenced);
    expect(run.first('isr-expand-proposed', registered)).toBeGreaterThan(registered);
    expect(run.result.history.audits[0]!.isr.toSorted()).toEqual([1, 2, 3]);
  });

  test('holds back acknowledgements until it has left the ISR', () => {
    const run = gone('process-crash', 30_000);
    expect(run.outcomes.acknowledged).toBe(100);
    const fenced = run.first('broker-fenced', 20);
    const acknowledged = [...run.result.history.sends.completedAtUs].map((atUs) => (atUs - run.result.startedAtUs) / 1000);
    expect(acknowledged.filter((at) => at > 25 && at < fenced)).toEqual([]);
    expect(acknowledged.filter((at) => at > fenced).length).toBeGreaterThan(50);
  });

  test('makes no difference to a topic of which it has no replica', () => {
    const run = gone('process-crash', 30_000, 3, { ...all, topic: { replicationFactor: 2 } });
    const done = Math.max(...run.result.history.sends.completedAtUs);
    expect((done - run.result.startedAtUs) / 1000).toBeLessThan(150);
  });
});

describe('a leader that crashes', () => {
  test('is replaced by the next in sync; with acks=all and idempotence everything is there once and in order', () => {
    for (const name of ['process-crash', 'power-loss'] as const) {
      const run = gone(name, 15_000, 1, { ...all, consumers: [reader] });
      expect(run.result.history.audits[0]).toMatchObject({ leader: 2, leaderEpoch: 1 });
      expect(run.log()).toEqual(upTo(100));
      const { reads } = run.result.history;
      expect([...reads.record.slice(0, reads.count)]).toEqual(upTo(100));
    }
  });

  test('follows when it is back, and its log is that of the new leader', () => {
    const run = gone('process-crash', 15_000, 1, { producer: { config: { acks: '1' }, send: { count: 100 } } });
    const [audit] = run.result.history.audits;
    const logs = audit!.replicas.map(({ log }) => [...log.records].join());
    expect(new Set(logs).size).toBe(1);
    expect(audit!.isr.toSorted()).toEqual([1, 2, 3]);
  });
});

describe('a follower that is cut off', () => {
  /** From the other brokers only: the controller hears from it. */
  const cut: FaultPlan = {
    name: 'partition',
    when: { kind: 'at', atUs: 20_000 },
    target: { kind: 'broker', id: 3 },
    peers: 'brokers',
    direction: 'both',
    healAfterUs: 40_000_000,
  };

  test('leaves the ISR after 1 to 1.5 times replica.lag.time.max.ms, and is not fenced', () => {
    const run = ran({ ...all, brokerConfig: { 'replica.lag.time.max.ms': 10_000 }, faults: [cut] });
    const proposed = run.first('isr-shrink-proposed');
    expect(proposed).toBeGreaterThan(20 + 10_000 - 500);
    expect(proposed).toBeLessThan(20 + 15_000 + 500);
    expect(run.lines('broker-fenced')).toEqual([]);
    expect(run.first('isr-changed', 20)).toBeGreaterThan(proposed);
    expect(run.log()).toEqual(upTo(100));
  });

  test('joins again when it has caught up, after the cut is over', () => {
    const run = ran({ ...all, brokerConfig: { 'replica.lag.time.max.ms': 10_000 }, faults: [cut] });
    expect(run.first('isr-expand-proposed')).toBeGreaterThan(40_020);
    expect(run.result.history.audits[0]!.isr.toSorted()).toEqual([1, 2, 3]);
  });
});

describe('a leader that is cut off from the controller', () => {
  const zombie = (acks: string): Ran =>
    ran({
      producer: { config: { acks }, send: { count: 200, everyUs: 100_000 } },
      faults: [
        {
          name: 'partition',
          when: { kind: 'at', atUs: 20_000 },
          target: { kind: 'broker', id: 1 },
          peers: 'brokers-and-controller',
          direction: 'both',
          healAfterUs: 30_000_000,
        },
      ],
    });

  test('goes on acknowledging acks=1, and what it acknowledged is gone when it is back', () => {
    const run = zombie('1');
    const elected = run.first('leader-elected', 20);
    const { completedAtUs, outcome } = run.result.history.sends;
    const late = upTo(200).filter((id) => outcome[id] === 1 && (completedAtUs[id]! - run.result.startedAtUs) / 1000 > elected);
    expect(late.length).toBeGreaterThan(10);
    const kept = new Set(run.log());
    expect(late.filter((id) => !kept.has(id)).length).toBeGreaterThan(10);
    expect(run.lines('log-truncated').some(({ host }) => host === 1)).toBe(true);
  });

  test('acknowledges nothing with acks=all: its followers fetch elsewhere', () => {
    const run = zombie('all');
    const kept = new Set(run.log());
    const { outcome } = run.result.history.sends;
    expect(upTo(200).filter((id) => outcome[id] === 1 && !kept.has(id))).toEqual([]);
  });
});

describe('an orderly stop', () => {
  const stopped = ran({
    ...all,
    producer: { config: { acks: 'all' }, send: { count: 100, everyUs: 50_000 } },
    faults: [
      {
        name: 'controlled-shutdown',
        when: { kind: 'at', atUs: 1_000_000 },
        target: { kind: 'broker', id: 1 },
        healAfterUs: 1_000,
      },
    ],
  });

  test('moves leaderships first, and starts again without waiting for a session', () => {
    const asked = stopped.first('controlled-shutdown-requested');
    const moved = stopped.first('leader-elected', asked);
    const down = stopped.first('shut-down-cleanly', asked);
    expect(moved).toBeGreaterThan(asked);
    expect(down).toBeGreaterThan(moved);
    // Other brokers tell with their next heartbeats that they know.
    expect(down - asked).toBeLessThan(4_500);
    expect(stopped.lines('duplicate-registration-refused')).toEqual([]);
    expect(stopped.first('broker-registered', down) - down).toBeLessThan(200);
  });

  test('loses and repeats nothing', () => {
    expect(stopped.outcomes.acknowledged).toBe(100);
    expect(stopped.log()).toEqual(upTo(100));
    expect(stopped.lines('torn-batch-dropped')).toEqual([]);
  });
});

describe('the controller', () => {
  test('may be away for a while: brokers go on with what they know', () => {
    const run = ran({
      ...all,
      faults: [
        { name: 'process-crash', when: { kind: 'at', atUs: 20_000 }, target: { kind: 'controller' }, healAfterUs: 20_000_000 },
      ],
    });
    expect(run.outcomes.acknowledged).toBe(100);
    const done = Math.max(...run.result.history.sends.completedAtUs);
    expect((done - run.result.startedAtUs) / 1000).toBeLessThan(150);
    // Everybody gets a fresh session, so nobody is fenced.
    expect(run.lines('broker-fenced')).toEqual([]);
    expect(run.result.ended).toBe('settled');
  });
});

describe('a disk', () => {
  test('whose fsync fails takes its broker down', () => {
    const run = ran({
      ...all,
      topic: { config: { 'flush.messages': 1 } },
      faults: [
        { name: 'fsync-error', when: { kind: 'at', atUs: 20_000 }, target: { kind: 'broker', id: 1 }, healAfterUs: 15_000_000 },
      ],
    });
    expect(run.lines('log-directory-failed').map(({ host }) => host)).toEqual([1]);
    expect(run.result.history.audits[0]!.leader).toBe(2);
    expect(run.log()).toEqual(upTo(100));
  });

  test('that is full takes its broker down in the midst of an append: nothing after the write is done or said', () => {
    const run = ran({
      ...all,
      faults: [
        { name: 'disk-full', when: { kind: 'at', atUs: 20_000 }, target: { kind: 'broker', id: 1 }, healAfterUs: 15_000_000 },
      ],
    });
    const [full] = run.lines('no-space-left');
    expect(full!.host).toBe(1);
    expect(run.lines('log-directory-failed').map(({ host }) => host)).toEqual([1]);
    const after = run.lines('batch-appended').filter(({ host, atMs }) => host === 1 && atMs >= full!.atMs);
    expect(after.filter(({ atMs }) => atMs < full!.atMs + 15_000)).toEqual([]);
    // What fitted of the batch is found at the next start, and cut off.
    expect(run.lines('torn-batch-dropped').map(({ host }) => host)).toEqual([1]);
    expect(run.result.history.audits[0]!.leader).toBe(2);
    expect(run.log()).toEqual(upTo(100));
  });

  test('that loses what all brokers had acknowledged at once loses nothing that was flushed', () => {
    const blackout = (config: Record<string, number>): Ran =>
      ran({
        ...all,
        topic: { config },
        faults: [
          {
            name: 'power-loss',
            when: { kind: 'acked', producer: 'p1', nth: 50 },
            target: { kind: 'all-brokers' },
            healAfterUs: 12_000_000,
            tornWrite: true,
          },
        ],
      });
    const flushed = blackout({ 'flush.messages': 1 });
    expect(upTo(50).filter((id) => !flushed.log().includes(id))).toEqual([]);
    const lazy = blackout({});
    expect(upTo(50).filter((id) => !lazy.log().includes(id)).length).toBeGreaterThan(30);
    expect(lazy.lines('torn-batch-dropped').length).toBeGreaterThan(0);
  });
});
