/**
 * Requests and responses of consumer groups, classic protocol: what a group's coordinator serves. Named and shaped after Kafka's
 * protocol messages, as those in `messages.ts`. Subscriptions and assignments, which Kafka's brokers do not read, are not serialised.
 */
import type { Millis, Offset } from '../../base/units.ts';
import type { HostId } from '../machine.ts';

export interface FindCoordinatorRequest {
  readonly api: 10;
  /** The group. */
  readonly key: string;
}
export interface FindCoordinatorResponse {
  readonly api: 10;
  readonly errorCode: number;
  /** -1 when there is none. */
  readonly nodeId: number;
  readonly host: HostId;
}
/** ConsumerProtocolSubscription.json: what a member tells its leader. */
export interface Subscription {
  readonly topics: readonly string[];
}
/** ConsumerProtocolAssignment.json. */
export interface Assignment {
  readonly assignedPartitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}
export interface JoinGroupRequest {
  readonly api: 11;
  readonly groupId: string;
  readonly sessionTimeoutMs: Millis;
  readonly rebalanceTimeoutMs: Millis;
  /** Empty at the first attempt. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: 'consumer';
  /** In the order of preference; `name` is an assignor's. */
  readonly protocols: readonly { readonly name: string; readonly metadata: Subscription }[];
}
export interface JoinGroupResponse {
  readonly api: 11;
  readonly errorCode: number;
  /** -1 with an error. */
  readonly generationId: number;
  /** The assignor that was chosen; null with an error. */
  readonly protocolName: string | null;
  /** Member id of the leader. */
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** For the leader only. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Subscription;
  }[];
}
export interface SyncGroupRequest {
  readonly api: 14;
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolName: string;
  /** From the leader only. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Assignment }[];
}
export interface SyncGroupResponse {
  readonly api: 14;
  readonly errorCode: number;
  readonly assignment: Assignment;
}
export interface HeartbeatRequest {
  readonly api: 12;
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}
export interface HeartbeatResponse {
  readonly api: 12;
  readonly errorCode: number;
}
export interface LeaveGroupRequest {
  readonly api: 13;
  readonly groupId: string;
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null }[];
}
export interface LeaveGroupResponse {
  readonly api: 13;
  readonly errorCode: number;
  readonly members: readonly { readonly memberId: string; readonly errorCode: number }[];
}
export interface OffsetCommitRequest {
  readonly api: 8;
  readonly groupId: string;
  /** -1 from a client that is no member. */
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly OffsetCommitPartition[] }[];
}
export interface OffsetCommitPartition {
  readonly partitionIndex: number;
  /** The next offset to read. */
  readonly committedOffset: Offset;
  readonly committedLeaderEpoch: number;
}
export interface OffsetCommitResponse {
  readonly api: 8;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}
export interface OffsetFetchRequest {
  readonly api: 9;
  readonly groupId: string;
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[];
}
export interface OffsetFetchResponse {
  readonly api: 9;
  readonly errorCode: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly OffsetFetchPartition[] }[];
}
export interface OffsetFetchPartition {
  readonly partitionIndex: number;
  /** -1: nothing was committed. */
  readonly committedOffset: Offset;
  readonly committedLeaderEpoch: number;
  readonly errorCode: number;
}

export type GroupRequest =
  | OffsetCommitRequest
  | OffsetFetchRequest
  | FindCoordinatorRequest
  | JoinGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | SyncGroupRequest;

export type GroupResponse =
  | OffsetCommitResponse
  | OffsetFetchResponse
  | FindCoordinatorResponse
  | JoinGroupResponse
  | HeartbeatResponse
  | LeaveGroupResponse
  | SyncGroupResponse;
