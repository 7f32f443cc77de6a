/** Whether a run is as expected, broken, or shows nothing. */
import { describe, expect, test } from 'vitest';
import type { Anomaly } from '../../src/oracle/verdict.ts';
import { type CountName, checkExpectation, expectationOf, type Observed } from '../../src/scenario/expectation.ts';
import { parseScenarioData } from '../../src/scenario/parse-scenario.ts';
import { type AllowInput, countNames, type ExpectationInput } from '../../src/scenario/schema.ts';

const anomaly = (kind: Anomaly['kind'], code: string, permitted = true): Observed['anomalies'][number] => ({
  kind,
  because: { code, params: {} },
  permitted,
});

function observed(counts: Partial<Record<CountName, number>>, rest: Partial<Observed> = {}): Observed {
  const zero = Object.fromEntries(countNames.map((name) => [name, 0])) as Record<CountName, number>;
  return {
    counts: { ...zero, ...counts },
    anomalies: [],
    faults: [{ bit: true }],
    budgetEnded: false,
    cannotTell: false,
    ...rest,
  };
}

const outcome = (expected: ExpectationInput, run: Observed, allow: readonly AllowInput[] = []): string =>
  checkExpectation({ expect: expected, allow }, run).outcome;

describe('as expected', () => {
  test('a teaching scenario is green when the loss it teaches happens', () => {
    const run = observed({ sent: 100, acknowledged: 100, lost: 3 }, { anomalies: [anomaly('lost', 'acks-1-leader-only')] });
    expect(checkExpectation({ expect: { lost: '>= 1', because: 'acks-1-leader-only' }, allow: [] }, run)).toEqual({
      outcome: 'as-expected',
      inconclusive: null,
      expect: [
        { that: 'lost >= 1', held: true, found: '3' },
        { that: 'because acks-1-leader-only', held: true, found: 'acks-1-leader-only' },
      ],
    });
  });

  test('what is allowed may happen and need not', () => {
    expect(outcome({ lost: 0 }, observed({ duplicated: 4 }), ['duplicated'])).toBe('as-expected');
    expect(outcome({ lost: 0 }, observed({}), ['duplicated'])).toBe('as-expected');
  });

  test('what is allowed for one cause may happen for that one', () => {
    const run = (code: string): Observed => observed({ reordered: 1 }, { anomalies: [anomaly('reordered', code)] });
    const overtaken = [{ harm: 'reordered', because: 'epoch-bumped-then-overtaken' }] as const;
    expect(outcome({ lost: 0 }, run('epoch-bumped-then-overtaken'), overtaken)).toBe('as-expected');
    expect(outcome({ lost: 0 }, run('late-execution-after-later-send'), overtaken)).toBe('expectation-broken');
    const both = observed(
      { reordered: 2 },
      { anomalies: [...run('epoch-bumped-then-overtaken').anomalies, ...run('late-execution-after-later-send').anomalies] },
    );
    expect(outcome({ lost: 0 }, both, overtaken)).toBe('expectation-broken');
  });

  test('a price and order beyond a partition are no harms', () => {
    expect(outcome({}, observed({ unavailable: 5, readOutOfOrder: 5, failed: 5, unknown: 5 }))).toBe('as-expected');
  });
});

describe('broken', () => {
  test('when what was expected did not happen', () => {
    expect(outcome({ lost: '>= 1' }, observed({}))).toBe('expectation-broken');
    expect(outcome({ acknowledged: 100 }, observed({ acknowledged: 99 }))).toBe('expectation-broken');
  });

  test('when a harm happened that nobody named', () => {
    const result = checkExpectation(
      { expect: { acknowledged: 1 }, allow: ['reordered'] },
      observed({ acknowledged: 1, duplicated: 2, reordered: 1 }),
    );
    expect(result.outcome).toBe('expectation-broken');
    expect(result.expect).toContainEqual({ that: 'duplicated = 0', held: false, found: '2' });
    expect(result.expect.map((line) => line.that)).not.toContain('reordered = 0');
  });

  test('when it happened for another reason', () => {
    const anomalies = [anomaly('lost', 'acks-1-leader-only'), anomaly('lost', 'unclean-election'), anomaly('duplicated', 'x')];
    expect(outcome({ lost: 2, because: 'acks-1-leader-only' }, observed({ lost: 2 }, { anomalies }))).toBe('expectation-broken');
    expect(outcome({ lost: 2, because: ['acks-1-leader-only', 'unclean-election'] }, observed({ lost: 2 }, { anomalies }))).toBe(
      'as-expected',
    );
    expect(outcome({ lost: 0, because: 'acks-1-leader-only' }, observed({}))).toBe('expectation-broken');
  });

  test('when a harm is not permitted, expected or not', () => {
    const run = observed({ lost: 1 }, { anomalies: [anomaly('lost', 'unexplained', false)] });
    expect(checkExpectation({ expect: { lost: '>= 1' }, allow: [] }, run)).toMatchObject({
      outcome: 'expectation-broken',
      expect: [{ held: true }, { that: 'unpermitted = 0', found: '1' }],
    });
  });
});

describe('inconclusive', () => {
  const never = { faults: [{ bit: true }, { bit: false }] };

  test('a fault never bit: neither green nor red', () => {
    expect(checkExpectation({ expect: { lost: 0 }, allow: [] }, observed({}, never))).toMatchObject({
      outcome: 'inconclusive',
      inconclusive: 'a-fault-never-bit',
    });
    expect(outcome({ lost: '>= 1' }, observed({}, never))).toBe('inconclusive');
  });

  test('but a harm that must not be is a harm', () => {
    expect(outcome({ lost: '>= 1' }, observed({ duplicated: 1 }, never))).toBe('expectation-broken');
    expect(outcome({ lost: 0 }, observed({ lost: 1 }, never))).toBe('expectation-broken');
  });

  test('the budget ended, or nobody could be asked', () => {
    expect(checkExpectation({ expect: {}, allow: [] }, observed({}, { budgetEnded: true })).inconclusive).toBe('budget-ended');
    expect(checkExpectation({ expect: {}, allow: [] }, observed({}, { cannotTell: true })).inconclusive).toBe('cannot-tell');
  });

  test('no fault at all is conclusive', () => {
    expect(outcome({ lost: 0 }, observed({}, { faults: [] }))).toBe('as-expected');
  });
});

test('a case adds what it allows to what the scenario allows', () => {
  const { scenario } = parseScenarioData(
    { claim: 'x', allow: ['stuck'], cases: { a: { allow: ['lost'], expect: { sent: '>0' } } } },
    'x.ts',
  );
  expect(expectationOf(scenario!, 'a')).toEqual({ expect: { sent: '>0' }, allow: ['stuck', 'lost'] });
  expect(() => expectationOf(scenario!, 'b')).toThrow();
});

test('comparisons are shown as one would write them', () => {
  const lines = checkExpectation(
    { expect: { sent: 1, acknowledged: '>=1', failed: '2..3', lost: '0' }, allow: [] },
    observed({}),
  );
  expect(lines.expect.map((line) => line.that)).toEqual(['sent = 1', 'acknowledged >= 1', 'failed 2 .. 3', 'lost = 0']);
});
