/** What a group did with its records: missed, handled again, done twice, out of order; from the history alone. */
import { describe, expect, test } from 'vitest';
import { type GroupFacts, Step } from '../../src/history/history.ts';
import { type Judgement, judge } from '../../src/oracle/judge.ts';
import { billing, evidenceOf, factsOf, Story } from './story.ts';

/** Records 0 … n-1 were sent, acknowledged and are in the log, in this order. */
function story(records: number, group: Partial<GroupFacts> = {}): Story {
  const told = new Story(records);
  told.groups = [{ ...billing, ...group }];
  const ids = Array.from({ length: records }, (_, id) => id);
  told.send(ids).log(...ids);
  for (const id of ids) told.ack(id, id);
  return told;
}

function judged(told: Story): Judgement {
  return judge(told.end(), evidenceOf([]), factsOf(), []);
}

/** Harm, record, reason and whether it is permitted, of each anomaly. */
function said(told: Story): (readonly [string, number, string, boolean])[] {
  return judged(told).anomalies.map(({ kind, recordId, because, permitted }) => [kind, recordId, because.code, permitted]);
}

test('a group that handles everything once and commits it shows nothing', () => {
  const told = story(3).handle(0, 0).handle(1, 1).handle(2, 2).commit(3);
  expect(judged(told).anomalies).toEqual([]);
});

describe('MISSED', () => {
  test('is a record below the committed offset that nobody finished', () => {
    const told = story(3, { commit: 'before' }).handle(0, 0).step(Step.handed, 1, 1).commit(3);
    expect(said(told)).toEqual([
      ['missed', 1, 'committed-while-in-hand', true],
      ['missed', 2, 'committed-before-handed', true],
    ]);
  });

  test('is not a record at or above the committed offset: somebody will read it', () => {
    expect(judged(story(3).handle(0, 0).commit(1)).counts.missed).toBe(0);
  });

  test('is not asked without a committed offset, or without an audit', () => {
    expect(judged(story(2)).counts.missed).toBe(0);
    const told = new Story(1);
    told.groups = [billing];
    expect(judged(told.send([0]).ack(0, 0).commit(1)).counts.missed).toBe(0);
  });

  test('is not a record whose effect the sink had already', () => {
    const told = story(1, { sink: 'unique-key' }).step(Step.handed, 0, 0).step(Step.refused, 0, 0).commit(1);
    expect(judged(told).counts.missed).toBe(0);
  });

  test('names the exception that was swallowed', () => {
    const told = story(1).step(Step.handed, 0, 0).step(Step.threw, 0, 0).commit(1);
    expect(said(told)).toEqual([['missed', 0, 'handler-threw', true]]);
  });

  test('names the reset that began behind it, where there may be one', () => {
    const late = (reset: GroupFacts['reset']): Story => story(2, { reset }).handle(1, 1).commit(2);
    expect(said(late('latest'))).toEqual([['missed', 0, 'reset-past-record', true]]);
    expect(said(late('earliest'))).toEqual([['missed', 0, 'committed-before-handed', false]]);
  });

  test('names the reset even for a record that a crashed member had in hand', () => {
    const told = story(2, { reset: 'latest' }).step(Step.handed, 0, 0).handle(1, 1).commit(2);
    expect(said(told)).toEqual([['missed', 0, 'reset-past-record', true]]);
  });

  test('names the reset for workers too, where only what is done is committed', () => {
    const between = story(3, { reset: 'latest', where: 'workers', commit: 'done-prefix' }).handle(0, 0).handle(2, 2).commit(3);
    expect(said(between)).toEqual([['missed', 1, 'reset-past-record', true]]);
  });

  test('names a log that was cut after the group had read it, and written anew below its offset; nothing did that here', () => {
    const told = story(3).handle(0, 0).handle(2, 1).commit(3);
    expect(said(told)).toEqual([['missed', 1, 'written-below-position', false]]);
    expect(judged(told).anomalies[0]!.because.params).toMatchObject({ cut: 1 });
  });

  test('is an acknowledged record that was deleted before the group, which had begun below it, had read it', () => {
    const away = (first: number): Story => {
      const told = new Story(6);
      told.groups = [billing];
      told.send([0, 1, 2, 3, 4, 5]);
      for (const id of [0, 1, 2, 3, 4, 5]) told.ack(id, id);
      return told
        .audit({ 1: { ids: [4, 5], startOffset: 4 } })
        .handle(first, first)
        .handle(4, 4)
        .handle(5, 5)
        .commit(6);
    };
    // Nothing here says that the log start rose by policy: the evidence is empty.
    expect(said(away(1))).toEqual([
      ['missed', 2, 'deleted-before-read', false],
      ['missed', 3, 'deleted-before-read', false],
    ]);
    expect(said(away(4)).filter(([harm]) => harm === 'missed')).toEqual([]);
    const advanced = evidenceOf([[1, 1, 'log-start-advanced', 0, 0, 4, 1]]);
    expect(judge(away(1).end(), advanced, factsOf(), []).anomalies.map(({ permitted }) => permitted)).toEqual([true, true]);
  });

  test('is not permitted to a poll loop that commits by itself and whose handler never threw', () => {
    expect(said(story(1).commit(1))).toEqual([['missed', 0, 'committed-before-handed', false]]);
    expect(said(story(2).handle(0, 0).commit(2))).toEqual([['missed', 1, 'committed-before-handed', false]]);
    expect(said(story(2, { where: 'workers' }).handle(0, 0).commit(2))).toEqual([['missed', 1, 'committed-before-handed', true]]);
  });
});

