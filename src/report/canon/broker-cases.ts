/** Cases 20 to 61 of the canon: brokers, replication, elections, storage. */
import { type CanonSection, lacking, shown } from './canon-case.ts';

const zooKeeper = 'metadata in ZooKeeper';
const oldTruncation = 'truncation to the high watermark, as brokers before 0.11 did';
const guards = 'the guard as a mutant: the rule that prevents it is followed and cannot be switched off yet';
const tlaPlus = "Vanlightly, kafka-tlaplus (TLA+), Hachiko's Kip101, Kip279 and Kip320";

export const brokerCases: CanonSection = {
  letter: 'B',
  title: 'Brokers: replication, elections, storage',
  cases: [
    shown(
      20,
      {
        title: 'acks=1, leader killed, high rate',
        source: "Bhuiyan's rerun of Vanlightly's ChaosTestingCode, 2019 (S2, S2b, S3)",
        evidence: 'published',
        versions: '2.3',
        expected:
          'of 846,117 acknowledged at 10,000 a second at least 80 lost; at 1,000 a second none; acks=all loses none and fails some. ' +
          'In the mean the rate times half the round trip of a fetch, at most the whole of it',
      },
      ['20-acks-1-leader-kill'],
    ),
    shown(
      21,
      {
        title: 'acks=1, slow followers that are still in sync',
        source: 'Vanlightly, kafka-tlaplus on KIP-966 (acks=1 may lose after an election)',
        evidence: 'derived',
        versions: 'all',
        expected: 'followers that fetch every 10 s (replica.lag.time.max.ms is 30 s), 20 records a second: up to 200 lost',
      },
      ['21-slow-followers-in-sync'],
    ),
    shown(
      22,
      {
        title: 'Zombie leader, cut off from all but its clients, acks=1',
        source: "Bhuiyan's rerun of Vanlightly's ChaosTestingCode, 2019 (S4, S5)",
        evidence: 'published',
        versions: '2.3, ZooKeeper',
        expected:
          '35,588 lost of 95,513 acknowledged; acks=all loses none. The rate times the time from the cut to when the client turns to ' +
          'the new leader',
      },
      ['22-zombie-leader-isolated'],
      {
        differs:
          'with KRaft instead of ZooKeeper: nothing ends the zombie of itself, so the time is that of the cut, unless the client asks ' +
          'another broker for metadata before (metadata.max.age.ms, 5 minutes)',
      },
    ),
    shown(
      24,
      {
        title: 'The ISR shrinks to the leader, acks=all, then an unclean election',
        source: 'Kingsbury, Jepsen: Kafka, 2013',
        evidence: 'from memory, unchecked',
        versions: '0.8 beta',
        expected: 'of 1,000 writes 987 acknowledged and 520 of them lost: all from the shrinking to the death of the leader',
      },
      ['24-isr-of-one'],
    ),
    shown(
      25,
      {
        title: 'Unclean election, as small as can be',
        source: 'UncleanLeaderElectionTest, verifyUncleanLeaderElectionEnabled and Disabled',
        evidence: "Kafka's own test",
        versions: '0.8.2 to 3.9',
        expected: 'enabled: the log is exactly first, third. Disabled: third times out; after the restart of the leader first, second',
      },
      ['25-unclean-election'],
      { printsLog: true },
    ),
  ],
};
void [zooKeeper, oldTruncation, guards, tlaPlus, lacking];
