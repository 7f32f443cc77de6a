/**
 * What the controller tells brokers of one change: gathered, then sent to each broker as one LeaderAndIsr, one UpdateMetadata and one
 * StopReplica, in that order. Source: ControllerBrokerRequestBatch in ControllerChannelManager.scala.
 */
import type {
  ControllerToBrokerRequest,
  LeaderAndIsrPartitionState,
  StopReplicaPartitionState,
  TopicState,
} from '../protocol/control-messages.ts';
import { enqueue } from './channels.ts';
import { liveOrShuttingDown, topicOf, type ZkBrokerContext } from './context.ts';
import type { ControlledPartition } from './state.ts';

export interface RequestBatch {
  /** By broker, each partition once. */
  readonly leaderAndIsr: Map<number, ControlledPartition[]>;
  readonly stopReplica: Map<number, ControlledPartition[]>;
  readonly updateMetadata: Set<number>;
  readonly updated: ControlledPartition[];
}

export function newBatch(): RequestBatch {
  return { leaderAndIsr: new Map(), stopReplica: new Map(), updateMetadata: new Set(), updated: [] };
}

function add(to: Map<number, ControlledPartition[]>, broker: number, p: ControlledPartition): void {
  const known = to.get(broker) ?? [];
  if (!known.includes(p)) known.push(p);
  to.set(broker, known);
}

/** These brokers take the roles of the partition's state; all live brokers hear of it. */
export function addLeaderAndIsr(
  b: ZkBrokerContext,
  batch: RequestBatch,
  brokers: readonly number[],
  p: ControlledPartition,
): void {
  for (const broker of brokers) add(batch.leaderAndIsr, broker, p);
  addUpdateMetadata(batch, liveOrShuttingDown(b), [p]);
}

export function addStopReplica(batch: RequestBatch, broker: number, p: ControlledPartition): void {
  add(batch.stopReplica, broker, p);
}

export function addUpdateMetadata(
  batch: RequestBatch,
  brokers: readonly number[],
  partitions: readonly ControlledPartition[],
): void {
  for (const broker of brokers) batch.updateMetadata.add(broker);
  for (const p of partitions) if (p.info !== null && !batch.updated.includes(p)) batch.updated.push(p);
}

/** Queues what was gathered. Brokers that are not registered are left out. */
export function sendBatch(b: ZkBrokerContext, batch: RequestBatch): void {
  const { liveBrokers, epoch } = b.state.controllerRole;
  const head = (broker: number): Pick<ControllerToBrokerRequest, 'controllerId' | 'controllerEpoch' | 'brokerEpoch'> => ({
    controllerId: b.state.id,
    controllerEpoch: epoch,
    brokerEpoch: liveBrokers.get(broker)!,
  });
  for (const [broker, partitions] of batch.leaderAndIsr) {
    if (!liveBrokers.has(broker)) continue;
    enqueue(b, broker, { api: 4, ...head(broker), topicStates: topicStates(b, partitions, leaderAndIsrState) });
  }
  const updated = topicStates(b, batch.updated, leaderAndIsrState);
  for (const broker of batch.updateMetadata) {
    if (!liveBrokers.has(broker)) continue;
    enqueue(b, broker, { api: 6, ...head(broker), topicStates: updated, liveBrokers: liveOrShuttingDown(b) });
  }
  for (const [broker, partitions] of batch.stopReplica) {
    if (!liveBrokers.has(broker)) continue;
    enqueue(b, broker, { api: 5, ...head(broker), topicStates: topicStates(b, partitions, stopReplicaState) });
  }
}

function leaderAndIsrState({ index, replicas, info }: ControlledPartition): LeaderAndIsrPartitionState {
  const { leader, leaderEpoch, isr, partitionEpoch, leaderRecoveryState } = info!;
  return { partitionIndex: index, leader, leaderEpoch, isr, partitionEpoch, replicas, leaderRecoveryState };
}

function stopReplicaState({ index, info }: ControlledPartition): StopReplicaPartitionState {
  return { partitionIndex: index, leaderEpoch: info?.leaderEpoch ?? -1 };
}

function topicStates<P>(
  b: ZkBrokerContext,
  partitions: readonly ControlledPartition[],
  stateOf: (p: ControlledPartition) => P,
): TopicState<P>[] {
  const states: { topicName: string; topicId: number; config: Readonly<Record<string, string>>; partitionStates: P[] }[] = [];
  for (const p of partitions) {
    const { name, topicId, config } = topicOf(b, p);
    let topic = states.find((known) => known.topicId === topicId);
    if (topic === undefined) {
      topic = { topicName: name, topicId, config, partitionStates: [] };
      states.push(topic);
    }
    topic.partitionStates.push(stateOf(p));
  }
  return states;
}
