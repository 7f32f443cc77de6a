/**
 * What the matchers of `spillway/vitest` find out: whether runs of a scenario, of a plan, or a run that there is already, show something.
 * One that was found becomes the smallest witness of it.
 */
import { compile } from '../cluster/compile.ts';
import { run } from '../cluster/run.ts';
import { planned } from '../explore/explore.ts';
import { type FindingKind, type Fingerprint, findingsOf, same } from '../explore/finding.ts';
import { shrink } from '../explore/shrink.ts';
import { Swarm } from '../explore/swarm.ts';
import { replayWitness, witnessOf } from '../explore/witness.ts';
import { scenarioYaml, witnessScenario } from '../explore/witness-file.ts';
import { RandomChoices } from '../kernel/random-choices.ts';
import { ReplayChoices } from '../kernel/replay-choices.ts';
import type { Plan } from '../plan/plan.ts';
import { choicesOf } from '../scenario/choices.ts';
import { type Evaluated, evaluate } from '../scenario/evaluate-case.ts';
import { type LoadedScenario, parseScenarioData } from '../scenario/parse-scenario.ts';
import { definitionOf, planOf } from '../scenario/plan-of.ts';
import { scenarioOf } from '../scenario/scenario-of.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What a matcher looks at. A scenario with cases is looked at in the one that is named. */
export type Subject =
  | Scenario
  | LoadedScenario
  | { readonly scenario: Scenario | LoadedScenario; readonly case: string | null }
  | Plan
  | Evaluated;

/** Which runs a matcher looks at. */
export interface MatcherOptions {
  /** How many seeds. @defaultValue 1; 100 with `explore` */
  readonly seeds?: number;
  /** @defaultValue 1 */
  readonly firstSeed?: number;
  /**
   * Draw faults, network and settings too, within what the scenario says under `explore`; a number is that many seeds.
   * @defaultValue false
   */
  readonly explore?: boolean | number;
}

/** What is looked for: kinds of findings, and reasons if only they count. */
export interface Wanted {
  readonly kinds: readonly FindingKind[];
  readonly because?: string | undefined;
}

/** What runs came to. */
export interface Looked {
  readonly runs: number;
  /** Runs that were cut off, or in which a partition had no leader to ask. */
  readonly inconclusive: number;
  /** The first that was found, and by which run; null: nothing. */
  readonly found: { readonly fingerprint: Fingerprint; readonly count: number; readonly seed: string | null } | null;
  /** The smallest run that shows it, as a scenario file; null for a run that there is already. */
  readonly witness: string | null;
}

/** Shrinking a witness may take so many runs: a test that fails should not take minutes. */
const shrinkRuns = 2_000;

/** A run as the subject's seed makes it. Choices are good for one run. */
type Source = (seed: string) => ReturnType<typeof planned>;

/** @throws when the scenario is none, with everything that is wrong with it */
export function checked(scenario: Scenario | LoadedScenario, name = 'scenario'): LoadedScenario {
  if ('definition' in scenario) return scenario;
  const { scenario: parsed, problems } = parseScenarioData(scenario, name);
  if (parsed !== null) return parsed;
  const lines = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ key, code, found, nearest }) => {
      const meant = nearest === null ? '' : `, did you mean ${nearest}`;
      return `${key}: ${code}, found ${found ?? 'nothing'}${meant}`;
    });
  throw new Error(`${name} is no scenario:\n${lines.join('\n')}`);
}

function sourceOf(subject: Exclude<Subject, Evaluated>, explored: boolean): Source {
  const isPlan = 'limits' in subject && 'brokerConfig' in subject;
  const named = 'scenario' in subject ? subject : { scenario: subject as Scenario, case: null };
  if (explored) {
    const base = isPlan ? checked(scenarioOf(subject, { claim: subject.name, expect: {} }), 'plan') : checked(named.scenario);
    const swarm = new Swarm(base, isPlan ? null : named.case);
    return (seed) => planned(swarm, 'random', seed);
  }
  if (isPlan) return (seed) => ({ plan: subject, choices: new RandomChoices(seed) });
  const scenario = checked(named.scenario);
  if (named.case === null && scenario.definition.cases !== undefined) {
    throw new Error(
      `${scenario.name} has cases: say { scenario, case }, with one of ${Object.keys(scenario.definition.cases).join(', ')}`,
    );
  }
  const plan = planOf(scenario, named.case);
  const written = choicesOf(definitionOf(scenario, named.case));
  return (seed) => ({ plan, choices: written === null ? new RandomChoices(seed) : new ReplayChoices(written) });
}

