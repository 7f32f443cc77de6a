/** Every topic setting of Kafka, 2.8 to 4.1. What a topic does not say, its broker says: `synonym` names the broker's setting. */
import { NEVER } from '../../base/units.ts';
import { type ConfigOf, family, type Registry } from './setting.ts';

const file = 'TopicConfig.java, LogConfig.java';

/** Topic settings that are read, or described, by dotted name. */
export const topicSettings = {
  'min.insync.replicas': {
    type: 'int',
    default: 1,
    atLeast: 1,
    synonym: 'min.insync.replicas',
    modelled: 'yes',
    source: `${file}, Partition.effectiveMinIsr (3.7)`,
    doc: 'Smallest ISR with which a leader takes a write with acks=all; other writes do not look at it.',
  },
  'unclean.leader.election.enable': {
    type: 'boolean',
    default: false,
    synonym: 'unclean.leader.election.enable',
    modelled: 'yes',
    source: file,
    doc: 'Lets a replica outside the ISR lead when no other is left: the partition is back, what it missed is gone.',
  },
  'flush.messages': {
    type: 'long',
    default: NEVER,
    atLeast: 1,
    synonym: 'log.flush.interval.messages',
    modelled: 'yes',
    source: file,
    doc: 'Records after which the partition is fsynced, before the append is answered; the default never does.',
  },
  'flush.ms': {
    type: 'long',
    default: NEVER,
    atLeast: 0,
    synonym: 'log.flush.interval.ms',
    modelled: 'yes',
    source: file,
    doc: 'Age at which the partition is fsynced, in ms; looked at when the broker looks (log.flush.scheduler.interval.ms).',
  },
  'segment.bytes': {
    type: 'int',
    default: 1073741824,
    atLeast: { '2.8': 14, '3.9': 14, '4.1': 1048576 },
    synonym: 'log.segment.bytes',
    modelled: 'yes',
    source: `${file}, KIP-1030 (4.0)`,
    doc: 'Size at which a segment is rolled, and with that fsynced, in bytes.',
  },
  'max.message.bytes': {
    type: 'int',
    default: 1048588,
    atLeast: 0,
    synonym: 'message.max.bytes',
    modelled: 'yes',
    source: file,
    doc: 'Largest batch the leader takes, after compression, in bytes.',
  },
  'segment.ms': {
    type: 'long',
    default: 604800000,
    atLeast: 1,
    synonym: 'log.roll.ms',
    modelled: 'yes',
    source: `${file}, LogSegment.shouldRoll`,
    doc: 'Age of its first record at which a segment is rolled when the next one comes, in ms.',
  },
  'segment.jitter.ms': {
    type: 'long',
    default: 0,
    atLeast: 0,
    synonym: 'log.roll.jitter.ms',
    modelled: 'yes',
    source: `${file}, LogConfig.randomSegmentJitter`,
    doc: 'By how much segment.ms is shortened at most, drawn for each segment, in ms.',
  },
  'cleanup.policy': {
    type: 'list',
    default: 'delete',
    synonym: 'log.cleanup.policy',
    modelled: 'yes',
    source: file,
    doc: 'What becomes of old records: deleted, compacted, or both.',
  },
  'retention.ms': {
    type: 'long',
    default: 604800000,
    atLeast: -1,
    synonym: 'log.retention.ms',
    modelled: 'yes',
    source: `${file}, UnifiedLog.deleteOldSegments`,
    doc: 'Age of its youngest record at which a segment is deleted, in ms; -1 never.',
  },
  'retention.bytes': {
    type: 'long',
    default: -1,
    synonym: 'log.retention.bytes',
    modelled: 'yes',
    source: `${file}, UnifiedLog.deleteOldSegments`,
    doc: 'Size of a partition above which its oldest segments are deleted, in bytes; -1 never.',
  },
  'compression.type': {
    type: 'string',
    default: 'producer',
    allowed: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
    modelled: 'later',
    source: file,
    doc: "Codec of the log; producer keeps the producer's.",
  },
  'message.timestamp.type': {
    type: 'string',
    default: 'CreateTime',
    allowed: ['CreateTime', 'LogAppendTime'],
    modelled: 'later',
    source: file,
    doc: 'Whose time a record carries.',
  },
} as const satisfies Registry;

/** Every topic setting Kafka knows: the described ones, and families of those that are not read. */
export const topicRegistry: Registry = {
  ...topicSettings,
  ...family(
    `
    delete.retention.ms min.compaction.lag.ms max.compaction.lag.ms
    min.cleanable.dirty.ratio compression.gzip.level compression.lz4.level compression.zstd.level message.format.version
    message.timestamp.after.max.ms message.timestamp.before.max.ms message.timestamp.difference.max.ms
    message.downconversion.enable remote.storage.enable remote.log.copy.disable remote.log.delete.on.disable
    local.retention.ms local.retention.bytes leader.replication.throttled.replicas follower.replication.throttled.replicas`,
    { modelled: 'later', doc: 'Retention, compaction, timestamps, tiered storage and throttling.', source: file },
  ),
  ...family('preallocate index.interval.bytes segment.index.bytes file.delete.delay.ms confluent.*', {
    modelled: 'no effect',
    doc: 'Layout of files and indexes.',
    source: file,
  }),
};

/** What a topic's leader and followers read: the modelled settings, times in ms, sizes in bytes. */
export type TopicConfig = ConfigOf<typeof topicSettings>;
