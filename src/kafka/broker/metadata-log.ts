/**
 * The broker as an observer of the metadata log: it pulls records in order and applies them at its own pace. Until it has caught up
 * once it publishes nothing. Source: KafkaRaftClient (observer fetch), BrokerMetadataPublisher.scala.
 *
 * Simplified: a broker fetches the log anew after a restart instead of keeping a copy.
 */
import type { Offset } from '../../base/units.ts';
import { channelAlarmUs, channelExpired, connectIfNeeded, dropChannel, sendRequest } from '../client/channel.ts';
import { camelCase } from '../config/setting.ts';
import { type TopicConfig, topicSettings } from '../config/topic.ts';
import { readValue } from '../config/value.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchMetadataLogResponse } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type BrokerContext, registeredBroker } from './context.ts';
import { heartbeatNow } from './controller-channel.ts';
import { BrokerTimer, type ImageBroker, type MetadataImage } from './state.ts';
import { applyPartition } from './transitions.ts';

/** How long the controller may hold a fetch that finds nothing. Kafka: 500 ms; longer only spares events, new records come at once. */
export const metadataFetchWaitMs = 10000;
/** controller.quorum.request.timeout.ms on top of the wait. */
const metadataFetchTimeoutMs = metadataFetchWaitMs + 2000;

/** Asks for the next metadata records. */
export function fetchMetadata(b: BrokerContext): void {
  const { state } = b;
  const channel = state.metadataChannel;
  if (state.life === 'stopped') return;
  if (connectIfNeeded(state.channels, channel, b.step, b.out) && channel.inFlight.length === 0) {
    const fetchOffset = state.image.offset;
    const body = { api: 59, replicaId: state.id, fetchOffset, maxWaitMs: metadataFetchWaitMs, quorum: null } as const;
    sendRequest(state.channels, channel, body.api, body, metadataFetchTimeoutMs, true, null, b.step, b.out);
  }
  arm(b);
}

function arm(b: BrokerContext): void {
  const atUs = channelAlarmUs(b.state.metadataChannel, b.state.metadataArmedUs, b.step);
  if (atUs < 0) return;
  b.state.metadataArmedUs = atUs;
  b.out.setTimer(BrokerTimer.metadataFetch, atUs - b.step.monotonicUs);
}

/** The channel's timer. */
export function onMetadataTimer(b: BrokerContext): void {
  const channel = b.state.metadataChannel;
  b.state.metadataArmedUs = -1;
  if (channelExpired(channel, b.step.wallMs)) {
    b.out.close(channel.connection);
    metadataChannelLost(b);
  } else fetchMetadata(b);
}

/** The connection is gone. */
export function metadataChannelLost(b: BrokerContext): void {
  dropChannel(b.state.channels, b.state.metadataChannel, b.step);
  fetchMetadata(b);
}

/** Records arrive: apply them, then take the roles they give. */
export function onMetadataRecords(b: BrokerContext, response: FetchMetadataLogResponse): void {
  if (response.errorCode === ErrorCode.none) applyCommitted(b, response.records, response.highWatermark);
  fetchMetadata(b);
}

/** The next committed records, and how far the log is committed. */
export function applyCommitted(b: BrokerContext, records: readonly MetadataRecord[], highWatermark: Offset): void {
  const image = b.state.image;
  // Partitions whose metadata changed, each once, in the order of change.
  const changed: number[] = [];
  for (const record of records) {
    apply(b, record, changed);
    image.offset++;
  }
  image.highWatermark = highWatermark;
  if (b.state.life === 'starting') publishFirst(b);
  else for (const at of changed) publish(b, at);
}

/**
 * The first publication: once everything up to this broker's own registration and the end of the log is there. From then on
 * requests may come, and the broker may be unfenced.
 */
