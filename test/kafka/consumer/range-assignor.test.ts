/** Consecutive partitions for members in order. Source: RangeAssignor.java. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignRanges } from '../../../src/kafka/consumer/range-assignor.ts';

function member(memberId: string, topics: readonly string[] = ['orders'], groupInstanceId: string | null = null) {
  return { memberId, groupInstanceId, metadata: { topics } };
}

function ranges(members: ReturnType<typeof member>[], counts: Record<string, number>): Record<string, string> {
  return Object.fromEntries(
    assignRanges(members, (topic) => counts[topic] ?? 0).map(({ memberId, assignment }) => [
      memberId,
      assignment.assignedPartitions.map(({ topic, partitions }) => `${topic} ${partitions.join()}`).join(' '),
    ]),
  );
}

test('the first members get one more', () => {
  expect(ranges([member('b'), member('a'), member('c')], { orders: 7 })).toEqual({
    a: 'orders 0,1,2',
    b: 'orders 3,4',
    c: 'orders 5,6',
  });
});

test('more members than partitions leave some without; an unknown topic has none', () => {
  expect(ranges([member('b'), member('a')], { orders: 1 })).toEqual({ a: 'orders 0', b: '' });
  expect(ranges([member('a')], {})).toEqual({ a: '' });
});

test('each topic among those who asked for it', () => {
  const members = [member('a', ['x', 'y']), member('b', ['y']), member('c', ['x'])];
  expect(ranges(members, { x: 3, y: 2 })).toEqual({ a: 'x 0,1 y 0', b: 'y 1', c: 'x 2' });
});

test('static members come first, by group.instance.id', () => {
  const members = [member('a'), member('z', ['orders'], 'i2'), member('y', ['orders'], 'i3')];
  expect(ranges(members, { orders: 3 })).toEqual({ z: 'orders 0', y: 'orders 1', a: 'orders 2' });
});

test('every partition goes to exactly one member, however members are listed', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(ids, fc.nat(20), (memberIds, count) => {
      const members = memberIds.map((id) => member(id));
      const given = assignRanges(members, () => count);
      const all = given.flatMap(({ assignment }) => assignment.assignedPartitions.flatMap(({ partitions }) => partitions));
      expect(all.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(ranges(members.slice().reverse(), { orders: count })).toEqual(ranges(members, { orders: count }));
    }),
  );
});
