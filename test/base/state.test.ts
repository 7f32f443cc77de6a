/** Clone, hash and equality of plain data: what is one part stays one part, what differs differs, and a function is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cloneState, equalState, hashState } from '../../src/base/state.ts';

class Point {
  x: number;
  y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  get sum(): number {
    return this.x + this.y;
  }
}

interface Node {
  readonly name: string;
  next: Node | null;
}

/** Everything that a state may hold. */
function sample(): Record<string, unknown> {
  const part = { offset: 3 };
  const ring: Node = { name: 'first', next: null };
  ring.next = { name: 'second', next: ring };
  const holes: unknown[] = [];
  holes[3] = part;
  return {
    part,
    samePart: part,
    ring,
    holes,
    list: [1, -1, 2.5, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, 'x', true, null, undefined],
    map: new Map<unknown, unknown>([
      ['a', part],
      [2, new Set(['b', 'c'])],
    ]),
    numbers: Float64Array.from([1, 2, 3]),
    point: new Point(1, 2),
  };
}

const data = fc.object({ withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, maxDepth: 4 });

describe('a clone', () => {
  test('is equal, and has the same hash', () => {
    fc.assert(
      fc.property(data, (state) => {
        const clone = cloneState(state);
        return equalState(state, clone) && hashState(state) === hashState(clone);
      }),
    );
    expect(equalState(cloneState(sample()), sample())).toBe(true);
  });

  test('shares nothing, keeps what is one part as one part, and is of the same class', () => {
    const state = sample();
    const clone = cloneState(state) as ReturnType<typeof sample> & { ring: Node; point: Point; holes: unknown[] };
    for (const [name, value] of Object.entries(state)) expect(clone[name], name).not.toBe(value);
    expect(clone['samePart']).toBe(clone['part']);
    expect((clone['map'] as Map<string, unknown>).get('a')).toBe(clone['part']);
    expect(clone.holes[3]).toBe(clone['part']);
    expect(clone.ring.next!.next).toBe(clone.ring);
    expect(clone.point).toBeInstanceOf(Point);
    expect(clone.point.sum).toBe(3);
    expect(0 in clone.holes).toBe(false);
  });

  test('does not see what happens to the original', () => {
    const state = sample() as { part: { offset: number }; list: unknown[]; map: Map<unknown, unknown>; numbers: Float64Array };
    const clone = cloneState(state);
    const before = hashState(clone);
    state.part.offset = 4;
    state.list.push(1);
    state.map.delete('a');
    state.numbers[0] = 9;
    expect(hashState(clone)).toBe(before);
    expect(equalState(state, clone)).toBe(false);
  });

  test('shares what is named immutable', () => {
    const state = { point: new Point(1, 2), other: { point: new Point(3, 4) } };
    const clone = cloneState(state, (value) => value instanceof Point);
    expect(clone.point).toBe(state.point);
    expect(clone.other).not.toBe(state.other);
    expect(clone.other.point).toBe(state.other.point);
  });
});

describe('a difference', () => {
  const part = { a: 1 };
  const different: readonly (readonly [name: string, left: unknown, right: unknown])[] = [
    ['in a number', { a: 1 }, { a: 2 }],
    ['in the high half of a number', { a: 1 }, { a: 1 + 2 ** 33 }],
    ['in a sign', { a: 1 }, { a: -1 }],
    ['between a number and its text', { a: 1 }, { a: '1' }],
    ['between nothing and nothing', { a: null }, { a: undefined }],
    ['in a name', { a: 1 }, { b: 1 }],
    ['in a length', [1], [1, undefined]],
    ['in nesting', [[1], 2], [[1, 2]]],
    [
      'in the order of a Map',
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
    ['in the order of a Set', new Set([1, 2]), new Set([2, 1])],
    ['in a typed array', Int32Array.from([1, 2]), Int32Array.from([1, 3])],
    ['in what is one part', [part, part], [part, { ...part }]],
  ];

  test.each(different)('%s is seen', (_name, left, right) => {
    expect(equalState(left, right)).toBe(false);
    expect(hashState(left)).not.toBe(hashState(right));
  });

  test('in the order of names is none', () => {
    expect(equalState({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(hashState({ a: 1, b: 2 })).toBe(hashState({ b: 2, a: 1 }));
  });
});

test('a function is refused, wherever it hides', () => {
  const hidden = { list: [new Map([['then', () => 1]])] };
  for (const reach of [cloneState, hashState, (state: unknown) => equalState(state, state)]) {
    expect(() => reach(hidden)).toThrow('plain data');
  }
});
