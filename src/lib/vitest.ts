/**
 * What `import 'spillway/vitest'` gives: scenarios as tests. `expectCase` fails with the lines that did not hold, the causes that were
 * found, and the seed that shows it; an inconclusive run fails too, because a fault that never bit shows nothing.
 *
 * Importing it adds matchers to Vitest's `expect`: of a scenario, a plan or a run. One that fails prints what was found, the smallest
 * scenario that shows it, and in its last line the command that replays that.
 */
import { describe, expect, test } from 'vitest';
import { type Harm, harms } from '../oracle/verdict.ts';
import { evaluateCase } from '../scenario/evaluate-case.ts';
import type { Outcome } from '../scenario/expectation.ts';
import type { LoadedScenario } from '../scenario/parse-scenario.ts';
import { caseNames } from '../scenario/plan-of.ts';
import type { Scenario } from '../scenario/schema.ts';
import { checked, firstThatDiffers, lookFor, type MatcherOptions, type Subject, type Wanted } from './matchers.ts';

export type { MatcherOptions, Subject };

/** How many runs, and which. */
export interface ExpectOptions {
  /** @defaultValue 1 */
  readonly seeds?: number;
  /** @defaultValue 1 */
  readonly firstSeed?: number;
}

/** Checks a scenario and fails, with everything that is wrong with it, when it is none. */
export function loaded(scenario: Scenario | LoadedScenario, name = 'scenario'): LoadedScenario {
  return checked(scenario, name);
}

/**
 * Runs a case of a scenario, or the scenario itself where it has no cases, and fails unless every run is as expected.
 * Without `caseName` every case is run.
 */
export function expectCase(scenario: Scenario | LoadedScenario, caseName?: string | null, options: ExpectOptions = {}): void {
  const checked = loaded(scenario);
  const { seeds = 1, firstSeed = 1 } = options;
  for (const name of caseName === undefined ? caseNames(checked) : [caseName]) {
    if (!caseNames(checked).includes(name)) {
      expect.fail(`${checked.name} has no case ${String(name)}; it has ${caseNames(checked).map(String).join(', ')}`);
    }
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const { outcome, judgement } = evaluateCase(checked, name, { seed: String(seed), trace: 'hash' });
      if (outcome.outcome === 'as-expected') continue;
      const causes = [...new Set(judgement.anomalies.map(({ kind, because }) => `${kind} because ${because.code}`))];
      expect.fail(
        [`${checked.name}/${name ?? ''} with seed ${seed}: ${outcome.outcome}`, ...told(outcome), ...causes].join('\n'),
      );
    }
  }
}

function told({ expect: lines, inconclusive }: Outcome): string[] {
  const broken = lines.filter(({ held }) => !held).map(({ that, found }) => `expected ${that}, found ${found}`);
  return inconclusive === null ? broken : [inconclusive, ...broken];
}

/** One test for each case of a scenario. */
export function describeScenario(scenario: Scenario | LoadedScenario, options: ExpectOptions = {}): void {
  const checked = loaded(scenario);
  describe(checked.definition.claim, () => {
    for (const name of caseNames(checked)) test(name ?? checked.name, () => expectCase(checked, name, options));
  });
}

/** What {@link SpillwayMatchers.toShow} looks for besides the harm. */
export interface ShowOptions extends MatcherOptions {
  /** Code of the reason: `acks-1-leader-only`. */
  readonly because?: string;
}

