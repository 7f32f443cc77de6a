/**
 * The numbers of Kafka's APIs, the versions of them whose semantics are modelled, and their names. ZooKeeper's operations, which are
 * none of Kafka's, follow from 100 on.
 */
export const ApiKey = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  leaderAndIsr: 4,
  stopReplica: 5,
  updateMetadata: 6,
  controlledShutdown: 7,
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
  leaveGroup: 13,
  syncGroup: 14,
  createTopics: 19,
  deleteRecords: 21,
  initProducerId: 22,
  offsetForLeaderEpoch: 23,
  createPartitions: 37,
  electLeaders: 43,
  incrementalAlterConfigs: 44,
  alterPartitionReassignments: 45,
  vote: 52,
  beginQuorumEpoch: 53,
  endQuorumEpoch: 54,
  alterPartition: 56,
  fetchMetadataLog: 59,
  brokerRegistration: 62,
  brokerHeartbeat: 63,
  allocateProducerIds: 67,
  zkSession: 100,
  zkEvents: 101,
  zkTransactions: 102,
} as const;
export type ApiKey = (typeof ApiKey)[keyof typeof ApiKey];

/** The version of each API whose semantics are modelled, by API key. `fetchMetadataLog` is Fetch on the metadata partition. */
export const apiVersions = new Int8Array(103).fill(-1);
apiVersions[ApiKey.produce] = 11;
apiVersions[ApiKey.fetch] = 17;
apiVersions[ApiKey.listOffsets] = 7;
apiVersions[ApiKey.metadata] = 12;
apiVersions[ApiKey.leaderAndIsr] = 7;
apiVersions[ApiKey.stopReplica] = 4;
apiVersions[ApiKey.updateMetadata] = 8;
apiVersions[ApiKey.controlledShutdown] = 3;
apiVersions[ApiKey.offsetCommit] = 8;
apiVersions[ApiKey.offsetFetch] = 7;
apiVersions[ApiKey.findCoordinator] = 3;
apiVersions[ApiKey.joinGroup] = 9;
apiVersions[ApiKey.heartbeat] = 4;
apiVersions[ApiKey.leaveGroup] = 5;
apiVersions[ApiKey.syncGroup] = 5;
apiVersions[ApiKey.createTopics] = 7;
apiVersions[ApiKey.deleteRecords] = 2;
apiVersions[ApiKey.initProducerId] = 4;
apiVersions[ApiKey.offsetForLeaderEpoch] = 4;
apiVersions[ApiKey.createPartitions] = 3;
apiVersions[ApiKey.electLeaders] = 2;
apiVersions[ApiKey.incrementalAlterConfigs] = 1;
apiVersions[ApiKey.alterPartitionReassignments] = 0;
apiVersions[ApiKey.vote] = 1;
apiVersions[ApiKey.beginQuorumEpoch] = 1;
apiVersions[ApiKey.endQuorumEpoch] = 1;
apiVersions[ApiKey.alterPartition] = 3;
apiVersions[ApiKey.fetchMetadataLog] = 17;
apiVersions[ApiKey.brokerRegistration] = 4;
apiVersions[ApiKey.brokerHeartbeat] = 1;
apiVersions[ApiKey.allocateProducerIds] = 0;

/** Name of an API as Kafka's documentation writes it. */
export const apiNames: Readonly<Record<ApiKey, string>> = {
  0: 'Produce',
  1: 'Fetch',
  2: 'ListOffsets',
  3: 'Metadata',
  4: 'LeaderAndIsr',
  5: 'StopReplica',
  6: 'UpdateMetadata',
  7: 'ControlledShutdown',
  8: 'OffsetCommit',
  9: 'OffsetFetch',
  10: 'FindCoordinator',
  11: 'JoinGroup',
  12: 'Heartbeat',
  13: 'LeaveGroup',
  14: 'SyncGroup',
  19: 'CreateTopics',
  21: 'DeleteRecords',
  22: 'InitProducerId',
  23: 'OffsetForLeaderEpoch',
  37: 'CreatePartitions',
  43: 'ElectLeaders',
  44: 'IncrementalAlterConfigs',
  45: 'AlterPartitionReassignments',
  52: 'Vote',
  53: 'BeginQuorumEpoch',
  54: 'EndQuorumEpoch',
  56: 'AlterPartition',
  59: 'FetchMetadataLog',
  62: 'BrokerRegistration',
  63: 'BrokerHeartbeat',
  67: 'AllocateProducerIds',
  100: 'ZooKeeper session',
  101: 'ZooKeeper events',
  102: 'ZooKeeper transactions',
};
