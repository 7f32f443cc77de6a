/**
 * English for the reasons of verdicts (`oracle/because.ts`), and for what would have changed each. A reason speaks of one record and of
 * what happened to it; a remedy names settings, and where there is none says so.
 */
export const because = {
  'acks-0-nobody-confirmed':
    'acks=0 reports success when the bytes are handed to the socket; no broker ever confirmed the record',
  'acks-1-leader-only':
    '{leader:host} acknowledged offset {offset} alone (acks=1, epoch {epoch})[; {newLeader:host}, elected for epoch {newEpoch}, ended at {newLeaderEndOffset} and had not fetched it, so the log was cut there]',
  'zombie-leader-acknowledged':
    '{leader:host} acknowledged offset {offset} in epoch {epoch} after it had been deposed[: {newLeader:host} led epoch {newEpoch} already]; when it heard, it cut its log back[ to {newLeaderEndOffset}]',
  'isr-of-one-unclean-election':
    '{leader:host} was the whole ISR when it committed offset {offset}; {newLeader:host}, from outside the ISR and ending at {newLeaderEndOffset}, was elected for epoch {newEpoch} without it',
  'unclean-election':
    '{newLeader:host}, from outside the ISR and ending at {newLeaderEndOffset}, was elected for epoch {newEpoch}; offset {offset}, committed in epoch {epoch} by an ISR of {isrSize}, was not in its log',
  'last-replica-lost-page-cache':
    '{newLeader:host} was the whole ISR and held offset {offset} in its page cache; the power went, and it was elected for epoch {newEpoch} with a log that ended at {newLeaderEndOffset}',
  'isr-member-lost-page-cache':
    '{newLeader:host} lost the power and with it the unflushed tail of its log, yet counted as in sync; it was elected for epoch {newEpoch}, ended at {newLeaderEndOffset}, and offset {offset} was cut',
  'all-replicas-lost-page-cache':
    'every replica that held offset {offset} lost power before it was flushed; {newLeader:host} was elected for epoch {newEpoch} with a log that ended at {newLeaderEndOffset}',
  'replica-rotted':
    'a batch had gone bad on the disk of {newLeader:host}: its log was cut at {newLeaderEndOffset} when it was loaded, and it led from there in epoch {newEpoch}',
  'batch-rotted': "the leader's batch at offset {offset} has gone bad on its disk: it is there, and nobody can read it",
  'replication-factor-1-lost-page-cache':
    '{leader:host} held the only copy of offset {offset}, in its page cache; the power went, and it came back with a log that ended at {newLeaderEndOffset}',
  'acknowledged-before-replicated':
    '{leader:host} answered acks=all for offset {offset} though the high watermark had not passed it: no Kafka does this[; {newLeader:host} was elected for epoch {newEpoch} and ended at {newLeaderEndOffset}]',
  'acknowledged-never-appended': 'the acknowledgement names offset {offset}, but no leader appended the record',
  'committed-not-on-elected-leader':
    '{newLeader:host}, elected from the ISR for epoch {newEpoch}, ended at {newLeaderEndOffset} and lacked committed offset {offset}, which no power loss had taken: no Kafka does this',
  'read-above-high-watermark':
    '{leader:host} gave offset {offset} to a consumer before it was committed: no Kafka does this[; {newLeader:host} was elected for epoch {newEpoch} and ended at {newLeaderEndOffset}]',
  'died-in-accumulator': "the producer's process died with the record unfinished; its callback never ran",
  'record-too-large-ignored': 'the record was refused with {errorCode:error}, and the application ignored the outcome',
  'fire-and-forget': 'the send failed with {errorCode:error}, and the application looked at neither callback nor future',
  'retry-after-unknown-outcome':
    'the attempt that was appended at {firstOffset} got no answer in time ({errorCode:error}); the retry was appended again at {secondOffset}',
  'late-execution-of-a-timed-out-request':
    'the broker executed a request after its client had given it up ({errorCode:error}): the record is at {firstOffset} and at {secondOffset}',
  'retry-after-restart-new-producer-id':
    'the restarted application sent the record again under a new producer id, which no broker can match to the old: it is at {firstOffset} and at {secondOffset}',
  'resent-after-restart': 'the restarted application sent the record again: it is at {firstOffset} and at {secondOffset}',
  'epoch-bumped-after-expiry':
    'the producer bumped its epoch after {errorCode:error} and renumbered what was in flight, though an attempt had been appended: the record is at {firstOffset} and at {secondOffset}',
  'retry-overtaken-in-flight':
    'the batch failed ({errorCode:error}) and was sent again after {overtaker}, already in flight, had been appended at {overtakerOffset}; it is at {offset}',
  'disconnect-reversed-retries':
    'a disconnect ({errorCode:error}) put the batches back in reverse order: {overtaker} went first, to {overtakerOffset}; this one is at {offset}',
  'late-execution-after-later-send':
    'the broker executed a request that its client had finished with ({errorCode:error}), after {overtaker} had been appended at {overtakerOffset}; it is at {offset}',
  'epoch-bumped-then-overtaken':
    'the producer bumped its epoch after {errorCode:error}; {overtaker} was appended at {overtakerOffset} before this retried batch, at {offset}',
  'refused-yet-written':
    'every attempt was refused ({errorCode:error}), yet the record is readable at {offset}: no Kafka does this',
  'replicas-differ':
    '{replica:host} and {other:host} both follow epoch {leaderEpoch} and hold different records at offset {offset}',
  'epoch-led-again':
    '{replica:host} and {other:host} hold different records at offset {offset}: their leader lost some with its power and led on in epoch {leaderEpoch}',
  'not-yet-truncated':
    'the run ended before {replica:host} had fetched from the new leader: it and {other:host} still differ at offset {offset} of epoch {leaderEpoch}',
  'partition-offline':
    'the partition has no leader: {lastLeader:host} led last, an ISR of {isrSize} is recorded, and none of it is alive',
  'isr-below-minimum': 'the ISR stayed at {isrSize}, below min.insync.replicas={minInsyncReplicas}: acks=all is refused',
  'log-directory-failed': 'an I/O error took the log directory of {broker:host} offline, and it has not been started again',
  'corrupt-batch':
    'the checksum of the batch at offset {offset} in the log of {leader:host} fails: followers and consumers go no further',
  'broker-deposed':
    "the controller handled a registration of {broker:host}'s former life after that of the present one: it stays fenced until it is started again",
  'send-never-completed':
    'the producer never finished the send, though every fault had healed and delivery.timeout.ms had passed',
  'not-settled': 'the cluster did not come to rest in the time allowed after every fault had healed',
  'handler-threw': 'the handler of {group} threw for offset {offset}, and the offset was committed past it all the same',
  'committed-while-in-hand':
    'the offset of {group} was committed past {offset} while {member} still had the record in hand; {member} never finished it',
  'committed-before-handed':
    'poll() returned offset {offset} and the offset of {group} was committed past it before any handler was given the record',
  'reset-past-record': '{group} had no committed offset, and auto.offset.reset began[ at {firstOffset},] behind offset {offset}',
  'deleted-before-read': 'offset {offset} was deleted before {group} had read it: the log begins at {logStartOffset} now',
  'written-below-position':
    'the log lost what {group} had read from offset {cut} on; offset {offset} was written anew, below where {group} went on',
  'read-again-uncommitted':
    '{first} had offset {offset} of {group} in hand before it was committed; {second} read it again from the committed offset',
  'read-again-after-cut':
    'the log lost what {group} had read from offset {cut} on; {second} began anew and read offset {offset}, which {first} had handled',
  'written-twice': 'the log holds the record twice, and {group} handled both: {first} and {second}, offset {offset} last',
  'workers-overtook': 'a worker of {member} finished {overtaker} of {group} before offset {offset}, which comes first',
  'read-again-behind': '{member} finished {overtaker} of {group} before anybody had finished offset {offset}, which comes first',
  'key-moved':
    '{group} finished {overtaker} from {newPartition}, where the key belongs since there are more partitions, before offset {offset}, which was sent earlier',
  'group-lags': '{group} stayed[ at offset {committed}] behind the end of the log ({endOffset}), though every fault had healed',
  'no-evidence': 'the history came without notes of the run, so what happened to the record cannot be told',
  unexplained: 'the notes of the run do not explain it: a bug of Spillway, or a discovery',
} as const;

