/**
 * The application around a member of a group: what it handles when, what it commits and when it does not, and what is left of that when
 * its process dies, stands still, or throws.
 */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { Step } from '../../src/history/history.ts';
import { ErrorCode } from '../../src/kafka/protocol/errors.ts';
import type { FaultPlan } from '../../src/plan/faults.ts';
import type { GroupPlan, HandlerPlan } from '../../src/plan/groups.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type PlanOptions, planOf, Ran, upTo } from './plans.ts';

type GroupOptions = Partial<Omit<GroupPlan, 'handler'>> & { readonly handler?: Partial<HandlerPlan> };

const records = 50;

/** `planOf` with the group `billing` of one member, whose handler takes a millisecond. All is sent before its first rebalance ends. */
function groupPlanOf({ handler, ...group }: GroupOptions, options: Partial<PlanOptions> = {}): Plan {
  const billing: GroupPlan = {
    name: 'billing',
    topic: 'orders',
    memberStartsUs: [0],
    pollTimeoutMs: 100,
    commit: 'after-batch',
    sink: 'plain',
    ...group,
    config: { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 6000, ...group.config },
    handler: {
      takes: { baseUs: 1000, jitterUs: 0 },
      where: 'poll-loop',
      workers: 2,
      keyed: false,
      throwsEvery: 0,
      onThrow: 'carry-on',
      ...handler,
    },
  };
  return { ...planOf({ limits: { settleUs: 40_000_000 }, ...options }), groups: [billing] };
}

interface Handled {
  readonly record: number;
  readonly member: number;
  readonly step: Step;
  readonly atMs: number;
}

class GroupRan extends Ran {
  /** What handlers did, in order. */
  handled(...steps: Step[]): Handled[] {
    const { handling } = this.result.history;
    const rows = Array.from({ length: handling.count }, (_, row) => ({
      record: handling.record[row]!,
      member: handling.member[row]!,
      step: handling.step[row] as Step,
      atMs: (handling.atUs[row]! - this.result.startedAtUs) / 1000,
    }));
    return steps.length === 0 ? rows : rows.filter(({ step }) => steps.includes(step));
  }

  /** Steps of one record, in order, each with its member. */
  stepsOf(record: number): (readonly [number, Step])[] {
    return this.handled()
      .filter((row) => row.record === record)
      .map(({ member, step }) => [member, step]);
  }

  /** Offsets of `orders-0` as they were sent to be committed. */
  get commits(): { offset: number; atMs: number }[] {
    return this.lines('commit-sent').map(({ c, atMs }) => ({ offset: c, atMs }));
  }
}

function groupRan(group: GroupOptions, options: Partial<PlanOptions> = {}): GroupRan {
  return new GroupRan(groupPlanOf(group, options), '1', kafkaRules);
}

const member1 = { kind: 'client', name: 'billing-1' } as const;

function crashAt(kind: 'handled' | 'applied', nth: number): FaultPlan {
  return { name: 'process-crash', when: { kind, group: 'billing', nth }, target: member1, healAfterUs: 2_000_000 };
}

function pauseAt(nth: number, healAfterUs: number): FaultPlan {
  return { name: 'pause', when: { kind: 'handled', group: 'billing', nth }, target: member1, healAfterUs };
}

describe('a crash', () => {
  const faults = [crashAt('applied', 10)];
  const { handed, applied } = Step;

  test('between an effect and its commit: that record is handled again, and no other', () => {
    const run = groupRan({ commit: 'after-record' }, { faults });
    const [crash] = run.injections();
    expect(run.commits.filter(({ atMs }) => atMs <= crash!).map(({ offset }) => offset)).toEqual(upTo(10).slice(1));
    const again = [handed, applied, handed, applied].map((step) => [0, step]);
    expect(run.stepsOf(9)).toEqual(again);
    for (const record of [8, 10]) expect(run.stepsOf(record)).toEqual(again.slice(2));
    expect(run.result.ended).toBe('settled');
  });

  test('before the commit of a batch: the batch is handled again', () => {
    const run = groupRan({ config: { 'max.poll.records': 5 }, commit: 'after-batch' }, { faults });
    const twice = upTo(records).filter((record) => run.stepsOf(record).length === 4);
    expect(twice).toEqual([5, 6, 7, 8, 9]);
  });

  test('after the commit of a batch that is still in hand: the rest of it is not handled', () => {
    const run = groupRan({ config: { 'max.poll.records': 20 }, commit: 'before' }, { faults });
    const missed = upTo(records).filter((record) => run.stepsOf(record).every(([, step]) => step !== applied));
    expect(missed).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });
});

