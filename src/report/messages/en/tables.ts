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
} as const;

/** The fault of a column in one sentence. */
export const columns = {
  'leader-crash': 'The process of the leader dies and is back after 20 s; its page cache survives.',
  'leader-power-loss': 'The machine of the leader loses power and is back after 20 s without what was not flushed.',
  'leader-cut-from-controller': 'The leader and the controller cannot reach each other for 20 s; everybody else reaches both.',
  'isr-shrunk-then-crash':
    'The followers cannot fetch from the leader for 180 s; its process dies 25 s in, alone in the ISR, and is back after 20 s.',
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

/** What stands between words and between sentences. */
export const punctuation = {
  list: ', ',
  'list-end': '{most} and {last}',
  sentences: '; ',
  clauses: ', ',
} as const;
