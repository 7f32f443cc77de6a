/** What every consumer of this kind asks a leader for, in a group or without one. Source: FetchRequest.json, AbstractFetch.java. */
import type { Offset } from '../../base/units.ts';
import type { ConsumerConfig } from '../config/consumer.ts';
import type { FetchPartition, FetchRequest } from '../protocol/messages.ts';

/** A consumer's fetch of some partitions of one topic. */
export function fetchRequest(config: ConsumerConfig, topicId: number, partitions: readonly FetchPartition[]): FetchRequest {
  return {
    api: 1,
    replicaId: -1,
    replicaEpoch: -1,
    maxWaitMs: config.fetchMaxWaitMs,
    minBytes: config.fetchMinBytes,
    maxBytes: config.fetchMaxBytes,
    topics: [{ topicId, partitions }],
  };
}

/** What is fetched of one partition. */
export function fetchPartition(
  config: ConsumerConfig,
  partition: number,
  currentLeaderEpoch: number,
  fetchOffset: Offset,
): FetchPartition {
  return {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: config.maxPartitionFetchBytes,
  };
}
