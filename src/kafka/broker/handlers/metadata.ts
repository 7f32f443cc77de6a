/** Metadata: what this broker has learnt of brokers, leaders and epochs; possibly old. Source: KafkaApis.handleTopicMetadataRequest. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { MetadataRequest, MetadataTopic } from '../../protocol/messages.ts';
import { type BrokerContext, registeredBroker } from '../context.ts';

/** A client asks for topics. Fenced brokers are not named. `controllerId`: the broker that is the controller, where one is. */
export function handleMetadata(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: MetadataRequest,
  controllerId?: number,
): void {
  const image = b.state.image;
  const brokers: { nodeId: number; host: number }[] = [];
  for (const { id, fenced } of image.brokers) if (!fenced) brokers.push({ nodeId: id, host: id });
  const topics: MetadataTopic[] = request.topics.map((name) => {
    const topicId = image.topicIds.get(name);
    if (topicId === undefined) return { errorCode: ErrorCode.unknownTopicOrPartition, name, topicId: -1, partitions: [] };
    const partitions = image.topics[topicId]!.partitions.map((p, partitionIndex) => {
      // Without ZooKeeper every leader is registered; with it, this broker may have heard of its death before that of its leadership.
      const leaderId = p.leader < 0 || registeredBroker(b, p.leader) === undefined ? -1 : p.leader;
      return {
        errorCode: leaderId < 0 ? ErrorCode.leaderNotAvailable : ErrorCode.none,
        partitionIndex,
        leaderId,
        leaderEpoch: p.leaderEpoch,
        isrNodes: p.isr,
      };
    });
    return { errorCode: ErrorCode.none, name, topicId, partitions };
  });
  const named = controllerId === undefined ? {} : { controllerId };
  b.out.reply(connection, header.correlationId, { api: 3, brokers, ...named, topics });
}
