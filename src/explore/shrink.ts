/**
 * Makes a witness as small as it gets: takes every step that keeps its finding, until no single step is left that does. The result is
 * locally minimal: taking any one thing away loses the finding.
 */
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import type { Plan } from '../plan/plan.ts';
import { type Fingerprint, same, shows } from './finding.ts';
import { simplifications } from './simpler.ts';
import { compileIfSound } from './sound-plan.ts';
import { replayCompiled, type Witness, witnessOf } from './witness.ts';

export interface ShrinkOptions {
  /** @defaultValue Kafka's */
  readonly rules?: Rules;
  /** After so many runs it is content with what it has. @defaultValue 20,000 */
  readonly runs?: number;
  /** Is told after every run. */
  readonly onRun?: (runs: number, smallest: Witness) => void;
}

export interface Shrunk {
  readonly witness: Witness;
  /** How many runs it took. */
  readonly runs: number;
  /** False when the runs were used up before. */
  readonly minimal: boolean;
}

/** Shrinks a witness. @throws when it does not show its finding */
export function shrink(witness: Witness, { rules = kafkaRules, runs: most = 20_000, onRun }: ShrinkOptions = {}): Shrunk {
  let runs = 0;
  let smallest = witness;
  /** The candidate without choices that nothing asked for, if it still shows the finding. */
  const holds = (candidate: Witness): Witness | null => {
    runs++;
    const kept = tryOut(candidate, rules);
    onRun?.(runs, kept ?? smallest);
    return kept;
  };
  const first = holds(witness);
  if (first === null) throw new Error('a witness shows its finding');
  smallest = first;
  settle();
  for (let next = smallerWithOtherDice(); next !== null; next = smallerWithOtherDice()) {
    smallest = next;
    settle();
  }
  return { witness: smallest, runs, minimal: runs < most };

  function settle(): void {
    for (let changed = true; changed && runs < most; ) {
      changed = false;
      for (const simplify of Object.values(simplifications)) {
        for (let next = step(simplify(smallest)); next !== null; next = step(simplify(smallest))) {
          smallest = next;
          changed = true;
        }
      }
    }
  }

  /** Less of a plan with other dice: where choices hold a finding together, a smaller plan needs others. */
  function smallerWithOtherDice(): Witness | null {
    if (smallest.choices.length === 0) return null;
    for (const less of lessOf) {
      for (const { plan } of simplifications[less]!({ ...smallest, choices: [] })) {
        for (let dice = 1; dice <= otherDice && runs < most; dice++) {
          runs++;
          const found = anew(plan, `${dice}`, smallest.fingerprint, rules);
          onRun?.(runs, found ?? smallest);
          if (found !== null) return found;
        }
      }
    }
    return null;
  }

  function step(candidates: Iterable<Witness>): Witness | null {
    for (const candidate of candidates) {
      if (runs >= most) return null;
      const kept = holds(candidate);
      if (kept !== null) return kept;
    }
    return null;
  }
}

/** What is tried with other dice, and how many of them. */
const lessOf = ['faults', 'clients', 'brokers', 'records'];
const otherDice = 4;

/** A witness of the finding with the dice of a seed; null where they do not show it. */
function anew(plan: Plan, seed: string, fingerprint: Fingerprint, rules: Rules): Witness | null {
  return compileIfSound(plan) === null ? null : witnessOf(plan, seed, rules, (found) => same(found, fingerprint));
}

/** The candidate without the choices that nothing asked for; null when it does not show the finding. */
function tryOut(candidate: Witness, rules: Rules): Witness | null {
  const compiled = compileIfSound(candidate.plan);
  if (compiled === null) return null;
  const replayed = replayCompiled(compiled, candidate.choices, rules);
  if (!shows(replayed, candidate.fingerprint)) return null;
  if (replayed.unmatched.length === 0) return candidate;
  const idle = new Set(replayed.unmatched);
  return { ...candidate, choices: candidate.choices.filter((choice) => !idle.has(choice)) };
}
