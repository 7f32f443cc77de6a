/**
 * What all invariants of a run share: the view of the cluster, and what voids promises: data that replicas lost with their
 * power, elections from outside the ISR. Kept in arrays by host and partition.
 *
 * The committed end of a partition is the highest high watermark that a legitimate leader exposed. An unclean election, and the
 * election of a replica that had lost data, begin a new lineage: what older epochs expose no longer counts.
 */
import type { Offset } from '../../base/units.ts';
import type { ClusterView, ControllerPartitionView, ReplicaView } from '../cluster-view.ts';
import { type ClusterLayout, firstPartitions } from '../facts.ts';
import type { Breach, Memory } from './invariant.ts';

/** Breaches beyond this many are counted and not kept. */
const kept = 32;

/**
 * `count` numbers, all alike. A run makes some twenty of these, small ones: plain arrays are made several times faster than typed
 * arrays, and hold small integers as well.
 */
export function cells(count: number, value: number): number[] {
  const made: number[] = [];
  for (let i = 0; i < count; i++) made.push(value);
  return made;
}

export class Scene {
  readonly layout: ClusterLayout;
  readonly view: ClusterView;
  readonly hosts: number;
  readonly partitions: number;
  /** Host index by broker id, -1 where there is none. */
  readonly hostOfBroker: readonly number[];
  readonly breaches: Breach[] = [];
  breachCount = 0;
  /** Event being handled. */
  event = 0;
  /** Who elects; -1 before the first election. */
  controllerHost = -1;
  /** In its one place: {@link metadataLosses}. */
  private readonly losses: number[] = cells(1, 0);
  /** By partition. */
  readonly committedEnd: number[];
  /** By partition: the epoch that began the present lineage. */
  readonly lineageEpoch: number[];
  /** By partition: the partition epoch in which a leader last forgot a proposal that the controller may have taken, -1 for none. */
  readonly droppedIn: number[];
  private readonly first: readonly number[];
  private readonly uncleanEpochs: (number[] | null)[];
  /** By host and partition: log end offset when it was last looked at. */
  private readonly endOffset: number[];
  /** By host and partition: 0 whole, 1 power was lost and the log not yet loaded, 2 the log came back shorter. */
  private readonly damage: number[];
  /** By host and partition: where the log ended that was lost with the power, until the new one has come as far; 0 for none. */
  private readonly lostEnd: number[];

  constructor(layout: ClusterLayout, view: ClusterView) {
    this.layout = layout;
    this.view = view;
    this.first = firstPartitions(layout.partitionsPerTopic);
    this.hosts = layout.brokerOfHost.length;
    this.partitions = this.first[layout.partitionsPerTopic.length]!;
    const hostOfBroker: number[] = [];
    for (let host = 0; host < this.hosts; host++) {
      const broker = layout.brokerOfHost[host]!;
      while (hostOfBroker.length <= broker) hostOfBroker.push(-1);
      if (broker >= 0) hostOfBroker[broker] = host;
    }
    this.hostOfBroker = hostOfBroker;
    this.committedEnd = cells(this.partitions, 0);
    this.lineageEpoch = cells(this.partitions, -1);
    this.droppedIn = cells(this.partitions, -1);
    this.uncleanEpochs = new Array<number[] | null>(this.partitions).fill(null);
    this.endOffset = cells(this.hosts * this.partitions, 0);
    this.damage = cells(this.hosts * this.partitions, 0);
    this.lostEnd = cells(this.hosts * this.partitions, 0);
  }

  /** What it remembers between events. */
  memory(): Memory {
    const { committedEnd, lineageEpoch, droppedIn, uncleanEpochs, endOffset, damage, lostEnd } = this;
    return {
      byHost: [endOffset, damage, lostEnd],
      others: [committedEnd, lineageEpoch, droppedIn, uncleanEpochs, this.losses],
    };
  }

  /** How often the controller lost power, and part of its metadata log with it. */
  get metadataLosses(): number {
    return this.losses[0]!;
  }

  /** Index of a partition, -1 for a topic that is not of the plan. */
  partition(topic: number, partition: number): number {
    return topic >= 0 && topic < this.first.length - 1 ? this.first[topic]! + partition : -1;
  }

  replica(host: number, partition: number): ReplicaView | null {
    return this.view.replica(host, partition);
  }

  /** Whether the broker on a host runs, in the life that the controller has registered. */
  isRegistered(host: number): boolean {
    return this.view.isRegistered(host);
  }

