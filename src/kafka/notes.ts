/**
 * What machines and the world may say about a run. A note is a code and up to four numbers; this table names them. Sentences
 * are made elsewhere, from one catalogue a language.
 */
export const noteParameters = {
  // ---- broker: the log
  'batch-appended': ['topic', 'partition', 'baseOffset', 'count'],
  'batch-replicated': ['topic', 'partition', 'baseOffset', 'count'],
  'high-watermark-advanced': ['topic', 'partition', 'highWatermark', 'leaderEpoch'],
  'duplicate-batch': ['topic', 'partition', 'baseOffset', 'baseSequence'],
  'out-of-order-sequence': ['topic', 'partition', 'expectedSequence', 'baseSequence'],
  'log-truncated': ['topic', 'partition', 'fromOffset', 'toOffset'],
  'log-recovered': ['topic', 'partition', 'logEndOffset', 'highWatermark'],
  'log-flushed': ['topic', 'partition', 'recoveryPoint', ''],
  'torn-batch-dropped': ['topic', 'partition', 'offset', 'batches'],
  'log-directory-failed': ['', '', '', ''],
  // ---- broker: replication
  'became-leader': ['topic', 'partition', 'leaderEpoch', 'logEndOffset'],
  'became-follower': ['topic', 'partition', 'leaderEpoch', 'leader'],
  'isr-shrink-proposed': ['topic', 'partition', 'replica', 'isrSize'],
  'isr-expand-proposed': ['topic', 'partition', 'replica', 'isrSize'],
  'isr-committed': ['topic', 'partition', 'isrSize', 'leaderEpoch'],
  'alter-partition-refused': ['topic', 'partition', 'errorCode', ''],
  'fetch-refused': ['topic', 'partition', 'errorCode', 'leaderEpoch'],
  // ---- broker: produce. `produce-acknowledged` is said when the success is handed to the connection.
  'produce-acknowledged': ['topic', 'partition', 'endOffset', 'acks'],
  'produce-refused': ['topic', 'partition', 'errorCode', 'isrSize'],
  'produce-timed-out': ['topic', 'partition', 'endOffset', 'highWatermark'],
  // ---- broker: life cycle
  'broker-registered': ['broker', 'brokerEpoch', '', ''],
  'controlled-shutdown-requested': ['broker', '', '', ''],
  'shut-down-cleanly': ['broker', '', '', ''],
  // ---- controller
  'leader-elected': ['topic', 'partition', 'leader', 'leaderEpoch'],
  'unclean-leader-elected': ['topic', 'partition', 'leader', 'leaderEpoch'],
  'partition-offline': ['topic', 'partition', 'lastLeader', 'leaderEpoch'],
  'isr-changed': ['topic', 'partition', 'isrSize', 'partitionEpoch'],
  'broker-fenced': ['broker', 'brokerEpoch', '', ''],
  'broker-unfenced': ['broker', 'brokerEpoch', '', ''],
  'topic-created': ['topic', 'partitions', '', ''],
  'duplicate-registration-refused': ['broker', '', '', ''],
  // ---- producer
  'producer-id-assigned': ['producerId', 'producerEpoch', '', ''],
  'producer-epoch-bumped': ['producerId', 'producerEpoch', '', ''],
  'batch-retried': ['partition', 'attempt', 'errorCode', 'firstRecord'],
  'batch-expired': ['partition', 'records', 'attempt', 'firstRecord'],
  'batch-failed': ['partition', 'records', 'errorCode', 'firstRecord'],
  'record-refused': ['record', 'errorCode', '', ''],
  'request-timed-out': ['correlationId', 'host', '', ''],
  // ---- consumer
  'offset-reset': ['topic', 'partition', 'offset', ''],
  // ---- world
  'host-started': ['incarnation', '', '', ''],
  'process-crashed': ['incarnation', '', '', ''],
  'power-lost': ['incarnation', 'extentsLost', 'extentsTorn', ''],
  'host-paused': ['', '', '', ''],
  'host-resumed': ['', '', '', ''],
  'connection-reset': ['client', 'server', 'framesLost', ''],
  'frame-stalled': ['from', 'to', 'delayUs', ''],
  'fsync-failed': ['', '', '', ''],
  'fault-injected': ['fault', 'times', '', ''],
  'fault-healed': ['fault', '', '', ''],
  // ---- broker: groups. A group is its number in the plan; a coordinator numbers others after those.
  'group-rebalancing': ['group', 'reason', 'generation', 'members'],
  'group-generation': ['group', 'generation', 'members', ''],
  'group-stable': ['group', 'generation', 'members', ''],
  'member-removed': ['group', 'reason', 'generation', 'members'],
  'offset-committed': ['topic', 'partition', 'offset', 'generation'],
  'offset-commit-refused': ['group', 'errorCode', 'generation', ''],
  'coordinator-loaded': ['partition', 'groups', 'offsets', 'logEndOffset'],
  'coordinator-resigned': ['partition', 'groups', 'leaderEpoch', ''],
  'group-loaded': ['group', 'generation', 'members', 'offsets'],
  // ---- consumer: members of groups
  'coordinator-found': ['broker', '', '', ''],
  'member-joined': ['generation', 'role', '', ''],
  'assignment-received': ['generation', 'partitions', '', ''],
  'membership-lost': ['errorCode', 'generation', 'partitions', ''],
  'poll-interval-exceeded': ['maxPollIntervalMs', 'generation', 'partitions', ''],
  'position-from-commit': ['topic', 'partition', 'offset', ''],
  'commit-sent': ['topic', 'partition', 'offset', 'generation'],
  'commit-failed': ['topic', 'partition', 'offset', 'errorCode'],
  // ---- controller: rare turns
  'eligible-leader-replicas-changed': ['topic', 'partition', 'elrSize', 'partitionEpoch'],
  'last-known-leader-elected': ['topic', 'partition', 'leader', 'leaderEpoch'],
  'former-life-registered': ['broker', 'incarnation', 'presentIncarnation', ''],
  // ---- broker: rare turns
  'isr-proposal-dropped': ['topic', 'partition', 'isrSize', 'partitionEpoch'],
  // ---- broker: producers idle for producer.id.expiration.ms
  'producers-forgotten': ['topic', 'partition', 'producers', ''],
  // ---- broker: the start of a log. `reason` is a {@link LogStartReason}.
  'log-start-advanced': ['topic', 'partition', 'logStartOffset', 'reason'],
  'log-restarted': ['topic', 'partition', 'fromOffset', 'logStartOffset'],
  // ---- what has gone bad on a disk, and who was given it
  'extent-rotted': ['', '', '', ''],
  'no-space-left': ['', '', '', ''],
  'corrupt-batch-fetched': ['topic', 'partition', 'offset', 'leader'],
  // ---- clusters with ZooKeeper
  'session-expired': ['session', 'sessionTimeoutMs', '', ''],
  'session-lost': ['session', '', '', ''],
  'controller-elected': ['broker', 'controllerEpoch', '', ''],
  'controller-resigned': ['controllerEpoch', '', '', ''],
  // ---- the quorum of controllers
  'quorum-candidate': ['epoch', '', '', ''],
  'quorum-leader': ['epoch', '', '', ''],
  'quorum-follower': ['leader', 'epoch', '', ''],
  'quorum-leader-resigned': ['epoch', '', '', ''],
  'controller-active': ['epoch', '', '', ''],
  'quorum-log-truncated': ['toOffset', 'fromOffset', '', ''],
  'quorum-lost-committed': ['offset', 'highWatermark', '', ''],
  'broker-alive': ['broker', 'brokerEpoch', '', ''],
  'broker-gone': ['broker', 'brokerEpoch', '', ''],
  'controller-request-refused': ['errorCode', 'controllerEpoch', 'brokerEpoch', ''],
  // ---- what an operator does to a cluster in use
  'operation-refused': ['errorCode', '', '', ''],
  'partitions-added': ['topic', 'from', 'to', ''],
  'topic-config-changed': ['topic', 'settings', '', ''],
  'reassignment-started': ['topic', 'partition', 'adding', 'removing'],
  'reassignment-completed': ['topic', 'partition', 'replicas', 'partitionEpoch'],
  'reassignment-cancelled': ['topic', 'partition', 'replicas', 'partitionEpoch'],
  'position-cut': ['topic', 'partition', 'offset', 'from'],
  'replica-removed': ['topic', 'partition', 'logEndOffset', ''],
} as const satisfies Record<string, readonly [string, string, string, string]>;

