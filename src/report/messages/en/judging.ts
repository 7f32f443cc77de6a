/** English for what a judge says of a history of operations: the kinds of anomalies, a sentence for each one found, the words around. */

/** What each kind means. */
export const anomalies = {
  'lost-write': 'took effect, lies before what somebody read, read by nobody',
  unseen: 'acknowledged, and read by nobody so far: late or lost',
  duplicate: 'one value at several offsets',
  'inconsistent-offsets': 'several values at one offset',
  G1a: 'read, though its write failed for certain',
  'precommitted-read': 'read by the transaction that sent it',
  'no-writer': 'read, and sent by nobody',
  'int-nonmonotonic-poll': 'one operation read backwards, or the same again',
  'int-poll-skip': 'one operation read on and left something out',
  'nonmonotonic-poll': 'the next poll of a process went back, or read the same again',
  'poll-skip': 'the next poll of a process left something out',
  'int-nonmonotonic-send': 'one operation sent in another order than the log has',
  'nonmonotonic-send': 'a process sent in another order than the log has',
  'int-send-skip': 'between two sends of one operation lies something else',
  G0: 'writes that lie in opposite orders in several logs',
  'G0-process': 'the order of writes contradicts what a process did first',
  'G0-realtime': 'the order of writes contradicts the order in time',
  G1c: 'operations that read of each other, in a circle',
  'G1c-process': 'such a circle through what a process did first',
  'G1c-realtime': 'such a circle through the order in time',
} as const;

/** One sentence for each anomaly found. Operations are named by their index in the history. */
export const findings = {
  'lost-write':
    '{key}: {value}, sent by operation {writer}, lies at place {index}; operation {reader} read up to place {readUpTo}, and nobody read it',
  unseen: '{key}: {count|value|values} acknowledged and never read: {list}',
  duplicate: '{key}: {value} lies at offsets {offsets}',
  'inconsistent-offsets': '{key}: offset {offset} held {list}',
  G1a: '{key}: operation {reader} read {value}, whose send failed in operation {writer}',
  'precommitted-read': '{key}: operation {operation} sent {value} and read it before its end',
  'no-writer': '{key}: operation {reader} read {value}, which nobody sent',
  'int-nonmonotonic-poll': '{key}: operation {operation} read {second} after {first}, which lies {back|place|places} further on',
  'int-repeated-poll': '{key}: operation {operation} read {first} again right after it',
  'repeated-poll':
    '{key}: operation {before} had read up to {first}, and operation {operation} of the same process read it again',
  'int-poll-skip': '{key}: operation {operation} read {first}, then {second}, and left out {skipped}',
  'nonmonotonic-poll':
    '{key}: operation {before} had read up to {first}; operation {operation} of the same process went on with {second}, {back|place|places} back',
  'poll-skip':
    '{key}: operation {before} had read up to {first}; operation {operation} of the same process went on with {second} and left out {skipped}',
  'int-nonmonotonic-send': '{key}: operation {operation} sent {first}, then {second}, which lies {back|place|places} before it',
  'nonmonotonic-send':
    '{key}: operation {before} sent {first}; operation {operation} of the same process sent {second} later, which lies {back|place|places} before it',
  'int-send-skip': '{key}: operation {operation} sent {first}, then {second}; between them lies {skipped}',
  // Of a cycle.
  operation: '{name} is operation {index} of process {process}[: {what}]',
  ww: '{a} came before {b}: it sent {value} to {key}, and {next} of {b} lies right behind',
  wr: '{a} came before {b}: it sent {value} to {key}, and {b} read it',
  process: '{a} came before {b}: process {process} did one, then the other',
  realtime: '{a} came before {b}: it was complete when {b} began',
  contradiction: 'so {a} would have come before itself',
} as const;

export const judging = {
  size: '{operations|operation|operations} of {processes|process|processes}',
  seen: '{keys|key|keys} · {values|value|values} · {acknowledged:thousands} acknowledged · {read:thousands} read',
  allowed: '{meaning} (allowed)',
  more: '{count:thousands} more; --all tells them',
  valid: 'nothing that Kafka does not allow',
  'valid-clean': 'no anomaly',
  invalid: 'not allowed: {kinds}',
  subscribed: 'consumers subscribe: what a rebalance moves may be left out or read again by the next poll',
  assigned: 'consumers are assigned their keys: the next poll of a process goes on where it was',
} as const;
