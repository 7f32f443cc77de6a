/**
 * Kafka's error codes, as far as they are used here. Source: clients/.../common/protocol/Errors.java; retriable and
 * invalid-metadata follow the class hierarchy of its exceptions.
 */
export const ErrorCode = {
  unknownServerError: -1,
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  brokerNotAvailable: 8,
  messageTooLarge: 10,
  staleControllerEpoch: 11,
  offsetMetadataTooLarge: 12,
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  invalidRequiredAcks: 21,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMemberId: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  invalidCommitOffsetSize: 28,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  invalidReplicaAssignment: 39,
  notController: 41,
  invalidRequest: 42,
  policyViolation: 44,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  kafkaStorageError: 56,
  unknownProducerId: 59,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  staleBrokerEpoch: 77,
  offsetNotAvailable: 78,
  memberIdRequired: 79,
  preferredLeaderNotAvailable: 80,
  eligibleLeadersNotAvailable: 83,
  groupMaxSizeReached: 81,
  fencedInstanceId: 82,
  electionNotNeeded: 84,
  noReassignmentInProgress: 85,
  unstableOffsetCommit: 88,
  invalidUpdateVersion: 95,
  unknownTopicId: 100,
  duplicateBrokerRegistration: 101,
  ineligibleReplica: 107,
  newLeaderElected: 108,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * Completions that a client makes up without a broker: no code on the wire, so outside Kafka's range.
 * `deliveryTimeout` is the TimeoutException of `delivery.timeout.ms`, `recordTooLarge` the RecordTooLargeException of
 * `max.request.size`, `bufferExhausted` the one of `buffer.memory` after `max.block.ms`, `metadataTimeout` that of metadata.
 */
export const ClientError = { deliveryTimeout: 1001, recordTooLarge: 1002, bufferExhausted: 1003, metadataTimeout: 1004 } as const;

const names: ReadonlyMap<number, string> = new Map(
  [...Object.entries(ErrorCode), ...Object.entries(ClientError)].map(([name, code]) => [
    code,
    name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
  ]),
);

/** Kafka's name of an error code, `NOT_ENOUGH_REPLICAS` for 19. */
export function errorName(code: number): string {
  return names.get(code) ?? `ERROR_${code}`;
}

const retriable: ReadonlySet<number> = new Set<number>([
  ErrorCode.corruptMessage,
  ErrorCode.unknownTopicOrPartition,
  ErrorCode.leaderNotAvailable,
  ErrorCode.notLeaderOrFollower,
  ErrorCode.requestTimedOut,
  ErrorCode.networkException,
  ErrorCode.coordinatorLoadInProgress,
  ErrorCode.coordinatorNotAvailable,
  ErrorCode.notCoordinator,
  ErrorCode.notEnoughReplicas,
  ErrorCode.notEnoughReplicasAfterAppend,
  ErrorCode.notController,
  ErrorCode.kafkaStorageError,
  ErrorCode.fencedLeaderEpoch,
  ErrorCode.unknownLeaderEpoch,
  ErrorCode.offsetNotAvailable,
  ErrorCode.preferredLeaderNotAvailable,
  ErrorCode.eligibleLeadersNotAvailable,
  ErrorCode.electionNotNeeded,
  ErrorCode.unstableOffsetCommit,
  ErrorCode.unknownTopicId,
]);

/** True for subclasses of RetriableException. */
export function isRetriable(code: number): boolean {
  return retriable.has(code);
}

const invalidMetadata: ReadonlySet<number> = new Set<number>([
  ErrorCode.unknownTopicOrPartition,
  ErrorCode.leaderNotAvailable,
  ErrorCode.notLeaderOrFollower,
  ErrorCode.networkException,
  ErrorCode.kafkaStorageError,
  ErrorCode.fencedLeaderEpoch,
  ErrorCode.preferredLeaderNotAvailable,
  ErrorCode.eligibleLeadersNotAvailable,
  ErrorCode.electionNotNeeded,
  ErrorCode.unknownTopicId,
]);

/** True for subclasses of InvalidMetadataException: the client asks for fresh metadata. */
export function isInvalidMetadata(code: number): boolean {
  return invalidMetadata.has(code);
}

const notWritten: ReadonlySet<number> = new Set<number>([
  ErrorCode.unknownTopicOrPartition,
  ErrorCode.messageTooLarge,
  ErrorCode.recordListTooLarge,
  ErrorCode.notEnoughReplicas,
  ErrorCode.invalidRequiredAcks,
  ErrorCode.outOfOrderSequenceNumber,
  ErrorCode.invalidProducerEpoch,
  ErrorCode.corruptMessage,
]);

/**
 * True when a broker that answers a produce request with this code has certainly not written the batch on this attempt.
 * NOT_LEADER_OR_FOLLOWER is not among them: it is also the answer to a request that waited in the purgatory when leadership left.
 */
export function certainlyNotWritten(code: number): boolean {
  return notWritten.has(code);
}