describe('REPROCESSED and APPLIED TWICE', () => {
  test('are the times beyond the first that a record was handed over, and that its effect was done', () => {
    const told = story(1, { commit: 'after-batch' })
      .handle(0, 0)
      .handle(0, 0, { member: 1 })
      .handle(0, 0, { member: 1 })
      .commit(1);
    const { counts, anomalies } = judged(told);
    expect(counts).toMatchObject({ reprocessed: 2, appliedTwice: 2, missed: 0 });
    expect(anomalies[0]).toMatchObject({ because: { params: { first: 'billing-1', second: 'billing-2' } }, permitted: true });
  });

  test('part where the sink knows the record', () => {
    const told = story(1, { sink: 'unique-key' }).handle(0, 0).step(Step.handed, 0, 0, { member: 1 }).step(Step.refused, 0, 0);
    expect(judged(told).counts).toMatchObject({ reprocessed: 1, appliedTwice: 0 });
  });

  test('are not permitted to a sink that keeps the offset with the effect', () => {
    const told = story(1, { commit: 'in-sink', sink: 'transactional' }).handle(0, 0).handle(0, 0, { member: 1 });
    expect(said(told)).toEqual([
      ['reprocessed', 0, 'read-again-uncommitted', true],
      ['appliedTwice', 0, 'read-again-uncommitted', false],
    ]);
  });

  test('come to it from a log that lost what it had read: its position starts again; nothing did that here', () => {
    const told = story(2, { commit: 'in-sink', sink: 'transactional' }).handle(0, 0).handle(1, 5).handle(0, 0).commit(2);
    expect(said(told).filter(([, , code]) => code === 'read-again-after-cut')).toEqual([
      ['reprocessed', 0, 'read-again-after-cut', false],
      ['appliedTwice', 0, 'read-again-after-cut', false],
    ]);
  });

  test('also come from a log that holds the record twice', () => {
    const told = new Story(1);
    told.groups = [billing];
    told.send([0]).log(0, 0).ack(0, 0).handle(0, 0).handle(0, 1).commit(2);
    expect(said(told).map(([kind, , code]) => [kind, code])).toEqual([
      ['duplicated', 'no-evidence'],
      ['reprocessed', 'written-twice'],
      ['appliedTwice', 'written-twice'],
    ]);
  });
});

describe('REORDERED in processing', () => {
  test('is a record finished after a later one of its partition', () => {
    const told = story(3, { where: 'workers' }).handle(1, 1).handle(0, 0).handle(2, 2).commit(3);
    expect(said(told)).toEqual([['reordered', 0, 'workers-overtook', true]]);
  });

  test('is asked by key where there are keys', () => {
    const told = story(3, { where: 'workers', keyed: true }).key(0, 0).key(1, 1).key(2, 0);
    told.handle(1, 1).handle(0, 0).handle(2, 2).commit(3);
    expect(judged(told).counts.reordered).toBe(0);
    const wrong = story(3, { where: 'workers', keyed: true }).key(0, 0).key(1, 1).key(2, 0);
    wrong.handle(1, 1).handle(2, 2).handle(0, 0).commit(3);
    expect(said(wrong)).toEqual([['reordered', 0, 'workers-overtook', false]]);
  });

  test('is no overtaking when the member began anew before it; of another member, or behind it, that does not matter', () => {
    const again = (host: number, offset: number): string => {
      const told = story(2, { where: 'workers', keyed: true }).handle(1, 1).handle(0, 0).commit(2);
      const history = told.end();
      const [first] = history.handling.event;
      const last = history.handling.event[history.handling.count - 1]!;
      const between = Math.floor((first! + last) / 2);
      const seen = evidenceOf([[between, host, 'position-from-commit', 0, 0, offset]]);
      return judge(history, seen, factsOf(), []).anomalies[0]!.because.code;
    };
    expect(again(6, 0)).toBe('read-again-behind');
    expect(again(6, 1)).toBe('workers-overtook');
    expect(again(7, 0)).toBe('workers-overtook');
  });

  test('knows no place for a record that the log has lost since', () => {
    const told = story(3).handle(0, 5).handle(1, 0).handle(2, 2).commit(3);
    expect(judged(told).counts.reordered).toBe(0);
  });

  test('counts first finishes: a record that is handled again later is no step back', () => {
    expect(judged(story(2).handle(0, 0).handle(1, 1).handle(0, 0).commit(2)).counts.reordered).toBe(0);
  });
});
