/**
 * Links: what a directed pair of hosts does to frames, and the addresses of the choices that decide it. The shape is the same in every
 * run of a Plan; a link's state is a run's own.
 */
import type { Choices, SiteId } from '../base/choices.ts';
import { emptyList } from '../base/lists.ts';
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
  /** Where its lanes begin among those of all links. */
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
  /** By link and lane: the number of that lane, -1 until a run sends on it. Of all lanes a plan uses few. */
  private readonly numbers: Int32Array;
  /** By number. */
  readonly latencySites: SiteId[] = [];
  readonly fateSites: SiteId[] = [];

  constructor(hosts: readonly string[], plan: NetworkPlan, laneNames: readonly string[]) {
    this.hosts = hosts;
    this.plan = plan;
    this.laneNames = laneNames;
    this.latencies = hosts.flatMap((from) => hosts.map((to) => plan.links[`${from} -> ${to}`] ?? plan.latency));
    this.numbers = new Int32Array(hosts.length * hosts.length * laneNames.length).fill(-1);
  }

  /** The number of a lane; `lane` counts on from the lanes of its link. */
  numberOf(lane: number): number {
    const number = this.numbers[lane]!;
    return number >= 0 ? number : this.add(lane);
  }

  private add(lane: number): number {
    const link = Math.floor(lane / this.laneNames.length);
    const from = this.hosts[Math.floor(link / this.hosts.length)];
    const to = this.hosts[link % this.hosts.length];
    const name = `${from}→${to} ${this.laneNames[lane % this.laneNames.length]}`;
    const number = this.latencySites.length;
    this.latencySites.push(siteId(`latency ${name}`));
    this.fateSites.push(siteId(`fate ${name}`));
    this.numbers[lane] = number;
    return number;
  }
}

/** The frames of one kind on one link, in one run. */
export class Lane {
  /** Frames so far: the occurrence of the next choice. */
  sent = 0;
  readonly latencySite: SiteId;
  readonly fateSite: SiteId;
  constructor(latencySite: SiteId, fateSite: SiteId) {
    this.latencySite = latencySite;
    this.fateSite = fateSite;
  }
}

/** What becomes of a frame by the network's own dice. */
export type Fate = 'passes' | 'stalls' | 'resets';

/** The links of one run, and the dice that are thrown on them. */
export class Links {
  private readonly choices: Choices;
  private readonly shape: NetworkShape;
  private readonly links: (Link | undefined)[];
  /** By number. */
  private readonly lanes: Lane[] = emptyList();
  /** Of 1,000: from here on a frame is stalled, from there on its connection is reset. */
  private stallsFrom: number;
  private resetsFrom: number;

  constructor(choices: Choices, shape: NetworkShape) {
    const pairs = shape.hosts.length * shape.hosts.length;
    this.choices = choices;
    this.shape = shape;
    this.links = new Array<Link | undefined>(pairs).fill(undefined);
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

  /** A lane of a link, for what is asked of its next frame. */
  lane(link: Link, lane: number): Lane {
    const number = this.shape.numberOf(link.lanes + lane);
    if (number >= this.lanes.length) this.widen(number);
    return this.lanes[number]!;
  }

  private widen(number: number): void {
    const { latencySites, fateSites } = this.shape;
    const { lanes } = this;
    for (let i = lanes.length; i <= number; i++) lanes.push(new Lane(latencySites[i]!, fateSites[i]!));
  }

  /** How long the next frame of a lane takes. */
  latencyUs(link: Link, lane: Lane): Micros {
    const ordinal = lane.sent++;
    const { jitterUs } = link;
    const jitter = jitterUs === 0 ? 0 : this.choices.below(lane.latencySite, ordinal, jitterUs + 1);
    return link.baseUs + jitter + link.extraUs;
  }

  /** Nothing is stalled or reset any more. */
  calm(): void {
    this.stallsFrom = 1000;
    this.resetsFrom = 1000;
  }

  /** Whether the frame whose latency was just drawn gets through. */
  fate(lane: Lane): Fate {
    if (this.stallsFrom >= 1000) return 'passes';
    const drawn = this.choices.below(lane.fateSite, lane.sent, 1000);
    if (drawn < this.stallsFrom) return 'passes';
    return drawn < this.resetsFrom ? 'stalls' : 'resets';
  }
}
