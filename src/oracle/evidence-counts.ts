/** What a run is counted for beside its table of evidence. */

/** How often things happened in the whole run; permission rules ask for these. */
export interface EvidenceCounts {
  /** Elections of a partition beyond its first, clean or not. */
  leaderChanges: number;
  uncleanElections: number;
  /** Hosts that lost power, brokers only. */
  brokerPowerLosses: number;
  /** Those of them after which something was missing or torn. */
  brokerDataLosses: number;
  /** Brokers whose process died, power losses included. */
  brokerDeaths: number;
  producerDeaths: number;
  truncations: number;
  batchesRetried: number;
  batchesExpired: number;
  /** Given up for an error that is not retried, or for the last one of the retries. */
  batchesFailed: number;
  epochBumps: number;
  duplicatesDetected: number;
  produceRefusals: number;
  /** Those of them for the sequence of an idempotent producer. */
  sequenceRefusals: number;
  /** And of these: the leader expected a later sequence, having begun with a later batch of a producer that it knew nothing of. */
  sequencesBegunLater: number;
  produceTimeouts: number;
  requestTimeouts: number;
  connectionResets: number;
  framesStalled: number;
  fsyncFailures: number;
  directoriesFailed: number;
  /** Registrations of a former life that the controller handled after that of the present one. */
  formerLivesRegistered: number;
  tornBatchesDropped: number;
  /** Producers that a replica forgot because they were idle for producer.id.expiration.ms, over all replicas. */
  producersForgotten: number;
  partitionIncreases: number;
  /** How often the start of a log rose, over all replicas. */
  logStartsAdvanced: number;
  /** Batches on disks that went bad. */
  extentsRotted: number;
  rebalances: number;
  membersRemoved: number;
  commitsRefused: number;
}

/** Nothing has happened. */
export const noCounts: Readonly<EvidenceCounts> = {
  leaderChanges: 0,
  uncleanElections: 0,
  brokerPowerLosses: 0,
  brokerDataLosses: 0,
  brokerDeaths: 0,
  producerDeaths: 0,
  truncations: 0,
  batchesRetried: 0,
  batchesExpired: 0,
  batchesFailed: 0,
  epochBumps: 0,
  duplicatesDetected: 0,
  produceRefusals: 0,
  sequenceRefusals: 0,
  sequencesBegunLater: 0,
  produceTimeouts: 0,
  requestTimeouts: 0,
  connectionResets: 0,
  framesStalled: 0,
  fsyncFailures: 0,
  directoriesFailed: 0,
  formerLivesRegistered: 0,
  tornBatchesDropped: 0,
  producersForgotten: 0,
  partitionIncreases: 0,
  logStartsAdvanced: 0,
  extentsRotted: 0,
  rebalances: 0,
  membersRemoved: 0,
  commitsRefused: 0,
};
