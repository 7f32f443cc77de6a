/**
 * English for `--help`, for what is wrong with the words of a command line, and for what `new` lists. Codes of titles are the titles that
 * commander asks about; codes of usage are commander's own. No brackets here: they mark parts that may be left out.
 */
export const help = {
  'Usage:': 'Usage:',
  'Arguments:': 'Arguments:',
  'Options:': 'Options:',
  'Global Options:': 'Global Options:',
  'Commands:': 'Commands:',
  default: '{description} (default: {value})',
  none: 'none',
  about: `Deterministic simulation of Kafka's messaging semantics: which settings lose,
duplicate or reorder messages under which fault, with a run that proves it.`,
  ending: `
Exit status:
    0  as expected
    1  an expectation was broken, or a run disagrees with the truth table
    2  inconclusive: a fault never bit, or a budget ended
    3  bad input: a flag, a file, a setting, a scenario, an unwritable output
    4  not deterministic: the same run gave two different traces
    5  internal error
  130  interrupted

Examples:
  spillway matrix                            every setting against every fault
  spillway matrix --producer.config producer.properties \\
    --topic.config topic.properties          and yours
  spillway matrix --consumer.config consumer.properties --table consume
  spillway explain P3g                       why that cell loses records
  spillway run acks-1-leader-crash --seed 7  one scenario, both cases
  spillway run my-scenario.yaml --set producers.p1.config.acks=all
  spillway run scenarios --shard 1/4         a part; then spillway merge *.blob
  spillway new leader-crash my-scenario.ts   a scenario to begin with
`,
  help: 'print this help',
  'help-command': 'display help for command',
  version: 'print the version',
  'no-color': 'no colour; NO_COLOR and FORCE_COLOR are obeyed too',
  quiet: 'results only: no progress, no warnings',
  lang: 'language of what people read: {known}',
  kafka: 'whose client and topic defaults: {known}',
  json: 'for machines, on stdout',
  mutant: 'switch a deliberate bug on, to see it caught',
  set: 'change a scenario, repeatable: producers.p1.config.acks=1',
  'output-file': 'write the result there too; its ending says the form',
  workers: 'threads; the result is the same with any number',
  full: 'more faults, and the rows that the table folds',
  'producer-config': 'your producer.properties, as a row of its own',
  'broker-config': 'your server.properties',
  'topic-config': 'your topic settings',
  'consumer-config': 'your consumer.properties, as rows of its own',
  table: 'only this table: {known}',
  'shrink-summary': 'the smallest run that still shows it, and its story',
  shrink:
    'The smallest run that still shows what a run showed: fewer faults, records, clients, brokers and choices. And its story.',
  harm: 'of this harm, not of the first one: lost, duplicated …',
  'diff-summary': 'where two runs part, and what came of each',
  diff: 'Where two runs part: the first event that differs, both lines, and what came of each. One run with --set is compared with itself unchanged.',
  'diff-runs': 'two cells or cases, or one and --set; name@seed for a seed of its own',
  'judge-summary': 'what a history shows, of this or any other system',
  judge:
    'What a history of operations shows: lost, duplicate or aborted records, skips, wrong order, contradictions, as Jepsen defines them.',
  'search-summary': 'every behaviour of a small scope of replication',
  search:
    'Every behaviour of a small scope, whichever delivery, timer, election or fault comes next. The shortest that breaks a promise of the model, or does harm that nothing permits.',
  'search-replicas': 'replicas of the one partition',
  'search-records': 'records, each a batch of its own',
  'search-epochs': 'leader epochs, the first one included',
  'search-lags': 'how often followers may be found out of sync',
  'search-moves': 'how often the operator may move the leadership',
  'search-crashes': 'broker processes that die',
  'search-power-losses': 'brokers that lose power',
  'search-depth': 'longest behaviour in steps',
  'search-acks': 'acks of the producer: all, 1, 0',
  'search-min-isr': 'min.insync.replicas',
  'search-unclean': 'unclean.leader.election.enable=true',
  'search-flush-messages': 'flush.messages',
  'search-truncation': 'how followers find where logs part: {known}',
  'search-time-limit': 'then it says how far it got',
  'search-all': 'go on after the first finding, one of each kind',
  'search-path': 'tell this behaviour instead of searching',
  'write-history': 'write what its clients saw there, for judge',
  history: 'JSON Lines, or EDN as Jepsen writes it; - is standard input',
  'read-by': 'how consumers read: assign, subscribe; otherwise as the history says',
  'no-ww-deps': 'the order of records orders no operations: every cycle of reads counts',
  all: 'tell every anomaly, not only the first of each kind',
  shard: 'do part i of n, and write what it found for merge',
  resume: 'keep what is done in this file, and go on from it',
  'time-limit': 'begin nothing after this time: 30s, 10m, 2h',
  reporter: '{known}; each to stdout, or name=file; github by itself on its machines',
  'merge-summary': 'put together what shards found',
  merge: 'Put together what shards found: prints, writes and ends as one machine would that had done all of it.',
  'completion-summary': 'what makes a shell complete verbs, flags and names',
  completion: 'What makes a shell complete verbs, flags and names of scenarios: source <(spillway completion bash)',
  watch: 'run again whenever a scenario changes, until ^C',
  'init-folder': 'without it, here',
  'init-summary': 'write a small project to begin with',
  init: 'Write a small project to begin with: a scenario, a test of it in Vitest, a job for GitHub Actions. Files that exist stay as they are.',
  parts: 'what every shard wrote, in any order',
  grep: 'only scenarios whose name, claim or tags match',
  'matrix-summary': 'every acks, retries, commit … setting against every fault',
  matrix: 'Every setting against every fault: what is lost, missed, duplicated or reordered, as two tables.',
  'matrix-seed': 'first seed',
  'matrix-seeds': 'seeds a cell',
  'run-summary': 'run scenarios, each against what it expects',
  run: 'Run scenarios, each against what it expects of itself.',
  'run-scenario': 'names, files, folders or name/case; all shipped ones without any',
  'run-seed': 'seed, or the first of many',
  'run-seeds': 'how many seeds',
  bail: 'stop after the first broken expectation',
  'explore-summary': 'many drawn faults: what they show, and the smallest run',
  explore:
    'Many runs of a scenario, each with faults, network and settings drawn within its bounds: what they show, how often, and the smallest run that shows it.',
  'explore-seed': 'first seed; alone, that run and no other: 12, or 12+57 as a finding names it',
  'explore-seeds': 'how many runs of each case (default: {usual})',
  'explore-bail': 'stop after the first that is not expected',
  strategy: 'how runs are chosen: {known}',
  out: 'leave the smallest runs there, as scenarios',
  'soak-summary': 'everything the model allows, to find what no rule permits',
  soak: 'Everything the model allows, drawn at random, each run twice: to find a harm that no rule permits, a broken promise, a run that fails or differs.',
  scenario: 'names, files or folders; all shipped ones without any',
  'list-summary': 'list scenarios and what they claim',
  list: 'List scenarios, what each claims and what its cases expect.',
  'told-run': 'a cell of the matrix (P3g, C4a), or scenario/case',
  'told-seed': 'seed; without it the first that shows the harm of the cell, or 1',
  'replay-summary': 'the same run again, its trace hash checked',
  'dirty-at': 'what a loss of power would take at this time: 1500ms',
  replay: 'The same run again, once as campaigns run it and once with its full trace; both must have one hash.',
  trace: 'print every line of the trace',
  'explain-summary': 'the life story of a record, and why it was lost',
  explain:
    'The life story of a record: where it was written, acknowledged, lost, and because of what; which promise was weaker than believed, and which single changes would have turned it out otherwise, each run again with the same dice.',
  record: 'p1#29, or cluster; without it the first record that was harmed, or else the cluster',
  'timeline-summary': 'a run as a space-time diagram: text, Mermaid, SVG …',
  timeline:
    'A run as a space-time diagram: what matters to the first harmed record, or to the one that is named, with where messages were sent and where they arrived.',
  form: '{known} (default: text)',
  'every-event': 'every event, not only what matters to the record',
  from: 'from this virtual millisecond on, counted from the first send',
  to: 'up to this one',
  'validate-summary': 'check scenarios without running them',
  validate: 'Check scenarios without running them; every problem of every file, with its place.',
  'new-summary': 'write a scenario to begin with',
  new: 'Write a scenario to begin with. A file that exists stays as it is.',
  template: 'without it, what there is',
  file: 'a .ts, .yaml or .yml file',
  yaml: 'YAML instead of TypeScript, where no file is named',
} as const;

/** What is wrong with a command line, by the last part of commander's code. */
export const usage = {
  unknownCommand: "unknown command '{found}'",
  unknownOption: "unknown option '{found}'",
  missingArgument: "missing required argument '{found}'",
  optionMissingArgument: "option '{found}' argument missing",
  excessArguments: "too many arguments[ for '{command}']. Expected {expected|argument|arguments} but got {got}.",
  meant: '(Did you mean {names}?)',
  'meant-one-of': '(Did you mean one of {names}?)',
} as const;

/** What `new` writes, by the name of the template. */
export const templates = {
  'leader-crash': 'the leader crashes before its followers have fetched: acks=1 against acks=all',
  'lost-ack': 'an acknowledgement is lost and the producer retries: without idempotence against with it',
  'power-loss': 'every broker loses power before anything was flushed: the page cache against log.flush.interval.messages=1',
} as const;
