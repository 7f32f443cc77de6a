/**
 * How the fields of machine states enter a state's key. Two states with one key must have the same future as far as findings go, so
 * everything counts unless it stands here, with the reason why it may stay out or be looked at from afar. Fields go by their names:
 * the house names a quantity for what it is, and its unit last.
 */

/** Left out: no later behaviour depends on it, as far as a scope lets one happen. */
export const leftOut: Readonly<Record<string, string>> = {
  config: 'the same in every state of a scope',
  defaultTopicConfig: 'the same in every state of a scope',
  settings: 'the same in every state of a scope',
  clientId: 'the same in every state of a scope',
  header: 'correlation ids only match answers to requests, and answers of a connection come in order',
  correlationId: 'only matches answers to requests, and answers of a connection come in order',
  nextCorrelationId: 'a name for the next request',
  nextConnection: 'a name for the next connection',
  byConnection: 'the channels again, by the names of their connections',
  connections: 'the channels again, by the names of their connections',
  nextFsyncToken: 'a name for the next fsync',
  requests: 'an ordinal, the address of choices',
  failures: 'lengthens a pause, and a pause is as long as it takes',
  failedSetups: 'lengthens a pause, and a pause is as long as it takes',
  failedAttempts: 'lengthens a pause, and a pause is as long as it takes',
  repeats: 'lengthens a pause, and a pause is as long as it takes',
  setupDeadlineMs: 'connections come up at once',
  timeoutMs: 'a setting',
  maxWaitMs: 'a setting',
  sentAtMs: 'a request does not time out in bounds',
  createdMs: 'a batch does not expire in bounds',
  lastSuccessMs: 'metadata does not grow old in bounds',
  lastTimestampMs: 'producer state does not expire in bounds',
  lastFlushedMs: 'flush.ms is not over in bounds',
  maxTimestampMs: 'a timestamp, which nobody compares',
  lastContactUs: 'sessions end by choice',
  metadataOffset: 'asked for by controlled shutdowns alone, which a scope has none of',
  parkedArmedUs: 'an empty answer of the metadata log changes nothing',
  sessionCheckArmedUs: 'sessions end by choice',
  metadataArmedUs: 'repeats a timer',
  controllerArmedUs: 'repeats a timer',
  purgatoryArmedUs: 'repeats a timer',
  senderArmedUs: 'repeats a timer',
  armedUs: 'repeats a timer',
  cursors: 'where a search begins, which changes no result',
};

/** Counts of attempts: whether there was one matters, how many does not. */
export const clipped: ReadonlySet<string> = new Set(['attempts']);

/** Numbers that name a connection. */
export const connectionNames: ReadonlySet<string> = new Set(['connection']);

/** What is done stays in these lists until somebody tidies up. */
export const mayHoldDone: ReadonlySet<string> = new Set(['delayed', 'delayedFetch', 'delayedProduce']);

/** Points in time end in their unit; durations, which are settings, are left out with them. */
export function isTime(name: string): boolean {
  return name.endsWith('Us') || name.endsWith('Ms');
}
