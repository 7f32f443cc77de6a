/** Clusters with a quorum of controllers: one that takes over, majorities, minorities, and what all of them agree on whatever happens. */
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import type { QuorumController } from '../../src/kafka/controller/quorum-controller.ts';
import type { MetadataRecord } from '../../src/kafka/protocol/metadata-records.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import type { FaultName, FaultPlan, Target } from '../../src/plan/faults.ts';
import type { Observer } from '../../src/plan/observer.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { type PlanOptions, planOf, ran, reader, upTo } from './plans.ts';

const quorum = { controllers: 3, consumers: [reader] } satisfies Partial<PlanOptions>;
const slowly: Partial<PlanOptions> = { ...quorum, producer: { config: { acks: 'all' }, send: { count: 300, everyUs: 100_000 } } };
const active: Target = { kind: 'controller' };
const at = (ms: number): FaultPlan['when'] => ({ kind: 'at', atUs: ms * 1000 });
const crashed = (target: Target, ms = 1000): FaultPlan => ({
  name: 'process-crash',
  when: at(ms),
  target,
  healAfterUs: 30_000_000,
});

function sound(options: Partial<PlanOptions>): void {
  const { breaches, judgement } = evaluate(compile(planOf(options)), { seed: '1', trace: 'off' });
  expect(breaches).toEqual([]);
  expect(judgement.anomalies.filter(({ permitted }) => !permitted)).toEqual([]);
}

describe('an ordinary run', () => {
  test('elects one leader, comes to rest, loses nothing; the same seed gives the same run', () => {
    const it = ran(slowly);
    expect(it.result.ended).toBe('settled');
    expect(it.lines('quorum-leader')).toHaveLength(1);
    expect(it.lines('controller-active')).toHaveLength(1);
    expect(it.log()).toEqual(upTo(300));
    expect(it.result.history.reads.count).toBe(300);
    expect(ran(slowly).result.traceHash).toBe(it.result.traceHash);
    expect(ran(slowly, '2').result.traceHash).not.toBe(it.result.traceHash);
  });

  test('its hosts are named; one controller is no quorum', () => {
    expect(ran(quorum).compiled.hostNames.filter((name) => name.startsWith('controller'))).toEqual([
      'controller-1',
      'controller-2',
      'controller-3',
    ]);
    expect(ran({ consumers: [reader] }).lines('quorum-leader')).toEqual([]);
  });
});

describe('the active controller', () => {
  test('that dies is replaced within the fetch timeout and an election, and a partition gets its next leader from that one', () => {
    const both = [crashed(active), crashed({ kind: 'leader', partition: 'orders-0' }, 1500)];
    const it = ran({ ...slowly, faults: both });
    const takenOver = it.first('controller-active', 1000);
    expect(takenOver - it.injections()[0]!).toBeGreaterThan(1500);
    expect(takenOver - it.injections()[0]!).toBeLessThan(6000);
    const elected = it.lines('leader-elected').filter(({ atMs }) => atMs > 1500);
    expect(elected.length).toBeGreaterThan(0);
    expect(elected[0]!.atMs).toBeGreaterThan(takenOver);
    expect(elected[0]!.atMs).toBeLessThan(25_000);
    expect(it.result.ended).toBe('settled');
    sound({ ...slowly, faults: both });
  });

  test('alone is not replaced: the partition waits until it is back', () => {
    const both = [crashed(active), crashed({ kind: 'leader', partition: 'orders-0' }, 1500)];
    const it = ran({ ...slowly, controllers: 1, faults: both });
    expect(it.lines('leader-elected').filter(({ atMs }) => atMs > 1500 && atMs < 30_000)).toEqual([]);
  });

  test('that stops in order is replaced at once', () => {
    const fault: FaultPlan = { name: 'controlled-shutdown', when: at(1000), target: active, healAfterUs: 30_000_000 };
    const it = ran({ ...slowly, faults: [fault] });
    expect(it.first('quorum-leader', 1000) - it.injections()[0]!).toBeLessThan(100);
    sound({ ...slowly, faults: [fault] });
  });

  test('that is cut off resigns by itself, and finds another one when it is back', () => {
    const cut: FaultPlan = {
      name: 'partition',
      when: at(1000),
      target: active,
      peers: 'everyone',
      direction: 'both',
      healAfterUs: 15_000_000,
    };
    const it = ran({ ...slowly, faults: [cut] });
    const from = it.injections()[0]!;
    // One and a half of controller.quorum.fetch.timeout.ms, less what had passed of it.
    expect(it.first('quorum-leader-resigned', 1000) - from).toBeGreaterThan(1000);
    expect(it.first('quorum-leader-resigned', 1000) - from).toBeLessThanOrEqual(3010);
    const old = it.lines('quorum-leader')[0]!.host;
    expect(it.lines('quorum-follower').some(({ host, atMs }) => host === old && atMs > 16_000)).toBe(true);
    expect(it.result.ended).toBe('settled');
    sound({ ...slowly, faults: [cut] });
  });
});

