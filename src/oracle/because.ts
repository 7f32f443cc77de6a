/**
 * The reasons a verdict can give, as a registry: code, names of its parameters, a definition of one line, and where Kafka says
 * so. Sentences are made elsewhere, from one catalogue a language; a catalogue without a sentence for a code of this table is
 * incomplete.
 *
 * A code is chosen from what happened to the record in question (who acknowledged it, how large the ISR was then, which
 * election or recovery removed it), never from the settings alone. Brokers are named by their ids, offsets and epochs are
 * numbers, an error is its code.
 */
import type { Because } from './verdict.ts';

/** What one entry of the registry says. */
export interface BecauseEntry {
  readonly params: readonly string[];
  /** One line, in Kafka's words. */
  readonly definition: string;
  readonly source: string;
}

/** Who acknowledged (or served) the record where, how large the ISR was then, and whose election removed it. */
const removal = ['leader', 'epoch', 'offset', 'isrSize', 'newLeader', 'newEpoch', 'newLeaderEndOffset'] as const;
const twoOffsets = ['firstOffset', 'secondOffset', 'errorCode'] as const;
const overtaking = ['offset', 'overtaker', 'overtakerOffset', 'errorCode'] as const;

export const becauseCodes = {
  // ---- acknowledged, and gone
  'acks-0-nobody-confirmed': {
    params: [],
    definition: 'acks=0 reports success when the bytes are handed to the socket; no broker ever confirmed the record.',
    source: 'KafkaProducer acks=0; KAFKA-955',
  },
  'acks-1-leader-only': {
    params: removal,
    definition: 'The leader acknowledged alone; the next leader had not fetched the offset, and the log was cut to its end.',
    source: 'ReplicaManager.appendRecords, acks=1; KIP-101 truncation',
  },
  'zombie-leader-acknowledged': {
    params: removal,
    definition: 'A deposed leader that had not heard of its successor acknowledged; it truncates to the successor when it hears.',
    source: 'BrokerHeartbeatManager; Vanlightly, ChaosTestingCode/Kafka (isolated leader, acks=1)',
  },
  'isr-of-one-unclean-election': {
    params: removal,
    definition: 'The ISR was the leader alone when the record was committed; a replica outside the ISR was elected without it.',
    source: 'unclean.leader.election.enable; Jepsen: Kafka, 2013',
  },
  'unclean-election': {
    params: removal,
    definition: 'A replica outside the ISR was elected; committed records that it did not have are gone.',
    source: 'PartitionChangeBuilder.electAnyLeader; UncleanLeaderElectionTest',
  },
  'last-replica-lost-page-cache': {
    params: removal,
    definition: 'The only in-sync replica lost its unflushed tail with the power, came back and was elected cleanly without it.',
    source: 'KIP-966 (last replica standing), KAFKA-14139',
  },
  'isr-member-lost-page-cache': {
    params: removal,
    definition: 'A replica lost its unflushed tail with the power and was elected while it still counted as in sync.',
    source: 'KIP-966, KAFKA-18635; redpanda-data/kafka-fsync',
  },
  'all-replicas-lost-page-cache': {
    params: removal,
    definition: 'Every replica that held the record lost power before it was flushed anywhere that could still be elected.',
    source: 'log.flush.interval.messages; UnifiedLog.append',
  },
  'replica-rotted': {
    params: removal,
    definition:
      'A batch had gone bad on the disk of a replica; recovery cut its log there, and it was elected without what followed.',
    source: 'LogSegment.recover; Ganesan and others, FAST 2017',
  },
  'batch-rotted': {
    params: ['offset'],
    definition:
      "The batch is in the leader's log, and its checksum fails: it had gone bad on the disk, below what recovery looks at.",
    source: 'LogLoader.recoverLog (nothing below the recovery point, nothing after a clean stop)',
  },
  'replication-factor-1-lost-page-cache': {
    params: removal,
    definition: 'The only replica lost its unflushed tail with the power.',
    source: 'log.flush.interval.messages; LogLoader',
  },
  'acknowledged-before-replicated': {
    params: removal,
    definition: 'acks=all was answered though the high watermark had not passed the record: no Kafka does this.',
    source: 'DelayedProduce; Partition.checkEnoughReplicasReachOffset',
  },
  'acknowledged-never-appended': {
    params: ['offset'],
    definition: 'No leader appended the record between its send and its acknowledgement (a mistaken deduplication, for one).',
    source: 'KAFKA-14397',
  },
  'committed-not-on-elected-leader': {
    params: removal,
    definition: 'A cleanly elected leader lacked a committed record that no power loss had taken from it: no Kafka does this.',
    source: 'PartitionChangeBuilder',
  },
  'read-above-high-watermark': {
    params: removal,
    definition: 'A consumer was given a record that its leader had not committed: no Kafka does this.',
    source: 'FetchIsolation.HIGH_WATERMARK',
  },
  // ---- never acknowledged, and nobody told
  'died-in-accumulator': {
    params: [],
    definition: "The producer's process died with the record unfinished; its callback never ran.",
    source: 'KafkaProducer.send is asynchronous; linger.ms',
  },
  'record-too-large-ignored': {
    params: ['errorCode'],
    definition: 'The record exceeded max.request.size or message.max.bytes, and the application ignored the outcome.',
    source: 'RecordTooLargeException; max.request.size, message.max.bytes',
  },
  'fire-and-forget': {
    params: ['errorCode'],
    definition: 'The send failed, and the application looked at neither callback nor future.',
    source: 'KafkaProducer.doSend',
  },
  // ---- twice
  'retry-after-unknown-outcome': {
    params: twoOffsets,
    definition: 'An attempt was appended and its answer lost or late; the retry was appended again.',
    source: 'Sender.completeBatch; Vanlightly, Testing Producer Deduplication in Apache Kafka and Apache Pulsar, 2018',
  },
  'late-execution-of-a-timed-out-request': {
    params: twoOffsets,
    definition: 'The broker executed a request after its client had given it up and gone on.',
    source: 'SocketServer (a received request is executed after its connection died)',
  },
  'retry-after-restart-new-producer-id': {
    params: ['firstOffset', 'secondOffset'],
    definition: 'The restarted application sent the record again under a new producer id, which no broker can match to the old.',
    source: 'KIP-98 (idempotence spans one producer session); librdkafka#4953',
  },
  'resent-after-restart': {
    params: ['firstOffset', 'secondOffset'],
    definition: 'The restarted application sent the record again, and without idempotence.',
    source: 'librdkafka#4953',
  },
  'epoch-bumped-after-expiry': {
    params: twoOffsets,
    definition:
      'The producer bumped its epoch and rewrote the sequences of what was in flight; the old attempt had been appended.',
    source: 'KIP-360, KAFKA-14034; TransactionManager.bumpIdempotentProducerEpoch',
  },
  // ---- out of order
  'retry-overtaken-in-flight': {
    params: overtaking,
    definition: 'The batch failed and was sent again after a later batch that was already in flight had been appended.',
    source: 'max.in.flight.requests.per.connection',
  },
  'disconnect-reversed-retries': {
    params: overtaking,
    definition: 'A disconnect cancelled both batches, oldest first, and each was put back at the head: the later one went first.',
    source: 'InFlightRequests.clearAll, RecordAccumulator.reenqueue',
  },
  'late-execution-after-later-send': {
    params: overtaking,
    definition: 'The broker executed a request that its client had finished with, after a later send had been appended.',
    source: 'SocketServer, NetworkClient',
  },
  'epoch-bumped-then-overtaken': {
    params: overtaking,
    definition: 'The producer bumped its epoch; a batch of the new epoch was appended before a retried older one.',
    source: 'KAFKA-14034, KAFKA-14359',
  },
  // ---- the rest
  'refused-yet-written': {
    params: ['offset', 'errorCode'],
    definition:
      'Every attempt was refused with an error that means "not written", yet the record is readable: no Kafka does this.',
    source: 'Partition.appendRecordsToLeader (NOT_ENOUGH_REPLICAS), Sender.completeBatch',
  },
  'replicas-differ': {
    params: ['replica', 'other', 'leaderEpoch', 'offset'],
    definition: 'Replicas that follow the same leader epoch hold different records at one offset below both high watermarks.',
    source: 'KIP-101, KIP-279 (log matching)',
  },
  'epoch-led-again': {
    params: ['replica', 'other', 'leaderEpoch', 'offset'],
    definition:
      'A leader lost records with its power and leads on in the same epoch, so that what it writes anew looks like what a follower kept.',
    source: 'KafkaController.onControllerFailover (a leader that is alive is not elected again); KIP-101',
  },
  'not-yet-truncated': {
    params: ['replica', 'other', 'leaderEpoch', 'offset'],
    definition: 'The run ended before a replica of a lossy election had fetched from the new leader and truncated.',
    source: 'KIP-595 (truncation on fetch)',
  },
  'partition-offline': {
    params: ['lastLeader', 'isrSize'],
    definition: 'The partition has no leader: no replica that may be elected is alive.',
    source: 'PartitionChangeBuilder; unclean.leader.election.enable=false',
  },
  'isr-below-minimum': {
    params: ['isrSize', 'minInsyncReplicas'],
    definition: 'The ISR stayed below min.insync.replicas: acks=all is refused and the high watermark stands still.',
    source: 'Partition.maybeIncrementLeaderHW since 3.7; KIP-966',
  },
  'log-directory-failed': {
    params: ['broker'],
    definition: 'An I/O error took the log directory offline, and its broker has not been started again.',
    source: 'LogDirFailureChannel; log_dir_failure_test.py',
  },
  'corrupt-batch': {
    params: ['offset', 'leader'],
    definition: 'The checksum of a batch in the log of the leader fails: whoever has to read it goes no further.',
    source: 'AbstractFetcherThread.processFetchRequest, CompletedFetch.maybeEnsureValid',
  },
  'broker-deposed': {
    params: ['broker'],
    definition:
      'The controller registered a former life of a broker after the present one: the broker stays fenced until it is started again.',
    source: 'ClusterControlManager.registerBroker, BrokerLifecycleManager (an error is answered by another heartbeat)',
  },
  'send-never-completed': {
    params: [],
    definition: 'The producer never finished the send though every fault had healed and delivery.timeout.ms had time to pass.',
    source: 'KIP-91',
  },
  'not-settled': {
    params: [],
    definition: 'The cluster did not come to rest in the time allowed after every fault had healed.',
    source: 'Plan.limits.settleUs',
  },
  // ---- handled by a group, or not
  'handler-threw': {
    params: ['group', 'offset'],
    definition: 'The handler threw for the record, and the offset was committed past it all the same.',
    source: 'KafkaConsumer.poll: positions move when records are returned, not when they are handled',
  },
  'committed-while-in-hand': {
    params: ['group', 'offset', 'member'],
    definition: 'The offset was committed while a member still had the record in hand, and the member did not finish it.',
    source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync, commitSync()',
  },
  'committed-before-handed': {
    params: ['group', 'offset'],
    definition: 'The record was returned by poll() and its offset committed before any handler was given it.',
    source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync, close()',
  },
  'reset-past-record': {
    params: ['group', 'offset', 'firstOffset'],
    definition: 'The group had no offset there, and auto.offset.reset began behind the record.',
    source: 'OffsetFetcher, auto.offset.reset=latest',
  },
  'deleted-before-read': {
    params: ['group', 'offset', 'logStartOffset'],
    definition: 'The record was deleted by policy or by an operator before the group had read it.',
    source: 'UnifiedLog.deleteOldSegments, OffsetFetcher (OFFSET_OUT_OF_RANGE)',
  },
  'written-below-position': {
    params: ['group', 'offset', 'cut'],
    definition: 'The log lost records that the group had read, and the record was written anew below the offset of the group.',
    source: 'KafkaConsumer: a position is a number, and knows nothing of the records before it',
  },
  'read-again-uncommitted': {
    params: ['group', 'offset', 'first', 'second'],
    definition: 'The record was handled before its offset was committed, and whoever owned the partition next read it again.',
    source: 'ConsumerCoordinator; KafkaConsumer (at least once)',
  },
  'read-again-after-cut': {
    params: ['group', 'offset', 'first', 'second', 'cut'],
    definition: 'The log lost records that the group had read; its position was out of range, and auto.offset.reset began anew.',
    source: 'FetchCollector, OFFSET_OUT_OF_RANGE; auto.offset.reset=earliest',
  },
  'written-twice': {
    params: ['group', 'offset', 'first', 'second'],
    definition: 'The record is in the log at two offsets, and the group handled both.',
    source: 'DUPLICATED in the log is REPROCESSED by whoever reads it',
  },
  'workers-overtook': {
    params: ['group', 'offset', 'overtaker', 'member'],
    definition: 'A worker finished a later record of the same key or partition before an earlier one.',
    source: 'KafkaConsumer: order ends where records leave the thread that polls',
  },
  'read-again-behind': {
    params: ['group', 'offset', 'overtaker', 'member'],
    definition: 'The record was finished for the first time after a later one, which another member had handled already.',
    source: 'ConsumerCoordinator; KafkaConsumer (at least once)',
  },
  'key-moved': {
    params: ['group', 'offset', 'overtaker', 'newPartition'],
    definition:
      'The topic was given more partitions: a later record of the key went to another partition, and was finished before this one.',
    source: 'KIP-195; BuiltInPartitioner.partitionForKey: murmur2 modulo the number of partitions',
  },
  'group-lags': {
    params: ['group', 'committed', 'endOffset'],
    definition: 'The committed offset of the group stayed behind the end of the log though every fault had healed.',
    source: 'max.poll.interval.ms (KIP-62); a handler that fails for ever',
  },
  // ---- nothing to say
  'no-evidence': {
    params: [],
    definition: 'The history came without notes of the run, so what happened to the record cannot be told.',
    source: 'Observer',
  },
  unexplained: {
    params: [],
    definition: 'The notes of the run do not explain the anomaly: a bug of Spillway or a discovery.',
    source: '-',
  },
} as const satisfies Record<string, BecauseEntry>;

export type BecauseCode = keyof typeof becauseCodes;

/** Parameters of a code, each by its name. */
export type BecauseParams<C extends BecauseCode> = Readonly<Record<(typeof becauseCodes)[C]['params'][number], string | number>>;

/** Makes a reason; the parameters are those that the registry names, all of them. */
export function because<C extends BecauseCode>(code: C, params: BecauseParams<C>): Because {
  return { code, params };
}
