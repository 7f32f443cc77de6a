/**
 * An exploration: many runs of one case of a scenario, each drawn by its seed within the scenario's bounds, and what they show. A part of
 * it is a pure function of its first seed and its length; parts are put together in the order of their seeds, so nothing depends on who
 * ran which.
 */
import { assert } from '../base/assert.ts';
import type { Choices } from '../base/choices.ts';
import { compile } from '../cluster/compile.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { run } from '../cluster/run.ts';
import type { Plan } from '../plan/plan.ts';
import { type Evaluated, evaluate } from '../scenario/evaluate-case.ts';
import type { LoadedScenario } from '../scenario/parse-scenario.ts';
import { type Fingerprint, findingsOf, fingerprintOf, same } from './finding.ts';
import { Marks } from './marks.ts';
import { choicesOfSeed } from './patched-choices.ts';
import { PctChoices } from './pct-choices.ts';
import { Swarm } from './swarm.ts';

/**
 * How the next run is chosen. `random`: every seed draws anew. `pct`: messages are delivered by priority ({@link PctChoices}). `coverage`:
 * runs that reached a mark that no earlier one had, or two in an order that none had, have children.
 */
export const strategies = ['random', 'pct', 'coverage'] as const;
export type Strategy = (typeof strategies)[number];

/** Which runs. */
export interface Exploration {
  readonly scenario: LoadedScenario;
  readonly case: string | null;
  readonly strategy: Strategy;
  readonly firstSeed: number;
  readonly seeds: number;
  /** Runs that only one seed makes: `12`, or a child, `12+57`. Instead of `firstSeed` and `seeds`. */
  readonly only?: string;
  /** Every run is made twice, and two traces that differ are a failure. */
  readonly twice?: boolean;
}

/** Something that was found. */
export interface Found {
  readonly fingerprint: Fingerprint;
  /** Ids of the rules that allow it in these runs, sorted. */
  readonly permittedBy: readonly string[];
  /** Runs that show it. */
  readonly runs: number;
  /** The first of them, by the order of seeds. */
  readonly seed: string;
  readonly order: number;
}

/** What runs came to. Counts are runs, but for `events`. */
export interface Explored {
  readonly runs: number;
  readonly events: number;
  /** A fault bit. */
  readonly bit: number;
  /** At rest after everything was healed. */
  readonly settled: number;
  /** Cut off, at the budget of events. */
  readonly cutOff: number;
  /** A partition had no leader to ask at the end. */
  readonly cannotTell: number;
  /** In the order of the seeds that show them first. */
  readonly found: readonly Found[];
  /** By mark, how many runs reached it. */
  readonly marks: Readonly<Record<number, number>>;
  /** Runs that ended in an exception: bugs of Spillway's. */
  readonly failures: readonly { readonly seed: string; readonly order: number; readonly message: string }[];
}

/** Nothing yet. */
export const nothingExplored: Explored = {
  runs: 0,
  events: 0,
  bit: 0,
  settled: 0,
  cutOff: 0,
  cannotTell: 0,
  found: [],
  marks: {},
  failures: [],
};

/** Seeds in a part: children descend from runs of their own part. */
export const seedsAPart = 100;
/** A child has at most so many ancestors. */
const generations = 5;

/** Runs a part of an exploration. */
export function explore(part: Exploration, rules: Rules = kafkaRules): Explored {
  const swarm = new Swarm(part.scenario, part.case);
  const known = new Set<number>();
  const parents: string[] = [];
  let total = nothingExplored;
  const last = part.only === undefined ? part.firstSeed + part.seeds : part.firstSeed + 1;
  for (let order = part.firstSeed; order < last; order++) {
    const seed = part.only ?? (part.strategy === 'coverage' ? childOf(parents, order) : String(order));
    const marks = new Marks(part.strategy === 'coverage');
    let evaluated: Evaluated;
    try {
      evaluated = runSeed(swarm, part, seed, rules, marks);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      total = { ...total, runs: total.runs + 1, failures: [...total.failures, { seed, order, message }] };
      continue;
    }
    const fresh = marks.ways().filter((way) => !known.has(way));
    for (const way of fresh) known.add(way);
    if (fresh.length > 0) parents.push(seed);
    total = together(total, of(evaluated, seed, order, marks));
  }
  return total;
}

