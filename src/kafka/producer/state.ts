/** The state of a producer: plain data, no behaviour. */
import type { Bytes, Micros, Millis } from '../../base/units.ts';
import { type ChannelTable, createChannelTable } from '../client/channel.ts';
import { type ClusterMetadata, createMetadata, type NodeChannels, type TopicMetadata } from '../client/metadata.ts';
import type { ProducerConfig } from '../config/producer.ts';
import type { HostId, ProducerRecord, Written } from '../machine.ts';
import type { RecordBatch } from '../protocol/records.ts';

/** Records of one partition that travel together. Source: ProducerBatch.java. */
export interface ProducerBatch {
  readonly queue: PartitionQueue;
  readonly records: ProducerRecord[];
  sizeBytes: Bytes;
  /** What it takes from buffer.memory. */
  readonly allocatedBytes: Bytes;
  /** Time of its first record: the clock of delivery.timeout.ms. */
  readonly createdMs: Millis;
  lastAttemptMs: Millis;
  attempts: number;
  /** Takes no more records: it was drained, or is a piece of a batch that was split. */
  closed: boolean;
  /** Has been put back to be sent again, once or more often; stays true while it is in flight again. */
  inRetry: boolean;
  /** Leader epoch that the last attempt went to. */
  attemptLeaderEpoch: number;
  producerId: number;
  producerEpoch: number;
  /** -1 until it was drained with an identity. */
  baseSequence: number;
  sequenceHasBeenReset: boolean;
  /** What goes over the wire; the same on every attempt unless the sequence was rewritten. */
  built: RecordBatch | null;
  written: Written;
  done: boolean;
}

/** One partition as the accumulator and the identity see it. Source: RecordAccumulator.TopicInfo, TxnPartitionEntry.java. */
export interface PartitionQueue {
  readonly topic: string;
  readonly index: number;
  /** What the client knows of the topic. */
  readonly metadata: TopicMetadata;
  /** Waiting to be sent; the head goes first. */
  readonly waiting: ProducerBatch[];
  /** Sent and not answered, in the order of sending. */
  readonly inFlight: ProducerBatch[];
  /** max.in.flight.requests.per.connection=1: not drained again before the answer. */
  muted: boolean;
  // ---- identity
  producerId: number;
  producerEpoch: number;
  nextSequence: number;
  lastAckedSequence: number;
  /** Batches with a sequence that are neither acknowledged nor failed, retries included; by sequence. */
  readonly sequenced: ProducerBatch[];
  /** After a batch that had been sent expired: the sequence that follows it; -1 when nothing is unresolved. */
  unresolvedSequence: number;
  rewriteSequences: boolean;
}

/** What the accumulator keeps of one topic. */
export interface TopicQueues {
  /** By partition; made on first use. */
  readonly queues: PartitionQueue[];
  /** Null until a record without a partition and without a key was to be placed. */
  sticky: StickyPartition | null;
}

/** Where records without a key go for now. Source: BuiltInPartitioner.java. */
export interface StickyPartition {
  /** -1: to be chosen. */
  partition: number;
  producedBytes: Bytes;
  switches: number;
}

/** `send()`s of one moment that are blocked: on metadata, or on buffer.memory. */
export interface BlockedSends {
  readonly records: readonly ProducerRecord[];
  /** Index of the first that is still blocked. */
  next: number;
  readonly deadlineMs: Millis;
}

export interface ProducerState {
  readonly config: ProducerConfig;
  readonly channels: ChannelTable;
  readonly nodes: NodeChannels;
  readonly metadata: ClusterMetadata;
  readonly topics: Map<string, TopicQueues>;
  /** The queues of all topics in the order they were made. */
  readonly allQueues: PartitionQueue[];
  /** First come, first served. */
  readonly blocked: BlockedSends[];
  bufferUsed: Bytes;
  producerId: number;
  producerEpoch: number;
  initProducerIdInFlight: boolean;
  initProducerIdNotBeforeMs: Millis;
  epochBumpRequired: boolean;
  /** Rotating start of the drain, by node. */
  readonly drainIndex: number[];
  senderArmedUs: Micros;
}

/** Timer keys of a producer. */
export const ProducerTimer = { sender: 0 } as const;

export function createProducerState(
  clientId: string,
  config: ProducerConfig,
  bootstrap: readonly HostId[],
  topics: readonly string[],
): ProducerState {
  return {
    config,
    channels: createChannelTable(clientId, config),
    nodes: [],
    metadata: createMetadata(bootstrap, topics),
    topics: new Map(),
    allQueues: [],
    blocked: [],
    bufferUsed: 0,
    producerId: -1,
    producerEpoch: -1,
    initProducerIdInFlight: false,
    initProducerIdNotBeforeMs: 0,
    epochBumpRequired: false,
    drainIndex: [],
    senderArmedUs: -1,
  };
}
