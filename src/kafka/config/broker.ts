/**
 * The broker settings that the simulator reads, and those of replication, storage and elections that it will read later. The
 * rest of what a `server.properties` may hold is in `broker-others.ts`. The brokers simulated are 3.9's in KRaft mode.
 */
import { logSettings } from './broker-log.ts';
import { brokerOthers } from './broker-others.ts';
import type { ConfigOf, Registry } from './setting.ts';

const replication = 'ReplicationConfigs.java';
const log = 'ServerLogConfigs.java';
const server = 'ServerConfigs.java';
const group = 'GroupCoordinatorConfig.java';

/** The broker settings that are read, by dotted name. */
export const brokerSettings = {
  // ---- replication
  'replica.lag.time.max.ms': {
    type: 'long',
    default: 30000,
    modelled: 'yes',
    source: `${replication}, KIP-537 (2.5)`,
    doc: 'How long a follower may be behind before the leader asks to take it out of the ISR, in ms.',
  },
  'replica.fetch.wait.max.ms': {
    type: 'int',
    default: 500,
    modelled: 'yes',
    source: replication,
    doc: "Longest that a leader holds a follower's fetch without data, in ms.",
  },
  'replica.fetch.min.bytes': {
    type: 'int',
    default: 1,
    modelled: 'yes',
    source: replication,
    doc: "Bytes a leader waits for before it answers a follower's fetch.",
  },
  'replica.fetch.max.bytes': {
    type: 'int',
    default: 1048576,
    atLeast: 0,
    modelled: 'yes',
    source: `${replication}, KIP-74`,
    doc: 'Bytes of one partition that a follower fetches at once; the first batch comes whole even if it is larger.',
  },
  'replica.fetch.response.max.bytes': {
    type: 'int',
    default: 10485760,
    atLeast: 0,
    modelled: 'yes',
    source: `${replication}, KIP-74`,
    doc: 'Bytes of one fetch response to a follower, over all partitions.',
  },
  'replica.fetch.backoff.ms': {
    type: 'int',
    default: 1000,
    atLeast: 0,
    modelled: 'yes',
    source: replication,
    doc: 'How long a follower leaves a partition alone after its fetch failed, in ms.',
  },
  'replica.selector.class': {
    type: 'class',
    default: null,
    allowed: ['org.apache.kafka.common.replica.RackAwareReplicaSelector', 'org.apache.kafka.common.replica.LeaderSelector'],
    modelled: 'yes',
    source: `${replication}, KIP-392`,
    doc: 'Which replica a consumer is sent to: the leader, or one in the rack of its client.rack.',
  },
  'replica.socket.timeout.ms': {
    type: 'int',
    default: 30000,
    modelled: 'yes',
    source: replication,
    doc: 'How long a follower waits for the response to a fetch before it closes the connection, in ms.',
  },
  'replica.high.watermark.checkpoint.interval.ms': {
    type: 'long',
    default: 5000,
    modelled: 'yes',
    source: replication,
    doc: 'Time between two writes of the high watermarks to disk, in ms.',
  },
  'min.insync.replicas': {
    type: 'int',
    default: 1,
    atLeast: 1,
    modelled: 'yes',
    source: `${log}, Partition.effectiveMinIsr (3.7)`,
    doc: 'Smallest ISR with which a leader takes a write with acks=all; other writes do not look at it.',
  },
  'default.replication.factor': {
    type: 'int',
    default: 1,
    modelled: 'yes',
    source: replication,
    doc: 'Replicas of a topic that is created without saying how many.',
  },
  'request.timeout.ms': {
    type: 'int',
    default: 30000,
    modelled: 'yes',
    source: server,
    doc: 'How long a broker waits for a response of the controller, in ms.',
  },
  'socket.connection.setup.timeout.ms': {
    type: 'long',
    default: 10000,
    modelled: 'yes',
    source: `${server}, KIP-601`,
    doc: 'How long a connection to another broker may take to open, in ms.',
  },
  'socket.connection.setup.timeout.max.ms': {
    type: 'long',
    default: 30000,
    modelled: 'yes',
    source: `${server}, KIP-601`,
    doc: 'Longest that a connection to another broker may take to open, in ms.',
  },

  // ---- elections and the life of a broker
  'unclean.leader.election.enable': {
    type: 'boolean',
    default: false,
    modelled: 'yes',
    source: `${replication}, KIP-106 (0.11)`,
    doc: 'Lets a replica outside the ISR lead when no other is left: the partition is back, what it missed is gone.',
  },
  'unclean.leader.election.interval.ms': {
    type: 'long',
    default: 300000,
    atLeast: 1,
    modelled: 'yes',
    source: `${replication}, KAFKA-12670`,
    doc: 'Time between two looks of the controller for leaderless partitions that may elect uncleanly, in ms.',
  },
  'auto.leader.rebalance.enable': {
    type: 'boolean',
    default: true,
    modelled: 'yes',
    source: replication,
    doc: 'Lets the controller move leadership back to the preferred replica: a planned leader move nobody ordered.',
  },
  'leader.imbalance.check.interval.seconds': {
    type: 'long',
    default: 300,
    atLeast: 1,
    modelled: 'yes',
    source: replication,
    doc: 'Time between two looks for imbalanced leaders, in seconds.',
  },
  'broker.heartbeat.interval.ms': {
    type: 'int',
    default: 2000,
    modelled: 'yes',
    source: 'KRaftConfigs.java',
    doc: 'Time between two heartbeats to the controller, in ms.',
  },
  'broker.session.timeout.ms': {
    type: 'int',
    default: 9000,
    modelled: 'yes',
    source: 'KRaftConfigs.java',
    doc: 'Silence after which the controller fences a broker, in ms.',
  },
  'controller.quorum.election.timeout.ms': {
    type: 'int',
    default: 1000,
    atLeast: 0,
    modelled: 'yes',
    source: 'QuorumConfig.java, KIP-595',
    doc: 'How long a controller without a leader waits before it stands for election, in ms; up to as much again is drawn.',
  },
  'controller.quorum.fetch.timeout.ms': {
    type: 'int',
    default: 2000,
    atLeast: 0,
    modelled: 'yes',
    source: 'QuorumConfig.java, KIP-595',
    doc: 'How long a controller goes on without an answer of its leader; a leader without a majority half as long again, in ms.',
  },
  'controller.quorum.election.backoff.max.ms': {
    type: 'int',
    default: 1000,
    atLeast: 0,
    modelled: 'yes',
    source: 'QuorumConfig.java, KIP-595',
    doc: 'Longest wait after an election that was not won, in ms.',
  },
  'controller.quorum.request.timeout.ms': {
    type: 'int',
    default: 2000,
    atLeast: 0,
    modelled: 'yes',
    source: 'QuorumConfig.java, KIP-595',
    doc: 'How long a controller waits for the answer of another one, in ms.',
  },
  'metadata.max.idle.interval.ms': {
    type: 'int',
    default: 500,
    atLeast: 0,
    modelled: 'yes',
    source: 'KRaftConfigs.java, KIP-835',
    doc: 'How often the controller of a quorum writes a record that changes nothing, in ms; 0: never.',
  },
  'controlled.shutdown.enable': {
    type: 'boolean',
    default: true,
    modelled: 'yes',
    source: server,
    doc: 'Moves leadership away before a broker stops in an orderly way.',
  },
  // ---- clusters with ZooKeeper
  'zookeeper.session.timeout.ms': {
    type: 'int',
    default: 18000,
    until: '3.9',
    modelled: 'yes',
    source: 'ZkConfigs.java',
    doc: 'Silence after which ZooKeeper ends a session, and a broker with it, in ms.',
  },
  'leader.imbalance.per.broker.percentage': {
    type: 'int',
    default: 10,
    modelled: 'yes',
    source: replication,
    doc: 'Share of partitions led by others, in percent, from which a broker is given back its leaderships; read by ZooKeeper clusters.',
  },
  'controlled.shutdown.max.retries': {
    type: 'int',
    default: 3,
    modelled: 'yes',
    source: server,
    doc: 'How often a broker asks for a controlled shutdown before it stops without one; read by ZooKeeper clusters.',
  },
  'controlled.shutdown.retry.backoff.ms': {
    type: 'long',
    default: 5000,
    modelled: 'yes',
    source: server,
    doc: 'Pause before a broker asks for a controlled shutdown again, in ms; read by ZooKeeper clusters.',
  },

  ...logSettings,
  'message.max.bytes': {
    type: 'int',
    default: 1048588,
    atLeast: 0,
    modelled: 'yes',
    source: server,
    doc: 'Largest batch a broker takes, after compression, in bytes.',
  },
  'producer.id.expiration.ms': {
    type: 'int',
    default: 86400000,
    atLeast: 1,
    modelled: 'yes',
    source: 'TransactionLogConfigs.java, KIP-854',
    doc: 'How long a broker remembers an idle producer, in ms; a retry after that is a new record.',
  },

  // ---- groups and committed offsets
  'offsets.topic.num.partitions': {
    type: 'int',
    default: 50,
    atLeast: 1,
    modelled: 'yes',
    source: group,
    doc: 'Partitions of __consumer_offsets: a group belongs to one of them, and its leader coordinates the group.',
  },
  'offsets.topic.replication.factor': {
    type: 'short',
    default: 3,
    atLeast: 1,
    modelled: 'yes',
    source: group,
    doc: 'Replicas of __consumer_offsets.',
  },
  'offsets.commit.timeout.ms': {
    type: 'int',
    default: 5000,
    atLeast: 1,
    modelled: 'yes',
    source: group,
    doc: 'How long a commit of offsets waits for the replicas of __consumer_offsets, in ms.',
  },
  'offsets.commit.required.acks': {
    type: 'short',
    default: -1,
    atLeast: -1,
    modelled: 'yes',
    source: `${group}, deprecated in 3.8`,
    doc: 'The acks with which a coordinator writes to __consumer_offsets; with another than -1 committed offsets can be lost.',
  },
  'group.initial.rebalance.delay.ms': {
    type: 'int',
    default: 3000,
    modelled: 'yes',
    source: `${group}, KIP-134`,
    doc: 'How long the first rebalance of an empty group waits for more members, in ms.',
  },
  'group.min.session.timeout.ms': {
    type: 'int',
    default: 6000,
    modelled: 'yes',
    source: group,
    doc: 'Shortest session.timeout.ms that a coordinator takes, in ms.',
  },
  'group.max.session.timeout.ms': {
    type: 'int',
    default: 1800000,
    modelled: 'yes',
    source: group,
    doc: 'Longest session.timeout.ms that a coordinator takes, in ms.',
  },
  'group.max.size': {
    type: 'int',
    default: 2147483647,
    atLeast: 1,
    modelled: 'yes',
    source: `${group}, KIP-389`,
    doc: 'Most members that a group may have.',
  },
} as const satisfies Registry;

/** Every broker setting Kafka knows: those that are read, and those of `broker-others.ts`. */
export const brokerRegistry: Registry = { ...brokerSettings, ...brokerOthers };

/**
 * What broker and controller machines read: the modelled settings, times in ms (the name says it where seconds), sizes in
 * bytes.
 */
export type BrokerConfig = ConfigOf<typeof brokerSettings>;
