/** The user's own consumer file as rows of the consume table: its settings are in force, and faults outlast them. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import type { Plan, RawSettings } from '../../src/plan/plan.ts';
import { campaignTasks, findCell, runCell, tableOf } from '../../src/scenario/matrix/campaign.ts';
import type { OwnSettings, Table } from '../../src/scenario/matrix/table.ts';

function request(own: OwnSettings) {
  return { tables: ['consume'] as const, kafka: '3.9' as const, firstSeed: 1, seeds: 20, full: false, mutant: null, own };
}

function tableWith(consumer: RawSettings, others: OwnSettings = {}): Table {
  return tableOf('consume', request({ ...others, consumer }));
}

function own(table: Table): string[] {
  return table.rows.filter(({ label }) => 'files' in label).map(({ id }) => id);
}

function planOf(consumer: RawSettings, cell: string): Plan {
  return tableWith(consumer)
    .cells.find(({ id }) => id === cell)!
    .plans()[0]!;
}

const earliest = { 'auto.offset.reset': 'earliest' };

describe('the rows', () => {
  test('two where Kafka commits by itself, which is the default: the file cannot say where the handler runs', () => {
    for (const consumer of [{}, { 'enable.auto.commit': 'true' }]) {
      const table = tableWith(consumer);
      expect(own(table)).toEqual(['CY1', 'CY2']);
      expect(table.notes[0]).toEqual({ code: 'own-auto-commit', values: { rows: 'CY1, CY2', like: 'C1, C2' } });
    }
    const handlers = ['CY1a', 'CY2a'].map((cell) => planOf({}, cell).groups?.[0]?.handler.where);
    expect(handlers).toEqual(['poll-loop', 'workers']);
  });

  test('one where it does not: a commit after every batch', () => {
    const table = tableWith({ 'enable.auto.commit': 'false', ...earliest });
    expect(own(table)).toEqual(['CY']);
    expect(table.notes).toEqual([{ code: 'own-after-batch', values: { rows: 'CY', like: 'C4' } }]);
    expect(planOf({ 'enable.auto.commit': 'false' }, 'CYa').groups?.[0]?.commit).toBe('after-batch');
  });

  test('none without a consumer file, and none in the publish table for it', () => {
    expect(own(tableOf('consume', request({ producer: { acks: '1' } })))).toEqual([]);
    expect(own(tableOf('publish', request({ consumer: {} })))).toEqual([]);
    expect(own(tableOf('publish', request({ broker: {} })))).toEqual(['PY']);
  });

  test('brokers are the user’s too', () => {
    const table = tableWith({}, { broker: { 'group.initial.rebalance.delay.ms': 0 } });
    const row = table.rows.find(({ id }) => id === 'CY1')!;
    expect(row.label).toEqual({ files: 2, handler: 'in the poll loop' });
    const plan = table.cells.find(({ id }) => id === 'CY1a')!.plans()[0]!;
    expect(plan.brokerConfig).toMatchObject({ 'group.initial.rebalance.delay.ms': 0 });
  });

  test('have no truth, so they contradict none', () => {
    const cells = tableWith({}).cells.filter(({ row }) => row.id.startsWith('CY'));
    expect(cells).toHaveLength(14);
    expect(cells.map(({ truth }) => truth)).toEqual(cells.map(() => ({})));
  });
});

describe('the settings', () => {
  test('are in force as written, and what is not written has the default of Kafka', () => {
    const consumer = { 'session.timeout.ms': '20000', 'max.poll.records': 7, 'group.id': 'theirs', ...earliest };
    const { config } = compile(planOf(consumer, 'CY1a')).groups[0]!;
    expect(config).toMatchObject({
      sessionTimeoutMs: 20_000,
      maxPollRecords: 7,
      autoOffsetReset: 'earliest',
      groupId: 'billing',
    });
    expect(compile(planOf({}, 'CY1a')).groups[0]!.config).toMatchObject({ sessionTimeoutMs: 45_000, autoOffsetReset: 'latest' });
  });

  test('a member’s own name is taken away, and a note says so', () => {
    const consumer = { 'group.instance.id': 'a', ...earliest };
    expect(compile(planOf(consumer, 'CY1a')).groups[0]!.config.groupInstanceId).toBeNull();
    expect(tableWith(consumer).notes.map(({ code }) => code)).toEqual(['own-auto-commit', 'own-instance-id']);
  });

  test('with latest no record comes before the group has formed, and a note says so', () => {
    const table = tableWith({});
    expect(table.notes[1]).toEqual({ code: 'own-reset', values: { rows: 'CY1, CY2', reset: 'latest' } });
    for (const { send } of planOf({}, 'CY1').producers) expect(send.startUs).toBeGreaterThanOrEqual(7_500_000);
    const cell = 'CY1';
    const tally = runCell({ request: request({ consumer: {} }), table: 'consume', cell, firstSeed: 1, seeds: 6 });
    expect(tally).toMatchObject({ runs: 6, harmed: 0, cutOff: 0 });
  });
});

describe('faults outlast them', () => {
  const pauseOf = (consumer: RawSettings): number | undefined => {
    const [fault] = planOf(consumer, 'CY1b').faults;
    return fault?.name === 'pause' ? fault.healAfterUs : undefined;
  };

  test('a pause is 15 s longer than the session', () => {
    expect(pauseOf({ 'session.timeout.ms': 45_000 })).toBe(60_000_000);
    expect(pauseOf({ 'session.timeout.ms': 120_000 })).toBe(135_000_000);
    expect(findCell(request({ consumer: { 'session.timeout.ms': 120_000 } }), 'CY1b')?.cell.lastsSeconds).toBe(135);
  });

  test('a hang is twice max.poll.interval.ms where the file sets it', () => {
    const hang = (consumer: RawSettings): number | undefined => planOf(consumer, 'CY1c').groups?.[0]?.handler.hangs?.takesUs;
    const usual = tableOf('consume', request({})).cells.find(({ id }) => id === 'C1c')!;
    expect(hang({})).toBe(usual.plans()[0]?.groups?.[0]?.handler.hangs?.takesUs);
    expect(hang({ 'max.poll.interval.ms': '30000' })).toBe(60_000_000);
    expect(compile(planOf({ 'max.poll.interval.ms': '30000' }, 'CY1c')).groups[0]!.config.maxPollIntervalMs).toBe(30_000);
  });

  test('and a fault that would last for days is none', () => {
    const consumer = { 'max.poll.interval.ms': 2_147_483_647 };
    const tasks = campaignTasks(request({ consumer }));
    expect(tableWith(consumer).cells.find(({ id }) => id === 'CY1c')?.applicable).toBe(false);
    expect(tasks.filter(({ cell }) => cell === 'CY1c')).toEqual([]);
    expect(tasks.filter(({ cell }) => cell === 'CY1b')).not.toEqual([]);
  });

  test.each([
    ['CYb', { 'session.timeout.ms': 60_000 }, 'appliedTwice'],
    ['CYc', { 'max.poll.interval.ms': 40_000 }, 'appliedTwice'],
    ['CYa', { 'session.timeout.ms': 60_000 }, 'appliedTwice'],
  ] as const)('%s with %j bites and shows its harm', { timeout: 60_000 }, (cell, settings, harm) => {
    const consumer = { 'enable.auto.commit': false, ...earliest, ...settings };
    const tally = runCell({ request: request({ consumer }), table: 'consume', cell, firstSeed: 1, seeds: 12 });
    expect(tally).toMatchObject({ bit: 12, cutOff: 0 });
    expect(tally.records[harm].length).toBeGreaterThan(0);
    expect(tally.records.stuck).toEqual([]);
  });
});
