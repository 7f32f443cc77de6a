/**
 * Links: what a directed pair of hosts does to frames, and the addresses of the choices that decide it. The shape is the same in every
 * run of a Plan; a link's state is a run's own.
 */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import { siteId } from '../kernel/sites.ts';
import type { LatencyPlan, NetworkPlan } from '../plan/plan.ts';

/** Frames of one kind (an API's requests, say) on one link are counted together; this many kinds at most. */
export const laneCount = 32;
/** A directed link. */
export class Link {
  baseUs: Micros;
  jitterUs: Micros;
  extraUs: Micros = 0;
  /** How many faults hold it. */
  held = 0;
  /** Where its lanes begin in the tables of ordinals and sites. */
  readonly lanes: number;
  constructor(baseUs: Micros, jitterUs: Micros, lanes: number) {
    this.baseUs = baseUs;
    this.jitterUs = jitterUs;
    this.lanes = lanes;
  }
}

/** What is the same in every run of a Plan: names, latencies, addresses of choices. */
export class NetworkShape {
  readonly hosts: readonly string[];
  readonly plan: NetworkPlan;
  readonly laneNames: readonly string[];
  /** By link. */
  readonly latencies: readonly LatencyPlan[];
  private readonly latencySites: Int32Array;
  private readonly fateSites: Int32Array;

  constructor(hosts: readonly string[], plan: NetworkPlan, laneNames: readonly string[]) {
    assert(laneNames.length <= laneCount, 'every kind of frame has a lane');
    this.hosts = hosts;
    this.plan = plan;
    this.laneNames = laneNames;
    this.latencies = hosts.flatMap((from) => hosts.map((to) => plan.links[`${from} -> ${to}`] ?? plan.latency));
    this.latencySites = new Int32Array(hosts.length * hosts.length * laneCount).fill(-1);
    this.fateSites = new Int32Array(hosts.length * hosts.length * laneCount).fill(-1);
  }

  /** `lane` counts on from the lanes of the link. */
  latencySite(lane: number): number {
    const site = this.latencySites[lane]!;
    return site >= 0 ? site : this.addSite(this.latencySites, 'latency', lane);
  }

  fateSite(lane: number): number {
    const site = this.fateSites[lane]!;
    return site >= 0 ? site : this.addSite(this.fateSites, 'fate', lane);
  }

  private addSite(sites: Int32Array, purpose: string, lane: number): number {
    const link = Math.floor(lane / laneCount);
    const from = this.hosts[Math.floor(link / this.hosts.length)];
    const to = this.hosts[link % this.hosts.length];
    const site = siteId(`${purpose} ${from}→${to} ${this.laneNames[lane % laneCount]}`);
    sites[lane] = site;
    return site;
  }
}
