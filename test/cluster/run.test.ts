/** The life of a run: setting up, sending, coming to rest, the audit; and what applications do. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import { Outcome } from '../../src/history/history.ts';
import { findCell } from '../../src/scenario/matrix/campaign.ts';
import { ran, reader, upTo } from './plans.ts';

const publishOnly = { tables: ['publish'], ownConsumer: null } as const;

describe('a quiet run', () => {
  const quiet = ran({ consumers: [reader], producer: { config: { acks: 'all' } } });
  const { history } = quiet.result;

  test('acknowledges everything and comes to rest', () => {
    expect(quiet.outcomes).toEqual({ acknowledged: 50, failed: 0, unknown: 0, pending: 0 });
    expect(quiet.result.ended).toBe('settled');
    expect(history.settled).toBe(true);
  });

  test('leaves every record once and in order, on every replica', () => {
    const [audit] = history.audits;
    expect(audit).toMatchObject({ leader: 1, leaderEpoch: 0, isr: [1, 2, 3] });
    expect(audit!.replicas.map(({ broker }) => broker)).toEqual([1, 2, 3]);
    for (const { log } of audit!.replicas) {
      expect([...log.records]).toEqual(upTo(50));
      expect(new Set(log.epochs)).toEqual(new Set([0]));
      expect(log.startOffset).toBe(0);
    }
    expect(audit!.replicas[0]!.log.highWatermark).toBe(50);
  });

  test('tells each acknowledgement the offset that the record has', () => {
    expect([...history.sends.offset]).toEqual(upTo(50));
    expect([...history.sends.told]).toEqual(upTo(50).map(() => 1));
  });

  test('lets a consumer read every record once, in order, and after it was written', () => {
    const { reads, sends } = history;
    expect([...reads.record.slice(0, reads.count)]).toEqual(upTo(50));
    expect([...reads.offset.slice(0, reads.count)]).toEqual(upTo(50));
    for (let i = 0; i < reads.count; i++) expect(reads.atUs[i]).toBeGreaterThan(sends.sentAtUs[i]!);
  });

  test('sends when the plan says, from the start on', () => {
    const { startedAtUs } = quiet.result;
    expect([...history.sends.sentAtUs].map((atUs) => atUs - startedAtUs)).toEqual(upTo(50).map((i) => i * 1000));
  });
});

test('a producer that waits for a connection sleeps meanwhile, though it never tried the other nodes', () => {
  const request = { ...publishOnly, kafka: '3.9', firstSeed: 1, seeds: 40, full: false, mutant: null, own: null } as const;
  const compiled = findCell(request, 'P3h')!.cell.plans().map(compile);
  // In one seed of ten it woke in every millisecond of the 20 s in which all brokers were dark: 12,000 events.
  const seeds = Array.from({ length: 40 }, (_, seed) =>
    run(compiled[seed % compiled.length]!, { seed: String(seed), trace: 'off' }),
  );
  expect(Math.max(...seeds.map(({ events }) => events))).toBeLessThan(2500);
});

describe('the end', () => {
  test('comes with a report of what repeats when the budget of events is used up', () => {
    const cut = ran({ limits: { events: 300 } });
    expect(cut.result).toMatchObject({ ended: 'event-budget', events: 300 });
    expect(cut.result.history.audits).toEqual([]);
    expect(cut.result.repeats.length).toBeGreaterThan(0);
  });

  test('comes as stuck when the cluster cannot rest: nobody may lead', () => {
    const stuck = ran({
      brokers: 2,
      topic: { replicationFactor: 2 },
      // Broker 1 goes on its own, then stays down: healing has nothing to undo, the next fsync of nobody fails.
      faults: [
        {
          name: 'slow-link',
          when: { kind: 'at', atUs: 0 },
          target: { kind: 'broker', id: 2 },
          peers: 'brokers',
          direction: 'both',
          extraUs: 40_000_000,
        },
      ],
      limits: { healAtUs: 1_000_000, settleUs: 3_000_000 },
    });
    expect(stuck.result.ended).toBe('stuck');
    expect(stuck.result.virtualUs - stuck.result.startedAtUs).toBeLessThan(6_000_000);
  });

  test('waits for a fault that is still to come', () => {
    const late = ran({
      faults: [
        {
          name: 'process-crash',
          when: { kind: 'at', atUs: 5_000_000 },
          target: { kind: 'broker', id: 3 },
          healAfterUs: 1_000_000,
        },
      ],
    });
    expect(late.injections()).toEqual([5000]);
    expect(late.result.ended).toBe('settled');
  });

  test('does not come before what acks=0 has sent has arrived', () => {
    const slow = ran({
      producer: { config: { acks: '0' } },
      network: { links: { 'p1 -> broker-1': { baseUs: 900_000, jitterUs: 0 } } },
    });
    expect(slow.log()).toEqual(upTo(50));
  });
});

describe('an application', () => {
  test('sends in bursts', () => {
    const bursts = ran({ producer: { send: { burst: 10, everyUs: 20_000 }, config: { 'linger.ms': 0 } } });
    const { sentAtUs } = bursts.result.history.sends;
    expect(new Set(sentAtUs).size).toBe(5);
    expect(bursts.lines('batch-appended').map(({ d }) => d)).toEqual([10, 10, 10, 10, 10]);
  });

  test('that waits for each outcome has one record under way', () => {
    const { sends } = ran({ producer: { onFailure: 'sync', send: { everyUs: 10 } } }).result.history;
    for (let i = 1; i < sends.count; i++) expect(sends.sentAtUs[i]).toBeGreaterThanOrEqual(sends.completedAtUs[i - 1]!);
  });

  test('that forgets is told nothing', () => {
    const { sends } = ran({ producer: { onFailure: 'forget' } }).result.history;
    expect([...sends.told]).toEqual(upTo(50).map(() => 0));
    expect([...sends.outcome]).toEqual(upTo(50).map(() => Outcome.acknowledged));
  });

  const crashed = (onRestart: 'resend' | 'continue', lingerMs: number): ReturnType<typeof ran> =>
    ran({
      producer: { onRestart, config: { acks: 'all', 'linger.ms': lingerMs } },
      faults: [
        {
          name: 'process-crash',
          when: { kind: 'sent', producer: 'p1', nth: 25 },
          target: { kind: 'client', name: 'p1' },
          healAfterUs: 500_000,
        },
      ],
    });

  test('that crashes loses what its producer had not sent; what goes on does not send it again', () => {
    const { result, outcomes } = crashed('continue', 10);
    const { diedInProducer, sendCount } = result.history.sends;
    const died = diedInProducer.reduce((sum, one) => sum + one, 0);
    expect(died).toBeGreaterThan(0);
    expect(outcomes).toEqual({ acknowledged: 50 - died, failed: 0, unknown: died, pending: 0 });
    expect(Math.max(...sendCount)).toBe(1);
  });

  test('that sends again what it does not know to be acknowledged writes some twice: a new producer id cannot be recognised', () => {
    const again = crashed('resend', 0);
    expect(again.outcomes.acknowledged).toBe(50);
    expect(Math.max(...again.result.history.sends.sendCount)).toBe(2);
    expect(new Set(again.log()).size).toBe(50);
    expect(again.log().length).toBeGreaterThan(50);
    expect(again.lines('producer-id-assigned').map(({ a }) => a)).toHaveLength(2);
    expect(again.lines('duplicate-batch')).toEqual([]);
  });

  test('that stands still goes on where it was', () => {
    const paused = ran({
      faults: [
        {
          name: 'pause',
          when: { kind: 'sent', producer: 'p1', nth: 20 },
          target: { kind: 'client', name: 'p1' },
          healAfterUs: 700_000,
        },
      ],
    });
    expect(paused.log()).toEqual(upTo(50));
    const { sentAtUs } = paused.result.history.sends;
    expect(sentAtUs[20]! - sentAtUs[19]!).toBe(700_000);
  });
});

test('several producers and partitions do not get in each other’s way', () => {
  const many = ran({ producers: 3, topic: { partitions: 4 }, producer: { send: { keys: 5 } }, consumers: [reader] });
  expect(many.outcomes.acknowledged).toBe(150);
  const { audits, sends, reads } = many.result.history;
  expect(audits.map(({ leader }) => leader)).toEqual([1, 2, 3, 1]);
  const everything = audits.flatMap((_, partition) => many.log(partition));
  expect(everything.toSorted((a, b) => a - b)).toEqual(upTo(150));
  for (const [partition] of audits.entries()) {
    for (const id of many.log(partition)) expect(sends.partition[id]).toBe(partition);
    // The records of each producer are in the order of sending.
    for (const producer of [0, 1, 2]) {
      const own = many.log(partition).filter((id) => sends.producer[id] === producer);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  }
  expect(reads.count).toBe(150);
});
