/**
 * How the fields of machine states enter a state's key. Two states with one key must have the same future as far as findings go, so
 * everything counts as it is unless it stands here. Fields go by their names: the house names a quantity for what it is, and its unit last.
 */

/** Left out: no later behaviour depends on it, as far as a scope lets one happen. With the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  config: 'the same in every state of a scope',
  defaultTopicConfig: 'the same in every state of a scope',
  settings: 'the same in every state of a scope',
  eligibleLeaderReplicas: 'the same in every state of a scope',
  clientId: 'the same in every state of a scope',
  header: 'correlation ids only match answers to requests, and answers of a connection come in order',
  correlationId: 'only matches answers to requests, and answers of a connection come in order',
  nextCorrelationId: 'a name for the next request',
  nextConnection: 'a name for the next connection',
  byConnection: 'the channels again, by the names of their connections',
  delayed: 'the operations again that partitions hold',
  brokersById: 'the registered brokers again',
  statuses: 'what the request asks for again, and the partitions that hold it',
  rollJitterMs: 'a setting',
  nextFsyncToken: 'a name for the next fsync',
  drainIndex: 'which partition is drained first, and there is one',
  requests: 'an ordinal, the address of choices',
  failures: 'lengthens a pause, and a pause is as long as it takes',
  failedSetups: 'lengthens a pause, and a pause is as long as it takes',
  failedAttempts: 'lengthens a pause, and a pause is as long as it takes',
  repeats: 'lengthens a pause, and a pause is as long as it takes',
  timeoutMs: 'a setting',
  maxWaitMs: 'a setting',
  setupDeadlineMs: 'a connection that is asked for is answered',
  sentAtMs: 'a request does not time out in bounds',
  createdMs: 'a batch does not expire in bounds',
  lastSuccessMs: 'metadata does not grow old in bounds',
  lastTimestampMs: 'producer state does not expire in bounds',
  lastFlushedMs: 'flush.ms is not over in bounds',
  writtenAtUs: 'nothing is written back in bounds',
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
  losses: 'an ordinal, the address of choices',
};

/** Counts of attempts: whether there was one matters, how many does not. */
const clipped = ['attempts'];
/** Numbers that name a connection. */
const connections = ['connection'];
/** Ids of brokers. */
const brokers = ['leader', 'currentLeader', 'leaderId', 'brokerId', 'replicaId', 'node'];
/** Lists of ids of brokers. */
const brokerLists = ['isr', 'elr', 'lastKnownElr', 'replicas', 'removingReplicas', 'addingReplicas'];
/** Offsets of registrations in the metadata log, which name a life of a broker. */
const lives = ['brokerEpoch', 'replicaEpoch', 'previousBrokerEpoch'];
/** One for each broker or each waiting operation; in which order plays no role. */
const bags = ['brokers', 'remotes', 'fetchers', 'nodes', 'parked', 'newIsrWithEpochs'];
/** Waiting operations; those that are done stay in the list until somebody tidies up. */
const waiting = ['delayedFetch', 'delayedProduce'];

/** What is under way by its name, in the order in which it began; elsewhere how many there were. */
const byName = ['fsyncs'];

/** What a field is to a key. */
export const Role = {
  plain: 0,
  leftOut: 1,
  time: 2,
  clipped: 3,
  connection: 4,
  broker: 5,
  brokerList: 6,
  life: 7,
  bag: 8,
  waiting: 9,
  byName: 10,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

const roles = new Map<string, Role>();
const named: readonly (readonly [readonly string[], Role])[] = [
  [Object.keys(leftOut), Role.leftOut],
  [clipped, Role.clipped],
  [connections, Role.connection],
  [brokers, Role.broker],
  [brokerLists, Role.brokerList],
  [lives, Role.life],
  [bags, Role.bag],
  [waiting, Role.waiting],
  [byName, Role.byName],
];
for (const [names, role] of named) for (const name of names) roles.set(name, role);

/** The role of a field by its name. Points in time end in their unit; durations, which are settings, are left out. */
export function roleOf(name: string): Role {
  let role = roles.get(name);
  if (role === undefined) {
    role = name.endsWith('Us') || name.endsWith('Ms') ? Role.time : Role.plain;
    roles.set(name, role);
  }
  return role;
}
