/**
 * Which harm the settings and the faults that bit allow: a table, one row a rule, each with its source. A harm that no rule
 * allows is a bug of Spillway or a discovery, and a report says so loudly. The rules are never tuned to turn a run green.
 *
 * A rule names the reasons (see `because.ts`) that it covers, so that an allowance for one way of losing a record does not
 * excuse another: with unclean election on, a record that a *cleanly* elected leader lacks is still not permitted. The reasons
 * `unexplained`, and those that say "no Kafka does this", are covered by no rule.
 *
 * Left out: how likely a harm is. Network dice of the plan count as faults through the notes they leave (resets, time-outs).
 */
import type { GroupFacts, ProducerFacts } from '../history/history.ts';
import type { FaultName, FaultReport } from '../plan/faults.ts';
import type { BecauseCode } from './because.ts';
import type { EvidenceCounts } from './evidence.ts';
import type { RunFacts, TopicFacts } from './facts.ts';
import { groupRules } from './permission-groups.ts';
import type { Because, Harm } from './verdict.ts';

/** What a rule may ask about: the settings that the record lived under, the faults that bit, what was seen in the run. */
export interface Situation {
  /** Null when the anomaly is about no producer's record. */
  readonly producer: ProducerFacts | null;
  /** What that producer's application does after a restart. */
  readonly onRestart: 'resend' | 'continue';
  readonly topic: TopicFacts;
  /** Names of the faults that bit. */
  readonly bit: ReadonlySet<FaultName>;
  readonly seen: Readonly<EvidenceCounts>;
  /** The cluster came to rest. */
  readonly settled: boolean;
  /** Null when the anomaly is about no group. */
  readonly group: GroupFacts | null;
  /** A handler of that group threw. */
  readonly threw: boolean;
}

export interface PermissionRule {
  /** Stable: `lost-acks-1`. */
  readonly id: string;
  readonly harm: Harm;
  /** The reasons that the rule covers. */
  readonly reasons: readonly BecauseCode[];
  /** The condition in words. */
  readonly allows: string;
  readonly when: (situation: Situation) => boolean;
  readonly source: string;
}

const lostPageCache: readonly BecauseCode[] = [
  'last-replica-lost-page-cache',
  'isr-member-lost-page-cache',
  'all-replicas-lost-page-cache',
  'replication-factor-1-lost-page-cache',
];
const uncleanlyElected: readonly BecauseCode[] = ['unclean-election', 'zombie-leader-acknowledged'];

/** `flush.messages=1` flushes what it appends; what a start found in the page cache it did not append. */
const recoveredUnflushed =
  'a process that died between an append and its flush, and a loss of power: recovery keeps what the page cache holds and flushes nothing';

