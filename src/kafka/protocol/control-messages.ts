/**
 * What a controller that lives in a broker says to brokers, and a stopping broker to it: LeaderAndIsr, StopReplica, UpdateMetadata,
 * ControlledShutdown. Clusters with ZooKeeper have them, up to 3.9. Every request to a broker carries the controller's epoch, and the epoch
 * of the broker's life that it is meant for (KIP-380).
 *
 * Simplified: settings of topics come along, which Kafka's brokers read from ZooKeeper themselves; no log directories, no deletion.
 */
export interface LeaderAndIsrRequest extends FromController {
  readonly api: 4;
  readonly topicStates: readonly TopicState<LeaderAndIsrPartitionState>[];
}
export interface LeaderAndIsrPartitionState {
  readonly partitionIndex: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  /** Version of the partition's state in ZooKeeper. */
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly leaderRecoveryState: 0 | 1;
}
export interface LeaderAndIsrResponse {
  readonly api: 4;
  readonly errorCode: number;
  readonly topics: readonly {
    readonly topicId: number;
    readonly partitionErrors: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

export interface StopReplicaRequest extends FromController {
  readonly api: 5;
  readonly topicStates: readonly TopicState<StopReplicaPartitionState>[];
}
export interface StopReplicaPartitionState {
  readonly partitionIndex: number;
  readonly leaderEpoch: number;
}
export interface StopReplicaResponse {
  readonly api: 5;
  readonly errorCode: number;
}

export interface UpdateMetadataRequest extends FromController {
  readonly api: 6;
  readonly topicStates: readonly TopicState<LeaderAndIsrPartitionState>[];
  readonly liveBrokers: readonly number[];
}
export interface UpdateMetadataResponse {
  readonly api: 6;
  readonly errorCode: number;
}

export interface ControlledShutdownRequest {
  readonly api: 7;
  readonly brokerId: number;
  readonly brokerEpoch: number;
}
export interface ControlledShutdownResponse {
  readonly api: 7;
  readonly errorCode: number;
  /** How many partitions the broker still leads. */
  readonly remainingPartitions: number;
}

interface FromController {
  readonly controllerId: number;
  readonly controllerEpoch: number;
  /** Of the life that the request is meant for: czxid of its registration. */
  readonly brokerEpoch: number;
}

/** The partitions of one topic in a request. */
export interface TopicState<P> {
  readonly topicName: string;
  readonly topicId: number;
  readonly config: Readonly<Record<string, string>>;
  readonly partitionStates: readonly P[];
}

/** What a controller sends to brokers. */
export type ControllerToBrokerRequest = LeaderAndIsrRequest | StopReplicaRequest | UpdateMetadataRequest;
/** Every request of this file, and every response. */
export type ControlRequest = ControllerToBrokerRequest | ControlledShutdownRequest;
export type ControlResponse = LeaderAndIsrResponse | StopReplicaResponse | UpdateMetadataResponse | ControlledShutdownResponse;
