/** Cases 62 to 83 of the canon: consumers and groups. */
import { type CanonSection, lacking, shown } from './canon-case.ts';

export const consumerCases: CanonSection = {
  title: 'Consumers and groups',
  cases: [
    shown(
      62,
      {
        title: 'Auto-commit in a single-threaded loop',
        source: 'Kingsbury, Bufstream 0.1.0, 2024; ConsumerCoordinator.maybeAutoCommitOffsetsAsync',
        evidence: 'published',
        versions: 'all',
        expected:
          'dead with record 150 in hand, a hundred a poll: with an interval of 5 s 150 repeated, with one of at most 1 s 50; none missed',
      },
      ['62-auto-commit-in-the-poll-loop'],
    ),
    shown(
      63,
      {
        title: 'Auto-commit with records handed to worker threads',
        source: 'schema.ai; Kafka Streams in Action 4.3.5; netdata guide (which claims it of a single thread too, wrongly)',
        evidence: 'published',
        versions: 'all',
        expected: 'offset 200 committed, the process dead with the worker at 150: 49 missed and 150 itself half done; lag 0',
      },
      ['63-auto-commit-and-workers'],
      { differs: 'the record that was in hand is counted too: its effect was not done, and its offset is committed past' },
    ),
    shown(
      64,
      {
        title: 'Commit before processing',
        source: 'Kafka documentation, message delivery semantics',
        evidence: 'derived',
        versions: 'all',
        expected: 'of n polled, dead after k: n - k missed, here 60, and none repeated',
      },
      ['64-commit-before-processing'],
    ),
    shown(
      65,
      {
        title: 'Commit after processing',
        source: 'Kafka documentation, message delivery semantics',
        evidence: 'derived',
        versions: 'all',
        expected: 'of n polled, dead after k: none missed and k repeated, here 40',
      },
      ['65-commit-after-processing'],
    ),
    shown(
      66,
      {
        title: 'Auto-commit of records that were only fetched',
        source: 'KAFKA-2942',
        evidence: 'published',
        versions: '0.9, mended since',
        expected:
          'what lies in the buffer is committed and never handed out: of 300 fetched, dead with the 150th in hand, 151 missed',
      },
      [],
      {
        asItWas: { scenario: '62-auto-commit-in-the-poll-loop', caseName: 'breaks-less', mutant: 'auto-commit-runs-ahead' },
        differs: 'by a crash instead of a rebalance',
      },
    ),
    shown(
      67,
      {
        title: 'A crash between processing and commit',
        source: 'consumer_test.py (kafkatest), test_consumer_failure',
        evidence: "Kafka's own test",
        versions: '0.9 and later',
        expected: 'a clean stop repeats nothing; a hard one may repeat and misses nothing',
      },
      ['commit-after-processing'],
    ),
    shown(
      68,
      {
        title: 'max.poll.interval.ms is exceeded',
        source: 'KIP-62; published incidents (500 records of 120 ms against a limit of 30 s)',
        evidence: 'published',
        versions: '0.10.1 and later',
        expected:
          'the commit fails, the successor begins anew; if every member is as slow, for ever; fewer records a poll end it',
      },
      ['handler-past-max-poll-interval'],
    ),
    shown(
      69,
      {
        title: 'A zombie consumer writes after it lost its partition',
        source: 'KIP-447 (motivation)',
        evidence: 'derived',
        versions: 'all',
        expected:
          'a pause longer than the session with 100 records in hand: 100 effects twice, the committed offset unharmed; with fencing in ' +
          'the sink none',
      },
      ['69-zombie-finishes-its-batch'],
    ),
    lacking(
      70,
      {
        title: 'Manual assignment has no fencing',
        source: 'KAFKA-2555',
        evidence: 'published',
        versions: 'all',
        expected:
          'two processes that assign the same partition and commit to the same group: offsets go to and fro; skips or repeats',
      },
      'a consumer that assigns partitions by hand and commits',
    ),
    shown(
      71,
      {
        title: 'Static membership against stop-the-world',
        source: 'consumer_test.py (kafkatest), test_static_consumer_bounce; KIP-345',
        evidence: "Kafka's own test",
        versions: '2.3 and later',
        expected: 'a static member that restarts within its session causes no rebalance; a dynamic one does',
      },
      ['71-static-member-restarts'],
      {
        lacks:
          'a group of several static members (the members of a group share their settings), and the consumer protocol (KIP-848)',
      },
    ),
    lacking(
      72,
      {
        title: 'Two owners under the consumer protocol',
        source: 'Vanlightly, consumer_group_protocol_kip_848_v2.tla',
        evidence: 'published',
        versions: '4.0',
        expected: 'never, unless a partition is assigned before the revoked member has let go',
      },
      'the consumer protocol (KIP-848)',
    ),
    lacking(
      73,
      {
        title: 'Committed offsets expire, and the reset is to latest',
        source: 'Sixt, A tale of missing offsets; KIP-211',
        evidence: 'published',
        versions: 'up to 2.0 (24 hours), since 2.1 from when the group is empty',
        expected:
          'what came between the last position and the return is skipped; with earliest everything that is retained is repeated',
      },
      'expiry of offsets',
    ),
    shown(
      74,
      {
        title: 'A consumer is away for longer than data is kept',
        source: 'preproom (14 hours away, 12 hours kept)',
        evidence: 'published',
        versions: 'all',
        expected:
          'earliest misses the rate times 2 hours, latest the rate times 14 hours; ' +
          'here 10 a second, away 14 s, kept 12 s: about 20, about 140',
      },
      ['74-away-for-longer-than-retention'],
    ),
    shown(
      75,
      {
        title: 'A new partition, and latest',
        source: 'KAFKA-12261, KIP-842',
        evidence: 'published',
        versions: 'all',
        expected: 'the rate of the partition times the time until the group discovers it (up to 5 minutes) is missed',
      },
      ['75-new-partition-and-latest'],
    ),
    shown(
      77,
      {
        title: 'A position beyond the end after a truncation',
        source: 'KIP-320, KIP-842',
        evidence: 'derived',
        versions: 'all',
        expected: 'position 100, new end 80: earliest repeats 80; latest stays at the end, or misses what came before it asks',
      },
      ['77-position-beyond-the-end'],
    ),
    shown(
      78,
      {
        title: 'A committed offset without its epoch',
        source: 'KAFKA-19902, KAFKA-20507',
        evidence: 'published',
        versions: '2.1 and later',
        expected: 'after a truncation the position cannot be validated: the reset policy repeats or misses',
      },
      ['78-committed-offset-without-its-epoch'],
      { lacks: 'commits from within a rebalance listener' },
    ),
    lacking(
      79,
      {
        title: 'An acknowledged commit is lost when the coordinator changes',
        source: 'KAFKA-20634',
        evidence: 'published',
        versions: 'up to 4.1',
        expected:
          'a former coordinator that truncates completes commits that it has just cut off: success, and the offset is gone',
      },
      'the guard as a mutant: a high watermark that completes what waits on a replica that no longer leads',
    ),
    shown(
      80,
      {
        title: '__consumer_offsets with one replica',
        source: 'offsets.topic.replication.factor',
        evidence: 'derived',
        versions: 'all',
        expected:
          'the disk of the coordinator is lost, and the group has no offset: earliest repeats all, latest misses what came meanwhile',
      },
      ['80-offsets-on-one-replica', 'committed-offset-goes-back'],
      { differs: 'not the disk is lost but what of it was only in the page cache' },
    ),
    lacking(
      81,
      {
        title: 'Seek to the end, and fill the gap later',
        source: 'operations practice',
        evidence: 'derived',
        versions: 'all',
        expected: 'nothing is missed in the union; keys with records in both ranges are out of order',
      },
      'a member that seeks, and a group that reads a range',
    ),
    lacking(
      82,
      {
        title: 'A fetch from a follower that lags is out of range',
        source: 'KAFKA-8365, KIP-392',
        evidence: 'published',
        versions: '2.4, mended since',
        expected: 'a reset that nothing called for',
      },
      'the consumer of 2.4, which took the word of the follower; it goes back to the leader here, as it does since',
    ),
    lacking(
      83,
      {
        title: 'Abort without rewind',
        source: 'jepsen, workload/abort.clj',
        evidence: 'published',
        versions: '0.11 and later',
        expected:
          'poll 0 to 9 in a transaction, abort, poll again: 10 to 19. Ten records are never processed unless the application seeks',
      },
      'transactions',
    ),
  ],
};