/** The plan of a seed, and the chance of its run: what makes it again. */
export function planned(swarm: Swarm, strategy: Strategy, seed: string): { readonly plan: Plan; readonly choices: Choices } {
  const dice = choicesOfSeed(seed);
  const plan = swarm.plan(seed);
  if (strategy !== 'pct') return { plan, choices: dice };
  const { network } = plan;
  const latency = { ...network.latency, jitterUs: Math.max(network.latency.jitterUs, 50_000) };
  return { plan: { ...plan, network: { ...network, latency } }, choices: new PctChoices(dice) };
}

function runSeed(swarm: Swarm, { strategy, twice }: Exploration, seed: string, rules: Rules, marks: Marks): Evaluated {
  const { plan, choices } = planned(swarm, strategy, seed);
  const trace = twice === true ? 'hash' : 'off';
  const evaluated = evaluate(compile(plan), { seed, trace, rules, choices, observers: [marks] });
  if (twice === true) {
    const again = run(compile(plan), { seed, trace, rules, choices: planned(swarm, strategy, seed).choices });
    if (again.traceHash !== evaluated.run.traceHash) throw new Error('two runs of one seed differ');
  }
  return evaluated;
}

/** A seed by itself every fourth time; else a child of one that reached something new, the latest more often. */
function childOf(parents: readonly string[], order: number): string {
  const choices = choicesOfSeed(String(order), 'child ');
  const site = choices.site('parent');
  if (parents.length === 0 || choices.below(site, 0, 4) === 0) return String(order);
  const back = Math.min(choices.below(site, 1, parents.length), choices.below(site, 2, parents.length));
  const parent = parents[parents.length - 1 - back];
  assert(parent !== undefined, 'a parent is one of those there are');
  return `${parent.split('+').slice(-generations).join('+')}+${order}`;
}

function of(evaluated: Evaluated, seed: string, order: number, marks: Marks): Explored {
  const { run, judgement } = evaluated;
  const cutOff = run.ended === 'event-budget';
  return {
    runs: 1,
    events: run.events,
    bit: run.faults.some(({ bit }) => bit) ? 1 : 0,
    settled: run.ended === 'settled' ? 1 : 0,
    cutOff: cutOff ? 1 : 0,
    cannotTell: judgement.cannotTell ? 1 : 0,
    found: cutOff ? [] : findingsOf(evaluated).map((fingerprint) => foundIn(evaluated, fingerprint, seed, order)),
    marks: Object.fromEntries(marks.reached().map((mark) => [mark, 1])),
    failures: [],
  };
}

function foundIn({ judgement }: Evaluated, fingerprint: Fingerprint, seed: string, order: number): Found {
  const own = judgement.anomalies.filter((anomaly) => same(fingerprintOf(anomaly), fingerprint));
  return { fingerprint, permittedBy: eachOnce(own.flatMap(({ permittedBy }) => permittedBy)), runs: 1, seed, order };
}

function eachOnce(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1));
}

function nameOf({ fingerprint: { kind, because, permitted } }: Found): string {
  return `${kind} ${because} ${permitted}`;
}

/** Two parts as one, whichever comes first: what was found with an earlier seed stands before. */
export function together(a: Explored, b: Explored): Explored {
  const marks: Record<number, number> = { ...a.marks };
  for (const [mark, runs] of Object.entries(b.marks)) marks[Number(mark)] = (marks[Number(mark)] ?? 0) + runs;
  const found = [...a.found];
  for (const one of b.found) {
    const at = found.findIndex(({ fingerprint }) => same(fingerprint, one.fingerprint));
    if (at < 0) {
      found.push(one);
      continue;
    }
    const other = found[at]!;
    const first = one.order < other.order ? one : other;
    const permittedBy = eachOnce([...other.permittedBy, ...one.permittedBy]);
    found[at] = { ...first, permittedBy, runs: other.runs + one.runs };
  }
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    bit: a.bit + b.bit,
    settled: a.settled + b.settled,
    cutOff: a.cutOff + b.cutOff,
    cannotTell: a.cannotTell + b.cannotTell,
    found: found.sort((x, y) => x.order - y.order || (nameOf(x) < nameOf(y) ? -1 : 1)),
    marks,
    failures: [...a.failures, ...b.failures].sort((x, y) => x.order - y.order),
  };
}
