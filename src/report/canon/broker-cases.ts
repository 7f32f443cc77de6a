/** Cases 20 to 36 of the canon: acknowledgements and elections, loss of power, recovery; the others of brokers are in their own file. */
import { type CanonCase, type CanonSection, lacking, shown } from './canon-case.ts';
import { replicationCases } from './replication-cases.ts';

const chaos = "Bhuiyan's rerun of Vanlightly's ChaosTestingCode, 2019";
const guard = 'the guard as a mutant: here the rule is followed';

const lossCases: readonly CanonCase[] = [
  shown(
    20,
    {
      title: 'acks=1, the leader crashes, high rate',
      source: `${chaos} (S2, S2b, S3)`,
      evidence: 'published',
      versions: '2.3',
      expected:
        'of 846,117 acknowledged by ten producers at least 80 lost; by one at 1,000 a second none; acks=all loses none and fails some. ' +
        'In the mean the rate times half the round trip of a fetch, here 10,000 a second times 5 ms, and twice that at most',
    },
    ['20-leader-crash-at-a-high-rate'],
  ),
  shown(
    21,
    {
      title: 'acks=1, slow followers that are still in sync',
      source: 'Vanlightly, kafka-tlaplus on KIP-966 (acks=1 may lose after an election)',
      evidence: 'derived',
      versions: 'all',
      expected:
        'followers that fetch every 10 s (replica.lag.time.max.ms is 30 s), 20 records a second: up to 200 lost, 100 in the mean',
    },
    ['21-slow-followers-in-sync'],
  ),
  shown(
    22,
    {
      title: 'Zombie leader, cut off from all but its clients, acks=1',
      source: `${chaos} (S4, S5)`,
      evidence: 'published',
      versions: '2.3, ZooKeeper',
      expected:
        '35,588 lost of 95,513 acknowledged; acks=all loses none. The rate times the time from the cut to when the client turns to the ' +
        'new leader, here 20 a second times 20 s',
    },
    ['22-zombie-leader-isolated'],
    {
      differs:
        'metadata in KRaft instead of ZooKeeper: nothing ends the zombie of itself, so the time is that of the cut, unless the client ' +
        'asks another broker for metadata before (metadata.max.age.ms, 5 minutes)',
    },
  ),
  shown(
    23,
    {
      title: 'Leader cut off from ZooKeeper alone, acks=1',
      source: `${chaos} (S6, S7)`,
      evidence: 'published',
      versions: '2.3, ZooKeeper',
      expected: '100,000 acknowledged, none failed, 38,209 lost; acks=all loses none',
    },
    ['23-leader-cut-from-zookeeper', 'leader-cut-from-zookeeper'],
  ),
  shown(
    24,
    {
      title: 'The ISR shrinks to the leader, acks=all, then an unclean election',
      source: 'Kingsbury, Jepsen: Kafka, 2013',
      evidence: 'from memory, unchecked',
      versions: '0.8 beta',
      expected:
        'of 1,000 writes 987 acknowledged and 520 of them lost: all from the cut to the death of the leader, here 50 a second times 10 s',
    },
    ['24-isr-of-one', 'isr-of-one-unclean-election'],
  ),
  shown(
    25,
    {
      title: 'Unclean election, as small as can be',
      source: 'UncleanLeaderElectionTest, verifyUncleanLeaderElectionEnabled and Disabled',
      evidence: "Kafka's own test",
      versions: '0.8.2 and later',
      expected:
        'enabled: the log is exactly first, third. Disabled: third times out; once the leader is back and third is sent again, the log ' +
        'is first, second, third',
    },
    ['25-unclean-election'],
    { printsLog: true },
  ),
  shown(
    27,
    {
      title: 'The last replica standing loses power',
      source: 'KIP-966; Vanlightly, kafka-tlaplus, 5_recovery',
      evidence: 'published',
      versions: 'up to 3.9; 4.1 with eligible leader replicas',
      expected:
        'min.insync.replicas=2, the ISR shrinks to one, which loses its page cache and is elected again: committed records are gone from ' +
        'all replicas. With eligible leader replicas none is lost',
    },
    ['eligible-leader-replicas', 'last-isr-member-power-loss'],
  ),
  shown(
    28,
    {
      title: 'One node loses its tail, and everybody does',
      source: 'redpanda-data/kafka-fsync, README; Rystsov, Why fsync()',
      evidence: 'published',
      versions: '3.4, ZooKeeper',
      expected: 'the second ten records get the offsets 9 to 18 instead of 10 to 19: one of ten acknowledged by acks=all is lost',
    },
    ['28-one-tail-lost-without-fsync'],
    {
      printsLog: true,
      differs:
        'ZooKeeper was stopped to keep the leadership where it was; in KRaft whoever is fenced last keeps it, so the other replica ' +
        'crashes a little before, and nothing is stopped',
    },
  ),
  shown(
    29,
    {
      title: 'Kafka does not need fsync: the safe counterpart',
      source: 'Vanlightly, Why Apache Kafka does not need fsync to be safe, 2023',
      evidence: 'published',
      versions: '3.x, KRaft',
      expected: 'one replica of an ISR of two or more loses its page cache: none lost, be it the leader or a follower',
    },
    ['one-replica-loses-its-page-cache'],
  ),
  shown(
    30,
    {
      title: 'A replica counts again before it has what it lost',
      source: 'Rystsov, Why fsync(); Vanlightly, 2023',
      evidence: 'published',
      versions: 'no Kafka',
      expected:
        'a record committed by two of three is lost, for certain; case 29 is safe because such a replica is out of the ISR',
    },
    ['30-counts-before-it-has-caught-up'],
    {
      asItWas: { scenario: '30-counts-before-it-has-caught-up', caseName: 'mends', mutant: 'fenced-followers-stay-in-sync' },
      differs: 'two replicas, and the leader crashes while the follower is down: no third one is there to lead instead',
    },
  ),
  lacking(
    32,
    {
      title: 'A registration after an unclean stop must raise the leader epoch',
      source: 'KAFKA-18106',
      evidence: 'published',
      versions: '4.0, mended since',
      expected: 'a leader that was dropped keeps its epoch: two leaders in one epoch',
    },
    guard,
  ),
  shown(
    34,
    {
      title: 'A torn write at the end of a log',
      source: 'LogLoaderTest.testCorruptLog; LogSegment.recover',
      evidence: "Kafka's own test",
      versions: 'all',
      expected: 'a batch of which a part is on disk is dropped by its checksum, that one alone: of 50 records 49 are left',
    },
    ['34-torn-write'],
    { lacks: 'a marker of an orderly stop that is there and should not be, which KAFKA-10471 ended: here the rule is followed' },
  ),
  shown(
    35,
    {
      title: 'Logs must not diverge',
      source: 'EpochDrivenReplicationProtocolAcceptanceTest.shouldNotAllowDivergentLogs, KIP-101',
      evidence: "Kafka's own test",
      versions: '0.11 and later',
      expected:
        '10 written, the leader loses the last 5, 10 more written: the logs of both are equal, and 5 acknowledged records are lost; ' +
        'before KIP-101 they differ',
    },
    ['35-logs-must-not-diverge'],
    {
      printsLog: true,
      asItWas: { scenario: '35-logs-must-not-diverge', caseName: 'breaks', truncation: 'high-watermark' },
    },
  ),
  shown(
    36,
    {
      title: 'Offsets must not go backwards',
      source: 'EpochDrivenReplicationProtocolAcceptanceTest.offsetsShouldNotGoBackwards, KIP-101',
      evidence: "Kafka's own test",
      versions: '0.11 and later',
      expected:
        '100 records, the leader loses half of them and takes two batches of 77; what the follower serves in the end has every ' +
        'offset once, in order: 204 records',
    },
    ['36-offsets-must-not-go-backwards'],
    { lacks: 'offsets that go backwards before KIP-101: truncation to the high watermark' },
  ),
];

export const brokerCases: CanonSection = {
  title: 'Brokers: replication, elections, storage',
  cases: [...lossCases, ...replicationCases],
};