describe('a minority', () => {
  const down = (ids: readonly number[]): readonly FaultPlan[] => ids.map((id) => crashed({ kind: 'controller-node', id }, 1000));
  const leaderDies = crashed({ kind: 'leader', partition: 'orders-0' }, 2000);

  test('elects nobody: two of three are down', () => {
    const it = ran({ ...slowly, faults: [...down([1, 2]), leaderDies] });
    expect(it.lines('leader-elected').filter(({ atMs }) => atMs > 2000)[0]!.atMs).toBeGreaterThan(30_000);
  });

  test('that is down is not missed: one of three', () => {
    for (const id of [1, 2, 3]) {
      const it = ran({ ...slowly, faults: [...down([id]), leaderDies] });
      expect(it.lines('leader-elected').filter(({ atMs }) => atMs > 2000)[0]!.atMs, `controller ${id}`).toBeLessThan(25_000);
    }
  });
});

/** What all controllers that run agree on, looked at after every event. */
class Agreement {
  private readonly cluster: Cluster;
  private readonly committed: MetadataRecord[] = [];
  private readonly known: number[];
  private newest = 0;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.known = cluster.compiled.controllers.map(() => 0);
  }

  look(): void {
    const { compiled, machines } = this.cluster;
    for (const [i, host] of compiled.controllers.entries()) {
      const state = (machines[host] as QuorumController | null)?.state;
      if (state === undefined) {
        this.known[i] = 0;
        continue;
      }
      const { committedOffset, records, raft, activeEpoch } = state;
      expect(committedOffset, 'a high watermark goes back').toBeGreaterThanOrEqual(this.known[i]!);
      for (let offset = this.known[i]!; offset < committedOffset; offset++) {
        if (offset === this.committed.length) this.committed.push(records[offset]!);
        expect(records[offset], `offset ${offset} of controller ${i + 1}`).toEqual(this.committed[offset]);
      }
      this.known[i] = committedOffset;
      if (raft.role === 'leader' && raft.epoch > this.newest) {
        this.newest = raft.epoch;
        expect(raft.endOffset, 'a leader has everything that is committed').toBeGreaterThanOrEqual(this.committed.length);
      }
      if (activeEpoch >= 0) expect(records.length, 'an active controller has applied its log').toBe(raft.endOffset);
    }
  }

  get length(): number {
    return this.committed.length;
  }
}

describe('whatever happens to controllers', () => {
  const names: readonly FaultName[] = ['process-crash', 'power-loss', 'pause', 'partition', 'controlled-shutdown'];

  /** One run with many faults on controllers. */
  function troubled(seed: string): { agreement: Agreement; elections: number } {
    const choices = new RandomChoices(`quorum ${seed}`);
    const site = choices.site('plan');
    let drawn = 0;
    const pick = (n: number): number => choices.below(site, drawn++, n);
    const faults = Array.from({ length: 8 }, (): FaultPlan => {
      const target: Target = pick(2) === 0 ? active : { kind: 'controller-node', id: 1 + pick(3) };
      const base = { when: at(pick(20_000)), target, healAfterUs: 100_000 + pick(8_000_000) };
      const name = names[pick(names.length)]!;
      return name === 'partition'
        ? { ...base, name, peers: 'everyone', direction: (['both', 'in', 'out'] as const)[pick(3)]! }
        : ({ ...base, name } as FaultPlan);
    });
    const compiled = compile(planOf({ ...slowly, faults, network: { stallPerMille: 20, stallUs: 500_000, resetPerMille: 5 } }));
    let elections = 0;
    let agreement!: Agreement;
    const observers = (cluster: Cluster): readonly Observer[] => {
      agreement = new Agreement(cluster);
      const note: Observer['note'] = (_event, _atUs, _host, code) => {
        if (code === 'quorum-leader') elections++;
      };
      return [{ note, handled: () => agreement.look() }];
    };
    const { ended } = run(compiled, { seed, trace: 'off', observers });
    expect(ended, `seed ${seed}`).toBe('settled');
    return { agreement, elections };
  }

  test('what is committed stays, in every log, and whoever leads has it', () => {
    let elections = 0;
    let records = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const found = troubled(String(seed));
      elections += found.elections;
      records += found.agreement.length;
    }
    // There was something to disagree about.
    expect(elections).toBeGreaterThan(75);
    expect(records).toBeGreaterThan(1000);
  });
});
