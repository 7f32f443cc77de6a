/** What is in a timeline, and what is left out; its text. */
import { describe, expect, test } from 'vitest';
import { Causality } from '../../src/kernel/causality.ts';
import { placedLifeOf } from '../../src/report/life-story.ts';
import { timelineText } from '../../src/report/timeline-text.ts';
import { widthOf } from '../../src/report/width.ts';
import { stories, timeline, toldCell, toldOf } from './timelines.ts';

describe.each(stories)('$name', ({ told }) => {
  const drawn = timeline(told);
  const everything = timeline(told, { all: true });

  test('shows the events that witness the harm, and marks them', () => {
    const { recordId } = told.anomalies.find(({ record }) => record !== null)!;
    const events = told.anomalies.filter((one) => one.recordId === recordId).flatMap((one) => one.events);
    expect(events.length).toBeGreaterThan(0);
    const marked = new Set(drawn.rows.filter(({ witness }) => witness).map(({ event }) => event));
    for (const event of events) expect(marked).toContain(event);
  });

  test('shows where every message of the life was sent', () => {
    const { recordId } = told.anomalies.find(({ record }) => record !== null)!;
    const own = new Set(placedLifeOf({ ...told, notes: told.trace }, recordId).placed.map(({ event }) => event));
    const arrivals = drawn.rows.filter(({ event, received }) => own.has(event) && received.length > 0);
    expect(arrivals.length).toBeGreaterThan(0);
    for (const { received } of arrivals) for (const { from } of received) expect(from).toBeGreaterThanOrEqual(0);
  });

  test('draws messages forward in time, from one lane to another', () => {
    expect(drawn.messages.length).toBeGreaterThan(3);
    for (const { from, to, fromLane, toLane } of [...drawn.messages, ...everything.messages]) {
      expect(fromLane).not.toBe(toLane);
      if (from >= 0 && to >= 0) expect(from).toBeLessThan(to);
      expect(from >= 0 || to >= 0).toBe(true);
    }
    for (const { messages, rows } of [drawn, everything]) {
      for (const { from, to, fromLane, toLane, sentAtUs } of messages) {
        if (from >= 0) expect([rows[from]!.lane, rows[from]!.atUs]).toEqual([fromLane, sentAtUs]);
        if (to >= 0) expect(rows[to]!.lane).toBe(toLane);
      }
    }
  });

  test('counts what it leaves out, and --all leaves out nothing', () => {
    const shown = drawn.rows.filter(({ place }) => place >= 0);
    const left = drawn.rows.reduce((sum, row) => sum + row.left, drawn.leftAfter);
    expect(shown.length + left).toBe(drawn.points);
    expect(shown.length).toBeLessThan(drawn.points / 3);
    expect(everything.rows.filter(({ place }) => place >= 0)).toHaveLength(new Causality(told.trace).points.length);
    expect(everything.rows.reduce((sum, row) => sum + row.left, everything.leftAfter)).toBe(0);
  });

  test('shows a part of the time', () => {
    const toUs = 20_000;
    const { rows } = timeline(told, { all: true, fromUs: 1_000, toUs });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ atUs }) => atUs >= 1_000 && atUs <= toUs)).toBe(true);
    expect(rows.length).toBe(everything.rows.filter(({ atUs, place }) => place >= 0 && atUs >= 1_000 && atUs <= toUs).length);
  });

  test.each([80, 60, 40])('is text of at most %d columns', (width) => {
    for (const each of [drawn, everything]) {
      const lines = timelineText(each, 'run', undefined, width).split('\n');
      // A name that is longer than the room for it stands alone.
      const wide = lines.filter((line) => widthOf(line) > width && line.trim().includes(' '));
      expect(wide).toEqual([]);
      // Nothing that happened is left unsaid.
      expect(lines.length).toBeGreaterThan(each.rows.length);
    }
  });
});

describe('the text', () => {
  const text = timelineText(timeline(toldOf('acks-1-leader-crash/breaks')), 'run');

  test('draws an arrow from the sender to where it arrives', () => {
    expect(text).toMatch(/^ +2\.25 ms \* │ ●◂──┤ {2}broker-1 receives ProduceRequest of p1, sent/m);
    expect(text).toMatch(/^ +2\.72 ms \* │ ├──▸○ {2}p1 receives ProduceResponse of broker-1/m);
  });
  test('breaks the lane of a process that is down', () => {
    const [, after = ''] = text.split('broker-1 crashes');
    const [down = '', up = ''] = after.split('broker-1 starts, life 2');
    expect(down).toContain('┆');
    expect(up.split('\n').slice(1).join('\n')).not.toContain('┆');
  });
  test('says what never arrived', () => {
    const lost = timelineText(timeline(toldOf('lost-ack-and-retry-duplicates/breaks')), 'run');
    expect(lost.replace(/\n[ │┆]+/g, ' ')).toContain('sends ProduceResponse to p1, which never arrives');
  });
  test('leaves lanes out where there is no room for them', () => {
    const narrow = timelineText(timeline(toldOf('acks-1-leader-crash/breaks')), 'run', undefined, 40);
    expect(narrow).not.toContain('│');
    expect(narrow).toContain('broker-1 crashes');
  });
  test('of a part without events says so', () => {
    const told = toldOf('acks-1-leader-crash/breaks');
    expect(timelineText(timeline(told, { fromUs: 900_000_000 }), 'run')).toContain('no event in this part of the run');
  });
});

test('an anomaly of no single record is told by its witnesses', () => {
  const told = toldOf('handler-past-max-poll-interval/breaks');
  const stuck = told.anomalies.filter(({ record }) => record === null);
  expect(stuck.length).toBeGreaterThan(0);
  const { rows, record, harms } = timeline({ ...told, anomalies: stuck }, { record: null });
  expect(record).toBeNull();
  expect(harms).toEqual([stuck[0]!.kind]);
  expect(rows.filter(({ witness }) => witness).length).toBeGreaterThanOrEqual(stuck[0]!.events.length > 0 ? 1 : 0);
});

test('a cell of either table can be drawn', () => {
  for (const [cell, seed] of [
    ['P3g', '1'],
    ['P8h', '1'],
    ['C2a', '1'],
  ] as const) {
    expect(timeline(toldCell(cell, seed)).rows.length, cell).toBeGreaterThan(5);
  }
});
