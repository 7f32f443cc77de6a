/**
 * Holds a run against what its scenario expects. A harm that is neither expected nor allowed must be absent, a harm that the
 * rules do not permit is never as expected, and a run in which a fault never bit shows nothing: it is inconclusive, not
 * green.
 */
import { assert } from '../base/assert.ts';
import { type Anomaly, type Harm, harms } from '../oracle/verdict.ts';
import type { LoadedScenario } from './parse-scenario.ts';
import { definitionOf } from './plan-of.ts';
import { type AllowInput, countNames, type ExpectationInput } from './schema.ts';

export type CountName = (typeof countNames)[number];

/** What a run is held against. */
export interface Expectation {
  readonly expect: ExpectationInput;
  /** Harms that may happen and need not. */
  readonly allow: readonly AllowInput[];
}

/** Whether a harm may happen for this reason. */
export function isAllowed(allow: readonly AllowInput[], harm: string, because: string): boolean {
  return allow.some((one) => {
    if (typeof one === 'string') return one === harm;
    const causes: readonly string[] = typeof one.because === 'string' ? [one.because] : one.because;
    return one.harm === harm && causes.includes(because);
  });
}

/** What happened in a run, as far as an expectation asks. */
export interface Observed {
  /** Records by outcome and harm, and the price. */
  readonly counts: Readonly<Record<CountName, number>>;
  readonly anomalies: readonly Pick<Anomaly, 'kind' | 'because' | 'permitted'>[];
  readonly faults: readonly { readonly bit: boolean }[];
  /** The budget of events ended before the run did. */
  readonly budgetEnded: boolean;
  /** A partition had no leader to ask at the end. */
  readonly cannotTell: boolean;
  /** Names of the invariants that were broken. @defaultValue none */
  readonly breaches?: readonly string[];
  /** Choices of the scenario that nothing in the run asked for. @defaultValue none */
  readonly unmatched?: readonly string[];
}

/** One line of the outcome: `lost >= 1`, whether it held, what was found. */
export interface Held {
  readonly that: string;
  readonly held: boolean;
  readonly found: string;
}

export interface Outcome {
  readonly outcome: 'as-expected' | 'expectation-broken' | 'inconclusive';
  readonly expect: readonly Held[];
  /** Why an inconclusive run is that, null otherwise. */
  readonly inconclusive: 'a-fault-never-bit' | 'budget-ended' | 'cannot-tell' | 'a-choice-matched-nothing' | null;
}

/** What a case of a scenario is held against; with null the scenario itself. A case adds its `allow` to the scenario's. */
export function expectationOf(scenario: LoadedScenario, caseName: string | null): Expectation {
  const own = caseName === null ? undefined : scenario.definition.cases?.[caseName];
  assert(caseName === null || own !== undefined, `scenario ${scenario.name} has a case ${caseName}`);
  const definition = definitionOf(scenario, caseName);
  return { expect: own?.expect ?? definition.expect ?? {}, allow: [...(definition.allow ?? []), ...(own?.allow ?? [])] };
}

/** An inclusive range of counts. */
export interface Range {
  readonly low: number;
  /** Infinity where there is no bound. */
  readonly high: number;
}

/** Reads `100`, `'100'`, `'= 100'`, `'>= 1'`, `'> 0'`, `'<= 5'`, `'< 5'`, `'2..4'`; null for anything else. */
export function readComparison(text: number | string): Range | null {
  if (typeof text === 'number') return { low: text, high: text };
  const range = /^\s*(\d{1,9})\s*\.\.\s*(\d{1,9})\s*$/.exec(text);
  if (range !== null) return { low: Number(range[1]), high: Number(range[2]) };
  const match = /^\s*(>=|<=|>|<|=)?\s*(\d{1,9})\s*$/.exec(text);
  if (match === null) return null;
  const n = Number(match[2]);
  switch (match[1]) {
    case '>=':
      return { low: n, high: Number.POSITIVE_INFINITY };
    case '>':
      return { low: n + 1, high: Number.POSITIVE_INFINITY };
    case '<=':
      return { low: 0, high: n };
    case '<':
      return { low: 0, high: n - 1 };
    default:
      return { low: n, high: n };
  }
}

/** Holds a run against an expectation. */
export function checkExpectation({ expect, allow }: Expectation, observed: Observed): Outcome {
  const lines: Held[] = [];
  /** Something happened that must not, whatever else did not. */
  let trespass = false;
  const say = (that: string, held: boolean, found: string): void => {
    lines.push({ that, held, found });
  };
  for (const name of countNames) {
    const wanted = expect[name];
    const found = observed.counts[name];
    if (wanted === undefined) {
      if (!isHarm(name) || allow.includes(name) || found === 0) continue;
      const reasons = observed.anomalies.filter(({ kind }) => kind === name);
      if (reasons.length > 0 && reasons.every(({ because }) => isAllowed(allow, name, because.code))) continue;
      trespass = true;
      say(`${name} = 0`, false, String(found));
      continue;
    }
    const range = readComparison(wanted);
    assert(range !== null, 'a checked expectation compares');
    const held = found >= range.low && found <= range.high;
    if (found > range.high && isHarm(name)) trespass = true;
    say(`${name} ${printComparison(wanted)}`, held, String(found));
  }
  if (expect.because !== undefined) {
    const causes: readonly string[] = typeof expect.because === 'string' ? [expect.because] : expect.because;
    const named = observed.anomalies.filter(({ kind }) => expect[kind] !== undefined);
    const found = [...new Set(named.map(({ because }) => because.code))].sort((a, b) => (a < b ? -1 : 1));
    say(
      `because ${causes.join(', ')}`,
      found.length > 0 && found.every((code) => causes.includes(code)),
      found.join(', ') || 'nothing',
    );
  }
  const unpermitted = observed.anomalies.filter(({ permitted }) => !permitted).length;
  if (unpermitted > 0) {
    trespass = true;
    say('unpermitted = 0', false, String(unpermitted));
  }
  const breaches = [...new Set(observed.breaches ?? [])];
  if (breaches.length > 0) {
    trespass = true;
    say('every invariant holds', false, breaches.join(', '));
  }
  const { unmatched = [] } = observed;
  if (unmatched.length > 0) say('every choice is asked for', false, unmatched.join(', '));
  const inconclusive = whyInconclusive(observed);
  const broken = lines.some(({ held }) => !held);
  if (trespass || (broken && inconclusive === null)) return { outcome: 'expectation-broken', expect: lines, inconclusive: null };
  return { outcome: inconclusive === null ? 'as-expected' : 'inconclusive', expect: lines, inconclusive };
}

function whyInconclusive({ budgetEnded, faults, cannotTell, unmatched = [] }: Observed): Outcome['inconclusive'] {
  if (budgetEnded) return 'budget-ended';
  if (unmatched.length > 0) return 'a-choice-matched-nothing';
  if (faults.some(({ bit }) => !bit)) return 'a-fault-never-bit';
  return cannotTell ? 'cannot-tell' : null;
}

export function isHarm(name: string): name is Harm {
  return (harms as readonly string[]).includes(name);
}

/** `100` as `= 100`, blanks as one would write them. */
function printComparison(wanted: number | string): string {
  if (typeof wanted === 'number') return `= ${wanted}`;
  const text = wanted.trim();
  if (text.includes('..')) return text.replace(/\s*\.\.\s*/, ' .. ');
  const match = /^(>=|<=|>|<|=)?\s*(\d+)$/.exec(text);
  return match === null ? text : `${match[1] ?? '='} ${match[2]}`;
}
