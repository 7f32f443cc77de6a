/**
 * What the metadata of a cluster says, whoever keeps it: read from the state of the KRaft controller, from the log of a quorum, or from
 * ZooKeeper's znodes. Which of the three is decided here, once a run; faults on roles, the operator, invariants, the audit and rest go
 * by it.
 */
import type { Broker } from '../kafka/broker/broker.ts';
import type { Controller } from '../kafka/controller/controller.ts';
import type { QuorumController } from '../kafka/controller/quorum-controller.ts';
import { replay } from '../kafka/controller/replay.ts';
import { type ControllerImage, emptyImage } from '../kafka/controller/state.ts';
import type { LeaderAndIsr, TopicZnode } from '../kafka/zk-controller/state.ts';
import { brokerPath, controllerPath, partitionPath, topicPath } from '../kafka/zk-controller/znodes.ts';
import type { ZooKeeper } from '../kafka/zookeeper/zookeeper.ts';
import { type CompiledPlan, type CompiledTopic, controllerHost } from './compile.ts';
import type { AnyMachine } from './machines.ts';

/** A partition as the metadata has it. */
export interface PartitionMetadata {
  /** Broker id, -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly elr: readonly number[];
}

export interface ClusterMetadata {
  /** Null before the topic exists, or while whoever keeps the metadata is down. */
  partition(topic: CompiledTopic, index: number): PartitionMetadata | null;
  /** Registered, and a member of the cluster like any other. */
  isActive(broker: number): boolean;
  /** The epoch under which a broker is registered, null where it is not. */
  brokerEpoch(broker: number): number | null;
  /** The host of the controller, -1 for none. */
  controller(): number;
  /** Every broker can tell clients who leads every partition. */
  isToldEverywhere(): boolean;
}

/** That of a cluster; `machines` are those of its hosts, now and later. */
export function metadataOf(compiled: CompiledPlan, machines: readonly (AnyMachine | null)[]): ClusterMetadata {
  if (compiled.plan.metadata === 'zookeeper') return new ZkMetadata(compiled, machines);
  return compiled.controllers.length > 1 ? new QuorumMetadata(compiled, machines) : new KraftMetadata(machines);
}

class KraftMetadata implements ClusterMetadata {
  private readonly machines: readonly (AnyMachine | null)[];

  constructor(machines: readonly (AnyMachine | null)[]) {
    this.machines = machines;
  }

  private get host(): Controller | null {
    return this.machines[controllerHost] as Controller | null;
  }

  partition({ topicId }: CompiledTopic, index: number): PartitionMetadata | null {
    const { host } = this;
    return host === null ? null : (host.state.topics[topicId]?.partitions[index] ?? null);
  }

  isActive(broker: number): boolean {
    const registration = this.host?.state.brokers.get(broker);
    return registration !== undefined && !registration.fenced && !registration.inControlledShutdown;
  }

  brokerEpoch(broker: number): number | null {
    return this.host?.state.brokers.get(broker)?.brokerEpoch ?? null;
  }

  controller(): number {
    return controllerHost;
  }

  /** What gives a broker its roles tells it of everybody else's. */
  isToldEverywhere(): boolean {
    return true;
  }
}

/**
 * What a quorum has committed, as far as one of its controllers knows: read from the log of whichever knows most, so that it goes on
 * where the one that knew it first has died.
 */
class QuorumMetadata implements ClusterMetadata {
  private readonly machines: readonly (AnyMachine | null)[];
  private readonly hosts: readonly number[];
  private readonly image = emptyImage();
  private read = 0;

  constructor({ controllers }: CompiledPlan, machines: readonly (AnyMachine | null)[]) {
    this.hosts = controllers;
    this.machines = machines;
  }

  private voter(host: number): QuorumController | null {
    return this.machines[host] as QuorumController | null;
  }

  private committed(): ControllerImage {
    for (const host of this.hosts) {
      const state = this.voter(host)?.state;
      if (state === undefined || state.committedOffset <= this.read) continue;
      for (let offset = this.read; offset < state.committedOffset; offset++) replay(this.image, state.records[offset]!);
      this.read = state.committedOffset;
    }
    return this.image;
  }

  partition({ topicId }: CompiledTopic, index: number): PartitionMetadata | null {
    return this.committed().topics[topicId]?.partitions[index] ?? null;
  }

  isActive(broker: number): boolean {
    const registration = this.committed().brokers.get(broker);
    return registration !== undefined && !registration.fenced && !registration.inControlledShutdown;
  }

  brokerEpoch(broker: number): number | null {
    return this.committed().brokers.get(broker)?.brokerEpoch ?? null;
  }

  /** The active controller of the newest epoch. */
  controller(): number {
    let found = -1;
    let newest = -1;
    for (const host of this.hosts) {
      const epoch = this.voter(host)?.state.activeEpoch ?? -1;
      if (epoch <= newest) continue;
      found = host;
      newest = epoch;
    }
    return found;
  }

  isToldEverywhere(): boolean {
    return true;
  }
}

class ZkMetadata implements ClusterMetadata {
  private readonly compiled: CompiledPlan;
  private readonly machines: readonly (AnyMachine | null)[];
  /** By znode of the state: what was made of it and of its topic's. */
  private readonly known = new WeakMap<object, { readonly topic: object; readonly made: PartitionMetadata }>();

  constructor(compiled: CompiledPlan, machines: readonly (AnyMachine | null)[]) {
    this.compiled = compiled;
    this.machines = machines;
  }

  private get host(): ZooKeeper | null {
    return this.machines[controllerHost] as ZooKeeper | null;
  }

  partition({ plan }: CompiledTopic, index: number): PartitionMetadata | null {
    const nodes = this.host?.state.tree.nodes;
    const state = nodes?.get(partitionPath(plan.name, index));
    const topic = nodes?.get(topicPath(plan.name));
    if (state === undefined || topic === undefined) return null;
    const known = this.known.get(state);
    if (known?.topic === topic) return known.made;
    const { leader, leaderEpoch, isr } = state.data as LeaderAndIsr;
    const replicas = (topic.data as TopicZnode).assignments[index]!;
    const made = { leader, leaderEpoch, partitionEpoch: state.version, replicas, isr, elr: [] };
    this.known.set(state, { topic, made });
    return made;
  }

  isActive(broker: number): boolean {
    return this.host?.state.tree.nodes.has(brokerPath(broker)) ?? false;
  }

  brokerEpoch(broker: number): number | null {
    return this.host?.state.tree.nodes.get(brokerPath(broker))?.czxid ?? null;
  }

  controller(): number {
    return (this.host?.state.tree.nodes.get(controllerPath)?.data as number | undefined) ?? -1;
  }

  isToldEverywhere(): boolean {
    const { plan, topics } = this.compiled;
    for (let id = 1; id <= plan.brokers; id++) {
      const known = (this.machines[id] as Broker | null)?.state.image.topics;
      for (const { topicId, plan: topic } of topics) {
        const partitions = known?.[topicId]?.partitions;
        if (partitions?.length !== topic.partitions || partitions.some(({ leader }) => leader < 0)) return false;
      }
    }
    return true;
  }
}
