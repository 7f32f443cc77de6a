/** English for single words, headings, legends and the sentences around a matrix. */
export const harms = {
  lost: 'lost',
  swallowed: 'swallowed',
  missed: 'missed',
  duplicated: 'duplicated',
  reprocessed: 'reprocessed',
  appliedTwice: 'applied twice',
  reordered: 'reordered',
  phantom: 'phantom',
  dirtyRead: 'dirty read',
  diverged: 'diverged',
  stuck: 'stuck',
  unavailable: 'sends ended in error',
} as const;

/** What each word means, for the report of every count. */
export const meanings = {
  lost: "acknowledged to the producer (acks=0: the client reported success), absent from the leader's log after heal and quiescence",
  swallowed: 'never acknowledged, and the application was never told',
  missed: 'in the log, its offset committed past, never processed by the group',
  duplicated: 'one send, at two offsets of its topic',
  reprocessed: "handed to the group's handler twice",
  appliedTwice: 'its effect is in the sink twice',
  reordered: 'log or processing order differs from send order, of one producer and partition, or of one key',
  phantom: 'every attempt was refused with an error that means "not written", yet it is readable',
  dirtyRead: 'read, and later gone from the log',
  diverged: 'two replicas that follow the same epoch hold different records at one offset',
  stuck: 'no progress after every fault healed',
  unavailable: 'sends refused or unfinished while the fault lasted: a price, not an anomaly',
} as const;

/** Parts of the heading of a matrix, by the name of the workload's parameter. */
export const workload = {
  client: '{value} client',
  metadata: 'metadata of {value}',
  protocol: '{value} group',
  brokers: '{value} brokers',
  members: '{value|member|members}',
  replicationFactor: 'RF {value}',
  partitions: '{value|partition|partitions}',
  records: '{value|record|records}',
  recordsPerSecond: '{value:thousands} rec/s',
  handlerMs: 'handler {value} ms a record',
  workersMs: 'workers {value} ms',
  sessionTimeoutSeconds: 'session.timeout.ms {value} s',
  flushMessages: 'in the log by acks=all and flush.messages={value}',
  clientLatencyMs: 'clients {value} ms away',
  followerLagMs: 'followers {value} ms behind',
  shrinkingLagSeconds: 'd, e: replica.lag.time.max.ms {value} s',
  shrunkSeconds: 'd, e: followers cut off for {value} s, leader dies at 25 s',
  refusedSeconds: 'd, e: cut off for {value} s where min ISR refuses sends',
  outageMs: 'broker back after {value} ms',
  outageSeconds: 'broker back after {value} s',
  batchSize: 'batch.size {value}',
} as const;

export const matrix = {
  publish: 'PUBLISH',
  consume: 'CONSUME',
  kafka: 'kafka {version}',
  'own-row': 'yours ({files|file|files})',
  'one-change': '{row} with one change',
  legend: '{letter} {word}',
  more: '+ more kinds: --json has them all',
  number: '{number} = % of the runs in which the fault bit',
  none: '· = 0 of {n:thousands} (95 %: < {bound})',
  'none-range': '· = 0 of {least:thousands} to {most:thousands} (95 %: < {bound})',
  'too-few': '? = too few bit',
  'not-applicable': 'n/a = no such fault',
  default: '* default',
  refused: 'refused by Kafka: idempotence on with {combinations}',
  'refused-row': 'refused: {why}',
  control: 'no fault: {harmed:thousands} of {runs:thousands}',
  why: 'why: npx spillway explain {cell}',
  again: 'again: npx spillway replay {cell}',
  mutant: 'MUTANT {name} is switched on: this is not Kafka',
  contradiction:
    'DISAGREES with the truth table: {cell} shows {harms}, which the rules call impossible: npx spillway replay {again}',
  'never-bit': 'INCONCLUSIVE: the fault never bit in {cells}',
} as const;

/** What is to be known of the rows of the user's own consumer file. */
export const matrixNotes = {
  'own-auto-commit':
    '{rows}: your file cannot say where the handler runs; enable.auto.commit=true was run both ways, as {like} are.',
  'own-after-batch':
    '{rows}: your file cannot say when the application commits; enable.auto.commit=false was run as {like} is, with a commit after every batch.',
  'own-reset':
    '{rows}: auto.offset.reset={reset} is in force; records come once the group has formed, because a new group passes over older ones.',
  'own-instance-id': '{rows}: run without group.instance.id, which names one member and cannot be that of two.',
} as const;

/** What surprises in a matrix. Each is said only where its cells show it. */
export const surprises = {
  'planned-move-loses':
    'acks={acks} loses acknowledged records in {count:thousands} of {n:thousands} planned leader moves: no crash is needed.',
  'default-loses':
    'The default loses acknowledged records too, in {columns}: in {count:thousands} of {n:thousands} runs at worst.',
  'retries-duplicate':
    'Without idempotence, retries turn a lost acknowledgement into a duplicate in {count:thousands} of {n:thousands} runs; with it, in none.',
  'handed-over-misses':
    'Auto-commit, the default, misses records in {count:thousands} of {n:thousands} crashes of a member once the handler hands them to workers; in the poll loop, in none.',
  'flushed-repeats':
    'With every record flushed, a loss of power of all brokers still repeats effects in {rows}: committed offsets lie in page caches, in {count:thousands} of {n:thousands} runs at worst.',
  'every-record-repeats':
    'Committing after every record still does an effect twice in {count:thousands} of {n:thousands} crashes of a member; a unique key in the sink ends that, 0 of {none:thousands}.',
  'throwing-misses':
    'A handler that throws and goes on misses records in all {rows} rows, in {count:thousands} of {n:thousands} runs at least: no way of committing helps.',
  'min-isr-refuses':
    'min.insync.replicas=2 refuses to write where the default would acknowledge alone, and still loses in {count:thousands} of {n:thousands} runs of {column}.',
} as const;

