/** Every setting of Kafka's producer, 2.8 to 4.1. */
import { clientPlumbing, connectionSettings } from './security.ts';
import { type ConfigOf, family, type Registry } from './setting.ts';

const file = 'ProducerConfig.java';
const maxInt = 2147483647;

/** The producer's settings that are read, or described, by dotted name. */
export const producerSettings = {
  acks: {
    type: 'acks',
    default: { '2.8': '1', '3.9': 'all', '4.1': 'all' },
    allowed: ['all', '-1', '0', '1'],
    modelled: 'yes',
    source: `${file}, KIP-679 (3.0)`,
    doc: 'What counts as sent: 0 the bytes left, 1 the leader appended, all (-1) every replica in sync appended.',
  },
  'enable.idempotence': {
    type: 'boolean',
    default: { '2.8': false, '3.9': true, '4.1': true },
    modelled: 'yes',
    source: `${file}, KIP-98, KIP-679 (3.0)`,
    doc: 'Numbers every batch so that the broker recognises a retry; one session and one partition at a time.',
  },
  retries: {
    type: 'int',
    default: maxInt,
    atLeast: 0,
    atMost: maxInt,
    modelled: 'yes',
    source: `${file}, KIP-91 (2.1)`,
    doc: 'How often a batch that failed with a retriable error is sent again; delivery.timeout.ms usually ends it first.',
  },
  'max.in.flight.requests.per.connection': {
    type: 'int',
    default: 5,
    atLeast: 1,
    modelled: 'yes',
    source: file,
    doc: 'How many requests may wait for a response on one connection, that is to one broker.',
  },
  'delivery.timeout.ms': {
    type: 'int',
    default: 120000,
    atLeast: 0,
    modelled: 'yes',
    source: `${file}, KIP-91`,
    doc: 'Longest time from the first record of a batch to its outcome, linger, retries and waiting included, in ms.',
  },
  'linger.ms': {
    type: 'long',
    default: { '2.8': 0, '3.9': 0, '4.1': 5 },
    atLeast: 0,
    modelled: 'yes',
    source: `${file}, KIP-1030 (4.0)`,
    doc: 'How long a batch that is not full waits for more records, in ms.',
  },
  'batch.size': {
    type: 'int',
    default: 16384,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Size at which a batch is full, in bytes; 0 sends every record alone.',
  },
  'max.request.size': {
    type: 'int',
    default: 1048576,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Largest request, and largest record before compression, in bytes; a larger record is refused by the client.',
  },
  'buffer.memory': {
    type: 'long',
    default: 33554432,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'Bytes that may wait in the producer before send() blocks.',
  },
  'max.block.ms': {
    type: 'long',
    default: 60000,
    atLeast: 0,
    modelled: 'yes',
    source: file,
    doc: 'How long send() may block for metadata and for memory, in ms.',
  },
  'partitioner.ignore.keys': {
    type: 'boolean',
    default: false,
    since: '3.9',
    modelled: 'yes',
    source: `${file}, KIP-794 (3.3)`,
    doc: 'Spreads records over partitions as if they had no key: a key no longer stays in its partition.',
  },
  ...connectionSettings,

  'partitioner.class': {
    type: 'class',
    default: null,
    modelled: 'later',
    source: `${file}, KIP-794`,
    doc: 'Code that picks the partition; only the built-in partitioner is modelled.',
  },
  'partitioner.adaptive.partitioning.enable': {
    type: 'boolean',
    default: true,
    since: '3.9',
    modelled: 'later',
    source: `${file}, KIP-794`,
    doc: 'Sends more records without a key to brokers that answer faster.',
  },
  'partitioner.availability.timeout.ms': {
    type: 'long',
    default: 0,
    atLeast: 0,
    since: '3.9',
    modelled: 'later',
    source: `${file}, KIP-794`,
    doc: 'Avoids partitions whose broker has not taken requests for this long, in ms; 0 never does.',
  },
  'compression.type': {
    type: 'string',
    default: 'none',
    allowed: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    modelled: 'later',
    source: file,
    doc: 'Codec of batches; it changes how many records fit into one.',
  },
  'metadata.max.idle.ms': {
    type: 'long',
    default: 300000,
    atLeast: 5000,
    modelled: 'later',
    source: file,
    doc: 'How long a producer keeps metadata of a topic it does not write to, in ms.',
  },
  'transactional.id': {
    type: 'string',
    default: null,
    modelled: 'later',
    source: `${file}, KIP-98`,
    doc: 'Makes the producer transactional and fences older producers with the same id.',
  },
  'transaction.timeout.ms': {
    type: 'int',
    default: 60000,
    modelled: 'later',
    source: `${file}, KIP-98`,
    doc: 'Age at which the coordinator aborts a transaction, in ms.',
  },
  'transaction.two.phase.commit.enable': {
    type: 'boolean',
    default: false,
    since: '4.1',
    modelled: 'later',
    source: `${file}, KIP-939`,
    doc: 'Lets an outside coordinator decide transactions.',
  },
} as const satisfies Registry;

/** Every producer setting Kafka knows: the described ones, and families of those that are not read. */
export const producerRegistry: Registry = {
  ...producerSettings,
  ...family('internal.auto.downgrade.txn.commit', { modelled: 'later', doc: 'Internal, used by Kafka Streams.', source: file }),
  ...family('compression.gzip.level compression.lz4.level compression.zstd.level', {
    modelled: 'later',
    doc: 'How hard a codec tries.',
    source: `${file}, KIP-390 (3.8)`,
  }),
  ...family('key.serializer value.serializer', {
    modelled: 'no effect',
    doc: 'Code of the application: simulated records carry their size.',
    source: file,
  }),
  ...clientPlumbing,
};

/** What a producer machine reads: the modelled settings, times in ms, sizes in bytes, "never" as `NEVER`. */
export type ProducerConfig = ConfigOf<typeof producerSettings>;
