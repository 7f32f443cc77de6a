/**
 * English for what tables bring as data: words in the headings and labels of a matrix, the faults of its columns, words among values. The
 * code is the word itself, or the column's name; a word that is not here is shown as it is.
 */
export const words = {
  retries: 'retries',
  'idemp.': 'idemp.',
  any: 'any',
  max: 'max',
  off: 'off',
  on: 'on',
  'unclean on': 'unclean on',
  '1 in flight, no id.': '1 in flight, no id.',
  commit: 'commit',
  handler: 'handler',
  auto: 'auto',
  before: 'before',
  after: 'after',
  'in sink': 'in sink',
  'in the poll loop': 'in the poll loop',
  'handed to workers': 'handed to workers',
  'every batch': 'every batch',
  'every record': 'every record',
  'in workers': 'in workers',
  '+ unique key in sink': '+ unique key in sink',
  'offset+effect, one tx': 'offset+effect, one tx',
  member: 'member',
  '>sess.': '>sess.',
  '>poll': '>poll',
  joins: 'joins',
  throws: 'throws',
  leader: 'leader',
  crash: 'crash',
  power: 'power',
  zombie: 'zombie',
  'ISR→1,': 'ISR→1,',
  ack: 'ack',
  lost: 'lost',
  moved: 'moved',
  all: 'all',
  isolat: 'isolat',
  paused: 'paused',
  slow: 'slow',
  follow: 'follow',
  torn: 'torn',
  write: 'write',
  fsync: 'fsync',
  error: 'error',
  nothing: 'nothing',
  'whole number': 'whole number',
  number: 'number',
  object: 'object',
  array: 'array',
  string: 'string',
  boolean: 'boolean',
  'every invariant holds': 'every invariant holds',
  'every choice is asked for': 'every choice is asked for',
} as const;

/** The fault of a column in one sentence. */
export const columns = {
  'leader-crash': 'The process of the leader dies and is back after 20 s; its page cache survives.',
  'leader-power-loss': 'The machine of the leader loses power and is back after 20 s without what was not flushed.',
  'leader-cut-from-controller': 'The leader and the controller cannot reach each other for 20 s; everybody else reaches both.',
  'isr-shrunk-then-crash':
    'The followers cannot fetch from the leader for 60 s, or 122 s where min.insync.replicas then refuses sends; ' +
    'its process dies 25 s in, alone in the ISR, and is back after 20 s.',
  'isr-shrunk-then-power-loss': 'The same, but the machine of the leader loses power.',
  'ack-lost': 'The connections between the leader and its clients are reset, right after an append or at any moment.',
  'leader-moved': 'Nothing fails: an operator moves the leadership to the next replica.',
  'all-power-loss': 'All brokers lose power at once and are back after 20 s.',
  'leader-isolated': 'The leader reaches no broker and no controller for 20 s, only its clients.',
  'leader-paused': 'The process of the leader stands still for 20 s (a long garbage collection).',
  'slow-follower': 'One follower is 300 ms further away for 20 s.',
  'torn-write': 'The leader loses power in the middle of a write: the last batch on its disk is torn.',
  'fsync-error': 'An fsync of the leader fails once; its broker halts, and is back after 20 s.',
} as const;

/** The same in the consume table. */
export const consumeColumns = {
  'member-crash': 'The process of a member dies in the middle of its records, and is back after 10 s.',
  'member-paused': 'A member stands still for 15 s, longer than session.timeout.ms (6 s here), with records in hand.',
  'handler-past-poll-interval': 'One call of a handler hangs for 12 s, longer than max.poll.interval.ms (6 s here).',
  'member-joins': 'The second member joins while the first one is busy.',
  'handler-throws': 'The handler throws for every 50th record of a producer; the application logs it and goes on.',
  'all-power-loss': 'Every broker loses power, and is back after 10 s without what was not flushed: the offsets, not the data.',
} as const;

/** The same where the fault was fitted to settings of the user's own. */
export const ownColumns = {
  'member-paused': 'A member stands still for {seconds} s, longer than session.timeout.ms, with records in hand.',
  'handler-past-poll-interval': 'One call of a handler hangs for {seconds} s, longer than max.poll.interval.ms.',
} as const;

/** What stands between words and between sentences. */
export const punctuation = {
  list: ', ',
  'list-end': '{most} and {last}',
  sentences: '; ',
  clauses: ', ',
  brackets: ' ({text})',
} as const;
