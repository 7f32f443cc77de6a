/**
 * A run is a pure function of the plan, the choices and the version of the engine: the same trace hash the second time, after other
 * runs, in a worker thread, with any observer, with any trace; and the same draws, choice by choice.
 */
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { type RunResult, run } from '../../src/cluster/run.ts';
import { View } from '../../src/cluster/view.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { RecordingChoices } from '../../src/kernel/recording-choices.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import { Evidence } from '../../src/oracle/evidence.ts';
import { InvariantMonitor } from '../../src/oracle/invariants/monitor.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { layoutOf } from '../../src/scenario/evaluate-case.ts';
import { expectGolden } from '../infra/golden.ts';
import { root } from '../infra/sources.ts';
import { caseNamed, everyCanonCase, everyCase } from './every-case.ts';

const seeds = ['1', '2', 'three'];

function digest({ traceHash, events, virtualUs, ended }: RunResult): string {
  return `${traceHash} ${events} ${virtualUs} ${ended}`;
}

test.each(everyCanonCase)('$name, of the canon, is the same run twice', ({ plan }) => {
  const compiled = compile(plan);
  const first = digest(run(compiled, { seed: '1' }));
  expect(digest(run(compile(structuredClone(plan)), { seed: '1' }))).toBe(first);
});

describe.each(everyCase)('$name', ({ plan }) => {
  test('gives the same run again, also from a plan compiled anew, and another run with another seed', () => {
    const compiled = compile(plan);
    const first = seeds.map((seed) => digest(run(compiled, { seed })));
    const again = seeds.toReversed().map((seed) => digest(run(compiled, { seed })));
    expect(again.toReversed()).toEqual(first);
    expect(seeds.map((seed) => digest(run(compile(structuredClone(plan)), { seed })))).toEqual(first);
    expect(new Set(first.map((one) => one.split(' ')[0])).size).toBe(seeds.length);
  });

  test('draws the same choices, and comes out the same when they are replayed', () => {
    const compiled = compile(plan);
    const plain = run(compiled, { seed: '1' });
    const one = new RecordingChoices(new RandomChoices('1'));
    const two = new RecordingChoices(new RandomChoices('1'));
    expect(run(compiled, { seed: '', choices: one }).traceHash).toBe(plain.traceHash);
    expect(run(compiled, { seed: '', choices: two }).traceHash).toBe(plain.traceHash);
    expect(two.draws).toEqual(one.draws);
    const replay = new ReplayChoices(one.entries());
    expect(digest(run(compiled, { seed: '', choices: replay }))).toBe(digest(plain));
    expect(replay.unmatched()).toEqual([]);
  });

  test('does not depend on who watches, nor on what is kept of the trace', () => {
    const compiled = compile(plan);
    const plain = digest(run(compiled, { seed: '1' }));
    const watched = run(compiled, {
      seed: '1',
      observers: (cluster) => [new Evidence(layoutOf(compiled)), new InvariantMonitor(layoutOf(compiled), new View(cluster))],
    });
    expect(digest(watched)).toBe(plain);
    const full = run(compiled, { seed: '1', trace: 'full' });
    expect([digest(full), digest(run(compiled, { seed: '1', trace: 'ring' }))]).toEqual([plain, plain]);
    expect(full.trace.length).toBeGreaterThan(full.events / 2);
    const off = run(compiled, { seed: '1', trace: 'off' });
    expect([off.events, off.virtualUs, off.history]).toEqual([full.events, full.virtualUs, full.history]);
  });
});

test('a worker thread gives the same runs', { timeout: 60_000 }, async () => {
  const { outputFiles } = await build({
    entryPoints: [`${root}/test/determinism/run-in-worker.ts`],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  });
  const plans = everyCase.map(({ plan }) => plan);
  const worker = new Worker(outputFiles[0]!.text, { eval: true, workerData: { plans, seeds } });
  const there = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(there).toEqual(plans.map((plan) => seeds.map((seed) => run(compile(plan), { seed }).traceHash)));
});

describe('the same dice, something else', () => {
  /** The draws of both runs that have the same address. */
  function common(one: Plan, two: Plan): { readonly shared: number; readonly different: number } {
    const values = new Map<string, number>();
    const draws = [one, two].map((plan) => {
      const choices = new RecordingChoices(new RandomChoices('1'));
      run(compile(plan), { seed: '', choices });
      return choices.draws;
    });
    for (const { site, occurrence, n, value } of draws[0]!) values.set(`${site}#${occurrence}/${n}`, value);
    let shared = 0;
    let different = 0;
    for (const { site, occurrence, n, value } of draws[1]!) {
      const known = values.get(`${site}#${occurrence}/${n}`);
      if (known === undefined) continue;
      shared++;
      if (known !== value) different++;
    }
    return { shared, different };
  }

  const { plan } = caseNamed('acks-1-leader-crash/breaks');
  const [producer] = plan.producers;
  const changed: readonly (readonly [name: string, plan: Plan])[] = [
    ['other acks', { ...plan, producers: [{ ...producer!, config: { ...producer!.config, acks: 'all' } }] }],
    ['another producer', { ...plan, producers: [...plan.producers, { ...producer!, name: 'p2' }] }],
    ['another topic', { ...plan, topics: [...plan.topics, { ...plan.topics[0]!, name: 'other' }] }],
    ['another broker', { ...plan, brokers: plan.brokers + 1 }],
    ['no fault', { ...plan, faults: [] }],
  ];

  test.each(changed)('%s moves no draw', (_name, other) => {
    const { shared, different } = common(plan, other);
    expect(different).toBe(0);
    expect(shared).toBeGreaterThan(100);
  });
});

test('known runs are what they were', () => {
  const names = [
    'acks-1-leader-crash/breaks',
    'acks-all-waits-for-the-isr/mends',
    'all-brokers-lose-power/breaks',
    'idempotence-ends-with-the-process/breaks',
    'in-flight-retry-reorders/breaks',
    'order-holds-in-a-partition/mends',
    'unclean-election-loses-clean-waits/breaks',
    'zombie-leader-acknowledges/breaks',
  ];
  const pinned = Object.fromEntries(
    names.map((name) => {
      const compiled = compile(caseNamed(name).plan);
      return [name, Object.fromEntries(['1', '2'].map((seed) => [seed, digest(run(compiled, { seed }))]))];
    }),
  );
  // Whoever changes them on purpose says so in the changelog, under Semantics.
  expectGolden('test/determinism/pinned.json', `${JSON.stringify(pinned, null, 2)}\n`);
});
