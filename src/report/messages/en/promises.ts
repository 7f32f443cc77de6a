/** English for the promise behind each reason: what Kafka promises there. */
export const promises = {
  'acks-0-nobody-confirmed': 'acks=0 promises nothing: success means that the bytes were handed to the socket',
  'acks-1-leader-only':
    'acks=1 promises that the leader has the record, not that any follower does, nor that the next leader will',
  'zombie-leader-acknowledged':
    'acks=1 promises the word of whoever believes that it leads; a deposed leader goes on acknowledging until it hears of its successor',
  'isr-of-one-unclean-election':
    'a commit promises the in-sync replicas of that moment, and those may be the leader alone; an unclean election gives up even them',
  'unclean-election':
    'a committed record survives as long as leaders come from the ISR; unclean.leader.election.enable=true takes that promise back',
  'last-replica-lost-page-cache':
    'a commit promises the page caches of the in-sync replicas, not their disks; with an ISR of one, one power loss takes it',
  'isr-member-lost-page-cache':
    'being in sync means having fetched the record, not having it on disk; who lost power may be elected before it has left the ISR',
  'all-replicas-lost-page-cache':
    'acks=all promises the page caches of the in-sync replicas; unless it is told to, Kafka flushes nothing before it acknowledges',
  'replica-rotted':
    'recovery keeps what is before the first batch that fails its checksum; nobody asks another replica for the rest',
  'batch-rotted':
    'checksums are looked at when a record comes, and when it is read; what lies on the disk in between nobody compares',
  'replication-factor-1-lost-page-cache': 'with one replica every acknowledgement, that of acks=all too, promises one page cache',
  'acknowledged-before-replicated': "none of Kafka's: acks=all waits for the high watermark, and this broker did not",
  'acknowledged-never-appended': "none of Kafka's: an acknowledgement is of an appended batch, and here none was",
  'committed-not-on-elected-leader': "none of Kafka's: a clean election keeps what is committed, and this one did not",
  'read-above-high-watermark': "none of Kafka's: consumers get what is below the high watermark, and here one got more",
  'died-in-accumulator': 'send() promises to try: until it is sent, the record is in the memory of the process and dies with it',
  'record-too-large-ignored': 'send() promises to tell the outcome, in a callback or a future: to whoever looks',
  'fire-and-forget': 'send() promises to tell the outcome, in a callback or a future: to whoever looks',
  'retry-after-unknown-outcome': 'retries promise at least once: that no answer came does not say that nothing was written',
  'late-execution-of-a-timed-out-request':
    'request.timeout.ms ends the waiting of the client, not the request: a broker executes what it has received',
  'retry-after-restart-new-producer-id':
    'enable.idempotence=true promises no duplicates within one life of a producer; after a restart it is another one',
  'resent-after-restart': 'nothing ties what a restarted application sends to what it had sent before',
  'epoch-bumped-after-expiry':
    'idempotence promises no duplicates as long as no batch is given up; then the epoch is bumped and sequences begin anew',
  'retry-overtaken-in-flight': 'order in a partition is promised to retries only with idempotence, or with one request in flight',
  'disconnect-reversed-retries':
    'order in a partition is promised to retries only with idempotence, or with one request in flight',
  'late-execution-after-later-send':
    'max.in.flight.requests.per.connection counts what the client waits for; what it gave up may be executed after later requests',
  'epoch-bumped-then-overtaken':
    'idempotence keeps order within one producer epoch; across a bump a newer batch may pass a retried one',
  'refused-yet-written': 'none of Kafka\'s: an error that means "not written" was the answer to what was written',
  'replicas-differ': "none of Kafka's: replicas that follow one leader epoch hold the same records",
  'epoch-led-again':
    'replicas of one leader epoch agree unless its leader lost records with its power and led on in it, as ZooKeeper mode lets it',
  'not-yet-truncated': 'replicas agree once they have fetched from the present leader, and not before',
  'partition-offline': 'replicas promise availability as long as one that may be elected is alive',
  'isr-below-minimum': 'min.insync.replicas promises that writes are refused when the ISR is too small, not that they succeed',
  'log-directory-failed': 'a broker promises to go on without a failed log directory, not to bring it back: that takes a restart',
  'corrupt-batch': 'a consumer is told of a batch that fails its checksum, and is not led past it',
  'broker-deposed': 'a registration replaces any other of the same broker, and nothing says which of two lives is the later one',
  'send-never-completed': "none of Kafka's: delivery.timeout.ms bounds every send, and this one was not",
  'not-settled': 'none that is known: the time to come to rest was over first',
  'handler-threw': 'a committed offset says where to read on, not that what lies before it was handled',
  'committed-while-in-hand':
    'a committed offset promises that poll() returned what lies before it, not that anybody has finished it',
  'committed-before-handed':
    'a committed offset promises that poll() returned what lies before it, not that a handler was given it',
  'reset-past-record': 'auto.offset.reset=latest promises what comes after the group has begun, not what was there before',
  'deleted-before-read': 'a record is kept for as long as retention says, whether or not anybody has read it',
  'written-below-position': 'a position is a number: it does not notice that the log below it was cut and written anew',
  'read-again-uncommitted':
    'a group promises at least once: the next owner reads on from the last commit, not from the last record handled',
  'read-again-after-cut':
    'a position is a number: when the log is cut below it, auto.offset.reset says where to begin, and that may be the beginning',
  'written-twice': 'a group reads every offset: a record at two offsets is two records to it',
  'workers-overtook': "order is promised up to poll(); among the threads of an application it is the application's own",
  'key-moved': 'order is promised to one partition; a key keeps its partition as long as their number stays',
  'read-again-behind': 'order is promised to one reading of a partition; who reads again finishes older records after newer ones',
  'group-lags': 'membership promises a turn at reading, not that a handler keeps up',
  'no-evidence': 'not to be told without the notes of the run',
  unexplained: 'none that is known: a bug of Spillway, or a discovery',
} as const;
