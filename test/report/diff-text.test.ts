/** Where two traces part. */
import { expect, test } from 'vitest';
import { type Compared, diffText, partingOf } from '../../src/report/diff-text.ts';
import type { NoteRow } from '../../src/report/note-row.ts';

const row = (event: number, code: string, a = 0): NoteRow => ({ event, atUs: event * 10, host: 0, code, a, b: 0, c: 0, d: 0 });

function compared(trace: readonly NoteRow[]): Compared {
  const result = { traceHash: 'h', counts: {} } as Compared['result'];
  return { name: 'r', hosts: ['b1'], topics: [], groups: [], faults: [], startedAtUs: 0, trace, result };
}

const start = [row(0, 'host-started', 1), row(1, 'request', 7)];

test('equal traces part nowhere', () => {
  expect(partingOf(compared(start), compared([...start]))).toBeNull();
});

test('the first line that differs in anything, and the first turn that says something else', () => {
  const a = [...start, row(2, 'request', 1), row(3, 'host-paused'), row(4, 'power-lost', 1)];
  const b = [...start, row(2, 'request', 2), row(5, 'host-paused'), row(6, 'power-lost', 2)];
  const parting = partingOf(compared(a), compared(b))!;
  expect(parting.same).toBe(2);
  expect(parting.lines).toEqual([a[2], b[2]]);
  expect(parting.turns).toEqual([a[4], b[4]]);
});

test('a difference in time alone is one', () => {
  const later = { ...row(2, 'request', 1), atUs: 21 };
  expect(partingOf(compared([...start, row(2, 'request', 1)]), compared([...start, later]))!.same).toBe(2);
});

test('a trace that is the beginning of another parts where it ends', () => {
  const parting = partingOf(compared(start), compared([...start, row(2, 'host-paused')]))!;
  expect(parting.lines).toEqual([null, row(2, 'host-paused')]);
  expect(diffText(compared(start), compared([...start, row(2, 'host-paused')]), parting)).toContain(' A  has ended');
});
