/** Timelines of real runs, for the tests of every format. */
import type { ToldRun } from '../../src/cli/engine.ts';
import { engine } from '../../src/cli/live-engine.ts';
import { compile } from '../../src/cluster/compile.ts';
import { type Timeline, type TimelinePart, timelineOf } from '../../src/report/timeline.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { everyCase } from '../determinism/every-case.ts';

/** What a timeline is made of, for a plan. */
export function toldOf(name: string, seed = '1'): Omit<ToldRun, 'result'> {
  const { plan } = everyCase.find((one) => one.name === name)!;
  const { compiled, run, judgement } = evaluate(compile(plan), { seed, trace: 'full' });
  return {
    history: run.history,
    anomalies: judgement.anomalies,
    startedAtUs: run.startedAtUs,
    trace: run.trace,
    dirty: [],
    undelivered: run.undelivered,
    hosts: compiled.hostNames,
    topics: compiled.topics.map((topic) => topic.plan.name),
    groups: compiled.groups.map((group) => group.plan.name),
    faults: plan.faults.map((fault) => fault.name),
  };
}

/** A cell's run. */
export function toldCell(cell: string, seed: string): ToldRun {
  const request = { tables: [], kafka: '3.9', firstSeed: 1, seeds: 1, full: true, mutant: null, own: null, flags: '' } as const;
  const run = engine.cell(request, cell, seed);
  if (run.kind !== 'run') throw new Error(`${cell}: ${run.kind}`);
  return run.tell('full');
}

/** Of the first harmed record, but for what is asked otherwise. */
export function timeline(told: Omit<ToldRun, 'result'>, part: Partial<TimelinePart> = {}): Timeline {
  const record = told.anomalies.find(({ recordId }) => recordId >= 0)?.recordId ?? null;
  return timelineOf(told, { record, all: false, fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY, ...part });
}

/** Runs of many kinds: a crash, a lost answer, a loss of power, groups, a standing process, a cut-off leader. */
export const stories: readonly { readonly name: string; readonly told: Omit<ToldRun, 'result'> }[] = [
  'acks-1-leader-crash/breaks',
  'lost-ack-and-retry-duplicates/breaks',
  'all-brokers-lose-power/breaks',
  'zombie-leader-acknowledges/breaks',
  'paused-past-its-session/breaks',
  'committed-offset-goes-back/breaks',
  'in-flight-retry-reorders/breaks',
].map((name) => ({ name, told: toldOf(name) }));