export const permissionRules: readonly PermissionRule[] = [
  {
    id: 'lost-acks-0',
    harm: 'lost',
    reasons: ['acks-0-nobody-confirmed'],
    allows:
      'acks=0 and anything that can swallow a request: a fault that bit, a lost connection, a change of leaders, a refusal, a death',
    when: ({ producer, bit, seen }) =>
      producer?.acks === 0 &&
      bit.size + seen.connectionResets + seen.leaderChanges + seen.produceRefusals + seen.producerDeaths > 0,
    source: 'KafkaApis.handleProduceRequest (acks=0), KAFKA-955',
  },
  {
    id: 'lost-acks-1',
    harm: 'lost',
    reasons: ['acks-1-leader-only', 'zombie-leader-acknowledged'],
    allows: 'acks=1 and a change of leaders, whatever caused it',
    when: ({ producer, topic, seen }) => producer?.acks === 1 && topic.replicationFactor > 1 && seen.leaderChanges > 0,
    source: 'ReplicaManager.appendRecords, BrokerHeartbeatManager, KIP-966 (acks=1); Vanlightly, ChaosTestingCode/Kafka',
  },
  {
    id: 'lost-unclean-election',
    harm: 'lost',
    reasons: uncleanlyElected,
    allows: 'unclean.leader.election.enable=true and an unclean election',
    when: ({ topic, seen }) => topic.uncleanLeaderElection && seen.uncleanElections > 0,
    source: 'PartitionChangeBuilder (UNCLEAN), UncleanLeaderElectionTest; Jepsen: Kafka, 2013',
  },
  {
    id: 'lost-isr-of-one',
    harm: 'lost',
    reasons: ['isr-of-one-unclean-election'],
    allows: 'an unclean election, and nothing that asks for two replicas: acks=1, or min.insync.replicas=1',
    when: ({ producer, topic, seen }) =>
      topic.uncleanLeaderElection && seen.uncleanElections > 0 && (producer?.acks !== -1 || topic.minInsyncReplicas === 1),
    source: 'DelayedProduce (min.insync.replicas is a gate, not a quorum); Jepsen: Kafka, 2013',
  },
  {
    id: 'lost-page-cache',
    harm: 'lost',
    reasons: lostPageCache,
    allows: 'a broker lost power, and not every append was flushed before it was acknowledged',
    when: (situation) => lostPower(situation) && !flushesEveryAppend(situation),
    source: 'UnifiedLog.append, LogLoader, KIP-966; redpanda-data/kafka-fsync',
  },
  {
    id: 'lost-recovered-unflushed',
    harm: 'lost',
    reasons: lostPageCache,
    allows: recoveredUnflushed,
    when: (situation) => lostPower(situation) && brokerCrashed(situation),
    source:
      'LogLoader.recoverLog (the recovery point does not move), UnifiedLog.append (a duplicate is answered before any flush)',
  },
  {
    id: 'lost-fsync-lied',
    harm: 'lost',
    reasons: lostPageCache,
    allows: 'a broker lost power, and its disk had said "flushed" of what was not',
    when: (situation) => lostPower(situation) && (situation.bit.has('fsync-lie') || situation.bit.has('fsync-error')),
    source: 'UnifiedLog.flush; fsync failures on Linux (ATC 2020, Rebello et al.)',
  },
  {
    id: 'lost-rot',
    harm: 'lost',
    reasons: ['replica-rotted', 'batch-rotted'],
    allows:
      'a batch went bad on the disk of a replica, which led with it, or without what recovery cut: nobody compares replicas',
    when: ({ seen }) => seen.extentsRotted > 0,
    source: 'LogSegment.recover, LogLoader.recoverLog; Ganesan and others, FAST 2017',
  },
  ...groupRules,
  {
    id: 'swallowed-fire-and-forget',
    harm: 'swallowed',
    reasons: ['fire-and-forget', 'record-too-large-ignored'],
    allows: 'the application ignores the outcome of its sends',
    when: ({ producer }) => producer?.onFailure === 'forget',
    source: 'KafkaProducer.doSend',
  },
  {
    id: 'swallowed-process-died',
    harm: 'swallowed',
    reasons: ['died-in-accumulator'],
    allows: "the producer's process died",
    when: ({ seen }) => seen.producerDeaths > 0,
    source: 'KafkaProducer.send, linger.ms',
  },
  {
    id: 'duplicated-retry',
    harm: 'duplicated',
    reasons: ['retry-after-unknown-outcome', 'late-execution-of-a-timed-out-request'],
    allows: 'a retry without idempotence (acks=0 has nothing to retry once the bytes are out)',
    when: ({ producer, seen }) =>
      producer !== null && !producer.idempotent && producer.acks !== 0 && producer.retries > 0 && seen.batchesRetried > 0,
    source: 'Sender.completeBatch; Vanlightly, Testing Producer Deduplication in Apache Kafka and Apache Pulsar, 2018',
  },
  {
    id: 'duplicated-resend',
    harm: 'duplicated',
    reasons: ['retry-after-restart-new-producer-id', 'resent-after-restart'],
    allows: 'the application sends again after its process died',
    when: ({ onRestart, seen }) => onRestart === 'resend' && seen.producerDeaths > 0,
    source: 'KIP-98 (scope: one producer session), librdkafka#4953',
  },
  {
    id: 'duplicated-epoch-bump',
    harm: 'duplicated',
    reasons: ['epoch-bumped-after-expiry'],
    allows:
      'an idempotent producer bumped its epoch: a batch was given up, or a broker had lost data or begun with a later batch',
    when: bumpedForCause,
    source: 'TransactionManager.handleFailedBatch, canRetry; KIP-360, KAFKA-14034, KAFKA-14359',
  },
  {
    id: 'duplicated-producer-forgotten',
    harm: 'duplicated',
    reasons: ['retry-after-unknown-outcome', 'late-execution-of-a-timed-out-request'],
    allows: 'an idempotent producer tried again after the leader had forgotten it: it was idle for producer.id.expiration.ms',
    when: ({ producer, seen }) => producer?.idempotent === true && seen.producersForgotten > 0 && seen.batchesRetried > 0,
    source: 'ProducerStateManager.removeExpiredProducers, KIP-854; ProducerIdExpirationTest',
  },
  {
    id: 'reordered-in-flight',
    harm: 'reordered',
    reasons: ['retry-overtaken-in-flight', 'disconnect-reversed-retries'],
    allows: 'a retry without idempotence and with more than one request in flight (acks=0 has one on the wire at a time)',
    when: ({ producer, seen }) =>
      producer !== null &&
      !producer.idempotent &&
      producer.acks !== 0 &&
      producer.retries > 0 &&
      producer.maxInFlight > 1 &&
      seen.batchesRetried > 0,
    source: 'InFlightRequests.clearAll, RecordAccumulator.reenqueue (without idempotence)',
  },
  {
    id: 'reordered-late-execution',
    harm: 'reordered',
    reasons: ['late-execution-after-later-send'],
    allows: 'without idempotence, a request that its client gave up is executed late; one request in flight does not help',
    when: ({ producer, seen }) =>
      producer !== null &&
      !producer.idempotent &&
      seen.requestTimeouts + seen.connectionResets + seen.batchesExpired + seen.brokerDeaths > 0,
    source: 'SocketServer, NetworkClient',
  },
  {
    id: 'reordered-across-sessions',
    harm: 'reordered',
    reasons: ['late-execution-after-later-send'],
    allows: 'a request of a producer that died is executed after what the restarted one sent, idempotent or not',
    when: ({ seen }) => seen.producerDeaths > 0,
    source: 'SocketServer; KIP-98 (scope: one producer session)',
  },
  {
    id: 'reordered-epoch-bump',
    harm: 'reordered',
    reasons: ['epoch-bumped-then-overtaken'],
    allows:
      'an idempotent producer bumped its epoch: a batch was given up, or a broker had lost data or begun with a later batch',
    when: bumpedForCause,
    source: 'KAFKA-14034, KAFKA-14359',
  },
  {
    id: 'dirty-read-unclean-election',
    harm: 'dirtyRead',
    reasons: [...uncleanlyElected, 'isr-of-one-unclean-election'],
    allows: 'unclean.leader.election.enable=true and an unclean election',
    when: ({ topic, seen }) => topic.uncleanLeaderElection && seen.uncleanElections > 0,
    source: 'PartitionChangeBuilder (UNCLEAN); Jepsen: Kafka, 2013',
  },
  {
    id: 'dirty-read-page-cache',
    harm: 'dirtyRead',
    reasons: lostPageCache,
    allows: 'a broker lost power, and not every append was flushed, or its disk had lied',
    when: (situation) =>
      lostPower(situation) &&
      (!flushesEveryAppend(situation) || situation.bit.has('fsync-lie') || situation.bit.has('fsync-error')),
    source: 'LogLoader, KIP-320',
  },
  {
    id: 'dirty-read-recovered-unflushed',
    harm: 'dirtyRead',
    reasons: lostPageCache,
    allows: recoveredUnflushed,
    when: (situation) => lostPower(situation) && brokerCrashed(situation),
    source: 'LogLoader.recoverLog (the recovery point does not move), ReplicaManager.fetchMessages',
  },
  {
    id: 'dirty-read-rot',
    harm: 'dirtyRead',
    reasons: ['replica-rotted'],
    allows: 'a batch went bad on the disk of a replica, and recovery cut its log there',
    when: ({ seen }) => seen.extentsRotted > 0,
    source: 'LogSegment.recover',
  },
  {
    id: 'diverged-unsettled',
    harm: 'diverged',
    reasons: ['not-yet-truncated'],
    allows: 'the run ended before replicas had truncated after an unclean election or a loss of power',
    when: ({ settled, seen }) => !settled && seen.uncleanElections + seen.brokerPowerLosses > 0,
    source: 'KIP-595 (truncation on fetch)',
  },
  {
    id: 'diverged-epoch-led-again',
    harm: 'diverged',
    reasons: ['epoch-led-again'],
    allows:
      'ZooKeeper: the leader lost records with its power and led on in the same epoch, for the controller that took over found it alive',
    when: ({ seen }) => seen.brokerDataLosses > 0,
    source: 'KafkaController.onControllerFailover, ReplicaStateMachine.startup: no election where the leader is alive',
  },
  {
    id: 'stuck-min-isr-unreachable',
    harm: 'stuck',
    reasons: ['isr-below-minimum', 'not-settled'],
    allows: 'min.insync.replicas exceeds the replication factor: the high watermark can never move',
    when: ({ topic }) => topic.minInsyncReplicas > topic.replicationFactor,
    source: 'Partition.maybeIncrementLeaderHW since 3.7; KIP-966',
  },
  {
    id: 'stuck-log-directory',
    harm: 'stuck',
    reasons: ['log-directory-failed', 'partition-offline', 'isr-below-minimum'],
    allows: 'an I/O error took a log directory offline; Kafka does not bring it back by itself',
    when: ({ bit, seen }) => (bit.has('fsync-error') || bit.has('disk-full')) && seen.directoriesFailed > 0,
    source: 'LogDirFailureChannel, log_dir_failure_test.py',
  },
  {
    id: 'stuck-rot',
    harm: 'stuck',
    reasons: ['corrupt-batch', 'isr-below-minimum', 'partition-offline'],
    allows: 'a batch went bad on the disk of a leader: followers and consumers that come to it go no further',
    when: ({ seen }) => seen.extentsRotted > 0,
    source: 'AbstractFetcherThread.processFetchRequest (CorruptRecordException), CompletedFetch.maybeEnsureValid',
  },
  {
    id: 'stuck-broker-deposed',
    harm: 'stuck',
    reasons: ['broker-deposed'],
    allows:
      'the controller handled a registration of a former life after that of the present one, and the broker was not started again',
    when: ({ seen }) => seen.formerLivesRegistered > 0,
    source: 'ClusterControlManager.registerBroker, BrokerLifecycleManager (an error is answered by another heartbeat)',
  },
];

