/**
 * A client's picture of the cluster, and when it asks for a newer one. It never goes back to an older leader epoch.
 * Source: Metadata.java, NetworkClient.DefaultMetadataUpdater, NetworkClient.leastLoadedNode.
 */
import type { Millis } from '../../base/units.ts';
import type { HostId, Out, Step } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { ApiKey, type MetadataResponse } from '../protocol/messages.ts';
import {
  type Channel,
  type ChannelTable,
  connectIfNeeded,
  createChannel,
  exponentialMs,
  labels,
  sendRequest,
} from './channel.ts';

export interface PartitionMetadata {
  /** -1: none known. */
  leader: number;
  leaderEpoch: number;
}
export interface TopicMetadata {
  readonly name: string;
  topicId: number;
  readonly partitions: PartitionMetadata[];
}
export interface ClusterMetadata {
  /** Where to ask: the bootstrap servers, then the brokers that answers name. */
  nodes: HostId[];
  readonly topics: Map<string, TopicMetadata>;
  readonly wanted: string[];
  updateRequested: boolean;
  inFlight: boolean;
  lastAttemptMs: Millis;
  lastSuccessMs: Millis;
  requests: number;
  /** Requests in a row that brought nothing new, or no answer. */
  repeats: number;
}

/** Channels to brokers, by host. */
export type NodeChannels = (Channel | undefined)[];

export function createMetadata(bootstrap: readonly HostId[], topics: readonly string[]): ClusterMetadata {
  return {
    nodes: bootstrap.slice(),
    topics: new Map(),
    wanted: topics.slice(),
    updateRequested: true,
    inFlight: false,
    lastAttemptMs: 0,
    lastSuccessMs: 0,
    requests: 0,
    repeats: 0,
  };
}

/** The channel to a node, made on first use. */
export function channelTo(channels: NodeChannels, node: HostId): Channel {
  let channel = channels[node];
  if (channel === undefined) {
    while (channels.length <= node) channels.push(undefined);
    channel = createChannel(node);
    channels[node] = channel;
  }
  return channel;
}

/** The settings of a client that say when it asks. */
export interface MetadataSettings {
  readonly metadataMaxAgeMs: Millis;
  readonly retryBackoffMs: Millis;
  readonly retryBackoffMaxMs: Millis;
  readonly requestTimeoutMs: Millis;
}

/**
 * When the next request for metadata is due. Answers that say nothing new make the next one wait longer, up to retry.backoff.max.ms
 * (KIP-580, Metadata.timeToAllowUpdate).
 */
export function metadataDueMs(metadata: ClusterMetadata, settings: MetadataSettings): Millis {
  const due = metadata.updateRequested ? 0 : metadata.lastSuccessMs + settings.metadataMaxAgeMs;
  const { retryBackoffMs, retryBackoffMaxMs } = settings;
  // What is far off is not brought forward by any backoff.
  if (metadata.lastAttemptMs === 0 || due - metadata.lastAttemptMs >= Math.max(retryBackoffMs, retryBackoffMaxMs)) return due;
  const backoffMs = exponentialMs(retryBackoffMs, retryBackoffMaxMs, metadata.repeats - 1);
  return Math.max(due, metadata.lastAttemptMs + backoffMs);
}

/** Sends a request for metadata when it is due and a node can be reached; starts connecting to one otherwise. */
export function updateMetadata(
  metadata: ClusterMetadata,
  table: ChannelTable,
  channels: NodeChannels,
  settings: MetadataSettings,
  step: Step,
  out: Out,
): void {
  // Most of the time nobody asked, and it is not old.
  if (metadata.inFlight || (!metadata.updateRequested && metadata.lastSuccessMs + settings.metadataMaxAgeMs > step.wallMs))
    return;
  if (metadataDueMs(metadata, settings) > step.wallMs) return;
  const channel = leastLoaded(metadata, table, channels, step);
  if (channel === null || !connectIfNeeded(table, channel, step, out)) return;
  metadata.inFlight = true;
  metadata.lastAttemptMs = step.wallMs;
  metadata.requests++;
  sendRequest(
    table,
    channel,
    ApiKey.metadata,
    { api: 3, topics: metadata.wanted },
    settings.requestTimeoutMs,
    true,
    null,
    step,
    out,
  );
}

const leastLoadedLabel = labels('least loaded node');

/** A ready channel with the fewest requests in flight; else one that is connecting; else one that may be tried. Starts anywhere. */
export function leastLoaded(metadata: ClusterMetadata, table: ChannelTable, channels: NodeChannels, step: Step): Channel | null {
  const count = metadata.nodes.length;
  let ready: Channel | null = null;
  let connecting: Channel | null = null;
  let possible: Channel | null = null;
  const start =
    count <= 1 ? 0 : step.choices.below(step.choices.site(leastLoadedLabel(table.clientId)), metadata.requests, count);
  for (let i = 0; i < count; i++) {
    const channel = channelTo(channels, metadata.nodes[(start + i) % count]!);
    if (channel.state === 'ready') {
      if (ready === null || channel.inFlight.length < ready.inFlight.length) ready = channel;
    } else if (channel.state === 'connecting') connecting ??= channel;
    else if (step.wallMs >= channel.nextAttemptMs) possible ??= channel;
  }
  return ready ?? connecting ?? possible;
}

/** The answer, or null when the connection was lost before it came. */
export function onMetadata(metadata: ClusterMetadata, response: MetadataResponse | null, nowMs: Millis): void {
  metadata.inFlight = false;
  if (response === null) {
    metadata.updateRequested = true;
    metadata.repeats++;
    return;
  }
  metadata.lastSuccessMs = nowMs;
  let news = false;
  metadata.updateRequested = false;
  if (response.brokers.length > 0) metadata.nodes = response.brokers.map((broker) => broker.host);
  for (const topic of response.topics) {
    if (topic.errorCode !== ErrorCode.none) {
      metadata.updateRequested = true;
      continue;
    }
    let known = metadata.topics.get(topic.name);
    if (known === undefined) {
      known = { name: topic.name, topicId: topic.topicId, partitions: [] };
      metadata.topics.set(topic.name, known);
      news = true;
    }
    for (const p of topic.partitions) {
      const before = known.partitions[p.partitionIndex];
      if (before === undefined) known.partitions[p.partitionIndex] = { leader: p.leaderId, leaderEpoch: p.leaderEpoch };
      else if (p.leaderEpoch >= before.leaderEpoch) {
        if (p.leaderEpoch > before.leaderEpoch || p.leaderId !== before.leader) news = true;
        before.leader = p.leaderId;
        before.leaderEpoch = p.leaderEpoch;
      } else metadata.updateRequested = true;
      if (p.leaderId < 0) metadata.updateRequested = true;
    }
    // What an answer does not name is forgotten: brokers learn of new partitions at their own pace (Metadata.handleMetadataResponse).
    if (topic.partitions.length < known.partitions.length) known.partitions.length = topic.partitions.length;
  }
  metadata.repeats = news ? 0 : metadata.repeats + 1;
}
