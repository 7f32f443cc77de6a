/**
 * The state of brokers and controller as invariants may look at it: read-only, made once a run and read through. Its shape is the
 * oracle's `ClusterView`; this floor does not know the oracle, so that the shape is all they share.
 */
import { listOf } from '../base/lists.ts';
import type { Offset } from '../base/units.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { Partition } from '../kafka/broker/state.ts';
import { batchAt } from '../kafka/log/partition-log.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import type { Cluster } from './cluster.ts';
import type { CompiledTopic } from './compile.ts';
import type { PartitionMetadata } from './metadata.ts';

class Replica {
  readonly brokerId: number;
  /** The life of the broker that it belongs to. */
  readonly broker: Broker;
  readonly partition: Partition;

  constructor(brokerId: number, broker: Broker, partition: Partition) {
    this.brokerId = brokerId;
    this.broker = broker;
    this.partition = partition;
  }

  get isLeader(): boolean {
    return this.partition.role === 'leader';
  }
  get leaderEpoch(): number {
    return this.partition.leaderEpoch;
  }
  get partitionEpoch(): number {
    return this.partition.partitionEpoch;
  }
  get logStartOffset(): Offset {
    return this.partition.log.logStartOffset;
  }
  get highWatermark(): Offset {
    return this.partition.log.highWatermark;
  }
  get logEndOffset(): Offset {
    return this.partition.log.logEndOffset;
  }
  get isr(): readonly number[] {
    return this.partition.isr;
  }
  get maximalIsr(): readonly number[] {
    const { pendingIsr, isr } = this.partition;
    return pendingIsr !== null && pendingIsr.kind === 'expand' ? pendingIsr.isr : isr;
  }
  batchAt(offset: Offset): RecordBatch | null {
    return offset >= this.partition.log.logEndOffset ? null : batchAt(this.partition.log, offset);
  }
}

/** Partitions are numbered over all topics. */
export class View {
  private readonly cluster: Cluster;
  private readonly machines: Cluster['machines'];
  private readonly brokers: number;
  private readonly partitions: number;
  /** By host and partition; one that belongs to a former life of its broker is made anew. */
  private readonly replicas: (Replica | null)[];

  constructor(cluster: Cluster) {
    const { plan, hostNames, partitionNames } = cluster.compiled;
    this.cluster = cluster;
    this.machines = cluster.machines;
    this.brokers = plan.brokers;
    this.partitions = partitionNames.length;
    this.replicas = listOf<Replica | null>(hostNames.length * this.partitions, () => null);
  }

  /** Null while the broker on the host is down, or has no such replica yet. */
  replica(host: number, partition: number): Replica | null {
    const known = this.replicas[host * this.partitions + partition]!;
    return known !== null && known.broker === this.machines[host] && !known.partition.removed
      ? known
      : this.find(host, partition);
  }

  private find(host: number, partition: number): Replica | null {
    if (host < 1 || host > this.brokers) return null;
    const broker = this.cluster.machines[host] as Broker | null;
    if (broker === null) return null;
    const { topicId, firstPartition } = this.topicOf(partition);
    const found = broker.state.partitions[topicId]?.[partition - firstPartition];
    if (found === undefined) return null;
    const replica = new Replica(host, broker, found);
    this.replicas[host * this.partitions + partition] = replica;
    return replica;
  }

  /** Whether the broker on a host runs, in the life that the controller has registered. */
  isRegistered(host: number): boolean {
    const broker = this.cluster.machines[host] as Broker | null;
    return broker !== null && this.cluster.registrations.metadata.brokerEpoch(host) === broker.state.brokerEpoch;
  }

  /** Null before the topic exists, or while the controller is down. */
  controllerPartition(partition: number): PartitionMetadata | null {
    const topic = this.topicOf(partition);
    return this.cluster.registrations.metadata.partition(topic, partition - topic.firstPartition);
  }

  private topicOf(partition: number): CompiledTopic {
    const { topics } = this.cluster.compiled;
    let i = topics.length - 1;
    while (topics[i]!.firstPartition > partition) i--;
    return topics[i]!;
  }
}