export const remedies = {
  'acks-0-nobody-confirmed': 'acks=all: send() succeeds only when every in-sync replica has the record',
  'acks-1-leader-only': 'acks=all: the record is acknowledged only when every in-sync replica has it',
  'zombie-leader-acknowledged': 'acks=all: a deposed leader cannot commit, because its followers fetch from its successor',
  'isr-of-one-unclean-election':
    'unclean.leader.election.enable=false keeps the record and gives up availability; min.insync.replicas=2 refuses the write',
  'unclean-election': 'unclean.leader.election.enable=false keeps the record and gives up availability',
  'last-replica-lost-page-cache':
    'log.flush.interval.messages=1; min.insync.replicas=2 refuses later writes but does not save this one if it came earlier',
  'isr-member-lost-page-cache': 'log.flush.interval.messages=1, or replicas that do not lose power together',
  'all-replicas-lost-page-cache': 'log.flush.interval.messages=1, or replicas that do not lose power together',
  'replica-rotted': 'a second replica in the ISR (min.insync.replicas=2): one whose log is whole leads then',
  'batch-rotted': 'none of the settings: a replica that is whole must lead, and the bad one be deleted and copied anew',
  'replication-factor-1-lost-page-cache': 'a replication factor of 3 with acks=all, or log.flush.interval.messages=1',
  'acknowledged-before-replicated': 'none: this is a broken broker',
  'acknowledged-never-appended': 'none: this is a broken broker',
  'committed-not-on-elected-leader': 'none: this is a broken cluster',
  'read-above-high-watermark': 'none: this is a broken broker',
  'died-in-accumulator': 'none in Kafka: the application must know what it has not yet been told, and send it again',
  'record-too-large-ignored': 'a callback, or the future that send() returns',
  'fire-and-forget': 'a callback, or the future that send() returns',
  'retry-after-unknown-outcome': 'enable.idempotence=true: the broker recognises the retried batch by its sequence',
  'late-execution-of-a-timed-out-request': 'enable.idempotence=true: the broker recognises the retried batch by its sequence',
  'retry-after-restart-new-producer-id': 'a key that the reader recognises, or transactions with a fixed transactional.id',
  'resent-after-restart': 'a key that the reader recognises, or transactions with a fixed transactional.id',
  'epoch-bumped-after-expiry':
    'a longer delivery.timeout.ms makes it rarer where an expiry began it; a key that the reader recognises ends it',
  'retry-overtaken-in-flight': 'enable.idempotence=true, or max.in.flight.requests.per.connection=1',
  'disconnect-reversed-retries': 'enable.idempotence=true, or max.in.flight.requests.per.connection=1',
  'late-execution-after-later-send': 'enable.idempotence=true: the broker refuses a batch out of sequence',
  'epoch-bumped-then-overtaken': 'max.in.flight.requests.per.connection=1',
  'refused-yet-written': 'none: this is a broken broker',
  'replicas-differ': 'none: this is a broken cluster',
  'epoch-led-again': 'KRaft (a leader that comes back leads in a new epoch), or flush.messages=1',
  'not-yet-truncated': 'none is needed: it ends with the next fetch',
  'partition-offline': 'more replicas in the ISR, or unclean.leader.election.enable=true, which loses records instead',
  'isr-below-minimum': 'more replicas alive, or a lower min.insync.replicas, which loses records instead',
  'log-directory-failed': 'another disk: the broker must be started again',
  'corrupt-batch': 'none of the settings: a replica that is whole must lead; or consumers seek past the batch',
  'broker-deposed': 'none of the settings: the broker must be started again',
  'send-never-completed': 'none: this is a broken client',
  'not-settled': 'a longer time to settle in the scenario',
  'handler-threw': 'no commit past a record that failed: retry it, park it elsewhere, or stop without committing',
  'committed-while-in-hand': 'a commit of what is done and nothing else: after processing, enable.auto.commit=false',
  'committed-before-handed': 'enable.auto.commit=false, and a commit of what is done and nothing else',
  'reset-past-record': 'auto.offset.reset=earliest for a group that must not miss anything',
  'deleted-before-read': 'a longer retention.ms or retention.bytes than the group is ever behind, and an alarm for its lag',
  'written-below-position': 'an end to the loss on the way in: acks=all, min.insync.replicas=2, flush; the group cannot know',
  'read-again-uncommitted': 'an effect that can be repeated: a unique key, or offset and effect in one transaction',
  'read-again-after-cut': 'an end to the loss on the way in; or a unique key in the sink',
  'written-twice': 'enable.idempotence=true on the way in; a unique key in the sink',
  'workers-overtook': 'one worker for all records of a key',
  'read-again-behind': 'offset and effect in one transaction, conditional on the stored offset',
  'key-moved': 'to add partitions when the log is drained and producers stand still, or a new topic',
  'group-lags': 'fewer records a poll (max.poll.records), a quicker handler, or a longer max.poll.interval.ms',
  'no-evidence': 'run it again with the notes of the run kept',
  unexplained: 'none known',
} as const;
