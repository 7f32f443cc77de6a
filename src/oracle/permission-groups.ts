/** What settings and faults allow on the way out: the rules about groups. See `permission.ts`. */
import type { PermissionRule, Situation } from './permission.ts';

const readersLoss = 'a log that lost what the group had read: whether it may is the business of LOST and DIRTY READ';

/** Only what was committed is read, and only these two take it away. */
function lostWhatWasRead({ group, seen }: Situation): boolean {
  return group !== null && seen.brokerPowerLosses + seen.uncleanElections > 0;
}

export const groupRules: readonly PermissionRule[] = [
  {
    id: 'missed-handler-threw',
    harm: 'missed',
    reasons: ['handler-threw'],
    allows: 'a handler that throws, and an application that goes on',
    when: ({ group, threw }) => group !== null && threw,
    source: 'KafkaConsumer.poll: positions move when records are returned',
  },
  {
    id: 'missed-committed-early',
    harm: 'missed',
    reasons: ['committed-while-in-hand', 'committed-before-handed'],
    allows:
      'offsets committed before records are handled: by the application, automatically beside workers, or on close after an exception',
    when: ({ group, threw }) =>
      group !== null &&
      (group.commit === 'before' ||
        (group.where === 'workers' && group.commit !== 'done-prefix') ||
        (group.commit === 'auto' && threw)),
    source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync, close()',
  },
  {
    id: 'missed-reset-to-latest',
    harm: 'missed',
    reasons: ['reset-past-record'],
    allows: 'auto.offset.reset=latest',
    when: ({ group }) => group?.reset === 'latest',
    source: 'OffsetFetcher, auto.offset.reset',
  },
  {
    id: 'missed-deleted-by-policy',
    harm: 'missed',
    reasons: ['deleted-before-read'],
    allows: 'retention.ms, retention.bytes or DeleteRecords: the start of the log rose past what the group had not read',
    when: ({ group, seen }) => group !== null && seen.logStartsAdvanced > 0,
    source: 'UnifiedLog.deleteOldSegments: retention asks no consumer',
  },
  {
    id: 'reprocessed-at-least-once',
    harm: 'reprocessed',
    reasons: ['read-again-uncommitted'],
    allows: 'any commit after the handling; a commit before it only where a fault took the commit away again',
    when: ({ group, bit }) => group !== null && (group.commit !== 'before' || bit.size > 0),
    source: 'KafkaConsumer (at least once)',
  },
  {
    id: 'reprocessed-written-twice',
    harm: 'reprocessed',
    reasons: ['written-twice'],
    allows: 'a log that holds the record twice: whether it may is the business of DUPLICATED',
    when: ({ group }) => group !== null,
    source: 'KafkaConsumer (at least once)',
  },
  {
    id: 'applied-twice-without-key',
    harm: 'appliedTwice',
    reasons: ['read-again-uncommitted'],
    allows: 'a sink that looks neither at a key nor at the stored offset',
    when: ({ group }) => group?.sink === 'plain' || group?.sink === 'transactional-unconditional',
    source: 'KafkaConsumer (at least once)',
  },
  {
    id: 'applied-twice-written-twice',
    harm: 'appliedTwice',
    reasons: ['written-twice'],
    allows: 'a log that holds the record twice, and a sink that does not look at a key',
    when: ({ group }) => group !== null && group.sink !== 'unique-key',
    source: 'KafkaConsumer (at least once)',
  },
  {
    id: 'reordered-by-workers',
    harm: 'reordered',
    reasons: ['workers-overtook'],
    allows: 'workers that do not own their keys',
    when: ({ group }) => group?.where === 'workers' && !group.keyed,
    source: 'KafkaConsumer: order ends where records leave the thread that polls',
  },
  {
    id: 'reordered-between-members',
    harm: 'reordered',
    reasons: ['read-again-behind'],
    allows: 'a member that goes on with what another one has taken over, and a sink that lets it',
    when: ({ group }) => group !== null && group.sink !== 'transactional',
    source: 'ConsumerCoordinator.onJoinPrepare; a paused member finishes what it has in hand',
  },
  {
    id: 'reordered-partitions-added',
    harm: 'reordered',
    reasons: ['key-moved'],
    allows: 'a topic that was given more partitions while keys were on their way',
    when: ({ group, seen }) => group !== null && seen.partitionIncreases > 0,
    source:
      'Kafka documentation, Basic Kafka Operations (adding partitions does not change the partitioning of existing data); KAFKA-20539',
  },
  {
    id: 'stuck-group-loops',
    harm: 'stuck',
    reasons: ['group-lags'],
    allows: 'a handler that throws, or takes longer for what one poll() returns than max.poll.interval.ms',
    when: ({ group, threw }) => group !== null && (threw || group.outlastsPollInterval),
    source: 'KIP-62; KafkaConsumer (failure detection)',
  },
  {
    id: 'missed-log-cut',
    harm: 'missed',
    reasons: ['written-below-position'],
    allows: readersLoss,
    when: (situation) => lostWhatWasRead(situation),
    source: 'KafkaConsumer: a position is a number, and knows nothing of the records before it',
  },
  {
    id: 'reprocessed-log-cut',
    harm: 'reprocessed',
    reasons: ['read-again-after-cut'],
    allows: readersLoss,
    when: (situation) => lostWhatWasRead(situation),
    source: 'KafkaConsumer: a position is a number, and knows nothing of the records before it',
  },
  {
    id: 'applied-twice-log-cut',
    harm: 'appliedTwice',
    reasons: ['read-again-after-cut'],
    allows: `${readersLoss}, and a sink that does not look at a key`,
    when: (situation) => lostWhatWasRead(situation) && situation.group?.sink !== 'unique-key',
    source: 'KafkaConsumer: a position is a number, and knows nothing of the records before it',
  },
  {
    id: 'reordered-log-cut',
    harm: 'reordered',
    reasons: ['written-below-position'],
    allows: readersLoss,
    when: (situation) => lostWhatWasRead(situation),
    source: 'KafkaConsumer: a position is a number, and knows nothing of the records before it',
  },
];
