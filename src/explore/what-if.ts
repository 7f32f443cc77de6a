/**
 * What single changes would have made of a run: each is run again with the same dice, and told with what it ended, what it left, and what
 * came instead. Nothing is concluded from settings: only runs are compared. A change after which a fault no longer bites shows nothing.
 */
import type { Choices } from '../base/choices.ts';
import { type CompiledPlan, compile } from '../cluster/compile.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { type RunResult, run } from '../cluster/run.ts';
import { countHarms, type HarmCounts } from '../oracle/counts.ts';
import { type Harm, harms } from '../oracle/verdict.ts';
import type { Plan } from '../plan/plan.ts';
import { refusalOf, type SingleChange, singleChanges } from './single-changes.ts';
import { compileIfSound } from './sound-plan.ts';

/** A harm, or the price. */
export type Counted = Harm | 'unavailable';

/**
 * What became of the harms that were asked about. `gone`: there is none of them left; `fewer`: less of one, and more of none; `more`: more
 * of one. `refused`: Kafka does not take the settings.
 */
export type Turnout = 'gone' | 'fewer' | 'unchanged' | 'more' | 'inconclusive' | 'refused';

/** A count that a change moved. */
export interface Moved {
  readonly harm: Counted;
  readonly before: number;
  readonly after: number;
}

/** A single change, run again with the same dice. */
export interface WhatIf extends Pick<SingleChange, 'path' | 'setting' | 'value'> {
  readonly turnout: Turnout;
  /** Every count that is another one, in the order of reports, the price last. */
  readonly moved: readonly Moved[];
  /** The run is the same, event for event: nobody read the setting. */
  readonly unread: boolean;
  /** Why a change shows nothing, or what Kafka refuses; null otherwise. */
  readonly why: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null;
}

export interface WhatIfOptions {
  readonly plan: Plan;
  readonly seed: string;
  /** Makes the choices of a run, where they are written down instead of drawn by the seed. */
  readonly choices?: () => Choices;
  /** Whose end is looked for: those of a record, say. */
  readonly asked: readonly Counted[];
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
  /** Whether what the run is about was felt, where that is not to be seen from its faults. @defaultValue always */
  readonly felt?: (plan: Plan, run: RunResult) => boolean;
}

const counted: readonly Counted[] = [...harms, 'unavailable'];

/** Every single change, in the order of the list; the run itself is done once more to compare with. */
export function whatIf({ plan, seed, choices, asked, rules = kafkaRules, felt = () => true }: WhatIfOptions): WhatIf[] {
  const base = outcomeOf(compile(plan));
  return singleChanges(plan).flatMap(({ path, setting, value, plan: changed }) => {
    const told = { path, setting, value };
    const refusal = refusalOf(changed);
    if (refusal !== null) return [{ ...told, turnout: 'refused', moved: [], unread: false, why: refusal }];
    const compiled = compileIfSound(changed);
    if (compiled === null) return [];
    const again = outcomeOf(compiled);
    const moved = counted
      .map((one) => ({ harm: one, before: base.counts[one], after: again.counts[one] }))
      .filter(({ before, after }) => before !== after);
    const unread = again.result.traceHash === base.result.traceHash;
    const why = idle(changed, again);
    const turnout = why === null ? turnoutOf(asked, moved, again.counts) : 'inconclusive';
    return [{ ...told, turnout, moved, unread, why: why === null ? null : { code: why, params: {} } }];
  });

  function outcomeOf(compiled: CompiledPlan): Outcome {
    const drawn = choices === undefined ? {} : { choices: choices() };
    const result = run(compiled, { seed, trace: 'hash', rules, ...drawn });
    return { result, counts: countHarms(result.history, result.faults) };
  }

  function idle(changed: Plan, { result, counts }: Outcome): string | null {
    if (result.ended === 'event-budget') return 'budget-ended';
    if (counts.cannotTell && !base.counts.cannotTell) return 'cannot-tell';
    const bites = result.faults.every(({ bit }, i) => bit || base.result.faults[i]?.bit !== true);
    return bites && (felt(changed, result) || !felt(plan, base.result)) ? null : 'a-fault-never-bit';
  }
}

interface Outcome {
  readonly result: RunResult;
  readonly counts: HarmCounts;
}

function turnoutOf(asked: readonly Counted[], moved: readonly Moved[], after: HarmCounts): Turnout {
  const about = moved.filter(({ harm }) => asked.includes(harm));
  if (about.length === 0) return 'unchanged';
  if (about.some((one) => one.after > one.before)) return 'more';
  return asked.every((harm) => after[harm] === 0) ? 'gone' : 'fewer';
}
