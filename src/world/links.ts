/**
 * Links: what a directed pair of hosts does to frames, and the addresses of the choices that decide it. The shape is the same in every
 * run of a Plan; a link's state is a run's own.
 */
import type { Choices } from '../base/choices.ts';
import type { Micros } from '../base/units.ts';
import { siteId } from '../kernel/sites.ts';
import type { LatencyPlan, NetworkPlan } from '../plan/plan.ts';
import type { HostIndex } from './guest.ts';

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
  /** Frames of one kind (an API's requests, say) on one link are counted together. */
  readonly laneNames: readonly string[];
  /** By link. */
  readonly latencies: readonly LatencyPlan[];
  private readonly latencySites: Int32Array;
  private readonly fateSites: Int32Array;

  constructor(hosts: readonly string[], plan: NetworkPlan, laneNames: readonly string[]) {
    this.hosts = hosts;
    this.plan = plan;
    this.laneNames = laneNames;
    this.latencies = hosts.flatMap((from) => hosts.map((to) => plan.links[`${from} -> ${to}`] ?? plan.latency));
    this.latencySites = new Int32Array(hosts.length * hosts.length * laneNames.length).fill(-1);
    this.fateSites = new Int32Array(hosts.length * hosts.length * laneNames.length).fill(-1);
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
    const link = Math.floor(lane / this.laneNames.length);
    const from = this.hosts[Math.floor(link / this.hosts.length)];
    const to = this.hosts[link % this.hosts.length];
    const site = siteId(`${purpose} ${from}→${to} ${this.laneNames[lane % this.laneNames.length]}`);
    sites[lane] = site;
    return site;
  }
}

/** What becomes of a frame by the network's own dice. */
export type Fate = 'passes' | 'stalls' | 'resets';

/** The links of one run, and the dice that are thrown on them. */
export class Links {
  private readonly choices: Choices;
  private readonly shape: NetworkShape;
  private readonly links: (Link | undefined)[];
  /** Frames so far, by link and lane: the occurrence of the next choice. */
  private readonly ordinals: Int32Array;
  /** Of 1,000: from here on a frame is stalled, from there on its connection is reset. */
  private stallsFrom: number;
  private resetsFrom: number;

  constructor(choices: Choices, shape: NetworkShape) {
    const pairs = shape.hosts.length * shape.hosts.length;
    this.choices = choices;
    this.shape = shape;
    this.links = new Array<Link | undefined>(pairs).fill(undefined);
    this.ordinals = new Int32Array(pairs * shape.laneNames.length);
    this.resetsFrom = 1000 - shape.plan.resetPerMille;
    this.stallsFrom = this.resetsFrom - shape.plan.stallPerMille;
  }

  /** The directed link between two hosts. */
  between(from: HostIndex, to: HostIndex): Link {
    const at = from * this.shape.hosts.length + to;
    let link = this.links[at];
    if (link === undefined) {
      const latency = this.shape.latencies[at]!;
      link = new Link(latency.baseUs, latency.jitterUs, at * this.shape.laneNames.length);
      this.links[at] = link;
    }
    return link;
  }

  /** How long the next frame of a lane takes. */
  latencyUs(link: Link, lane: number): Micros {
    const at = link.lanes + lane;
    const ordinal = this.ordinals[at]!++;
    const jitter = link.jitterUs === 0 ? 0 : this.choices.below(this.shape.latencySite(at), ordinal, link.jitterUs + 1);
    return link.baseUs + jitter + link.extraUs;
  }

  /** Nothing is stalled or reset any more. */
  calm(): void {
    this.stallsFrom = 1000;
    this.resetsFrom = 1000;
  }

  /** Whether the frame whose latency was just drawn gets through. */
  fate(link: Link, lane: number): Fate {
    if (this.stallsFrom >= 1000) return 'passes';
    const at = link.lanes + lane;
    const drawn = this.choices.below(this.shape.fateSite(at), this.ordinals[at]!, 1000);
    if (drawn < this.stallsFrom) return 'passes';
    return drawn < this.resetsFrom ? 'stalls' : 'resets';
  }
}
