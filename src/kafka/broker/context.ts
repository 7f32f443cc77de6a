/** What every handler of a broker works with: its state, its rules, and the time, chance and effects of the present input. */
import type { Out, Step } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { BrokerRules } from './rules.ts';
import type { BrokerState, ImageBroker, ImagePartition, ImageTopic, Partition } from './state.ts';
import type { TruncationProtocol } from './truncation.ts';

export interface BrokerContext {
  readonly state: BrokerState;
  readonly rules: BrokerRules;
  readonly truncation: TruncationProtocol;
  step: Step;
  out: Out;
}

/** The replica of a partition on this broker, if it has one. */
export function partitionOf(b: BrokerContext, topicId: number, index: number): Partition | undefined {
  return b.state.partitions[topicId]?.[index];
}

/** The same by topic name. */
export function partitionNamed(b: BrokerContext, topic: string, index: number): Partition | undefined {
  const topicId = b.state.image.topicIds.get(topic);
  return topicId === undefined ? undefined : b.state.partitions[topicId]?.[index];
}

/** What the metadata says of a broker, if it was ever registered. */
export function registeredBroker(b: BrokerContext, id: number): ImageBroker | undefined {
  return b.state.image.brokersById[id];
}

/** What the metadata says of a partition, if it exists. */
export function imageOf(
  b: BrokerContext,
  topic: string,
  index: number,
): { topic: ImageTopic; partition: ImagePartition } | undefined {
  const topicId = b.state.image.topicIds.get(topic);
  if (topicId === undefined) return undefined;
  const found = b.state.image.topics[topicId]!;
  const partition = found.partitions[index];
  return partition === undefined ? undefined : { topic: found, partition };
}

/**
 * Why a broker without a replica of a partition turns a request for it away: others have one, or it does not exist as far as this broker
 * knows. Source: ReplicaManager.getPartitionOrError.
 */
export function whyAbsent(b: BrokerContext, topic: string, index: number): number {
  return imageOf(b, topic, index) === undefined ? ErrorCode.unknownTopicOrPartition : ErrorCode.notLeaderOrFollower;
}

/** min.insync.replicas as it counts: never more than there are replicas (3.7, Partition.effectiveMinIsr). */
export function effectiveMinIsr(p: Partition): number {
  return Math.min(p.config.minInsyncReplicas, p.replicas.length);
}
