/** Cases 37 to 61 of the canon: truncation, fencing of replicas, disks, churn of leaders and controllers. */
import { type CanonCase, lacking, shown } from './canon-case.ts';

const oldTruncation = 'truncation to the high watermark';
const guard = 'the guard as a mutant: here the rule is followed';

export const replicationCases: readonly CanonCase[] = [
  shown(
    37,
    {
      title: 'Truncation to the high watermark, and an election at once',
      source: 'KIP-101, first scenario',
      evidence: 'published',
      versions: 'up to 0.10; mended in 0.11',
      expected: 'a follower restarts and cuts a committed record, then leads: the record is lost on both. By epochs it is kept',
    },
    ['37-follower-cut-to-its-high-watermark'],
    {
      asItWas: { scenario: '37-follower-cut-to-its-high-watermark', caseName: 'mends', truncation: 'high-watermark' },
      differs:
        'leadership moves instead of a follower that restarts, which leaves the ISR in KRaft; what breaks the scenario without old ' +
        'brokers is acks=1',
    },
  ),
  shown(
    38,
    {
      title: 'Divergence after both lost power',
      source: 'KIP-101, second scenario',
      evidence: 'from memory, unchecked',
      versions: 'up to 0.10; mended in 0.11',
      expected: 'one offset holds different records on two replicas, for ever. By epochs the logs are equal',
    },
    ['35-logs-must-not-diverge'],
    {
      asItWas: { scenario: '35-logs-must-not-diverge', caseName: 'breaks', truncation: 'high-watermark' },
      differs: 'one of the two stops in order; what it holds and the other has lost is the same',
    },
  ),
  shown(
    40,
    {
      title: 'What KIP-101 left in clean elections',
      source: 'kafka-specification, Kip101.tla; KIP-279',
      evidence: 'published',
      versions: '0.11 to 1.1',
      expected:
        'an epoch that the new leader does not know: the follower falls back to its high watermark and cuts a committed record',
    },
    ['40-epoch-that-the-leader-does-not-know'],
    {
      asItWas: { scenario: '40-epoch-that-the-leader-does-not-know', caseName: 'mends', truncation: 'kip-101' },
      differs: 'what breaks the scenario without old brokers is acks=1, under which the second record is lost',
    },
  ),
  lacking(
    41,
    {
      title: 'Truncation to a leader of another epoch',
      source: 'kafka-specification, Kip279.tla and Kip320.tla; KAFKA-6880, KIP-320',
      evidence: 'published',
      versions: '2.0',
      expected: 'a replica in the ISR cuts a committed record because it asks a replica that does not lead in its epoch',
    },
    `${oldTruncation}; ${guard}`,
  ),
  lacking(
    43,
    {
      title: 'The ISR grows before the new leader reaches the start of its epoch',
      source: 'kafka-specification, Kip320.tla; Vanlightly, kafka-tlaplus 6.5.3',
      evidence: 'published',
      versions: 'mended in 2.0',
      expected: 'a replica without a committed record joins the ISR and is elected: the record is lost',
    },
    'a scenario that places it; the mutant `joins-below-the-epoch-start` breaks the rule, and exploring finds it',
  ),
  shown(
    46,
    {
      title: 'A replica of a former life joins the ISR',
      source: 'KIP-903, KAFKA-15221',
      evidence: 'published',
      versions: 'up to 3.4',
      expected: 'a fetch from before a loss of power lets the replica join without what it lost',
    },
    ['46-fetch-of-a-former-life'],
    {
      asItWas: { scenario: '46-fetch-of-a-former-life', caseName: 'mends', mutant: 'former-lives-join' },
      differs: 'two replicas, and a link that takes four seconds, so that the fetch arrives after the registration',
    },
  ),
  lacking(
    48,
    {
      title: 'A follower raises its high watermark before it truncates',
      source: 'KAFKA-14704',
      evidence: 'published',
      versions: 'up to 3.4',
      expected: 'a consumer that fetches from the follower reads up to three records that are not committed',
    },
    `${guard} (a follower that truncates before it raises its high watermark)`,
  ),
  lacking(
    49,
    {
      title: 'A whole log is cut for an offset out of range',
      source: 'KAFKA-2143, KAFKA-7414',
      evidence: 'published',
      versions: 'up to 0.8.2',
      expected:
        'a follower wipes its log because the leader grew between two questions; if the leader dies then, everything is lost',
    },
    'the broken form: brokers of 0.8, which asked for the end of the leader once and believed an older answer',
  ),
  lacking(
    50,
    {
      title: 'A skipped epoch of the same leader',
      source: 'KAFKA-7164',
      evidence: 'published',
      versions: 'up to 2.0',
      expected: 'a follower that missed an epoch does not truncate: the logs diverge',
    },
    `${guard} (a follower truncates at every change of epoch)`,
  ),
  shown(
    51,
    {
      title: 'The high watermark stays below the start of the log',
      source: 'KAFKA-9491',
      evidence: 'published',
      versions: 'up to 2.4',
      expected: 'a leader that cannot look its high watermark up refuses every fetch',
    },
    ['follower-away-for-longer-than-retention'],
    { lacks: guard },
  ),
  shown(
    52,
    {
      title: 'One replica rots',
      source: 'Ganesan and others, Redundancy Does Not Imply Fault Tolerance, FAST 2017',
      evidence: 'from memory, unchecked',
      versions: '0.9',
      expected: 'a bad block at the start of the log of the only member of the ISR: all replicas end up empty',
    },
    ['52-one-replica-rots'],
  ),
  lacking(
    53,
    {
      title: 'One log directory fails',
      source: 'log_dir_failure_test.py (kafkatest)',
      evidence: "Kafka's own test",
      versions: '1.0 and later',
      expected: 'the broker goes on with its other directories, and nothing that was acknowledged is lost',
    },
    'several log directories',
  ),
  shown(
    54,
    {
      title: 'A follower is cut off',
      source: 'replication_replica_failure_test.py (kafkatest)',
      evidence: "Kafka's own test",
      versions: '2.5 and later',
      expected: 'the ISR is the other two, and everything acknowledged is consumed',
    },
    ['54-follower-cut-off'],
  ),
  shown(
    55,
    {
      title: 'Leaders and controllers that come and go',
      source: 'replication_test.py (kafkatest)',
      evidence: "Kafka's own test",
      versions: '0.9 and later',
      expected: 'acknowledged less consumed is empty; no duplicates with idempotence',
    },
    ['55-replication-under-churn'],
  ),
  shown(
    56,
    {
      title: 'Reassignment while brokers bounce',
      source: 'reassign_partitions_test.py (kafkatest); Vanlightly, kafka-tlaplus 4.5',
      evidence: "Kafka's own test",
      versions: '0.8 and later',
      expected: 'acknowledged is consumed, nothing twice',
    },
    ['56-reassignment-while-brokers-bounce'],
    { lacks: 'a log whose start has moved when it is reassigned' },
  ),
  shown(
    57,
    {
      title: 'Without a controller the ISR stands still',
      source: 'redpanda-data/kafka-fsync, README (ZooKeeper stopped to keep leadership)',
      evidence: 'derived',
      versions: 'with ZooKeeper',
      expected:
        'a dead follower stays in the ISR: acks=all stops and loses none; acks=1 loses the rate times the time, here 20 times 20 s',
    },
    ['57-controller-down-freezes-the-isr'],
  ),
  shown(
    58,
    {
      title: 'A controller that was replaced goes on',
      source: 'KAFKA-14154, KAFKA-13407, KAFKA-3096, KAFKA-3143',
      evidence: 'published',
      versions: 'with ZooKeeper',
      expected: 'without controller epochs leadership goes back: two leaders; with them nothing happens',
    },
    ['58-replaced-controller-goes-on'],
    {
      lacks:
        'the guard as a mutant: here the rule is followed (epochs of controllers; and leader epochs, which alone keep roles)',
    },
  ),
  shown(
    59,
    {
      title: 'A broker is back before anybody noticed',
      source: 'Vanlightly, kafka-tlaplus 6.5.1; KAFKA-5845',
      evidence: 'published',
      versions: 'with ZooKeeper',
      expected: 'a broker that lost its tail and is back within its session stays in the ISR; elected, it loses',
    },
    ['59-fast-bounce-with-zookeeper', '59-back-before-anybody-noticed'],
    {
      differs:
        'in KRaft the broker is registered anew once the session of its former life is over; a leadership that it was given before stays ' +
        'with it, as the last of the ISR, unless eligible leader replicas know of its unclean stop',
    },
  ),
  shown(
    60,
    {
      title: 'Acknowledged, and not visible',
      source: 'KIP-966 (high watermark below the minimal ISR)',
      evidence: 'published',
      versions: '3.7 and later',
      expected:
        'min.insync.replicas=2 and an ISR of one: acks=1 is answered, and consumers see nothing until the ISR has two; with 1 they ' +
        'see it at once',
    },
    ['60-acknowledged-and-not-visible'],
  ),
  shown(
    61,
    {
      title: 'A preferred election in a healthy cluster, acks=1',
      source: 'KIP-966 (acks=1); Tencent CKafka FAQ, which says both that it loses and that it does not',
      evidence: 'derived',
      versions: 'all',
      expected: 'the rate times how far the next leader is behind is lost, without any crash; acks=all loses none',
    },
    ['acks-1-planned-leader-move'],
  ),
];
