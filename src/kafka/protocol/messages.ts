/**
 * Requests and responses, named and shaped after Kafka's protocol messages
 * (clients/src/main/resources/common/message/*.json), as far as their fields are used. Topic ids are small integers instead of
 * UUIDs. The versions named in {@link apiVersions} are the ones whose semantics are modelled.
 */
import type { Millis, Offset } from '../../base/units.ts';
import type { HostId } from '../machine.ts';
import type { ApiKey } from './api-keys.ts';
import type { ControlRequest, ControlResponse } from './control-messages.ts';
import type { DeleteRecordsRequest, DeleteRecordsResponse } from './delete-records-messages.ts';
import type { GroupRequest, GroupResponse } from './group-messages.ts';
import type { MetadataRecord } from './metadata-records.ts';
import type {
  ListOffsetsRequest,
  ListOffsetsResponse,
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from './offset-messages.ts';
import type { RaftAnswer, RaftPosition, RaftRequest, RaftResponse } from './raft-messages.ts';
import type { RecordBatch } from './records.ts';
import type { ZkRequest, ZkResponse } from './zookeeper-messages.ts';

export { ApiKey, apiNames, apiVersions } from './api-keys.ts';

export interface RequestHeader {
  readonly api: ApiKey;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
}

// ---- Produce
export interface ProduceRequest {
  readonly api: 0;
  readonly acks: -1 | 0 | 1;
  readonly timeoutMs: Millis;
  readonly topicData: readonly { readonly name: string; readonly partitionData: readonly PartitionProduceData[] }[];
}
export interface PartitionProduceData {
  readonly index: number;
  readonly records: RecordBatch;
}
export interface ProduceResponse {
  readonly api: 0;
  readonly responses: readonly { readonly name: string; readonly partitionResponses: readonly PartitionProduceResponse[] }[];
}
export interface PartitionProduceResponse {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: Offset;
  readonly logStartOffset: Offset;
  /** Version 10 (KIP-951): with NOT_LEADER_OR_FOLLOWER, the leader that this broker knows; -1 when it knows none. */
  readonly currentLeader: number;
  readonly currentLeaderEpoch: number;
}

// ---- Fetch, of followers and of consumers
export interface FetchRequest {
  readonly api: 1;
  /** -1 for a consumer. */
  readonly replicaId: number;
  /** -1 for a consumer (KIP-903). */
  readonly replicaEpoch: number;
  readonly maxWaitMs: Millis;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** `client.rack` of a consumer that may be sent to a follower (KIP-392); left out without one. */
  readonly rackId?: string;
  readonly topics: readonly { readonly topicId: number; readonly partitions: readonly FetchPartition[] }[];
}
export interface FetchPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: Offset;
  /** Epoch of the last record the replica has, -1 when unknown (KIP-595). */
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: Offset;
  readonly partitionMaxBytes: number;
}
export interface FetchResponse {
  readonly api: 1;
  readonly responses: readonly { readonly topicId: number; readonly partitions: readonly FetchPartitionData[] }[];
}
export interface FetchPartitionData {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: Offset;
  readonly logStartOffset: Offset;
  /** Set when the follower's log diverges: the leader's epoch at or below the follower's, and its end offset. */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: Offset } | null;
  readonly currentLeader: number;
  readonly currentLeaderEpoch: number;
  /** The replica that the consumer should read from instead: then there are no records. */
  readonly preferredReadReplica?: number;
  readonly records: readonly RecordBatch[];
}

// ---- Metadata
export interface MetadataRequest {
  readonly api: 3;
  readonly topics: readonly string[];
}
export interface MetadataResponse {
  readonly api: 3;
  readonly brokers: readonly { readonly nodeId: number; readonly host: HostId }[];
  /** Where one of the brokers is the controller: that one, -1 while none is known. */
  readonly controllerId?: number;
  readonly topics: readonly MetadataTopic[];
}
export interface MetadataTopic {
  readonly errorCode: number;
  readonly name: string;
  readonly topicId: number;
  readonly partitions: readonly MetadataPartition[];
}
export interface MetadataPartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly isrNodes: readonly number[];
}

// ---- topics, elections (sent by the operator's client to the controller, KIP-919)
export interface CreateTopicsRequest {
  readonly api: 19;
  readonly topics: readonly {
    readonly name: string;
    readonly assignments: readonly (readonly number[])[];
    readonly configs: Readonly<Record<string, string>>;
  }[];
}
export interface CreateTopicsResponse {
  readonly api: 19;
  readonly topics: readonly { readonly name: string; readonly topicId: number; readonly errorCode: number }[];
}
export interface CreatePartitionsRequest {
  readonly api: 37;
  /** `count`: how many there are to be in all. `assignments`: the replicas of those that are new, preferred first. */
  readonly topics: readonly {
    readonly name: string;
    readonly count: number;
    readonly assignments: readonly (readonly number[])[];
  }[];
}
export interface CreatePartitionsResponse {
  readonly api: 37;
  readonly results: readonly { readonly name: string; readonly errorCode: number }[];
}
export interface ElectLeadersRequest {
  readonly api: 43;
  readonly electionType: 'preferred' | 'unclean';
  readonly topicPartitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}
