/**
 * English for what is wrong with a file: the `.properties` format and scenarios (`scenario/problem.ts`). The place stands before the
 * sentence; what is allowed and the nearest right name stand after it.
 */
export const inputs = {
  'malformed-unicode-escape': '{found} is no \\uXXXX escape; Java refuses the file',
  'duplicate-key': '{key} stands here twice[; first in line {firstLine}, and the last one wins, in silence]',
  'not-yaml': 'this is no YAML: {reason}',
  'unknown-key': 'there is no key {key}',
  'missing-key': '{key} is missing',
  'wrong-type': '{key} cannot be {found}',
  'value-not-in-list': '{key} cannot be {found}',
  'number-out-of-range': '{key} is {found}, out of range[, at least {atLeast}][, at most {atMost}]',
  'bad-duration': '{key} is {found}, which is no duration; 250us, 1ms, 1.5s, 20s and 3m are',
  'bad-ratio': '{key} is {found}, which is no probability; a fraction such as 1/20 is',
  'bad-choice': '{found} names no choice; "latency broker-1→broker-2 Fetch#14" does: a site, #, and which of its choices',
  'bad-comparison': '{key} is {found}, which compares nothing; 3, ">= 1", "< 5" and "2 .. 4" do',
  'bad-partition': '{key} is {found}, which is no partition; orders-0 is',
  'needs-one-of': '{key} needs exactly one of the allowed keys',
  'bad-name': '{key} is {found}, which is no name',
  'name-taken': '{key}: the name {found} is taken',
  'no-such-topic': '{key} names the topic {found}, which is not among the topics',
  'no-such-producer': '{key} names the producer {found}, which is not among the producers',
  'no-such-client': '{key} names the client {found}, which is no producer, consumer or member of a group',
  'no-such-group': '{key} names the group {found}, which is not among the groups',
  'no-such-partition': '{key} names {found}, which no topic has',
  'no-such-broker': '{key} names broker {found}, which the cluster does not have',
  'no-such-controller': '{key} names controller {found}, which the cluster does not have',
  'no-such-host': '{key} names the host {found}, which there is not',
  'no-such-follower': '{key} names follower {found}, which the partition does not have',
  'no-such-fault': '{key} names fault {found}; faults are counted from 0',
  'no-such-note': '{key} names the note {found}, which nobody says',
  'bad-link': '{key} is no link; broker-1 -> broker-2,broker-3 is',
  'feature-unsupported': '{key}: Kafka {kafka} has no {feature}; there is one from {since} on',
  'zookeeper-removed':
    '{key}: ZooKeeper mode was removed in Kafka 4.0, and this is {kafka}; brokers of 4.0 run in KRaft mode only',
  'no-zookeeper': '{key} is {found}, and this cluster has none: cluster.metadata is kraft',
  'no-quorum-with-zookeeper': '{key} is {found}, and cluster.metadata is zookeeper: there the controller is one of the brokers',
  'replication-factor-above-brokers':
    '{key}: a replication factor of {replicationFactor} needs as many brokers, and there are {brokers}',
  'assignment-does-not-fit':
    '{key} does not fit {partitions|partition|partitions} with a replication factor of {replicationFactor}',
  'racks-do-not-fit': '{key} names {found|rack|racks}, and there are {brokers|broker|brokers}',
  'not-more-partitions':
    '{key} is {found}, and the topic has {partitions|partition|partitions}: there can only be more (Kafka: InvalidPartitionsException)',
  'replica-named-twice': '{key} names broker {found} again (Kafka: InvalidReplicaAssignmentException)',
  'needs-kraft': '{found} is simulated without ZooKeeper alone: cluster.metadata: kraft',
  'never-happens': '{key} waits for number {nth}, and only {count} come',
  'commit-without-poll-loop': '{key} is {found}, which workers cannot do: they finish in any order',
  'commit-needs-workers': '{key} is {found}, which needs a handler in workers',
  'sink-and-commit-part': '{key} is {found}: commit in-sink and a transactional sink belong together',
  'commits-twice': '{key} is {found}, and enable.auto.commit=true commits as well',
  'handler-outlasts-poll-interval':
    '{key}: {records} records at {takesMs} ms each outlast max.poll.interval.ms ({maxPollIntervalMs} ms), and the member leaves its group',
  'session-timeout-refused':
    '{key} is {found}, which the coordinator refuses: INVALID_SESSION_TIMEOUT (group.min.session.timeout.ms, group.max.session.timeout.ms)',
  'heartbeat-above-a-third':
    '{key} is {found}, above a third of session.timeout.ms ({sessionTimeoutMs} ms): a few late heartbeats end the session',
  'record-outlasts-poll-interval':
    '{key}: one record may take {takesMs} ms, as long as max.poll.interval.ms ({maxPollIntervalMs} ms) or longer, and the member leaves its group meanwhile',
  'offsets-acks-refused':
    '{key} is {found}: the brokers start with it and refuse every write to __consumer_offsets (INVALID_REQUIRED_ACKS)',
  'no-such-path': '{key} leads nowhere in this scenario',
  'nothing-expected': 'the scenario has neither cases nor expect: nothing could be broken',
} as const;