/** The matchers. Each looks at runs of a scenario (`{ scenario, case }` where it has cases) or of a plan, or at a run. */
export interface SpillwayMatchers<R = unknown> {
  /** No acknowledged record is gone. */
  toLoseNothing(options?: MatcherOptions): R;
  /** No send is in the log twice. */
  toDuplicateNothing(options?: MatcherOptions): R;
  /** Records are written, read and handled in the order of their sends. */
  toReorderNothing(options?: MatcherOptions): R;
  /** No group commits past a record that it never handled. */
  toMissNothing(options?: MatcherOptions): R;
  /** No effect is in the sink twice. */
  toApplyOnce(options?: MatcherOptions): R;
  /** No harm of any kind, and no broken promise of the model. */
  toShowNothing(options?: MatcherOptions): R;
  /** This harm, and with `because` for this reason, in one run at least. */
  toShow(harm: Harm, options?: ShowOptions): R;
  /** Every run is what the scenario expects. */
  toBeAsExpected(options?: ExpectOptions): R;
  /** Every run, run again, has the same trace. */
  toBeDeterministic(options?: MatcherOptions): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: Vitest declares it so.
  interface Matchers<T = any> extends SpillwayMatchers<T> {}
}

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A matcher that passes where runs do not show something (`absent`), or where they do. */
function matched(
  isNot: boolean,
  subject: Subject,
  wanted: Wanted,
  what: string,
  absent: boolean,
  options: MatcherOptions,
): Matched {
  const { runs, inconclusive, found, witness } = lookFor(subject, wanted, options);
  if (found === null && inconclusive > 0) {
    // Nothing was shown either way, so neither the matcher nor its negation may pass.
    return {
      pass: isNot,
      message: () => `${what}: nobody can tell, ${inconclusive} of ${runs} runs were cut off or had no leader to ask`,
    };
  }
  const message = (): string => {
    if (found === null) return `${what}: found nothing of the kind in ${runs} ${runs === 1 ? 'run' : 'runs'}`;
    const { fingerprint, count, seed } = found;
    const by = seed === null ? '' : `, first with seed ${seed}`;
    const rule = fingerprint.permitted ? '' : '\nNo rule permits it: a bug of Spillway, or a discovery.';
    const head = `${what}: ${fingerprint.kind} ${count}, because ${fingerprint.because}${by}${rule}`;
    return witness === null
      ? head
      : `${head}\n\nThe smallest run that shows it, as witness.yaml:\n\n${witness}\nnpx spillway replay witness.yaml`;
  };
  return { pass: (found === null) === absent, message };
}

function absence(kinds: Wanted['kinds'], what: string) {
  return function matcher(this: { readonly isNot: boolean }, subject: Subject, options: MatcherOptions = {}): Matched {
    return matched(this.isNot, subject, { kinds }, `expected ${this.isNot ? 'not ' : ''}${what}`, true, options);
  };
}

expect.extend({
  toLoseNothing: absence(['lost'], 'to lose nothing'),
  toDuplicateNothing: absence(['duplicated'], 'to duplicate nothing'),
  toReorderNothing: absence(['reordered'], 'to reorder nothing'),
  toMissNothing: absence(['missed'], 'to miss nothing'),
  toApplyOnce: absence(['appliedTwice'], 'to apply every effect once'),
  toShowNothing: absence([...harms, 'invariant'], 'to show no harm'),
  toShow(this: { readonly isNot: boolean }, subject: Subject, harm: Harm, { because, ...options }: ShowOptions = {}) {
    const what = `expected ${this.isNot ? 'not ' : ''}to show ${harm}${because === undefined ? '' : ` because ${because}`}`;
    return matched(this.isNot, subject, { kinds: [harm], because }, what, false, options);
  },
  toBeAsExpected(
    this: { readonly isNot: boolean },
    subject: Parameters<typeof expectCase>[0] | { scenario: Scenario | LoadedScenario; case: string | null },
    options: ExpectOptions = {},
  ) {
    try {
      if ('scenario' in subject) expectCase(subject.scenario, subject.case, options);
      else expectCase(subject, undefined, options);
    } catch (error) {
      return { pass: false, message: () => (error as Error).message };
    }
    return { pass: true, message: () => 'expected not to be as expected, and it is' };
  },
  toBeDeterministic(this: { readonly isNot: boolean }, subject: Subject, options: MatcherOptions = {}) {
    const { runs, seed, hashes } = firstThatDiffers(subject, options);
    const differ = `expected to be deterministic: seed ${seed} has trace ${hashes?.[0]}, and then ${hashes?.[1]}`;
    return {
      pass: seed === null,
      message: () => (seed === null ? `expected not to be deterministic: ${runs} runs are` : differ),
    };
  },
});
