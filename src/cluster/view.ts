/**
 * The state of brokers and controller as invariants may look at it: read-only, made once a run and read through. Its shape is the
 * oracle's `ClusterView`; this floor does not know the oracle, so that the shape is all they share.
 */
import type { Offset } from '../base/units.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { Partition } from '../kafka/broker/state.ts';
import type { Controller } from '../kafka/controller/controller.ts';
import { batchAt } from '../kafka/log/partition-log.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import type { Cluster } from './cluster.ts';
import { controllerHost } from './compile.ts';

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

/** A partition as the controller has it. */
export interface ControllerPartition {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
  readonly elr: readonly number[];
}

export class View {
  private readonly cluster: Cluster;
  private readonly brokers: number;
  private readonly partitions: number;
  private readonly firstPartitions: readonly number[];
  /** By host and partition index; one that belongs to a former life of its broker is made anew. */
  private readonly replicas: (Replica | null)[];

  constructor(cluster: Cluster) {
    const { plan, topics, partitionNames } = cluster.compiled;
    this.cluster = cluster;
    this.brokers = plan.brokers;
    this.partitions = partitionNames.length;
    this.firstPartitions = topics.map(({ firstPartition }) => firstPartition);
    this.replicas = new Array<Replica | null>((plan.brokers + 1) * this.partitions).fill(null);
  }

  /** Null while the broker on the host is down, or has no such replica yet. */
  replica(host: number, topic: number, partition: number): Replica | null {
    if (host < 1 || host > this.brokers) return null;
    const broker = this.cluster.machines[host] as Broker | null;
    if (broker === null) return null;
    const at = host * this.partitions + this.firstPartitions[topic]! + partition;
    const known = this.replicas[at]!;
    if (known !== null && known.broker === broker) return known;
    const found = broker.state.partitions[topic]?.[partition];
    if (found === undefined) return null;
    const replica = new Replica(host, broker, found);
    this.replicas[at] = replica;
    return replica;
  }

  /** Null before the topic exists, or while the controller is down. */
  controllerPartition(topic: number, partition: number): ControllerPartition | null {
    const controller = this.cluster.machines[controllerHost] as Controller | null;
    return controller?.state.topics[topic]?.partitions[partition] ?? null;
  }
}