  /** Remembers an election from outside the ISR. */
  electedUncleanly(partition: number, epoch: number): void {
    (this.uncleanEpochs[partition] ??= []).push(epoch);
  }

  /** An election in `(above, epoch]` was from outside the ISR: that of an elected replica that never came to lead counts as well. */
  isUnclean(partition: number, above: number, epoch: number): boolean {
    const epochs = this.uncleanEpochs[partition]!;
    return epochs?.some((unclean) => unclean > above && unclean <= epoch) ?? false;
  }

  /** The host's power is gone: what its logs will hold is not known until they are loaded. `lost`: extents that are gone or torn. */
  powerLost(host: number, lost: number): void {
    // What a quorum has committed does not go with one of its disks.
    if (host === this.controllerHost && lost > 0 && !this.layout.hasQuorum) this.losses[0]!++;
    // What came back shorter before and has not caught up since is not made whole by a second loss.
    for (let at = host * this.partitions; at < (host + 1) * this.partitions; at++) if (this.damage[at] === 0) this.damage[at] = 1;
  }

  /** A batch on the host's disk went bad: a log may be cut there when it is next loaded. */
  rotted(host: number): void {
    this.powerLost(host, 0);
  }

  /** A log was loaded at start. */
  recovered(host: number, partition: number, endOffset: Offset): void {
    const at = host * this.partitions + partition;
    if (this.damage[at] === 1) this.damage[at] = endOffset < this.endOffset[at]! ? 2 : 0;
    if (this.damage[at] === 2) this.lostEnd[at] = Math.max(this.lostEnd[at]!, this.endOffset[at]!);
    this.endOffset[at] = endOffset;
  }

  /** The host is no replica any more, and its log is deleted: what comes next begins anew. */
  removed(host: number, partition: number): void {
    const at = host * this.partitions + partition;
    this.endOffset[at] = 0;
    this.damage[at] = 0;
    this.lostEnd[at] = 0;
  }

  /** A replica was looked at. One that has caught up with what is committed is whole again. */
  lookedAt(host: number, partition: number, endOffset: Offset): void {
    const at = host * this.partitions + partition;
    this.endOffset[at] = endOffset;
    if (endOffset >= this.lostEnd[at]!) this.lostEnd[at] = 0;
    if (this.damage[at] === 2 && endOffset >= this.committedEnd[partition]!) this.damage[at] = 0;
  }

  /** True when the replica lost data with its power, or may have, and has not caught up since. */
  isDamaged(host: number, partition: number): boolean {
    return this.damage[host * this.partitions + partition] !== 0;
  }

  /** How far its leader may take the replica to reach: beyond `endOffset` if more was lost with its power. */
  reachOf(host: number, partition: number, endOffset: Offset): Offset {
    return Math.max(endOffset, this.lostEnd[host * this.partitions + partition]!);
  }

  /** The partition as the controller has it, null while that cannot be asked. */
  controller(partition: number): ControllerPartitionView | null {
    return this.view.controllerPartition(partition);
  }

  /**
   * The first of these brokers whose replica does not reach `offset`, -1 when all do. Not held to it: a replica that is down, or
   * lost data with its power, or follows a newer leader already. Nor one that had reached so far when it lost its power: a fetch of
   * its former life may arrive late, at a leader that has yet to hear of the new one (KIP-903 tells lives apart by metadata).
   */
  shortAmong(brokers: readonly number[], leader: ReplicaView, partition: number, offset: Offset): number {
    for (let i = 0; i < brokers.length; i++) {
      const broker = brokers[i]!;
      if (broker === leader.brokerId) continue;
      const host = this.hostOfBroker[broker] ?? -1;
      if (host < 0) continue;
      const replica = this.replica(host, partition);
      if (replica === null || replica.logEndOffset >= offset) continue;
      if (replica.leaderEpoch > leader.leaderEpoch || this.isDamaged(host, partition)) continue;
      if (this.reachOf(host, partition, replica.logEndOffset) >= offset) continue;
      return broker;
    }
    return -1;
  }

  /** Nothing was breached so far. */
  forgetBreaches(): void {
    this.breaches.length = 0;
    this.breachCount = 0;
  }

  /** Writes a breach down. */
  breach(invariant: string, host: number, partition: number, params: Readonly<Record<string, number>>): void {
    this.breachCount++;
    if (this.breaches.length < kept) this.breaches.push({ invariant, event: this.event, host, partition, params });
  }
}