describe('workers', () => {
  const oneHangs = { where: 'workers', hangs: { ordinal: 6, takesUs: 700_000 } } as const;

  test('done-prefix commits as far as there is no gap, and sends nothing that it has committed', () => {
    const run = groupRan({ commit: 'done-prefix', handler: oneHangs });
    const freed = run.handled(Step.applied).find(({ record }) => record === 5)!.atMs;
    const offsets = run.commits.map(({ offset }) => offset);
    expect(offsets).toEqual([...new Set(offsets)]);
    const before = run.commits.filter(({ atMs }) => atMs < freed).map(({ offset }) => offset);
    expect(Math.max(...before)).toBe(5);
    expect(offsets.at(-1)).toBe(records);
    // The others went on meanwhile.
    expect(run.handled(Step.applied).filter(({ atMs }) => atMs < freed).length).toBe(records - 1);
    // A poll() of 100 ms each, and hardly ever anything to commit.
    expect(run.lines('call').filter(({ host }) => run.compiled.hostNames[host] === 'billing-1').length).toBeGreaterThan(
      offsets.length + 5,
    );
  });

  test('a prefix whose commit failed is committed again, though nothing is done since', () => {
    const group = { commit: 'done-prefix', handler: { where: 'workers' } } as const;
    // The connection is reset under the last commit, before the coordinator has it.
    const reset: FaultPlan = {
      name: 'reset',
      when: { kind: 'note', code: 'commit-sent', nth: groupRan(group).commits.length },
      target: member1,
      peers: 'brokers',
      healAfterUs: 1000,
    };
    const run = groupRan(group, { faults: [reset] });
    expect(run.lines('commit-failed').map(({ c, d }) => [c, d])).toEqual([[records, ErrorCode.networkException]]);
    expect(run.commits.slice(-2).map(({ offset }) => offset)).toEqual([records, records]);
    expect(run.result.ended).toBe('settled');
  });

  test('go on at the gap after a crash: what was done beyond it is done again', () => {
    const run = groupRan({ commit: 'done-prefix', handler: oneHangs }, { faults: [crashAt('applied', 30)] });
    const [crash] = run.injections();
    const before = run.handled(Step.handed).filter(({ atMs }) => atMs <= crash!);
    const committed = run.commits.filter(({ atMs }) => atMs <= crash!).at(-1)?.offset ?? 0;
    expect(committed).toBeLessThanOrEqual(5);
    const again = before.map(({ record }) => record).filter((record) => record >= committed);
    expect(again.length).toBeGreaterThan(20);
    const twice = upTo(records).filter((id) => run.handled(Step.handed).filter(({ record }) => record === id).length === 2);
    expect(twice).toEqual(again.toSorted((a, b) => a - b));
  });

  test.each([true, false])('keyed %s: only then are records of a key done in their order', (keyed) => {
    const run = groupRan({ handler: { ...oneHangs, keyed } }, { producer: { send: { keys: 2 } } });
    const done = run.handled(Step.applied).map(({ record }) => record);
    const ofKey = (key: number): number[] => done.filter((record) => record % 2 === key);
    const inOrder = [0, 1].map((key) => ofKey(key).every((record, i, all) => i === 0 || all[i - 1]! < record));
    // The record that hangs is of the second key.
    expect(inOrder).toEqual([true, keyed]);
    expect(done.toSorted((a, b) => a - b)).toEqual(upTo(records));
  });
});

describe('brokers that are gone for longer than a commit waits', () => {
  const away = (when: FaultPlan['when'], healAfterUs: number): FaultPlan => ({
    name: 'power-loss',
    when,
    target: { kind: 'all-brokers' },
    healAfterUs,
  });
  const flushed = {
    topic: { config: { 'flush.messages': 1 } },
    limits: { healAtUs: 100_000_000, settleUs: 400_000_000 },
  } as const;

  test('a commit before the handler that was out of time is tried again, and what is in hand is handled after it', () => {
    const faults = [away({ kind: 'note', code: 'commit-sent', nth: 1 }, 75_000_000)];
    const run = groupRan({ commit: 'before' }, { ...flushed, faults });
    expect(run.handled(Step.applied).map(({ record }) => record)).toEqual(upTo(records));
    // It waits for default.api.timeout.ms, in vain, and then again.
    expect(run.handled(Step.applied)[0]!.atMs - run.injections()[0]!).toBeGreaterThan(75_000);
    expect(run.result.ended).toBe('settled');
  });

  test('what they lose of committed offsets nobody commits again while there is nothing to handle: that is rest', () => {
    const commits = groupRan({}, flushed).commits.length;
    const faults = [away({ kind: 'note', code: 'offset-committed', nth: commits }, 5_000_000)];
    const run = groupRan({}, { ...flushed, faults });
    expect(run.handled(Step.applied).map(({ record }) => record)).toEqual(upTo(records));
    expect(run.result.history.committed).toEqual([{ group: 0, partition: 0, offset: -1 }]);
    expect(run.result.ended).toBe('settled');
  });
});

