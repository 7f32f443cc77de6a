/** Metadata: what this broker has learnt of brokers, leaders and epochs; possibly old. Source: KafkaApis.handleTopicMetadataRequest. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { MetadataRequest, MetadataTopic } from '../../protocol/messages.ts';
import type { BrokerContext } from '../context.ts';

/** A client asks for topics. Fenced brokers are not named. */
export function handleMetadata(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: MetadataRequest,
): void {
  const image = b.state.image;
  const brokers: { nodeId: number; host: number }[] = [];
  for (const { id, fenced } of image.brokers) if (!fenced) brokers.push({ nodeId: id, host: id });
  const topics: MetadataTopic[] = request.topics.map((name) => {
    const topicId = image.topicIds.get(name);
    if (topicId === undefined) return { errorCode: ErrorCode.unknownTopicOrPartition, name, topicId: -1, partitions: [] };
    const partitions = image.topics[topicId]!.partitions.map((p, partitionIndex) => ({
      errorCode: p.leader < 0 ? ErrorCode.leaderNotAvailable : ErrorCode.none,
      partitionIndex,
      leaderId: p.leader,
      leaderEpoch: p.leaderEpoch,
      isrNodes: p.isr,
    }));
    return { errorCode: ErrorCode.none, name, topicId, partitions };
  });
  b.out.reply(connection, header.correlationId, { api: 3, brokers, topics });
}
