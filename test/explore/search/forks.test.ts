/** Forks, and runs of machines that are remembered: nothing that one behaviour does shows in another. */
import { describe, expect, test } from 'vitest';
import { cloneState, equalState, hashState } from '../../../src/base/state.ts';
import { compile } from '../../../src/cluster/compile.ts';
import { kafkaRules } from '../../../src/cluster/rules.ts';
import { type Arrival, Expander } from '../../../src/explore/search/expander.ts';
import { defaultScope, planOfScope, type Scope } from '../../../src/explore/search/scope.ts';
import { StateKey } from '../../../src/explore/search/state-key.ts';
import { type Step, Walk } from '../../../src/explore/search/walk.ts';
import type { Frame } from '../../../src/world/connection.ts';
import { WorldEvent } from '../../../src/world/events.ts';

const scopes: readonly Partial<Scope>[] = [
  { records: 2, epochs: 2 },
  { epochs: 2, crashes: 1, topic: { 'min.insync.replicas': 1, 'unclean.leader.election.enable': true } },
  { epochs: 2, powerLosses: 1, lags: 1, topic: { 'min.insync.replicas': 1, 'flush.messages': 1 } },
  { replicas: 3, epochs: 2 },
];

const open = (scope: Scope): Walk => Walk.open(scope, compile(planOfScope(scope)), kafkaRules);

/** Everything that differs between two walks of a scope, as plain data; but for where messages go, which is set when they arrive. */
function whole(walk: Walk): object {
  const parts = cloneState(partsOf(walk));
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
    seen.add(value);
    if ('header' in value && 'connection' in value) value.connection = 0;
    for (const part of value instanceof Map ? value.values() : Object.values(value)) visit(part);
  };
  visit(parts);
  return parts;
}

function partsOf({ cluster, evidence, monitor, spent }: Walk): object {
  const { world, kernel, machines, recorder, clients } = cluster;
  const { nowUs, handled, waiting } = kernel as Walk['kernel'];
  const { sendOrder, sendCount, outcome, partition } = recorder.sends;
  return {
    hosts: world.hosts,
    touched: world.network.framesTouched,
    kernel: { nowUs, handled, waiting },
    machines: machines.map((machine) => machine?.state ?? null),
    sends: { sendOrder, sendCount, outcome, partition },
    applications: clients.applications.map(({ unfinished, sendCalls, acknowledged, hasMore }) => {
      return { unfinished, sendCalls, acknowledged, hasMore };
    }),
    faults: cluster.director.reports(),
    rows: evidence.rows.slice(0, evidence.length * 6),
    counts: { ...evidence.counts },
    memory: monitor.memory(),
    spent,
  };
}

/** A way through a scope, another one for every turn. */
function wander(walk: Walk, turn: number, steps: number): Step[] {
  const path: Step[] = [];
  for (let i = 0; i < steps; i++) {
    const options = walk.options();
    if (options.length === 0) break;
    const at = (turn * 7 + i * (turn + 3)) % options.length;
    walk.take(options[at]!);
    path.push([at, ...walk.choices.drawn.map(({ value }) => value)]);
  }
  return path;
}

describe.each(scopes)('%j', (bounds) => {
  const scope = { ...defaultScope, ...bounds };

  test('a fork is the same, and what it does leaves the original as it was', () => {
    for (let turn = 0; turn < 6; turn++) {
      const walk = open(scope);
      wander(walk, turn, 3 * turn);
      const fork = walk.fork();
      expect(equalState(whole(fork), whole(walk))).toBe(true);
      const before = hashState(whole(walk));
      wander(fork, turn + 1, 8);
      expect(hashState(whole(fork))).not.toBe(before);
      expect(hashState(whole(walk))).toBe(before);
      const resting = walk.fork();
      resting.comeToRest();
      expect(hashState(whole(walk))).toBe(before);
    }
  });

  test('a state that machines came to by what is remembered is the one that they come to by themselves', {
    timeout: 60_000,
  }, () => {
    const expander = new Expander(scope);
    const key = new StateKey();
    let compared = 0;
    let paths: Step[][] = [[]];
    for (let depth = 0; depth < 9; depth++) {
      // Of each layer a few, far apart.
      const some = paths.filter((_, i) => i % Math.ceil(paths.length / 12) === 0);
      const expanded: Arrival[][] = expander.expand(some.map((steps) => ({ same: 0, steps })));
      paths = some.flatMap((path, i) => expanded[i]!.filter(({ isBroken }) => !isBroken).map(({ step }) => [...path, step]));
      const arrivals = expanded.flat().filter(({ isBroken }) => !isBroken);
      for (const [i, { a, b }] of arrivals.entries()) {
        if (i % 5 > 0) continue;
        const walk = open(scope);
        walk.follow(paths[i]!);
        key.of(walk, true);
        expect([key.a, key.b], JSON.stringify(paths[i])).toEqual([a, b]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  test('nobody changes a message that was sent', () => {
    for (let turn = 0; turn < 8; turn++) {
      const walk = open(scope);
      for (let i = 0; i < 20; i++) {
        for (const { kind, payload } of walk.kernel.waiting) {
          if (kind === WorldEvent.frame) freeze(((payload as Frame).payload as { body?: object } | null)?.body);
        }
        wander(walk, turn + i, 1);
      }
    }
  });
});

/** Everything below, so that to change it throws. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const part of value instanceof Map ? value.values() : Object.values(value)) freeze(part);
}