describe('a handler that throws for every tenth record', () => {
  const thrown = [9, 19, 29, 39, 49];

  test('and carries on: the others are handled, and all of it is committed', () => {
    const run = groupRan({ handler: { throwsEvery: 10 } });
    expect(run.handled(Step.threw).map(({ record }) => record)).toEqual(thrown);
    expect(run.handled(Step.applied)).toHaveLength(records - thrown.length);
    expect(run.commits.at(-1)!.offset).toBe(records);
    expect(run.result.ended).toBe('settled');
  });

  test('and closes: nothing is handled after it, and nothing past it is committed', () => {
    const run = groupRan({ handler: { throwsEvery: 10, onThrow: 'close' }, commit: 'after-record' });
    expect(run.handled().at(-1)).toMatchObject({ record: 9, step: Step.threw });
    expect(run.commits.at(-1)!.offset).toBe(9);
    expect(run.result.ended).toBe('stuck');
  });

  test('and closes under automatic commits: close() commits all that poll() returned, handled or not', () => {
    const run = groupRan({ handler: { throwsEvery: 10, onThrow: 'close' }, commit: 'auto' });
    expect(run.handled().at(-1)).toMatchObject({ record: 9, step: Step.threw });
    expect(run.commits.at(-1)!.offset).toBe(records);
  });

  test('and ends the process: nothing is committed of the batch', () => {
    const run = groupRan({ handler: { throwsEvery: 10, onThrow: 'crash' } });
    expect(run.handled().at(-1)).toMatchObject({ record: 9, step: Step.threw });
    expect(run.commits).toEqual([]);
    expect(run.lines('process-crashed')).toHaveLength(1);
  });
});

describe('a member that stands still', () => {
  test('finishes when it goes on, and keeps its place if its session lasts', () => {
    const run = groupRan({}, { faults: [pauseAt(10, 3_000_000)] });
    const [injected] = run.injections();
    const { atMs } = run.handled(Step.applied).find(({ record }) => record === 9)!;
    expect(atMs - injected!).toBeGreaterThanOrEqual(3000);
    expect(run.lines('member-removed')).toEqual([]);
    expect(run.handled(Step.handed)).toHaveLength(records);
  });

  const late = { memberStartsUs: [0, 0], config: { 'max.poll.records': 5 }, commit: 'in-sink' } as const;
  const { handed, applied, refused } = Step;

  test('past its session, over a sink that looks at the offset: its effect is refused', () => {
    const run = groupRan({ ...late, sink: 'transactional' }, { faults: [pauseAt(10, 20_000_000)] });
    expect(run.stepsOf(9)).toEqual([
      [0, handed],
      [1, handed],
      [1, applied],
      [0, refused],
    ]);
    expect(run.handled(applied).map(({ record }) => record)).toEqual(upTo(records));
    expect(run.commits).toEqual([]);
  });

  test('past its session, over a sink that does not: its effect is done twice', () => {
    const run = groupRan({ ...late, sink: 'transactional-unconditional' }, { faults: [pauseAt(10, 20_000_000)] });
    expect(run.stepsOf(9)).toEqual([
      [0, handed],
      [1, handed],
      [1, applied],
      [0, applied],
    ]);
  });
});

test('nobody works on __consumer_offsets', () => {
  const internal = '__consumer_offsets';
  const plan = groupPlanOf({});
  const refused: readonly Plan[] = [
    { ...plan, groups: [{ ...plan.groups![0]!, topic: internal }] },
    { ...plan, consumers: [{ name: 'c1', topic: internal, config: {} }] },
    { ...plan, producers: [{ ...plan.producers[0]!, topic: internal }] },
  ];
  for (const one of refused) expect(() => compile(one)).toThrow(/works on __consumer_offsets, which is the brokers' own/);
  expect(() => compile({ ...plan, topics: [{ ...plan.topics[0]!, name: internal }] })).toThrow(
    /no plan has a topic of that name/,
  );
});
