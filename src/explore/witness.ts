/**
 * A run found by dice becomes a witness: its plan, with every fault that dice threw written out, and the choices that differ from their
 * default. It shows one finding, by its fingerprint, and goes on showing it when the code draws its dice differently.
 */
import type { Choices } from '../base/choices.ts';
import { type CompiledPlan, compile } from '../cluster/compile.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { RandomChoices } from '../kernel/random-choices.ts';
import { RecordingChoices } from '../kernel/recording-choices.ts';
import { type ChoiceEntry, ReplayChoices } from '../kernel/replay-choices.ts';
import type { FaultPlan } from '../plan/faults.ts';
import type { Plan } from '../plan/plan.ts';
import { type Evaluated, evaluate } from '../scenario/evaluate-case.ts';
import { type Fingerprint, findingsOf, shows } from './finding.ts';

export interface Witness {
  readonly plan: Plan;
  /** Every other choice takes its default: base latency, no jitter, the first option. */
  readonly choices: readonly ChoiceEntry[];
  readonly fingerprint: Fingerprint;
}

/** A witness run again. */
export interface Replayed extends Evaluated {
  /** Choices of the witness that no draw of the run asked for. */
  readonly unmatched: readonly ChoiceEntry[];
}

/** Runs a witness. */
export function replayWitness(witness: Witness, rules: Rules = kafkaRules, trace: 'hash' | 'full' = 'hash'): Replayed {
  return replayCompiled(compile(witness.plan), witness.choices, rules, trace);
}

/** Runs a compiled plan with these choices, every other one at its default. */
export function replayCompiled(
  compiled: CompiledPlan,
  choices: readonly ChoiceEntry[],
  rules: Rules,
  trace: 'hash' | 'full' = 'hash',
): Replayed {
  const replay = new ReplayChoices(choices);
  const evaluated = evaluate(compiled, { seed: '', trace, rules, choices: replay });
  return { ...evaluated, unmatched: replay.unmatched() };
}

/**
 * Makes a witness of the first thing that a run shows, or of the first that `wanted` accepts; null when there is none. The run is that of a
 * seed, or one whose choices come from elsewhere. What is only a price is no finding unless it is asked for.
 */
export function witnessOf(
  plan: Plan,
  dice: string | Choices,
  rules: Rules = kafkaRules,
  wanted: (finding: Fingerprint) => boolean = ({ kind }) => kind !== 'unavailable',
): Witness | null {
  const seed = typeof dice === 'string' ? dice : '';
  const recording = new RecordingChoices(typeof dice === 'string' ? new RandomChoices(dice) : dice);
  const found = evaluate(compile(plan), { seed, trace: 'hash', rules, choices: recording });
  const fingerprint = findingsOf(found).find(wanted);
  if (fingerprint === undefined) return null;
  const witness = { plan, choices: recording.entries(), fingerprint };
  const written = { ...witness, plan: { ...plan, faults: writtenOut(plan.faults, found) } };
  // What happens at one instant may come in another order than dice had it; then the dice stay.
  return shows(replayWitness(written, rules), written.fingerprint) ? written : witness;
}

/** Faults by dice become faults at the times at which the dice threw them. */
function writtenOut(faults: readonly FaultPlan[], { run }: Evaluated): readonly FaultPlan[] {
  if (!faults.some(({ when }) => when.kind === 'dice')) return faults;
  // Other faults are named by their place: the new ones stand behind them, and one that threw nothing stays.
  const thrown: FaultPlan[] = [];
  const kept = faults.map((fault, index) => {
    if (fault.when.kind !== 'dice') return fault;
    const [first, ...more] = (run.faults[index]?.atUs ?? []).map((atUs) => atUs - run.startedAtUs);
    if (first === undefined) return fault;
    const { jitterUs: _, ...rest } = fault;
    for (const atUs of more) thrown.push({ ...rest, when: { kind: 'at', atUs } });
    return { ...rest, when: { kind: 'at', atUs: first } } as FaultPlan;
  });
  return [...kept, ...thrown];
}