/** The topic is its id, as the controller numbered it from 0 in plan order. */
export type NoteCode = keyof typeof noteParameters;

/** A partition has a leader again, or another one: from its ISR, from outside it, or the last one that is known. */
export const electionCodes: ReadonlySet<string> = new Set<NoteCode>([
  'leader-elected',
  'unclean-leader-elected',
  'last-known-leader-elected',
]);

/** Why a group rebalances: the number in `group-rebalancing`. */
export const RebalanceReason = {
  memberJoined: 1,
  /** The leader came back, or a member with other subscriptions. */
  memberRejoined: 2,
  /** A static member with a known `group.instance.id` came back while the leader was assigning, or with other protocols. */
  staticMemberReplaced: 3,
  memberRemoved: 4,
  /** Members took their generation and did not ask for their assignment. */
  syncMissing: 5,
  /** What the leader assigned could not be written. */
  assignmentNotStored: 6,
  /** The group was loaded with more members than `group.max.size`. */
  overCapacity: 7,
} as const;
export type RebalanceReason = (typeof RebalanceReason)[keyof typeof RebalanceReason];

/** What raised the start of a log: the number in `log-start-advanced`. */
export const LogStartReason = {
  retentionMs: 1,
  retentionBytes: 2,
  /** DeleteRecords, an operator's request. */
  deletedRecords: 3,
  /** A follower takes its leader's. */
  leader: 4,
} as const;
export type LogStartReason = (typeof LogStartReason)[keyof typeof LogStartReason];

/** What a member is in its generation: the number in `member-joined`. */
export const GroupRole = { leader: 1, follower: 2 } as const;

/** Why a member was removed from its group: the number in `member-removed`. */
export const RemovalReason = {
  left: 1,
  sessionExpired: 2,
  /** It did not rejoin before the rebalance timeout. */
  didNotRejoin: 3,
  /** It did not ask for its assignment before the rebalance timeout. */
  didNotSync: 4,
  /** There was no room for it when it rejoined. */
  groupFull: 5,
} as const;
export type RemovalReason = (typeof RemovalReason)[keyof typeof RemovalReason];
