/** Happened-before: closures and vector clocks agree, on random traces and on those of real runs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Causality, type CausalRow } from '../../src/kernel/causality.ts';

const hosts = 4;

/** Traces in which a row may go back to any earlier one. */
const rows: fc.Arbitrary<CausalRow[]> = fc
  .array(fc.record({ host: fc.nat(hosts - 1), step: fc.nat(1), back: fc.option(fc.nat(), { freq: 2 }) }), { maxLength: 40 })
  .map((drawn) => {
    const made: CausalRow[] = [];
    let event = 0;
    for (const { host, step, back } of drawn) {
      event += step;
      const earlier = made.filter((row) => row.event < event);
      const from = back === null || earlier.length === 0 ? null : earlier[back % earlier.length]!;
      made.push({ event, host, cause: from === null ? null : { event: from.event, host: from.host } });
    }
    return made;
  });

describe('a trace', () => {
  test('has one point for each process and event, in order', () => {
    fc.assert(
      fc.property(rows, (trace) => {
        const causality = new Causality(trace);
        expect(causality.points.length).toBe(new Set(trace.map(({ event, host }) => `${event} ${host}`)).size);
        for (const { event, host } of trace) {
          const place = causality.at(event, host);
          expect(causality.points[place]).toMatchObject({ event, host });
          expect(causality.in(event)).toContain(place);
        }
        expect(causality.at(-1, 0)).toBe(-1);
      }),
    );
  });

  test('goes back in time and never round', () => {
    fc.assert(
      fc.property(rows, (trace) => {
        const { points } = new Causality(trace);
        for (const [place, { previous, causes, host }] of points.entries()) {
          expect(previous).toBeLessThan(place);
          if (previous >= 0) expect(points[previous]!.host).toBe(host);
          for (const cause of causes) expect(cause).toBeLessThan(place);
        }
      }),
    );
  });

  test('has clocks that say the same as its edges', () => {
    fc.assert(
      fc.property(rows, (trace) => {
        const causality = new Causality(trace);
        const clocks = causality.clocks(hosts);
        for (const [b] of causality.points.entries()) {
          const past = causality.past([b]);
          for (const [a, { host }] of causality.points.entries()) {
            expect(clocks[a]![host]! <= clocks[b]![host]!, `${a} before ${b}`).toBe(past.has(a));
          }
        }
      }),
    );
  });

  test('has clocks of some points that say the same of those', () => {
    fc.assert(
      fc.property(rows, fc.nat(2), (trace, every) => {
        const causality = new Causality(trace);
        const counts = (place: number): boolean => place % 3 === every;
        const clocks = causality.clocks(hosts, counts);
        const counted = [...causality.points.keys()].filter(counts);
        for (const b of counted) {
          const past = causality.past([b]);
          for (const a of counted) {
            const { host } = causality.points[a]!;
            expect(clocks[a]![host]! <= clocks[b]![host]!).toBe(past.has(a));
          }
        }
      }),
    );
  });

  test('what led to a point is part of its past', () => {
    fc.assert(
      fc.property(rows, (trace) => {
        const causality = new Causality(trace);
        for (const place of causality.points.keys()) {
          const past = causality.past([place]);
          for (const one of causality.ledTo([place])) expect(past.has(one)).toBe(true);
        }
      }),
    );
  });

  test('with a cause after its effect is refused', () => {
    const trace = [
      { event: 1, host: 0, cause: null },
      { event: 2, host: 0, cause: { event: 2, host: 0 } },
    ];
    expect(() => new Causality(trace)).toThrow('a cause comes before what it causes');
  });
});