/** A broker's process died while its machine lived: what it had written is in the page cache. */
function brokerCrashed({ seen }: Situation): boolean {
  return seen.brokerDeaths > seen.brokerPowerLosses;
}

function lostPower({ seen }: Situation): boolean {
  return seen.brokerPowerLosses > 0;
}

/**
 * An idempotent producer bumps its epoch when a batch was given up, or when a broker answers "out of order" to the next expected
 * sequence (TransactionManager.handleFailedBatch, canRetry). A broker does so when its log lost data, or when it has begun with a
 * later batch: a leader that knows nothing of a producer takes any sequence, so that the first batch, refused before or appended
 * by a former leader alone, finds its place taken (KAFKA-14359, ProducerAppendInfo.checkSequence). With the bump the producer
 * rewrites all that it has in flight, and what of that was written already is written again when its answer fails (KAFKA-14034).
 */
function bumpedForCause({ producer, seen }: Situation): boolean {
  const firstFailed = seen.leaderChanges > 0 || seen.produceRefusals > seen.sequenceRefusals;
  const begunLater = firstFailed ? seen.sequencesBegunLater : 0;
  const cause = seen.batchesExpired + seen.batchesFailed + seen.uncleanElections + seen.brokerDataLosses + begunLater;
  return producer?.idempotent === true && seen.epochBumps > 0 && cause > 0;
}

