/**
 * The truth table of the publish matrix, written before the runs: for every cell and every harm, whether Kafka makes it possible, by which
 * rule, from which source, for which versions. A test holds the runs to it: a possible harm must appear, an impossible one must not. Where
 * they disagree one of the two is wrong, and Kafka's source says which.
 *
 * The table is a list of claims. Each says of some rows, some columns and one harm that it is possible; everything that no claim covers
 * is impossible, for the reason that {@link impossible} gives for the harm. "Possible" is meant for this very cell: these settings, this
 * fault, this workload of one producer session that listens to its callbacks and dies in no column.
 */
import type { KafkaVersion } from '../../plan/plan.ts';
import type { CellHarm, PublishCellHarm } from './result.ts';

export interface Claim {
  readonly harm: PublishCellHarm;
  /** Row ids. */
  readonly rows: readonly string[];
  /** Column letters. */
  readonly columns: string;
  /** The rule in one line. */
  readonly rule: string;
  readonly source: string;
  /** Versions of Kafka it holds for. */
  readonly versions: string;
  /**
   * Set when dice alone hit it too seldom to demand it of a campaign: the name of the scenario that places it by trigger instead.
   */
  readonly shownBy?: string;
  /** Rows in which a later version of Kafka ends it. */
  readonly mended?: Mended;
}

/** What ended a claim for some rows. */
export interface Mended {
  readonly rows: readonly string[];
  readonly since: '4.1';
  readonly by: string;
}

const acks0 = ['P1'];
const acks1 = ['P2', 'P3'];
const retrying = ['P3', 'P5'];
const noRetries = ['P2', 'P4'];
/** Rows whose log is not flushed before the acknowledgement. */
const unflushed = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P9', 'P11', 'P13'];

const idempotent = ['P6', 'P7', 'P8', 'P9', 'P10', 'P12', 'P13'];

/** Whoever left the ISR below min.insync.replicas is elected when the last member dies, and has everything. */
function byElr(rows: readonly string[]): Mended {
  return { rows, since: '4.1', by: 'eligible leader replicas (KIP-966), which a new cluster of 4.1 has' };
}

/** Everything that is possible. */
export const claims: readonly Claim[] = [
  // ---- LOST
  {
    harm: 'lost',
    rows: acks0,
    columns: 'abcdefghijl',
    rule: 'acks=0 succeeds when the bytes are in the socket: what a dying connection, a dead leader or a refusal swallows is gone.',
    source: 'KafkaApis.handleProduceRequest (acks=0), KAFKA-955',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: acks1,
    columns: 'ab',
    rule: 'acks=1 is the word of the leader alone; the next leader lacks what it had not fetched.',
    source: 'ReplicaManager.appendRecords, KIP-101',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: acks1,
    columns: 'l',
    rule: 'The same with a torn tail: the next leader lacks what it had not fetched.',
    source: 'ReplicaManager.appendRecords, LogLoader',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: acks1,
    columns: 'ci',
    rule: 'A deposed leader that has not heard of its successor goes on acknowledging acks=1, and truncates when it hears.',
    source: 'ReplicaManager.appendRecords: a fenced broker is not told, there is no leader lease',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: acks1,
    columns: 'j',
    rule: 'The followers had not fetched what the leader acknowledged before it stood still, and one of them is elected.',
    source: 'ReplicaManager.appendRecords, KIP-101',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: acks1,
    columns: 'g',
    rule: 'A planned election does not wait for followers: acknowledged records that the new leader lacks are truncated.',
    source: 'PartitionChangeBuilder.electPreferredLeader, KAFKA-20554',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: unflushed.filter((row) => row !== 'P1'),
    columns: 'e',
    rule: 'The last in-sync replica loses its unflushed tail, comes back and is elected cleanly without it.',
    source: 'KIP-966 (last replica standing), KAFKA-14139',
    versions: 'all; with eligible leader replicas only where min.insync.replicas=1',
    mended: byElr(['P7', 'P13']),
  },
  {
    harm: 'lost',
    rows: [...unflushed.filter((row) => row !== 'P1'), 'P8'],
    columns: 'h',
    rule: 'No replica had flushed what it acknowledged; all of them lose their page cache.',
    source: 'log.flush.interval.messages default; LogManager',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: ['P8'],
    columns: 'bl',
    rule: 'The only replica loses its unflushed tail.',
    source: 'log.flush.interval.messages default',
    versions: 'all',
  },
  {
    harm: 'lost',
    rows: ['P9'],
    columns: 'd',
    rule: 'A replica outside the ISR is elected without the records that the ISR of one had committed.',
    source: 'PartitionChangeBuilder.electAnyLeader (UNCLEAN)',
    versions: 'all',
  },
  // ---- DUPLICATED
  {
    harm: 'duplicated',
    rows: retrying,
    columns: 'f',
    rule: 'The leader appended, the answer was lost, the retry is appended again.',
    source: 'Sender.reenqueueBatch; no producer id',
    versions: 'all',
  },
  {
    harm: 'duplicated',
    rows: ['P11'],
    columns: 'f',
    rule: 'One in flight does not help: the answer was lost, the retry is appended again.',
    source: 'Sender.reenqueueBatch; no producer id',
    versions: 'all',
  },
  {
    harm: 'duplicated',
    rows: ['P5', 'P11'],
    columns: 'abcgijl',
    rule: 'A follower had fetched what was not yet acknowledged and leads next; the retry is appended again.',
    source: 'DelayedProduce (NOT_LEADER_OR_FOLLOWER), Sender.reenqueueBatch',
    versions: 'all',
  },
  {
    harm: 'duplicated',
    rows: ['P5', 'P11'],
    columns: 'h',
    rule: 'A batch that was appended and not yet acknowledged happened to be written back; the retry is appended again.',
    source: 'Sender.reenqueueBatch; write-back of the page cache',
    versions: 'all',
  },
  // ---- REORDERED
  {
    harm: 'reordered',
    rows: retrying,
    columns: 'abdefghil',
    rule: 'Batches in flight fail together and go back to the head of the queue one by one, which reverses them.',
    source: 'InFlightRequests.clearAll, RecordAccumulator.reenqueue',
    versions: 'all',
  },
  {
    harm: 'reordered',
    rows: retrying,
    columns: 'cj',
    rule: 'The deposed leader refuses batches one by one; a later batch reaches the new leader before the retry of an earlier one.',
    source: 'RecordAccumulator.reenqueue',
    versions: 'all',
  },
  // ---- DIRTY READ
  {
    harm: 'dirtyRead',
    rows: [...unflushed, 'P8'],
    columns: 'h',
    rule: 'Consumers read what was committed in page caches that were lost afterwards.',
    source: 'high watermark = replicated, not flushed',
    versions: 'all',
  },
  {
    harm: 'dirtyRead',
    rows: unflushed,
    columns: 'e',
    rule: 'Consumers read what the ISR of one had committed, or all had before, and its power loss took it away.',
    source: 'KIP-966 (last replica standing)',
    versions: 'all; with eligible leader replicas only where min.insync.replicas=1',
    mended: byElr(['P7', 'P13']),
  },
  {
    harm: 'dirtyRead',
    rows: ['P8'],
    columns: 'bl',
    rule: 'Consumers read what the only replica then loses.',
    source: 'high watermark = replicated, not flushed',
    versions: 'all',
  },
  {
    harm: 'dirtyRead',
    rows: ['P9'],
    columns: 'd',
    rule: 'Consumers read what the ISR of one had committed; the unclean leader lacks it.',
    source: 'PartitionChangeBuilder.electAnyLeader (UNCLEAN)',
    versions: 'all',
  },
  // ---- UNAVAILABLE
  {
    harm: 'unavailable',
    rows: noRetries,
    columns: 'abcdefghijl',
    rule: 'Without retries every failed request fails its records.',
    source: 'Sender.canRetry',
    versions: 'all',
  },
  {
    harm: 'unavailable',
    rows: ['P7', 'P12', 'P13'],
    columns: 'de',
    rule: 'With fewer in sync than min.insync.replicas acks=all is refused, here for longer than delivery.timeout.ms.',
    source: 'Partition.appendRecordsToLeader (NOT_ENOUGH_REPLICAS)',
    versions: 'all; with eligible leader replicas only where every replica has to be in sync',
    mended: byElr(['P7', 'P12']),
  },
  {
    harm: 'unavailable',
    rows: idempotent,
    columns: 'cij',
    rule: 'A new producer whose first batch is refused and whose second is taken: the first is out of order until delivery.timeout.ms.',
    source: 'KAFKA-14359; ProducerAppendInfo.checkSequence',
    versions: 'all',
    shownBy: 'first-batch-refused-second-accepted',
  },
];

