/** The trace: one digest for all modes that look, sensitive to every number and to order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trace, type TraceMode } from '../../src/kernel/trace.ts';

type Line = readonly [event: number, atUs: number, host: number, code: number, a: number, b: number, c: number, d: number];

const number = fc.integer({ min: -1, max: 1000000 });
const line: fc.Arbitrary<Line> = fc.tuple(
  fc.nat(),
  fc.nat({ max: 10_000_000_000 }),
  fc.nat(10),
  fc.integer({ min: 1, max: 120 }),
  number,
  number,
  number,
  number,
);

function traced(lines: readonly Line[], mode: TraceMode, room = 4096): Trace {
  const trace = new Trace(mode, room);
  for (const [event, atUs, host, code, a, b, c, d] of lines)
    trace.record(event, atUs, host, code, `code ${code}`, a, b, c, d, null);
  return trace;
}

describe('the digest', () => {
  test('is the same whether nothing, the last lines or all are kept', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const digests = new Set((['hash', 'ring', 'full'] as const).map((mode) => traced(lines, mode, 8).digest()));
        return digests.size === 1;
      }),
    );
  });

  test('changes with every number but that of the event, and with the order', () => {
    const lines: Line[] = Array.from({ length: 5 }, (_, i) => [i, i * 100, i, 1 + i, 10 + i, 20 + i, 30 + i, 40 + i]);
    const digest = traced(lines, 'hash').digest();
    const other = new Set([digest]);
    for (let at = 1; at < 8; at++) {
      const changed = lines.map((one, i) =>
        i === 2 ? (one.map((value, j) => (j === at ? value + 1 : value)) as unknown as Line) : one,
      );
      other.add(traced(changed, 'hash').digest());
    }
    other.add(traced(lines.toReversed(), 'hash').digest());
    other.add(traced(lines.slice(1), 'hash').digest());
    expect(other.size).toBe(10);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  test('two rows of lines that differ have different digests', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
        const digest = traced(lines, 'hash').digest();
        const said = JSON.stringify(lines.map((one) => one.slice(1)));
        const known = seen.get(digest) ?? said;
        seen.set(digest, said);
        return known === said;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is kept', () => {
  const lines: Line[] = Array.from({ length: 10 }, (_, i) => [i, i, 0, 1, i, 0, 0, 0]);
  const events = (trace: Trace): number[] => trace.entries().map((entry) => entry.event);

  test('nothing, the last lines in order, or all', () => {
    expect(events(traced(lines, 'off'))).toEqual([]);
    expect(events(traced(lines, 'hash'))).toEqual([]);
    expect(events(traced(lines, 'ring', 4))).toEqual([6, 7, 8, 9]);
    expect(events(traced(lines, 'ring', 100))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events(traced(lines, 'full'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('off hashes nothing', () => {
    expect(traced(lines, 'off').digest()).toBe(traced([], 'hash').digest());
  });
});