/** The words of a run's summary. */
export const run = {
  check: '[{case}, ]seed {seed}',
  identity: 'seed {seed} · kafka {kafka} · {events:thousands} events · {virtual:us} virtual · trace {hash}',
  publish:
    '{sent:thousands} sent · {acknowledged:thousands} acknowledged · {failed:thousands} failed · {unknown:thousands} unknown',
  'as-expected': 'AS EXPECTED',
  'expectation-broken': 'EXPECTATION BROKEN',
  inconclusive: 'INCONCLUSIVE',
  'nothing-happened': 'no anomaly',
  'and-more': 'and {count:thousands} more',
  price: '{count|send|sends} ended in an error while the fault lasted',
  unpermitted: 'NOT PERMITTED by the settings and the faults that bit: a bug of Spillway, or a discovery',
  fault: '{name} of {target} at {atUs:us}: {bit}',
  'fault-never': '{name}: never happened',
  bit: 'it bit',
  'not-bit': 'it touched nothing',
  held: 'held, found {found}',
  broken: 'BROKEN, found {found}',
  'label-publish': 'publish',
  'label-fault': 'fault',
  'label-expect': 'expect',
  'label-because': 'because',
  'label-mend': 'mend',
  'label-again': 'again',
  'label-why': 'why',
  'a-fault-never-bit': 'a fault never bit, so the run shows nothing',
  'a-choice-matched-nothing': 'nothing asked for a choice of the scenario, so the run is another one',
  'budget-ended': 'the budget of events ended before the run did',
  'cannot-tell': 'a partition had no leader to ask at the end, so loss cannot be told',
  'not-settled': 'the cluster did not come to rest in the time allowed',
  summary: '{cases|case|cases} of {scenarios|scenario|scenarios}: {good:thousands} as expected',
  'summary-broken': '{count:thousands} broken',
  'summary-inconclusive': '{count:thousands} inconclusive',
  share: '{word} in {count:thousands} of {of:thousands} runs (95 %: {low} to {high})',
  'share-none': 'no anomaly in {count:thousands} of {of:thousands} runs[ (95 %: an anomaly in below {bound})]',
  'share-idle': 'a fault never bit in {count:thousands} of {of:thousands} runs',
  'first-wrong': 'first not as expected: {replay}',
  joy: 'Everything is where the claim says it is.',
} as const;

/** The words of a replay. */
export const replay = {
  'same-again': 'the same run twice, the second with its full trace: {hash} both times',
  'not-deterministic': 'NOT DETERMINISTIC: {run} gave trace {first}, then {second}',
  history: 'wrote {file}; judge it: npx spillway judge {file}',
  'left-out': '{count|line|lines} of the trace left out; --trace prints them',
  dirty: 'a loss of power at {at} would take at most',
  'nothing-dirty': 'a loss of power at {at} would take nothing: all is on the platter',
  'dirty-log':
    '{broker:host}  {partition}  {records|record|records} from offset {fromOffset} up to {endOffset}, {bytes:thousands} bytes',
} as const;

/** The words around a run that was shrunk. */
export const shrink = {
  minimal: 'shrunk in {runs|run|runs}: taking any one thing more away loses it',
  'not-minimal': 'shrunk in {runs|run|runs}, and not to the end',
  change: '{what} {from:thousands} → {to:thousands}',
  brokers: 'brokers',
  clients: 'clients',
  records: 'records',
  faults: 'faults',
  choices: 'choices',
  topic: '{partitions|partition|partitions}, {replicas|replica|replicas}',
  sends: 'sends {count|record|records} to {topic}',
  reads: 'reads {topic}',
  group: '{members|member|members} on {topic} · commit {commit} · sink {sink}',
  choice: 'choice',
} as const;

/** The words around two runs. */
export const diff = {
  same: 'one run: all {lines:thousands} lines of the traces are the same, {hash}',
  'same-for': 'the same for {lines|line|lines} of their traces; then they part:',
  'at-once': 'different from the first line on:',
  'first-turn': 'the first turn that differs:',
  ended: 'has ended',
} as const;

/** The words around a life story. */
/** What `list` says between scenarios. */
export const list = {
  canon: 'The canon: published failures, by number (docs/canon.md)',
} as const;

export const explain = {
  heading: '{record} in {partition}[ at offset {offset}]',
  harmless: 'nothing happened to {record}',
  records: '{count|record|records} harmed: {list}',
  cluster: 'the cluster',
  'cluster-too': '{harms} is about no single record: name cluster in place of a record',
  because: 'because',
  weaker: 'weaker than believed',
  permitted: 'permitted by',
  mend: 'what would have changed it',
  again: 'again',
} as const;
