/** Metadata records applied to the controller's state: the same code when they are made and when the log is read at a start. */
import { unreachable } from '../../base/assert.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import type { ControllerImage } from './state.ts';

/** Applies one record. Source: ClusterControlManager.replay, ReplicationControlManager.replay, PartitionRegistration.merge. */
export function replay(state: ControllerImage, record: MetadataRecord): void {
  switch (record.kind) {
    case 'RegisterBrokerRecord': {
      const known = state.brokers.get(record.brokerId);
      state.brokers.set(record.brokerId, {
        brokerId: record.brokerId,
        incarnationId: record.incarnationId,
        brokerEpoch: record.brokerEpoch,
        fenced: record.fenced,
        inControlledShutdown: false,
        lastContactUs: known?.lastContactUs ?? 0,
        metadataOffset: -1,
        controlledShutdownOffset: -1,
      });
      break;
    }
    case 'BrokerRegistrationChangeRecord': {
      const broker = state.brokers.get(record.brokerId)!;
      if (record.fenced !== 0) broker.fenced = record.fenced === 1;
      if (record.inControlledShutdown === 1) broker.inControlledShutdown = true;
      break;
    }
    case 'TopicRecord':
      state.topicIds.set(record.name, record.topicId);
      state.topics[record.topicId] = { name: record.name, topicId: record.topicId, config: new Map(), partitions: [] };
      break;
    case 'ConfigRecord':
      state.topics[record.topicId]!.config.set(record.name, record.value);
      break;
    case 'ClearElrRecord':
      for (const p of state.topics[record.topicId]!.partitions) {
        p.elr = [];
        p.lastKnownElr = [];
      }
      break;
    case 'PartitionRecord':
      state.topics[record.topicId]!.partitions[record.partitionId] = {
        topicId: record.topicId,
        partitionId: record.partitionId,
        replicas: record.replicas,
        removingReplicas: [],
        addingReplicas: [],
        isr: record.isr,
        elr: [],
        lastKnownElr: [],
        leader: record.leader,
        leaderEpoch: record.leaderEpoch,
        partitionEpoch: record.partitionEpoch,
        leaderRecoveryState: 0,
      };
      break;
    case 'PartitionChangeRecord': {
      const p = state.topics[record.topicId]!.partitions[record.partitionId]!;
      if (record.isr !== null) p.isr = record.isr;
      if (record.eligibleLeaderReplicas !== null) p.elr = record.eligibleLeaderReplicas;
      if (record.lastKnownElr !== null) p.lastKnownElr = record.lastKnownElr;
      if (record.replicas !== null) p.replicas = record.replicas;
      if (record.removingReplicas !== null) p.removingReplicas = record.removingReplicas;
      if (record.addingReplicas !== null) p.addingReplicas = record.addingReplicas;
      if (record.leaderRecoveryState !== null) p.leaderRecoveryState = record.leaderRecoveryState;
      if (record.leader !== null) {
        p.leader = record.leader;
        p.leaderEpoch++;
      }
      p.partitionEpoch++;
      break;
    }
    case 'ProducerIdsRecord':
      state.nextProducerId = record.nextProducerId;
      break;
    case 'LeaderChangeMessage':
    case 'NoOpRecord':
      break;
    default:
      unreachable(record);
  }
}
