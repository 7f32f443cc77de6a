/**
 * Random plans from the arbitraries, each run twice: what of it is wrong. A part is a seed of fast-check's and a number of plans; a plan of it
 * is found again by `{ seed, path }`.
 */
import * as fc from 'fast-check';
import type { Bounds } from '../../src/lib/fast-check.ts';
import { plans } from '../../src/lib/fast-check.ts';
import { compile, evaluate, type Plan, run } from '../../src/lib/index.ts';

/** Few and small, so that many fit into a minute; what breaks at all breaks small. */
export const smallBounds: Bounds = {
  brokers: { min: 1, max: 3 },
  records: { min: 1, max: 20 },
  partitions: { min: 1, max: 2 },
  members: { min: 1, max: 2 },
  faults: { min: 0, max: 3 },
  heal: '25s',
};

/** A part: `runs` plans that fast-check draws with `seed`. */
export interface Part {
  readonly seed: number;
  readonly runs: number;
}

/** A plan with which something is wrong. */
export interface Wrong {
  readonly seed: number;
  readonly path: string;
  readonly what: readonly string[];
}

/** What a part came to. */
export interface PartOutcome {
  readonly plans: number;
  readonly events: number;
  /** At rest after everything was healed. */
  readonly settled: number;
  /** Cut off at the budget of events: nothing is known of them but that they are deterministic. */
  readonly cutOff: number;
  readonly bit: number;
  readonly withGroups: number;
  readonly harmed: number;
  readonly wrong: readonly Wrong[];
}

/** Nothing yet. */
export const nothingRun: PartOutcome = {
  plans: 0,
  events: 0,
  settled: 0,
  cutOff: 0,
  bit: 0,
  withGroups: 0,
  harmed: 0,
  wrong: [],
};

/** Two parts as one. */
export function added(a: PartOutcome, b: PartOutcome): PartOutcome {
  return {
    plans: a.plans + b.plans,
    events: a.events + b.events,
    settled: a.settled + b.settled,
    cutOff: a.cutOff + b.cutOff,
    bit: a.bit + b.bit,
    withGroups: a.withGroups + b.withGroups,
    harmed: a.harmed + b.harmed,
    wrong: [...a.wrong, ...b.wrong],
  };
}

/** Runs a part. Everything that is wrong is told, not only the first. */
export function runPart({ seed, runs }: Part): PartOutcome {
  let total = nothingRun;
  const take = fc.property(plans(smallBounds), (plan) => {
    const one = runTwice(plan);
    const wrong = one.what.length === 0 ? [] : [{ seed, path: String(total.plans), what: one.what }];
    total = added(total, { ...one, wrong });
    return true;
  });
  fc.assert(take, { seed, numRuns: runs });
  return total;
}

/** One plan, run twice, the second time without anybody watching and from a copy. */
export function runTwice(plan: Plan): Omit<PartOutcome, 'wrong'> & { readonly what: readonly string[] } {
  const withGroups = (plan.groups ?? []).length > 0 ? 1 : 0;
  try {
    const { run: first, judgement, breaches } = evaluate(compile(plan), { seed: '1', trace: 'hash' });
    const second = run(compile(structuredClone(plan)), { seed: '1', trace: 'hash' });
    const what: string[] = [];
    if (first.traceHash !== second.traceHash) what.push(`not deterministic: ${first.traceHash}, then ${second.traceHash}`);
    for (const { invariant, event } of breaches) what.push(`${invariant} broken in event ${event}`);
    const cutOff = first.ended === 'event-budget';
    if (!cutOff) {
      const unpermitted = judgement.anomalies.filter(({ permitted }) => !permitted);
      what.push(...new Set(unpermitted.map(({ kind, because }) => `${kind} because ${because.code} is not permitted`)));
    }
    return {
      plans: 1,
      events: first.events,
      settled: first.ended === 'settled' ? 1 : 0,
      cutOff: cutOff ? 1 : 0,
      bit: first.faults.some(({ bit }) => bit) ? 1 : 0,
      withGroups,
      harmed: judgement.anomalies.length > 0 ? 1 : 0,
      what,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothingRun, plans: 1, withGroups, what: [`exception: ${message}`] };
  }
}
