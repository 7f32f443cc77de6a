/** Every definition from both sides: a history that has the anomaly, and the nearest one that has not. */
import { describe, expect, test } from 'vitest';
import { type AnomalyKind, kindNames } from '../../../src/oracle/operations/kinds.ts';
import { judged, kindsOf } from './written.ts';

interface Definition {
  readonly kind: AnomalyKind;
  readonly why: string;
  readonly has: string;
  readonly hasNot: string;
  /** Kinds that come with it. */
  readonly with?: readonly AnomalyKind[];
}

const definitions: readonly Definition[] = [
  {
    kind: 'inconsistent-offsets',
    why: 'an offset that held two values',
    has: `0 ok send x=1@0
          1 ok send x=2@0
          2 ok poll x=1@0,2@?`,
    hasNot: `0 ok send x=1@0
             1 ok send x=2@1
             2 ok poll x=1@0,2@?`,
  },
  {
    kind: 'inconsistent-offsets',
    why: 'polls count whatever became of their operation; sends only when they took effect',
    has: `0 ok send x=1@0
          1 ok send x=2@1
          2 fail poll x=2@0`,
    hasNot: `0 ok send x=1@0
             1 info send x=2@0
             2 ok poll x=1@0`,
    with: ['duplicate'],
  },
  {
    kind: 'duplicate',
    why: 'a value at two offsets',
    has: `0 ok send x=1@0
          1 ok poll x=1@0
          2 ok poll x=1@1`,
    hasNot: `0 ok send x=1@0
             1 ok poll x=1@0
             2 ok poll x=1@0`,
  },
  {
    kind: 'lost-write',
    why: 'nobody read what lies before something that was read',
    has: `0 ok send x=1@0
          0 ok send x=2@1
          1 ok poll x=2@1`,
    hasNot: `0 ok send x=1@0
             0 ok send x=2@1
             1 ok poll x=1@0`,
  },
  {
    kind: 'lost-write',
    why: 'a write of unknown outcome is only expected when another of its records was read',
    has: `0 info send x=1@0 y=1@0
          0 ok send x=2@1
          1 ok poll x=2@1 y=1@0`,
    hasNot: `0 info send x=1@0 y=1@0
             0 ok send x=2@1
             1 ok poll x=2@1`,
  },
  {
    kind: 'lost-write',
    why: 'the last appearance counts for what is lost, the first for how far was read',
    has: `0 ok send x=1@0
          0 ok send x=2@2
          2 info poll x=1@1
          1 ok poll x=2@2`,
    hasNot: `0 ok send x=1@0
             0 ok send x=2@2
             2 info poll x=1@3
             1 ok poll x=2@2`,
    with: ['duplicate'],
  },
  {
    kind: 'G1a',
    why: 'a read of what certainly failed',
    has: `0 fail send x=1
          1 ok poll x=1@0`,
    hasNot: `0 info send x=1
             1 ok poll x=1@0`,
  },
  {
    kind: 'precommitted-read',
    why: 'a transaction reads what it sends',
    has: `0 ok txn >x=1@0 <x=1@0`,
    hasNot: `0 ok txn >x=1@0 <x=
             0 ok poll x=1@0`,
  },
  {
    kind: 'no-writer',
    why: 'a value from nowhere',
    has: `1 ok poll x=1@0`,
    hasNot: `1 ok poll x=1@0
             0 info send x=1`,
  },
  {
    kind: 'int-poll-skip',
    why: 'one operation leaves out what lies between',
    has: `0 ok send x=1@0
          0 ok send x=2@1
          0 ok send x=3@2
          2 ok poll x=2@1
          1 ok poll x=1@0,3@2`,
    hasNot: `0 ok send x=1@0
             0 ok send x=3@2
             1 ok poll x=1@0,3@2`,
  },
  {
    kind: 'int-poll-skip',
    why: 'a rebalance excuses it',
    has: `0 ok send x=1@0 x=2@1 x=3@2
          2 ok poll x=2@1
          1 ok poll x=1@0,3@2 !y`,
    hasNot: `0 ok send x=1@0 x=2@1 x=3@2
             2 ok poll x=2@1
             1 ok poll x=1@0,3@2 !x`,
  },
  {
    kind: 'int-nonmonotonic-poll',
    why: 'one operation reads the same again',
    has: `0 ok send x=1@0
          1 ok poll x=1@0,1@0`,
    hasNot: `0 ok send x=1@0
             1 ok poll x=1@0`,
  },
  {
    kind: 'poll-skip',
    why: 'the next poll of a process leaves something out',
    has: `0 ok send x=1@0 x=2@1 x=3@2
          2 ok poll x=2@1
          1 ok poll x=1@0
          1 ok poll x=3@2`,
    hasNot: `0 ok send x=1@0 x=2@1 x=3@2
             2 ok poll x=2@1
             1 ok poll x=1@0
             3 ok poll x=3@2`,
  },
  {
    kind: 'poll-skip',
    why: 'a new assignment keeps the past of the keys that stay in it',
    has: `0 ok send x=1@0 x=2@1 x=3@2
          2 ok poll x=2@1
          1 ok poll x=1@0
          1 ok assign x
          1 ok poll x=3@2`,
    hasNot: `0 ok send x=1@0 x=2@1 x=3@2
             2 ok poll x=2@1
             1 ok poll x=1@0
             1 ok assign y
             1 ok poll x=3@2`,
  },
  {
    kind: 'nonmonotonic-poll',
    why: 'the next poll of a process goes back; one that failed moves nothing',
    has: `0 ok send x=1@0 x=2@1
          1 ok poll x=1@0,2@1
          1 ok poll x=1@0`,
    hasNot: `0 ok send x=1@0 x=2@1
             1 fail poll x=1@0,2@1
             1 ok poll x=1@0
             1 ok poll x=2@1`,
  },
  {
    kind: 'int-send-skip',
    why: 'between two sends of an operation lies one of another',
    has: `0 ok send x=1@0 x=3@2
          1 ok send x=2@1
          2 ok poll x=1@0,2@1,3@2`,
    hasNot: `0 ok send x=1@0 x=3@2
             1 ok send x=2@3
             2 ok poll x=1@0,3@2,2@3`,
    with: ['G0'],
  },
  {
    kind: 'int-nonmonotonic-send',
    why: 'an operation sends 1 before 2, the log has them the other way round',
    has: `0 ok send x=1@1 x=2@0
          1 ok poll x=2@0,1@1`,
    hasNot: `0 ok send x=1@0 x=2@1
             1 ok poll x=1@0,2@1`,
  },
  {
    kind: 'nonmonotonic-send',
    why: 'a process sends 1 before 2, the log has them the other way round',
    has: `0 ok send x=1@1
          0 ok send x=2@0
          1 ok poll x=2@0,1@1`,
    hasNot: `0 ok send x=1@1
             2 invoke send x=2
             2 ok send x=2@2
             1 ok poll x=1@1,2@2`,
    with: ['G0-process'],
  },
  {
    kind: 'G0',
    why: 'two transactions whose records lie in opposite orders in two logs',
    has: `0 invoke txn >x=1 >y=1
          1 invoke txn >x=2 >y=2
          0 ok txn >x=1@0 >y=1@1
          1 ok txn >x=2@1 >y=2@0
          2 ok poll x=1@0,2@1 y=2@0,1@1`,
    hasNot: `0 invoke txn >x=1 >y=1
             1 invoke txn >x=2 >y=2
             0 ok txn >x=1@0 >y=1@0
             1 ok txn >x=2@1 >y=2@1
             2 ok poll x=1@0,2@1 y=1@0,2@1`,
  },
  {
    kind: 'G0-process',
    why: 'a process whose later record lies before its earlier one',
    has: `0 invoke send x=1
          0 ok send x=1@1
          0 ok send x=2@0
          1 ok poll x=2@0,1@1`,
    hasNot: `0 ok send x=1@0
             0 ok send x=2@1
             1 ok poll x=1@0,2@1`,
    with: ['nonmonotonic-send'],
  },
  {
    kind: 'G0-realtime',
    why: 'sent when another was acknowledged, and lies before it',
    has: `0 ok send x=1@1
          1 ok send x=2@0
          2 ok poll x=2@0,1@1`,
    hasNot: `0 invoke send x=1
             1 ok send x=2@0
             0 ok send x=1@1
             2 ok poll x=2@0,1@1`,
  },
  {
    kind: 'G1c',
    why: 'two transactions that read of each other',
    has: `0 invoke txn >x=1 <y=
          1 invoke txn >y=1 <x=
          0 ok txn >x=1@0 <y=1@0
          1 ok txn >y=1@0 <x=1@0`,
    hasNot: `0 invoke txn >x=1 <y=
             1 invoke txn >y=1 <x=
             0 ok txn >x=1@0 <y=1@0
             1 ok txn >y=1@0 <x=
             2 ok poll x=1@0`,
  },
  {
    kind: 'G1c-process',
    why: 'a process reads what it sends only later',
    has: `0 ok poll x=1@0
          0 ok send x=1@0`,
    hasNot: `0 ok poll x=
             0 ok send x=1@0
             0 ok poll x=1@0`,
  },
  {
    kind: 'G1c-realtime',
    why: 'read and done before it was sent',
    has: `0 ok poll x=1@0
          1 ok send x=1@0`,
    hasNot: `1 invoke send x=1
             0 ok poll x=1@0
             1 ok send x=1@0`,
  },
];

