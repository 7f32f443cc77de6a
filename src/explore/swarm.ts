/**
 * A swarm: what each seed of an exploration runs. A seed draws which kinds of faults exist and how many, whom they hit, when and how long;
 * how rough the network is; and, where the scenario says that they may vary, its settings, workload and topology. It stays within the
 * scenario's bounds, and the same seed always draws the same.
 *
 * To leave kinds out matters as much as to have them: a fault that happens all the time hides what only shows without it.
 */
import type { LatencyPlan, Plan } from '../plan/plan.ts';
import { defaults } from '../scenario/defaults.ts';
import { durationUs } from '../scenario/duration.ts';
import { drawnKinds, type FaultKind } from '../scenario/fault-kinds.ts';
import { type LoadedScenario, parseScenarioData } from '../scenario/parse-scenario.ts';
import { definitionOf, planOf } from '../scenario/plan-of.ts';
import type { Scenario } from '../scenario/schema.ts';
import { setPath } from '../scenario/set-path.ts';
import { drawFault, type Stage } from './drawn-fault.ts';
import { Draws } from './draws.ts';

/** Within what an exploration draws. */
export interface Bounds {
  /** Kinds of faults that may exist. */
  readonly kinds: readonly FaultKind[];
  /** Faults in one run, at most. */
  readonly most: number;
  /** Faults come by themselves within this time, counted from the first send; null: while records are sent, and a while longer. */
  readonly withinUs: number | null;
  /** Clients are hit, too. */
  readonly clients: boolean;
  /** Values that may stand at a path of the scenario. */
  readonly vary: Readonly<Record<string, readonly unknown[]>>;
  /** Whether latencies, stalls and resets are drawn too. */
  readonly network: boolean;
}

/** What a scenario says under `explore`, with what it does not say filled in. */
export function boundsOf({ explore = {} }: Scenario): Bounds {
  const { faults = {}, vary = {}, network = true } = explore;
  return {
    kinds: faults.kinds ?? drawnKinds,
    most: faults.most ?? 4,
    withinUs: faults.within === undefined ? null : durationUs(faults.within),
    clients: faults.clients ?? true,
    vary,
    network,
  };
}

/** How often a combination of settings that Kafka refuses is drawn anew. */
const tries = 20;

/** The plans of one case of a scenario, by seed. */
export class Swarm {
  private readonly scenario: LoadedScenario;
  private readonly bounds: Bounds;
  private readonly base: Plan;
  private readonly varied = new Map<string, Plan | null>();

  constructor(scenario: LoadedScenario, caseName: string | null) {
    const { cases: _, explore: __, ...definition } = definitionOf(scenario, caseName);
    this.scenario = { ...scenario, definition: { ...definition, expect: {} } };
    this.bounds = boundsOf(scenario.definition);
    this.base = planOf(scenario, caseName);
  }

  /** Of the scenario. */
  get name(): string {
    return this.scenario.name;
  }

  /** The plan of a seed. */
  plan(seed: string): Plan {
    const draws = new Draws(seed);
    const plan = this.settings(draws);
    return { ...plan, network: this.network(plan, draws), faults: [...plan.faults, ...this.faults(plan, draws)] };
  }

  private settings(draws: Draws): Plan {
    const paths = Object.entries(this.bounds.vary);
    if (paths.length === 0) return this.base;
    for (let left = tries; left > 0; left--) {
      const picks = paths.map(([path, values]) => draws.below(`vary ${path}`, values.length));
      const key = picks.join(' ');
      let plan = this.varied.get(key);
      if (plan === undefined) {
        plan = this.planWith(paths.map(([path, values], i) => [path, values[picks[i]!]] as const));
        if (this.varied.size < 10_000) this.varied.set(key, plan);
      }
      if (plan !== null) return plan;
    }
    return this.base;
  }

  /** Null where Kafka refuses the values together. */
  private planWith(values: readonly (readonly [path: string, value: unknown])[]): Plan | null {
    let definition = this.scenario.definition;
    for (const [path, value] of values) {
      const set = setPath(definition, path, value);
      if ('problem' in set) return null;
      definition = set.scenario;
    }
    const { scenario } = parseScenarioData(definition, this.scenario.file);
    return scenario === null ? null : { ...planOf(scenario, null), name: this.base.name };
  }

  private network({ network }: Plan, draws: Draws): Plan['network'] {
    if (!this.bounds.network) return network;
    const { baseUs, jitterUs } = network.latency;
    const jitters = [jitterUs, jitterUs, 0, 5_000, 50_000];
    const latency: LatencyPlan = { baseUs, jitterUs: draws.one('jitter', jitters) };
    const may = (kind: FaultKind): boolean => this.bounds.kinds.includes(kind);
    return {
      ...network,
      latency,
      stallPerMille: may('stall') ? draws.one('stalls', [network.stallPerMille, 0, 5, 50]) : network.stallPerMille,
      stallUs: network.stallUs > 0 ? network.stallUs : draws.span('stall', 10_000, 5_000_000),
      resetPerMille: may('reset') ? draws.one('resets', [network.resetPerMille, 0, 2, 20]) : network.resetPerMille,
    };
  }

  private faults(plan: Plan, draws: Draws): Plan['faults'] {
    const { kinds, most, withinUs, clients } = this.bounds;
    const exist = kinds.filter((kind) => draws.below(`has ${kind}`, 2) === 1);
    if (exist.length === 0 || most === 0) return [];
    const stage = stageOf(plan, withinUs ?? sendingUs(plan) + 5_000_000, clients);
    if (stage.partitions.length === 0) return [];
    const { length } = plan.faults;
    return Array.from({ length: 1 + draws.below('faults', most) }, (_, i) =>
      drawFault(draws.one('kind', exist), stage, length + i, draws),
    );
  }
}

/** How long records are sent, as planned. */
function sendingUs({ producers }: Plan): number {
  return Math.max(0, ...producers.map(({ send }) => send.startUs + send.everyUs * Math.ceil(send.count / send.burst)));
}

function stageOf(plan: Plan, withinUs: number, hitsClients: boolean): Stage {
  const { topics, producers, consumers, groups = [] } = plan;
  return {
    plan,
    partitions: topics.flatMap(({ name, partitions, replicationFactor }) =>
      Array.from({ length: partitions }, (_, p) => ({ name: `${name}-${p}`, replicationFactor })),
    ),
    clients: hitsClients
      ? [
          ...producers.map(({ name }) => name),
          ...consumers.map(({ name }) => name),
          ...groups.flatMap(({ name, memberStartsUs }) => memberStartsUs.map((_, i) => `${name}-${i + 1}`)),
        ]
      : [],
    withinUs: Math.min(withinUs, plan.limits.healAtUs, defaults.healAtUs),
  };
}