export interface ElectLeadersResponse {
  readonly api: 43;
  readonly replicaElectionResults: readonly {
    readonly topic: string;
    readonly partitionResult: readonly { readonly partitionId: number; readonly errorCode: number }[];
  }[];
}
/** Of topics, and to set them: what else Kafka can do to a setting is not modelled. */
export interface IncrementalAlterConfigsRequest {
  readonly api: 44;
  readonly topics: readonly { readonly name: string; readonly configs: Readonly<Record<string, string>> }[];
}
export interface IncrementalAlterConfigsResponse {
  readonly api: 44;
  readonly responses: readonly { readonly name: string; readonly errorCode: number }[];
}
export interface AlterPartitionReassignmentsRequest {
  readonly api: 45;
  readonly topics: readonly {
    readonly name: string;
    /** Without replicas (null) the reassignment under way is cancelled. */
    readonly partitions: readonly { readonly partitionIndex: number; readonly replicas: readonly number[] | null }[];
  }[];
}
export interface AlterPartitionReassignmentsResponse {
  readonly api: 45;
  readonly responses: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

// ---- producer ids
export interface InitProducerIdRequest {
  readonly api: 22;
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface InitProducerIdResponse {
  readonly api: 22;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface AllocateProducerIdsRequest {
  readonly api: 67;
  readonly brokerId: number;
  readonly brokerEpoch: number;
}
export interface AllocateProducerIdsResponse {
  readonly api: 67;
  readonly errorCode: number;
  readonly producerIdStart: number;
  readonly producerIdLen: number;
}

// ---- broker to controller
export interface AlterPartitionRequest {
  readonly api: 56;
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly topics: readonly { readonly topicId: number; readonly partitions: readonly AlterPartitionData[] }[];
}
export interface AlterPartitionData {
  readonly partitionIndex: number;
  readonly leaderEpoch: number;
  readonly newIsrWithEpochs: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
  readonly leaderRecoveryState: 0 | 1;
  readonly partitionEpoch: number;
}
export interface AlterPartitionResponse {
  readonly api: 56;
  readonly errorCode: number;
  readonly topics: readonly { readonly topicId: number; readonly partitions: readonly AlterPartitionResponseData[] }[];
}
export interface AlterPartitionResponseData {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  readonly leaderRecoveryState: 0 | 1;
  readonly partitionEpoch: number;
}
export interface BrokerRegistrationRequest {
  readonly api: 62;
  readonly brokerId: number;
  readonly incarnationId: number;
  readonly previousBrokerEpoch: number;
}
export interface BrokerRegistrationResponse {
  readonly api: 62;
  readonly errorCode: number;
  readonly brokerEpoch: number;
}
export interface BrokerHeartbeatRequest {
  readonly api: 63;
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly currentMetadataOffset: Offset;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
}
export interface BrokerHeartbeatResponse {
  readonly api: 63;
  readonly errorCode: number;
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
}
/** Fetch of the metadata partition: brokers are observers of the controller's log. */
export interface FetchMetadataLogRequest {
  readonly api: 59;
  readonly replicaId: number;
  readonly fetchOffset: Offset;
  readonly maxWaitMs: Millis;
  /** What a replica of a quorum's log says beside it; null where one controller has no quorum. */
  readonly quorum: RaftPosition | null;
}
export interface FetchMetadataLogResponse {
  readonly api: 59;
  readonly errorCode: number;
  /** -1 while a new leader does not know it. */
  readonly highWatermark: Offset;
  /** What is committed; none where there is a quorum. */
  readonly records: readonly MetadataRecord[];
  readonly quorum: RaftAnswer | null;
}

export type RequestBody =
  | ProduceRequest
  | FetchRequest
  | ListOffsetsRequest
  | OffsetForLeaderEpochRequest
  | MetadataRequest
  | GroupRequest
  | CreateTopicsRequest
  | CreatePartitionsRequest
  | DeleteRecordsRequest
  | InitProducerIdRequest
  | ElectLeadersRequest
  | IncrementalAlterConfigsRequest
  | AlterPartitionReassignmentsRequest
  | AlterPartitionRequest
  | FetchMetadataLogRequest
  | BrokerRegistrationRequest
  | BrokerHeartbeatRequest
  | AllocateProducerIdsRequest
  | ControlRequest
  | RaftRequest
  | ZkRequest;

export type ResponseBody =
  | ProduceResponse
  | FetchResponse
  | ListOffsetsResponse
  | OffsetForLeaderEpochResponse
  | MetadataResponse
  | GroupResponse
  | CreateTopicsResponse
  | CreatePartitionsResponse
  | DeleteRecordsResponse
  | InitProducerIdResponse
  | ElectLeadersResponse
  | IncrementalAlterConfigsResponse
  | AlterPartitionReassignmentsResponse
  | AlterPartitionResponse
  | FetchMetadataLogResponse
  | BrokerRegistrationResponse
  | BrokerHeartbeatResponse
  | AllocateProducerIdsResponse
  | ControlResponse
  | RaftResponse
  | ZkResponse;
