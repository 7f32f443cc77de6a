/**
 * What all invariants of a run share: the view of the cluster, and what voids promises: data that replicas lost with their
 * power, elections from outside the ISR. Kept in arrays by host and partition.
 *
 * The committed end of a partition is the highest high watermark that a legitimate leader exposed. An unclean election, and the
 * election of a replica that had lost data, begin a new lineage: what older epochs expose no longer counts.
 */
import type { Offset } from '../../base/units.ts';
import type { ClusterView, ReplicaView } from '../cluster-view.ts';
import { type ClusterLayout, firstPartitions } from '../facts.ts';
import type { Breach } from './invariant.ts';

/** Breaches beyond this many are counted and not kept. */
const kept = 32;

export class Scene {
  readonly layout: ClusterLayout;
  readonly view: ClusterView;
  readonly hosts: number;
  readonly partitions: number;
  /** Host index by broker id, -1 where there is none. */
  readonly hostOfBroker: Int32Array;
  readonly breaches: Breach[] = [];
  breachCount = 0;
  /** Event being handled. */
  event = 0;
  /** By partition. */
  readonly committedEnd: Float64Array;
  /** By partition: the epoch that began the present lineage. */
  readonly lineageEpoch: Int32Array;
  private readonly first: Int32Array;
  private readonly topicOfPartition: Int32Array;
  private readonly uncleanEpochs: number[][];
  /** By host and partition: log end offset when it was last looked at. */
  private readonly endOffset: Float64Array;
  /** By host and partition: 0 whole, 1 power was lost and the log not yet loaded, 2 the log came back shorter. */
  private readonly damage: Uint8Array;

  constructor(layout: ClusterLayout, view: ClusterView) {
    this.layout = layout;
    this.view = view;
    this.first = firstPartitions(layout.partitionsPerTopic);
    this.hosts = layout.brokerOfHost.length;
    this.partitions = this.first[layout.partitionsPerTopic.length]!;
    this.topicOfPartition = new Int32Array(this.partitions);
    for (let t = 0; t < layout.partitionsPerTopic.length; t++) this.topicOfPartition.fill(t, this.first[t]!, this.first[t + 1]!);
    this.hostOfBroker = new Int32Array(Math.max(0, ...layout.brokerOfHost) + 1).fill(-1);
    for (let host = 0; host < this.hosts; host++) {
      const broker = layout.brokerOfHost[host]!;
      if (broker >= 0) this.hostOfBroker[broker] = host;
    }
    this.committedEnd = new Float64Array(this.partitions);
    this.lineageEpoch = new Int32Array(this.partitions).fill(-1);
    this.uncleanEpochs = Array.from({ length: this.partitions }, () => []);
    this.endOffset = new Float64Array(this.hosts * this.partitions);
    this.damage = new Uint8Array(this.hosts * this.partitions);
  }

  /** Index of a partition, -1 for a topic that is not of the plan. */
  partition(topic: number, partition: number): number {
    return topic >= 0 && topic < this.first.length - 1 ? this.first[topic]! + partition : -1;
  }

  replica(host: number, partition: number): ReplicaView | null {
    const topic = this.topicOfPartition[partition]!;
    return this.view.replica(host, topic, partition - this.first[topic]!);
  }

  /** Remembers an election from outside the ISR. */
  electedUncleanly(partition: number, epoch: number): void {
    this.uncleanEpochs[partition]!.push(epoch);
  }

  isUnclean(partition: number, epoch: number): boolean {
    const epochs = this.uncleanEpochs[partition]!;
    return epochs.length > 0 && epochs.includes(epoch);
  }

  /** The host's power is gone: what its logs will hold is not known until they are loaded. */
  powerLost(host: number): void {
    this.damage.fill(1, host * this.partitions, (host + 1) * this.partitions);
  }

  /** A log was loaded at start. */
  recovered(host: number, partition: number, endOffset: Offset): void {
    const at = host * this.partitions + partition;
    if (this.damage[at] === 1) this.damage[at] = endOffset < this.endOffset[at]! ? 2 : 0;
    this.endOffset[at] = endOffset;
  }

  /** A replica was looked at. One that has caught up with what is committed is whole again. */
  lookedAt(host: number, partition: number, endOffset: Offset): void {
    const at = host * this.partitions + partition;
    this.endOffset[at] = endOffset;
    if (this.damage[at] === 2 && endOffset >= this.committedEnd[partition]!) this.damage[at] = 0;
  }

  /** True when the replica lost data with its power, or may have, and has not caught up since. */
  isDamaged(host: number, partition: number): boolean {
    return this.damage[host * this.partitions + partition] !== 0;
  }

  /**
   * The first replica that the leader counts as in sync and that does not reach `offset`, as a broker id; -1 when all do. Not
   * held to it: a replica that is down, or lost data with its power, or follows a newer leader already.
   */
  shortInSync(leader: ReplicaView, partition: number, offset: Offset): number {
    const { maximalIsr } = leader;
    for (let i = 0; i < maximalIsr.length; i++) {
      const broker = maximalIsr[i]!;
      if (broker === leader.brokerId) continue;
      const host = this.hostOfBroker[broker] ?? -1;
      if (host < 0) continue;
      const replica = this.replica(host, partition);
      if (replica === null || replica.logEndOffset >= offset) continue;
      if (replica.leaderEpoch > leader.leaderEpoch || this.isDamaged(host, partition)) continue;
      return broker;
    }
    return -1;
  }

  /** Writes a breach down. */
  breach(invariant: string, host: number, partition: number, params: Readonly<Record<string, number>>): void {
    this.breachCount++;
    if (this.breaches.length < kept) this.breaches.push({ invariant, event: this.event, host, partition, params });
  }
}