/**
 * `flush.messages=1`: leader and followers flush inside the append, before an acknowledgement or their next fetch. Nor does the high
 * watermark pass what is being flushed, whoever moves it: UnifiedLog.maybeIncrementHighWatermark waits for the lock that
 * UnifiedLog.append holds while it flushes. So no consumer is given what a loss of power takes.
 */
function flushesEveryAppend({ topic }: Situation): boolean {
  return topic.flushMessages === 1;
}

/** The rules that allow this harm for this reason, by id; empty when none does. Without evidence the reason is not asked. */
export function rulesFor(harm: Harm, because: Because, situation: Situation): string[] {
  const ids: string[] = [];
  for (const rule of permissionRules) {
    if (rule.harm !== harm) continue;
    const covers = because.code === 'no-evidence' || (rule.reasons as readonly string[]).includes(because.code);
    if (covers && rule.when(situation)) ids.push(rule.id);
  }
  return ids;
}

/** The harms that settings and faults allow at all, whatever the reason: for campaigns that count and do not explain. */
export function allowedHarms(
  facts: RunFacts,
  producers: readonly ProducerFacts[],
  faults: readonly FaultReport[],
  seen: Readonly<EvidenceCounts>,
  settled: boolean,
  groups: readonly GroupFacts[] = [],
): ReadonlySet<Harm> {
  const allowed = new Set<Harm>();
  const bit = namesOfBitten(faults);
  for (const topic of facts.topics) {
    const ask = (producer: ProducerFacts | null, onRestart: 'resend' | 'continue', group: GroupFacts | null = null): void => {
      const situation: Situation = { producer, onRestart, topic, bit, seen, settled, group, threw: true };
      for (const rule of permissionRules) if (rule.when(situation)) allowed.add(rule.harm);
    };
    ask(null, 'continue');
    for (const group of groups) if (group.topic === topic.name) ask(null, 'continue', group);
    for (const [index, producer] of producers.entries()) {
      if (producer.topic === topic.name) ask(producer, facts.onRestart[index] ?? 'continue');
    }
  }
  return allowed;
}

/** Names of the faults that bit. */
export function namesOfBitten(faults: readonly FaultReport[]): ReadonlySet<FaultName> {
  return new Set(faults.filter((fault) => fault.bit).map((fault) => fault.name));
}
