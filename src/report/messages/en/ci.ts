/** English for campaigns that are cut short or shared among machines, and for what a CI is told. */
export const ci = {
  'time-limit': 'STOPPED by --time-limit: {done:thousands} of {of:thousands} tasks done',
  interrupted: 'INTERRUPTED: {done:thousands} of {of:thousands} tasks done',
  'shard-done': 'shard {shard}: {done:thousands} of {of:thousands} tasks done',
  'shard-was-done': 'shard {shard}: {done:thousands} of {of:thousands} tasks were done before',
  summary:
    '{checks:thousands} checked: {good:thousands} as expected, {broken:thousands} broken, {inconclusive:thousands} inconclusive',
  'column-check': 'what',
  'column-what': 'found',
  'column-again': 'again',
  'more-rows': 'and {count:thousands} more',
  printed: 'what was printed',
} as const;
