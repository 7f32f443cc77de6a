/** What every consumer of this kind asks a leader for, in a group or without one. Source: FetchRequest.json, AbstractFetch.java. */
import type { Offset } from '../../base/units.ts';
import type { InFlightRequest } from '../client/channel.ts';
import type { ConsumerConfig } from '../config/consumer.ts';
import { ApiKey, type FetchPartition, type FetchRequest } from '../protocol/messages.ts';
import type { ListOffsetsRequest } from '../protocol/offset-messages.ts';
import type { AskedPositions } from './validation.ts';

/** A consumer's fetch of some partitions of one topic. */
export function fetchRequest(config: ConsumerConfig, topicId: number, partitions: readonly FetchPartition[]): FetchRequest {
  return {
    api: 1,
    replicaId: -1,
    replicaEpoch: -1,
    maxWaitMs: config.fetchMaxWaitMs,
    minBytes: config.fetchMinBytes,
    maxBytes: config.fetchMaxBytes,
    ...(config.clientRack === '' ? {} : { rackId: config.clientRack }),
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

/** The partitions that a request of a plain consumer is about. */
export function partitionsOf(request: InFlightRequest): number[] {
  if (request.api === ApiKey.offsetForLeaderEpoch) return (request.context as AskedPositions).map(({ partition }) => partition);
  const context = request.context as FetchRequest | ListOffsetsRequest;
  if (context.api === ApiKey.fetch) return context.topics.flatMap((topic) => topic.partitions.map((p) => p.partition));
  return context.topics.flatMap((topic) => topic.partitions.map((p) => p.partitionIndex));
}