function seedsOf({ seeds, firstSeed = 1, explore = false }: MatcherOptions): {
  readonly seeds: string[];
  readonly explored: boolean;
} {
  const explored = explore !== false;
  const count = seeds ?? (typeof explore === 'number' ? explore : explored ? 100 : 1);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`seeds is a whole number from 1, not ${count}`);
  return { seeds: Array.from({ length: count }, (_, i) => String(firstSeed + i)), explored };
}

/** Looks for something in the runs of a subject, up to the first that shows it. */
export function lookFor(subject: Subject, { kinds, because }: Wanted, options: MatcherOptions): Looked {
  const wanted = (one: Fingerprint): boolean => kinds.includes(one.kind) && (because === undefined || one.because === because);
  if ('judgement' in subject) {
    const fingerprint = findingsOf(subject).find(wanted);
    const found = fingerprint === undefined ? null : { fingerprint, count: countOf(subject, fingerprint), seed: null };
    return { runs: 1, inconclusive: isInconclusive(subject) ? 1 : 0, found, witness: null };
  }
  const { seeds, explored } = seedsOf(options);
  const source = sourceOf(subject, explored);
  let inconclusive = 0;
  for (const [i, seed] of seeds.entries()) {
    const evaluated = evaluate(compile(source(seed).plan), { seed, trace: 'off', choices: source(seed).choices });
    if (isInconclusive(evaluated)) inconclusive++;
    const cutOff = evaluated.run.ended === 'event-budget';
    const fingerprint = cutOff ? undefined : findingsOf(evaluated).find(wanted);
    if (fingerprint === undefined) continue;
    const found = { fingerprint, count: countOf(evaluated, fingerprint), seed };
    return { runs: i + 1, inconclusive, found, witness: smallest(source(seed), fingerprint, seed) };
  }
  return {
    runs: seeds.length,
    inconclusive: explored && inconclusive < seeds.length ? 0 : inconclusive,
    found: null,
    witness: null,
  };
}

function isInconclusive({ run: { ended }, judgement }: Evaluated): boolean {
  return ended === 'event-budget' || judgement.cannotTell;
}

function countOf({ judgement, breaches }: Evaluated, { kind }: Fingerprint): number {
  if (kind === 'invariant') return breaches.length;
  return kind === 'unavailable' ? judgement.unavailable : judgement.counts[kind];
}

function smallest({ plan, choices }: ReturnType<Source>, fingerprint: Fingerprint, seed: string): string | null {
  const witness = witnessOf(plan, choices, undefined, (one) => same(one, fingerprint));
  if (witness === null) return null;
  const small = shrink(witness, { runs: shrinkRuns }).witness;
  const about = { claim: `${fingerprint.kind} because ${fingerprint.because}`, source: `${plan.name}, seed ${seed}` };
  return scenarioYaml(witnessScenario(small, replayWitness(small), about));
}

/** The first seed whose two runs differ, with both hashes; null when none does. @throws for a run, which cannot be run again */
export function firstThatDiffers(
  subject: Subject,
  options: MatcherOptions,
): { readonly runs: number; readonly seed: string | null; readonly hashes: readonly [string, string] | null } {
  if ('judgement' in subject)
    throw new Error('toBeDeterministic() takes a scenario or a plan: a run cannot be run again without its seed');
  const { seeds, explored } = seedsOf(options);
  const source = sourceOf(subject, explored);
  const hash = (seed: string): string => {
    const { plan, choices } = source(seed);
    return run(compile(structuredClone(plan)), { seed, choices, trace: 'hash' }).traceHash;
  };
  for (const seed of seeds) {
    const hashes = [hash(seed), hash(seed)] as const;
    if (hashes[0] !== hashes[1]) return { runs: seeds.length, seed, hashes };
  }
  return { runs: seeds.length, seed: null, hashes: null };
}
