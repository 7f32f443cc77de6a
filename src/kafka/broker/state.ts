/** The state of a broker: plain data, no behaviour. */
import { emptyList } from '../../base/lists.ts';
import type { Micros, Millis, Offset } from '../../base/units.ts';
import { type Channel, type ChannelTable, createChannel, createChannelTable } from '../client/channel.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { TopicConfig } from '../config/topic.ts';
import type { FileTable, PartitionLog } from '../log/partition-log.ts';
import type { ConnectionId, HostId } from '../machine.ts';
import type { FetchPartition, FetchRequest } from '../protocol/messages.ts';
import type { ListOffsetsRequest, OffsetForLeaderEpochRequest } from '../protocol/offset-messages.ts';
import { createGroupCoordinatorState, type GroupAppend, type GroupCoordinatorState } from './group/state.ts';
import type { Question } from './truncation.ts';

/** What a leader knows of another replica. Source: Replica.scala. */
export interface RemoteReplica {
  readonly brokerId: number;
  /** Offset of its last fetch: it has everything below. -1 until it has fetched in this leader epoch. */
  logEndOffset: Offset;
  lastFetchTimeMs: Millis;
  lastFetchLeaderLogEndOffset: Offset;
  lastCaughtUpTimeMs: Millis;
  /** Where its log starts, as its last fetch told; -1 until it has fetched in this leader epoch. */
  logStartOffset: Offset;
  /** Broker epoch that its last fetch carried, -1 when unknown (KIP-903). */
  brokerEpoch: number;
}

