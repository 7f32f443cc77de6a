/** Cases 100 to 112 of the canon: order and partitioning, backlog and lag. */
import { type CanonSection, lacking, shown } from './canon-case.ts';

export const orderCases: CanonSection = {
  title: 'Order and partitioning',
  cases: [
    shown(
      100,
      {
        title: 'More partitions move keys',
        source: 'Kafka documentation (adding partitions); BuiltInPartitioner',
        evidence: 'derived',
        versions: 'all',
        expected:
          'from 6 to 8 partitions 75 % of the keys move, from 6 to 12 half of them; a lagging old partition puts new before old',
      },
      ['100-partitions-added'],
    ),
    shown(
      101,
      {
        title: 'Producers that do not partition alike',
        source: 'BuiltInPartitioner; librdkafka, consistent_random',
        evidence: 'derived',
        versions: 'all',
        expected: 'the same key in two partitions, and no order between them',
      },
      ['101-two-partitioners'],
      { differs: 'the other producer ignores keys; clients with another hash, and stale counts of partitions, are not modelled' },
    ),
    lacking(
      102,
      {
        title: 'Keyed by type and not by entity',
        source: 'a published quiz on ordering',
        evidence: 'derived',
        versions: 'all',
        expected: 'created and cancelled of one order in two partitions: cancelled is handled first if the other lags',
      },
      'entities: a record has a key and nothing beside it that an order could be asked of',
    ),
    shown(
      103,
      {
        title: 'Cause and effect in two partitions',
        source: 'Kafka documentation (order within a partition only)',
        evidence: 'derived',
        versions: 'all',
        expected: 'records of two partitions may be read in either order, and that is no harm',
      },
      ['order-holds-in-a-partition'],
    ),
    shown(
      104,
      {
        title: 'A pool of workers in the consumer',
        source: 'KafkaConsumer (multi-threaded processing)',
        evidence: 'derived',
        versions: 'all',
        expected: 'order of a key is broken when times differ, kept when a key has one worker',
      },
      ['key-order-and-workers'],
    ),
    lacking(
      105,
      {
        title: 'A retry topic reorders',
        source: 'retry topics and dead letter queues, as practised',
        evidence: 'derived',
        versions: 'all',
        expected: 'the record that failed is handled after its successor of the same key, for certain',
      },
      'an application that sends what failed to another topic',
    ),
    shown(
      106,
      {
        title: 'A change of leaders and a fetch session',
        source: 'KAFKA-7104',
        evidence: 'published',
        versions: '1.1, mended since',
        expected: 'a consumer goes on at the same offset: nothing twice, nothing skipped',
      },
      ['106-leader-changes-under-a-consumer'],
      { lacks: 'the broken form: fetch sessions (KIP-227)' },
    ),
  ],
};

export const lagCases: CanonSection = {
  title: 'Backlog and lag',
  cases: [
    shown(
      108,
      {
        title: 'Too few partitions',
        source: 'published incidents; RangeAssignor',
        evidence: 'published',
        versions: 'all',
        expected: 'with 3 partitions and 6 members 3 are idle; the lag grows by the rate less what 3 can do',
      },
      ['108-too-few-partitions'],
      { lacks: 'a measure of lag over time: only at the end of a run' },
    ),
    lacking(
      109,
      {
        title: 'One hot key',
        source: 'Drozd (48 partitions, 12 keys, 60 to 80 % of the events in one partition)',
        evidence: 'published',
        versions: 'all',
        expected:
          '80 % of 1,000 a second in one partition, 500 a second a member: its lag grows by 300 a second, that of the others not at all',
      },
      'a measure of lag over time: only at the end of a run',
    ),
    shown(
      110,
      {
        title: 'A backlog older than retention',
        source: 'retention.ms',
        evidence: 'derived',
        versions: 'all',
        expected: 'the start of the log passes the position: case 74',
      },
      ['110-backlog-older-than-retention'],
    ),
    shown(
      111,
      {
        title: 'A poison pill',
        source: 'as practised; max.poll.interval.ms',
        evidence: 'derived',
        versions: 'all',
        expected:
          'the position is stuck, what is behind starves, and the record goes from member to member, each of which dies of it',
      },
      ['111-poison-pill'],
    ),
    lacking(
      112,
      {
        title: 'A reader that catches up misses the page cache',
        source: 'Kafka documentation (zero copy and page cache)',
        evidence: 'derived',
        versions: 'all',
        expected: 'cold reads slow the disk, followers fall behind, the ISR shrinks: case 24 is near',
      },
      'the cost of reading from a disk',
    ),
  ],
};