/** Why a harm is impossible where no claim says otherwise. */
export const impossible: Readonly<Record<PublishCellHarm, { readonly rule: string; readonly source: string }>> = {
  lost: {
    rule: 'What is acknowledged is in the log of whoever may lead next: every in-sync replica has it, and keeps it.',
    source: 'DelayedProduce, Partition.maybeIncrementLeaderHW',
  },
  swallowed: {
    rule: 'The application listens to its callbacks and its process lives, so it is told of every failure.',
    source: 'KafkaProducer.send(record, callback)',
  },
  duplicated: {
    rule: 'Nothing is appended twice: there is no retry, the answer left with the append, or the broker knows the sequence.',
    source: 'ProducerStateEntry, Sender.canRetry',
  },
  reordered: {
    rule: 'Nothing overtakes: one batch at a time, no retry, or retries in the order of their sequences.',
    source: 'RecordAccumulator.insertInSequenceOrder, guaranteeMessageOrder',
  },
  phantom: {
    rule: 'A refusal that means "not written" is given before the append.',
    source: 'Partition.appendRecordsToLeader',
  },
  dirtyRead: {
    rule: 'Consumers read below the high watermark, and what is below it was lost nowhere that could lead.',
    source: 'LocalLog.read (HIGH_WATERMARK)',
  },
  diverged: {
    rule: 'A follower truncates to where its log and the leader of the epoch part before it appends.',
    source: 'KIP-101, KIP-279, KIP-595',
  },
  stuck: {
    rule: 'When the fault is over brokers register again, a member of the ISR leads, and the others follow.',
    source: 'BrokerLifecycleManager, ReplicationControlManager',
  },
  unavailable: {
    rule: 'The outage is shorter than delivery.timeout.ms, and retries outlast it.',
    source: 'delivery.timeout.ms (KIP-91)',
  },
};

/** The claim that makes a harm possible in a cell under a version of Kafka, or null. */
export function claimFor(row: string, column: string, harm: CellHarm, kafka: KafkaVersion): Claim | null {
  const holds = ({ mended }: Claim): boolean => mended === undefined || mended.since !== kafka || !mended.rows.includes(row);
  const found = claims.find((claim) => claim.harm === harm && claim.rows.includes(row) && claim.columns.includes(column));
  return found !== undefined && holds(found) ? found : null;
}