/** A broker of a proposed ISR, and which of its lives; -1 where it is not known. */
export interface ProposedMember {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

/** A change of the ISR that the controller has not confirmed. */
export interface PendingIsr {
  readonly kind: 'expand' | 'shrink';
  readonly isr: readonly number[];
  /** The same, with the lives that were in sync when it was proposed. */
  readonly newIsrWithEpochs: readonly ProposedMember[];
  /** The request is on its way; otherwise it waits to be sent. */
  sent: boolean;
}

export interface Partition {
  readonly topicId: number;
  readonly topic: string;
  readonly index: number;
  log: PartitionLog;
  config: TopicConfig;
  role: 'leader' | 'follower' | 'none';
  /** -1: none. */
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  /** Log end offset when this broker became leader of the present epoch. */
  leaderEpochStartOffset: Offset;
  replicas: readonly number[];
  /** As the controller has confirmed it. */
  isr: readonly number[];
  pendingIsr: PendingIsr | null;
  /** Kafka marks a leader that was elected uncleanly; leaders answer RECOVERED with their next AlterPartition. */
  leaderRecoveryState: 0 | 1;
  /** The other replicas, in assignment order; only a leader keeps them. */
  remotes: RemoteReplica[];
  delayedProduce: DelayedProduce[];
  readonly delayedFetch: DelayedFetch[];
  /** As a follower: no fetch before this time. */
  fetchDelayedUntilUs: Micros;
  /** As a follower: an append that must be fsynced first (`flush.messages`) is not done. */
  fetchWaitsForFsync: boolean;
  /** As a follower: the leader refused our epoch; wait for newer metadata. */
  fetchFailed: boolean;
  /** What the leader is to be asked before the next fetch. */
  question: Question | null;
  lastFlushedMs: Millis;
  /** This broker is no replica of the partition any more; its log is deleted. Whoever still waits for the partition is told so. */
  removed: boolean;
}

/** An append that waits for replication, for its own fsync, or for both. Source: DelayedProduce.scala. */
export interface DelayedProduce {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly acks: -1 | 0 | 1;
  readonly deadlineUs: Micros;
  readonly parts: DelayedProducePart[];
  fsyncsAwaited: number;
  done: boolean;
  /** The group coordinator waits for it instead of a connection. */
  readonly group: GroupAppend | null;
}

export interface DelayedProducePart {
  readonly name: string;
  readonly partition: Partition | null;
  readonly index: number;
  readonly leaderEpoch: number;
  /** High watermark that answers it. */
  readonly requiredOffset: Offset;
  readonly baseOffset: Offset;
  waiting: boolean;
  errorCode: number;
}

/** A fetch, answered at once or when it finds what it asked for. Source: DelayedFetch.scala. */
export interface DelayedFetch {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly request: FetchRequest;
  /** Of the partitions in the order of the request, topic after topic. */
  readonly statuses: readonly FetchPartitionStatus[];
  readonly deadlineUs: Micros;
  done: boolean;
}

/** A deletion of records that waits until the log of no living replica starts below. Source: DelayedDeleteRecords.scala. */
export interface DelayedDeleteRecords {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly deadlineUs: Micros;
  /** In the order of the request. */
  readonly parts: DeleteRecordsPart[];
}

export interface DeleteRecordsPart {
  readonly name: string;
  readonly partitionIndex: number;
  /** Null for one that was refused. */
  readonly partition: Partition | null;
  readonly requestedOffset: Offset;
  errorCode: number;
}

/** What a fetch asks of one partition. Source: FetchPartitionStatus in DelayedFetch.scala. */
export interface FetchPartitionStatus {
  readonly topicId: number;
  readonly wanted: FetchPartition;
  /** Null for one that this broker does not have: then the fetch does not wait. */
  readonly partition: Partition | null;
  /** Why it cannot be read, as it was when it was last looked at. */
  errorCode: number;
  /** The follower that the consumer is sent to, -1 for none. */
  preferredReadReplica: number;
}

/** The thread that copies from one leader. */
export interface Fetcher {
  readonly channel: Channel;
  readonly partitions: Partition[];
  /** The request under way; null when idle. */
  inFlight: FetchRequest | OffsetForLeaderEpochRequest | ListOffsetsRequest | null;
  /** When its timer will fire, -1 when it is not armed. */
  armedUs: Micros;
}

/** What a broker has learnt from the metadata log. */
export interface MetadataImage {
  /** Next record to apply. */
  offset: Offset;
  /** End of the log as the controller last named it. */
  highWatermark: Offset;
  /** In the order of their first registration. */
  readonly brokers: ImageBroker[];
  /** The same by id. */
  readonly brokersById: (ImageBroker | undefined)[];
  readonly topicIds: Map<string, number>;
  readonly topics: ImageTopic[];
}
/** A broker as its registration has it. */
export interface ImageBroker {
  readonly id: number;
  readonly brokerEpoch: number;
  fenced: boolean;
  inControlledShutdown: boolean;
}
export interface ImageTopic {
  readonly name: string;
  readonly topicId: number;
  config: TopicConfig;
  readonly partitions: ImagePartition[];
}
export interface ImagePartition {
  replicas: readonly number[];
  isr: readonly number[];
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  leaderRecoveryState: 0 | 1;
}

export interface BrokerState {
  readonly id: number;
  readonly controller: HostId;
  readonly config: BrokerConfig;
  readonly defaultTopicConfig: TopicConfig;
  /** `broker.rack` by broker id, as registrations tell it; empty where there are none. */
  readonly racks: readonly string[];
  incarnation: number;
  /** `starting`: catching up with metadata. `recovery`: ready, but fenced. `stopped`: about to halt. */
  life: 'starting' | 'recovery' | 'running' | 'shutting-down' | 'flushing' | 'stopped';
  /** Handed out at registration, -1 before. */
  brokerEpoch: number;
  previousBrokerEpoch: number;
  /** Registrations or heartbeats in a row that were refused. */
  failedAttempts: number;
  readonly files: FileTable;
  readonly image: MetadataImage;
  /** By topic id and partition index; only partitions that have a replica here. */
  readonly partitions: (Partition | undefined)[][];
  /** The same in the order they were made, for periodic work. */
  readonly hosted: Partition[];
  /** Logs found at start whose partitions the metadata has not named yet. */
  readonly loadedLogs: Map<string, PartitionLog>;
  readonly channels: ChannelTable;
  /** To the controller: registration, heartbeats, AlterPartition, producer ids. */
  controllerChannel: Channel;
  metadataChannel: Channel;
  /** When the timers of these two channels will fire, -1 when they are not armed. */
  controllerArmedUs: Micros;
  metadataArmedUs: Micros;
  /** By leader's broker id. */
  readonly fetchers: (Fetcher | undefined)[];
  heartbeatInFlight: boolean;
  /** Something changed while a heartbeat was under way: the next one goes out as soon as it is answered. */
  heartbeatAgain: boolean;
  /** While shutting down: the controller has been heard of at least once. */
  shutdownAnswered: boolean;
  alterPartitionInFlight: boolean;
  producerIdsInFlight: boolean;
  readonly producerIdsWaiting: { readonly connection: ConnectionId; readonly correlationId: number }[];
  nextProducerId: number;
  producerIdsEnd: number;
  readonly delayed: (DelayedProduce | DelayedFetch)[];
  /** When the purgatory's timer will fire, -1 when it is not armed. */
  purgatoryArmedUs: Micros;
  readonly groups: GroupCoordinatorState;
  /** Its timer runs. */
  retentionArmed: boolean;
  /** Its timer runs, and a start was ever worth a checkpoint. */
  logStartCheckpointArmed: boolean;
  readonly delayedDeleteRecords: DelayedDeleteRecords[];
  nextFsyncToken: number;
  readonly fsyncs: Map<number, PendingFsync>;
}

/** What an fsync under way is for. */
export interface PendingFsync {
  readonly partition: Partition | null;
  /** What is being flushed: everything from here… */
  readonly from: Offset;
  /** … up to here. */
  readonly upTo: Offset;
  readonly produce: DelayedProduce | null;
  readonly purpose: 'produce' | 'follower' | 'roll' | 'interval' | 'shutdown';
}

/** Timer keys of a broker. Fetchers use `fetcher + leader id`. */
export const BrokerTimer = {
  heartbeat: 0,
  controllerChannel: 1,
  metadataFetch: 2,
  purgatory: 3,
  isrExpiration: 4,
  highWatermarkCheckpoint: 5,
  recoveryPointCheckpoint: 6,
  flush: 7,
  alterPartition: 8,
  producerExpiration: 9,
  /** The earliest deadline of all groups. */
  groups: 10,
  retention: 11,
  logStartCheckpoint: 12,
  /** The earliest deadline of all deletions of records that wait for followers. */
  deleteRecords: 13,
  fetcher: 16,
} as const;

export function createBrokerState(
  id: number,
  controller: HostId,
  config: BrokerConfig,
  defaultTopicConfig: TopicConfig,
  knownGroups: readonly string[] = [],
  racks: readonly string[] = [],
): BrokerState {
  return {
    id,
    controller,
    config,
    defaultTopicConfig,
    racks,
    incarnation: 0,
    life: 'starting',
    brokerEpoch: -1,
    previousBrokerEpoch: -1,
    failedAttempts: 0,
    files: { nextFile: 0 },
    image: { offset: 0, highWatermark: 0, brokers: [], brokersById: [], topicIds: new Map(), topics: [] },
    partitions: [],
    hosted: [],
    loadedLogs: new Map(),
    channels: createChannelTable(`broker-${id}`, {
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
      socketConnectionSetupTimeoutMs: config.socketConnectionSetupTimeoutMs,
      socketConnectionSetupTimeoutMaxMs: config.socketConnectionSetupTimeoutMaxMs,
    }),
    controllerChannel: createChannel(controller),
    metadataChannel: createChannel(controller),
    controllerArmedUs: -1,
    metadataArmedUs: -1,
    fetchers: [],
    heartbeatInFlight: false,
    heartbeatAgain: false,
    shutdownAnswered: false,
    alterPartitionInFlight: false,
    producerIdsInFlight: false,
    producerIdsWaiting: [],
    nextProducerId: 0,
    producerIdsEnd: 0,
    delayed: emptyList(),
    purgatoryArmedUs: -1,
    groups: createGroupCoordinatorState(knownGroups),
    retentionArmed: false,
    logStartCheckpointArmed: false,
    delayedDeleteRecords: [],
    nextFsyncToken: 0,
    fsyncs: new Map(),
  };
}
