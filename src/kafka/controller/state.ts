/** The state of the controller: plain data, rebuilt from its log when it starts. */
import type { Micros, Offset } from '../../base/units.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { ConnectionId, FileId } from '../machine.ts';
import type { ResponseBody } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';

export interface BrokerRegistration {
  readonly brokerId: number;
  incarnationId: number;
  /** Offset at which the records of its registration begin. */
  brokerEpoch: number;
  fenced: boolean;
  inControlledShutdown: boolean;
  // ---- not in the log: what heartbeats say
  lastContactUs: Micros;
  metadataOffset: Offset;
  /** Metadata offset that every active broker must reach before a shutdown is granted, -1 outside one. */
  controlledShutdownOffset: Offset;
}

export interface PartitionRegistration {
  readonly topicId: number;
  readonly partitionId: number;
  replicas: readonly number[];
  /** A reassignment is under way (KIP-455) while one of these is not empty; both are among the replicas. */
  removingReplicas: readonly number[];
  addingReplicas: readonly number[];
  isr: readonly number[];
  /** Replicas outside the ISR that hold everything below the high watermark all the same (KIP-966); empty without that feature. */
  elr: readonly number[];
  /** Who led last, kept while there is neither ISR nor ELR (KIP-966: the last known leader). */
  lastKnownElr: readonly number[];
  /** -1: none. */
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  leaderRecoveryState: 0 | 1;
}

export interface TopicControlInfo {
  readonly name: string;
  readonly topicId: number;
  readonly config: Map<string, string>;
  readonly partitions: PartitionRegistration[];
}

/** A response that waits until the log has reached an offset. */
export interface DeferredReply {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly body: ResponseBody;
  /** Committed end offset that releases it. */
  readonly atOffset: Offset;
}

/** A broker's fetch of the metadata log that found nothing new. */
export interface ParkedFetch {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly fetchOffset: Offset;
  readonly deadlineUs: Micros;
}

/** What the log says when it is read from its start. */
export interface ControllerImage {
  readonly brokers: Map<number, BrokerRegistration>;
  readonly topicIds: Map<string, number>;
  readonly topics: TopicControlInfo[];
  nextProducerId: number;
}

export function emptyImage(): ControllerImage {
  return { brokers: new Map(), topicIds: new Map(), topics: [], nextProducerId: 0 };
}

export interface ControllerState extends ControllerImage {
  readonly config: BrokerConfig;
  /** Feature `eligible.leader.replicas.version` is 1 (KIP-966). */
  readonly eligibleLeaderReplicas: boolean;
  readonly records: MetadataRecord[];
  /** End of what is fsynced: only that is shown to brokers. */
  committedOffset: Offset;
  logFile: FileId;
  readonly deferred: DeferredReply[];
  parked: ParkedFetch[];
  nextFsyncToken: number;
  readonly fsyncs: Map<number, Offset>;
  sessionCheckArmedUs: Micros;
  parkedArmedUs: Micros;
}

/** Timer keys of the controller. */
export const ControllerTimer = { sessionCheck: 0, parkedFetches: 1, leaderBalance: 2, uncleanElection: 3, noOp: 4 } as const;

export function createControllerState(config: BrokerConfig, eligibleLeaderReplicas = false): ControllerState {
  return {
    config,
    eligibleLeaderReplicas,
    records: [],
    committedOffset: 0,
    logFile: -1,
    brokers: new Map(),
    topicIds: new Map(),
    topics: [],
    nextProducerId: 0,
    deferred: [],
    parked: [],
    nextFsyncToken: 0,
    fsyncs: new Map(),
    sessionCheckArmedUs: -1,
    parkedArmedUs: -1,
  };
}
