/** The controller that lives in a broker: plain data, read from ZooKeeper by whoever is elected. Source: ControllerContext.scala. */
import type { Micros } from '../../base/units.ts';
import type { Channel } from '../client/channel.ts';
import type { ConnectionId } from '../machine.ts';
import type { ControlledShutdownRequest, ControllerToBrokerRequest } from '../protocol/control-messages.ts';
import type {
  AllocateProducerIdsRequest,
  AlterPartitionReassignmentsRequest,
  AlterPartitionRequest,
  CreatePartitionsRequest,
  CreateTopicsRequest,
  ElectLeadersRequest,
} from '../protocol/messages.ts';

/** What the state of a partition holds in ZooKeeper. */
export interface LeaderAndIsr {
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly leaderRecoveryState: 0 | 1;
  /** Of the controller that wrote it. */
  readonly controllerEpoch: number;
}

/** The same with the version that it has there. */
export interface PartitionInfo extends LeaderAndIsr {
  readonly partitionEpoch: number;
}

/** What a topic's znode holds: replicas by partition, preferred first. */
export interface TopicZnode {
  readonly topicId: number;
  readonly assignments: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, string>>;
}

export interface ControlledTopic {
  readonly name: string;
  readonly topicId: number;
  readonly config: Readonly<Record<string, string>>;
  readonly partitions: ControlledPartition[];
}
export interface ControlledPartition {
  readonly topicId: number;
  readonly index: number;
  replicas: readonly number[];
  state: 'new' | 'online' | 'offline';
  /** Null until it has been given a leader for the first time. */
  info: PartitionInfo | null;
}

/** A partition by its topic's id and its index. */
export interface PartitionRef {
  readonly topicId: number;
  readonly index: number;
}

/** How a leader is chosen. Source: PartitionLeaderElectionStrategy in PartitionStateMachine.scala. */
export type Strategy = 'offline' | 'offline-or-unclean' | 'preferred' | 'controlled-shutdown';

/** A change of a partition's state that is to be written. */
export interface Update {
  readonly of: PartitionRef;
  readonly before: PartitionInfo;
  readonly after: LeaderAndIsr;
  /** Brokers that are told. */
  readonly recipients: readonly number[];
}

/** Who waits for the outcome of a task. */
export interface Asker {
  readonly connection: ConnectionId;
  readonly correlationId: number;
}

/**
 * What the controller's thread does: one event after the other, each of which comes to more tasks, one after the other. A task may ask
 * ZooKeeper, and the thread waits for the answer. Source: ControllerEventManager.scala.
 */
export type Task =
  | { readonly kind: 'register' }
  | { readonly kind: 'elect' }
  | { readonly kind: 'resign-if-moved' }
  | { readonly kind: 'claim'; readonly epoch: number; readonly epochVersion: number }
  | { readonly kind: 'check-claim'; readonly epoch: number }
  | { readonly kind: 'load' }
  | { readonly kind: 'load-partitions' }
  | { readonly kind: 'elect-offline' }
  | { readonly kind: 'broker-change' }
  | { readonly kind: 'topic-change' }
  | { readonly kind: 'initialize'; readonly partitions: readonly PartitionRef[] }
  | { readonly kind: 'adopt'; readonly partitions: readonly PartitionRef[] }
  | { readonly kind: 'refresh'; readonly partitions: readonly PartitionRef[] }
  | { readonly kind: 'elect-leaders'; readonly partitions: readonly PartitionRef[]; readonly strategy: Strategy }
  | { readonly kind: 'write-leaders'; readonly updates: readonly Update[]; readonly strategy: Strategy }
  | {
      readonly kind: 'replicas-offline';
      readonly broker: number;
      readonly partitions: readonly PartitionRef[];
    }
  | {
      readonly kind: 'write-isrs';
      readonly broker: number;
      readonly updates: readonly Update[];
    }
  | { readonly kind: 'broker-startup'; readonly brokers: readonly RegisteredBroker[] }
  | { readonly kind: 'broker-failure'; readonly brokers: readonly number[] }
  | { readonly kind: 'balance' }
  | { readonly kind: 'bump-epoch'; readonly of: PartitionRef }
  | { readonly kind: 'alter-partition'; readonly asker: Asker; readonly request: AlterPartitionRequest }
  | {
      readonly kind: 'producer-ids';
      readonly asker: Asker;
      readonly request: AllocateProducerIdsRequest;
      readonly block: ProducerIds | null;
    }
  | { readonly kind: 'controlled-shutdown'; readonly asker: Asker; readonly request: ControlledShutdownRequest }
  | { readonly kind: 'shutdown-reply'; readonly asker: Asker; readonly request: ControlledShutdownRequest }
  | {
      readonly kind: 'create-topics';
      readonly asker: Asker;
      readonly request: CreateTopicsRequest;
      readonly known: readonly string[] | null;
    }
  | { readonly kind: 'create-partitions'; readonly asker: Asker; readonly request: CreatePartitionsRequest }
  | { readonly kind: 'elect-request'; readonly asker: Asker; readonly request: ElectLeadersRequest }
  | {
      readonly kind: 'elect-reply';
      readonly asker: Asker;
      readonly request: ElectLeadersRequest;
      readonly needed: readonly PartitionRef[];
    }
  | { readonly kind: 'reassign'; readonly asker: Asker; readonly request: AlterPartitionReassignmentsRequest };

/** A broker and the epoch of its life. */
export interface RegisteredBroker {
  readonly id: number;
  readonly brokerEpoch: number;
}

/** The block of producer ids that is next, and the version of its znode; version -1 while there is none. */
export interface ProducerIds {
  readonly next: number;
  readonly version: number;
}

/** The controller's thread that sends to one broker: one request at a time, in order, again until it is answered. */
export interface BrokerChannel {
  readonly channel: Channel;
  readonly queue: ControllerToBrokerRequest[];
  armedUs: Micros;
}

export interface ZkControllerState {
  /** Broker that is the controller as far as this one knows from ZooKeeper, -1 for none. */
  activeControllerId: number;
  epoch: number;
  /** Version of the znode that holds the epoch: whoever writes checks that it has not changed. */
  epochVersion: number;
  /** Registered brokers by id, with the epochs of their lives; in the order of their ids. */
  readonly liveBrokers: Map<number, number>;
  readonly shuttingDown: Set<number>;
  /** By id. */
  readonly topics: ControlledTopic[];
  readonly events: Task[];
  readonly steps: Task[];
  /** The task that waits for ZooKeeper's answer. */
  current: Task | null;
  /** By broker id. */
  readonly channels: (BrokerChannel | undefined)[];
}

export function createZkControllerState(): ZkControllerState {
  return {
    activeControllerId: -1,
    epoch: 0,
    epochVersion: 0,
    liveBrokers: new Map(),
    shuttingDown: new Set(),
    topics: [],
    events: [],
    steps: [],
    current: null,
    channels: [],
  };
}
