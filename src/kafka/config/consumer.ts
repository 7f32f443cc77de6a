/** Every setting of Kafka's consumer, 2.8 to 4.1. The protocol of KIP-848 and isolation are known and not modelled yet. */
import { clientPlumbing, connectionSettings } from './security.ts';
import { type ConfigOf, family, type Registry } from './setting.ts';

const file = 'ConsumerConfig.java';

/** The consumer's settings that are read, or described, by dotted name. */
export const consumerSettings = {
  'auto.offset.reset': {
    type: 'string',
    default: 'latest',
    allowed: ['latest', 'earliest', 'none'],
    notYet: { prefix: 'by_duration:', since: '4.1' },
    modelled: 'yes',
    source: `${file}, OffsetResetStrategy.java`,
    doc: 'Where to read when there is no position, or the position is out of range.',
  },
  'fetch.min.bytes': {
    type: 'int',
    default: 1,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Bytes a broker waits for before it answers a fetch, unless fetch.max.wait.ms passes first.',
  },
  'fetch.max.wait.ms': {
    type: 'int',
    default: 500,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Longest that a broker holds a fetch with too few bytes, in ms.',
  },
  'fetch.max.bytes': {
    type: 'int',
    default: 52428800,
    atLeast: 0,
    modelled: 'yes',
    source: `${file}, KIP-74`,
    doc: 'Bytes of one fetch response; the first batch is returned whole even if it is larger.',
  },
  'max.partition.fetch.bytes': {
    type: 'int',
    default: 1048576,
    atLeast: 0,
    modelled: 'yes',
    source: `${file}, KIP-74`,
    doc: 'Bytes of one partition in a fetch response; the first batch is returned whole even if it is larger.',
  },
  'max.poll.records': {
    type: 'int',
    default: 500,
    atLeast: 1,
    modelled: 'yes',
    source: `${file}, KIP-41`,
    doc: 'Records that one poll() returns; it does not bound what is fetched.',
  },
  ...connectionSettings,

  'group.id': { type: 'string', default: null, modelled: 'yes', source: file, doc: 'The group the consumer belongs to.' },
  'group.instance.id': {
    type: 'string',
    default: null,
    modelled: 'yes',
    source: `${file}, KIP-345`,
    doc: 'Static membership: a restart takes its place again.',
  },
  'group.protocol': {
    type: 'string',
    default: 'classic',
    allowed: ['classic', 'consumer'],
    anyCase: true,
    since: '3.9',
    modelled: 'later',
    source: `${file}, KIP-848`,
    doc: 'Who assigns partitions: a member (classic) or the coordinator (consumer).',
  },
  'group.remote.assignor': {
    type: 'string',
    default: null,
    since: '3.9',
    modelled: 'later',
    source: `${file}, KIP-848`,
    doc: 'Assignor the coordinator uses.',
  },
  'enable.auto.commit': {
    type: 'boolean',
    default: true,
    modelled: 'yes',
    source: file,
    doc: 'Commits, inside poll(), the position after what the previous poll() returned, processed or not.',
  },
  'auto.commit.interval.ms': {
    type: 'int',
    default: 5000,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Shortest time between two automatic commits, in ms.',
  },
  'session.timeout.ms': {
    type: 'int',
    default: { '2.8': 10000, '3.9': 45000, '4.1': 45000 },
    modelled: 'yes',
    source: `${file}, KIP-735 (3.0)`,
    doc: 'Silence after which the coordinator removes a member, in ms.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    modelled: 'yes',
    source: file,
    doc: 'Time between two heartbeats to the coordinator, in ms.',
  },
  'max.poll.interval.ms': {
    type: 'int',
    default: 300000,
    atLeast: 1,
    modelled: 'yes',
    source: `${file}, KIP-62`,
    doc: 'Longest that a member may stay away from poll() before it leaves the group, in ms.',
  },
  'partition.assignment.strategy': {
    type: 'list',
    default: { '2.8': 'range', '3.9': 'range,cooperative-sticky', '4.1': 'range,cooperative-sticky' },
    modelled: 'yes',
    source: file,
    doc: 'Assignors that the member offers to its group.',
  },
  'isolation.level': {
    type: 'string',
    default: 'read_uncommitted',
    allowed: ['read_committed', 'read_uncommitted'],
    modelled: 'later',
    source: `${file}, KIP-98`,
    doc: 'Whether records of open and aborted transactions are returned.',
  },
  'default.api.timeout.ms': {
    type: 'int',
    default: 60000,
    atLeast: 0,
    modelled: 'yes',
    source: `${file}, KIP-266`,
    doc: 'Longest that a call such as commitSync() may take, in ms.',
  },
  'client.rack': {
    type: 'string',
    default: '',
    modelled: 'yes',
    source: `${file}, KIP-392`,
    doc: 'Where the consumer stands, to read from a follower nearby.',
  },
  'check.crcs': {
    type: 'boolean',
    default: true,
    modelled: 'later',
    source: file,
    doc: 'Whether the consumer verifies the checksum of what it read.',
  },
} as const satisfies Registry;

/** Every consumer setting Kafka knows: the described ones, and families of those that are not read. */
export const consumerRegistry: Registry = {
  ...consumerSettings,
  ...family('share.acknowledgement.mode internal.leave.group.on.close', {
    modelled: 'later',
    doc: 'Membership of groups, classic or shared.',
    source: `${file}, KIP-932`,
  }),
  ...family(
    `
    allow.auto.create.topics exclude.internal.topics internal.throw.on.fetch.stable.offset.unsupported key.deserializer
    value.deserializer`,
    {
      modelled: 'no effect',
      doc: 'Simulated topics exist before a run, are named, and hold records without content.',
      source: file,
    },
  ),
  ...clientPlumbing,
};

/** What a consumer machine reads: the modelled settings, times in ms, sizes in bytes. */
export type ConsumerConfig = Omit<ConfigOf<typeof consumerSettings>, 'groupId' | 'groupInstanceId'> & {
  /** Null: a consumer without a group. */
  readonly groupId: string | null;
  /** Null: a dynamic member. */
  readonly groupInstanceId: string | null;
};
