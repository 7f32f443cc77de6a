/**
 * Records of the metadata log (`__cluster_metadata`), named after metadata/src/main/resources/common/metadata/*.json. Brokers
 * apply them in order, each at its own pace.
 */
export type MetadataRecord =
  | {
      readonly kind: 'RegisterBrokerRecord';
      readonly brokerId: number;
      readonly incarnationId: number;
      readonly brokerEpoch: number;
      readonly fenced: boolean;
    }
  | {
      readonly kind: 'BrokerRegistrationChangeRecord';
      readonly brokerId: number;
      readonly brokerEpoch: number;
      /** 1 fence, -1 unfence, 0 no change. */
      readonly fenced: -1 | 0 | 1;
      readonly inControlledShutdown: 0 | 1;
    }
  | { readonly kind: 'TopicRecord'; readonly name: string; readonly topicId: number }
  | { readonly kind: 'ConfigRecord'; readonly topicId: number; readonly name: string; readonly value: string }
  /** No partition of the topic has eligible leader replicas any more. */
  | { readonly kind: 'ClearElrRecord'; readonly topicId: number }
  | {
      readonly kind: 'PartitionRecord';
      readonly topicId: number;
      readonly partitionId: number;
      readonly replicas: readonly number[];
      readonly isr: readonly number[];
      readonly leader: number;
      readonly leaderEpoch: number;
      readonly partitionEpoch: number;
    }
  | {
      /** A field that is null did not change. The partition epoch grows by one; the leader epoch when `leader` is set. */
      readonly kind: 'PartitionChangeRecord';
      readonly topicId: number;
      readonly partitionId: number;
      readonly isr: readonly number[] | null;
      readonly eligibleLeaderReplicas: readonly number[] | null;
      readonly lastKnownElr: readonly number[] | null;
      readonly leader: number | null;
      readonly replicas: readonly number[] | null;
      readonly removingReplicas: readonly number[] | null;
      readonly addingReplicas: readonly number[] | null;
      readonly leaderRecoveryState: 0 | 1 | null;
    }
  | {
      readonly kind: 'ProducerIdsRecord';
      readonly brokerId: number;
      readonly brokerEpoch: number;
      readonly nextProducerId: number;
    }
  /** The first record of an epoch of a quorum: what came before is committed with it (KIP-595). */
  | { readonly kind: 'LeaderChangeMessage'; readonly leaderId: number }
  /** Written now and then by the controller of a quorum, so that observers hear of the high watermark (KIP-835). */
  | { readonly kind: 'NoOpRecord' };