describe.each(definitions)('$kind: $why', ({ kind, has, hasNot, with: others = [] }) => {
  test('is found', () => {
    expect(kindsOf(has).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([kind, ...others].toSorted((a, b) => (a < b ? -1 : 1)));
  });
  test('is not found in the nearest history without it', () => {
    expect(kindsOf(hasNot)).not.toContain(kind);
  });
});

test('unseen: acknowledged, and read by nobody', () => {
  const kinds = (text: string) => judged(text).findings.map(({ kind }) => kind);
  expect(kinds('0 ok send x=1@0')).toEqual(['unseen']);
  expect(kinds('0 info send x=1@0')).toEqual([]);
  expect(kinds('0 ok send x=1@0\n1 ok poll x=1@0')).toEqual([]);
  // Read, but by an operation that may not have happened.
  expect(kinds('0 ok send x=1@0\n1 info poll x=1@0')).toEqual(['unseen']);
});

test('every kind has its two histories', () => {
  const tested = new Set<string>([...definitions.map(({ kind }) => kind), 'unseen']);
  expect(kindNames.filter((kind) => !tested.has(kind))).toEqual([]);
});

test('what is allowed depends on how consumers read and on what counts as an order', () => {
  const skips = '0 ok send x=1@0 x=2@1 x=3@2\n2 ok poll x=2@1\n1 ok poll x=1@0\n1 ok poll x=3@2';
  expect(judged(skips).valid).toBe(false);
  expect(judged(`9 ok subscribe x\n${skips}`).valid).toBe(true);
  const circular = '0 ok poll x=1@0\n1 ok send x=1@0';
  expect(judged(circular).valid).toBe(true);
  expect(judged(circular, { wwDependencies: false }).valid).toBe(false);
});