export function publishFirst(b: BrokerContext): void {
  const { image, brokerEpoch, life } = b.state;
  if (life !== 'starting' || brokerEpoch < 0 || brokerEpoch >= image.offset || image.offset < image.highWatermark) return;
  for (const topic of image.topics) {
    for (let index = 0; index < topic.partitions.length; index++) applyPartition(b, topic, index);
  }
  b.state.life = 'recovery';
  b.out.listen();
  heartbeatNow(b);
}

const partitionsPerTopic = 65536;

function publish(b: BrokerContext, at: number): void {
  applyPartition(b, b.state.image.topics[Math.floor(at / partitionsPerTopic)]!, at % partitionsPerTopic);
}

/** A broker's new life takes the place of its last one. */
function register({ brokers, brokersById }: MetadataImage, id: number, brokerEpoch: number, fenced: boolean): void {
  const broker: ImageBroker = { id, brokerEpoch, fenced, inControlledShutdown: false };
  const at = brokers.findIndex((known) => known.id === id);
  if (at < 0) brokers.push(broker);
  else brokers[at] = broker;
  while (brokersById.length <= id) brokersById.push(undefined);
  brokersById[id] = broker;
}

function apply(b: BrokerContext, record: MetadataRecord, changed: number[]): void {
  const image = b.state.image;
  const touch = (topicId: number, partition: number): void => {
    const at = topicId * partitionsPerTopic + partition;
    if (!changed.includes(at)) changed.push(at);
  };
  switch (record.kind) {
    case 'RegisterBrokerRecord':
      register(image, record.brokerId, record.brokerEpoch, record.fenced);
      break;
    case 'BrokerRegistrationChangeRecord': {
      const broker = registeredBroker(b, record.brokerId);
      if (broker === undefined || broker.brokerEpoch !== record.brokerEpoch) break;
      if (record.fenced !== 0) broker.fenced = record.fenced === 1;
      if (record.inControlledShutdown === 1) broker.inControlledShutdown = true;
      break;
    }
    case 'TopicRecord':
      image.topicIds.set(record.name, record.topicId);
      image.topics[record.topicId] = {
        name: record.name,
        topicId: record.topicId,
        config: b.state.defaultTopicConfig,
        partitions: [],
      };
      break;
    case 'ConfigRecord': {
      const topic = image.topics[record.topicId]!;
      topic.config = withSetting(topic.config, record.name, record.value);
      for (const p of b.state.partitions[record.topicId] ?? []) if (p !== undefined) p.config = topic.config;
      break;
    }
    case 'PartitionRecord':
      image.topics[record.topicId]!.partitions[record.partitionId] = {
        replicas: record.replicas,
        isr: record.isr,
        leader: record.leader,
        leaderEpoch: record.leaderEpoch,
        partitionEpoch: record.partitionEpoch,
        leaderRecoveryState: 0,
      };
      touch(record.topicId, record.partitionId);
      break;
    case 'PartitionChangeRecord': {
      const p = image.topics[record.topicId]!.partitions[record.partitionId]!;
      if (record.isr !== null) p.isr = record.isr;
      if (record.replicas !== null) p.replicas = record.replicas;
      if (record.leaderRecoveryState !== null) p.leaderRecoveryState = record.leaderRecoveryState;
      if (record.leader !== null) {
        p.leader = record.leader;
        p.leaderEpoch++;
      }
      p.partitionEpoch++;
      touch(record.topicId, record.partitionId);
      break;
    }
    case 'ProducerIdsRecord':
    case 'LeaderChangeMessage':
    case 'NoOpRecord':
    case 'ClearElrRecord':
      break;
  }
}

/** A topic's settings with one of them as it was written. */
export function withSetting(config: TopicConfig, name: string, raw: string): TopicConfig {
  const setting = topicSettings[name as keyof typeof topicSettings];
  if (setting === undefined || setting.modelled !== 'yes') return config;
  const read = readValue(name, setting, raw, '3.9');
  return 'value' in read ? { ...config, [camelCase(name)]: read.value } : config;
}
