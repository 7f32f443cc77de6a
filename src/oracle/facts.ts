/**
 * What the oracle is told of a run besides its history: settings after Kafka's own rules have resolved them, and which host is
 * which. Everything here follows from the plan; nothing is read from the simulator. What only a run can tell is in
 * `evidence.ts`.
 */
import type { Truncation } from '../plan/plan.ts';

/** A topic's settings, resolved. */
export interface TopicFacts {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** `min.insync.replicas`. */
  readonly minInsyncReplicas: number;
  /** `unclean.leader.election.enable`. */
  readonly uncleanLeaderElection: boolean;
  /** `flush.messages`; `NEVER` (base/units.ts) by default. */
  readonly flushMessages: number;
}

/** Settings of a run. What the producers are set to is in `History.producers`. */
export interface RunFacts {
  /** In plan order, as the partitions of the history are. */
  readonly topics: readonly TopicFacts[];
  /** By index of `History.producers`: what the application does after a restart. */
  readonly onRestart: readonly ('resend' | 'continue')[];
}

/** Which host is which. Observers are told host indices, and topics by their position in the plan. */
export interface ClusterLayout {
  /** Number of partitions of each topic, in plan order. */
  readonly partitionsPerTopic: readonly number[];
  /** Broker id by host index, -1 for a host that is no broker. */
  readonly brokerOfHost: readonly number[];
  /** Index into `History.producers` by host index, -1 for a host that is no producer. */
  readonly producerOfHost: readonly number[];
  /** Name of the member of a group by host index, null for a host that is none. */
  readonly memberOfHost: readonly (string | null)[];
  /** Topic that each producer writes to, as an index of the plan's topics. */
  readonly topicOfProducer: readonly number[];
  /** There are several controllers. */
  readonly hasQuorum?: boolean;
  /** How followers truncate. */
  readonly truncation?: Truncation;
}

/** Index of the first partition of every topic in `History.partitions`, and after the last topic the number of all partitions. */
export function firstPartitions(partitionsPerTopic: readonly number[]): readonly number[] {
  const first = [0];
  for (let t = 0; t < partitionsPerTopic.length; t++) first.push(first[t]! + partitionsPerTopic[t]!);
  return first;
}

/** The topic that a partition (an index of `History.partitions`) belongs to, or null when the facts do not name it. */
export function topicOf(facts: RunFacts, partition: number): TopicFacts | null {
  let rest = partition;
  for (const topic of facts.topics) {
    if (rest >= 0 && rest < topic.partitions) return topic;
    rest -= topic.partitions;
  }
  return null;
}
