/** Cases 84 to 99 of the canon: transactions and exactly once. None can be shown without transactions. */
import { type CanonCase, type CanonSection, type Evidence, lacking } from './canon-case.ts';

function without(
  number: number,
  title: string,
  source: string,
  versions: string,
  expected: string,
  evidence: Evidence = 'published',
): CanonCase {
  return lacking(number, { title, source, evidence, versions, expected }, 'transactions');
}

export const transactionCases: CanonSection = {
  title: 'Transactions and exactly once',
  cases: [
    without(
      84,
      'A transaction hangs: a batch arrives after the abort',
      'KIP-890, KIP-664, KAFKA-9144, KAFKA-14402',
      'up to 3.x, mended by KIP-890',
      'a late batch opens a transaction that no coordinator knows: the last stable offset never moves again',
    ),
    without(
      85,
      'A late batch lands in the next transaction',
      'KIP-890',
      'up to 3.x, mended by KIP-890',
      'one record of an aborted transaction is committed with the next',
    ),
    without(
      87,
      'ABA in the verification guard',
      'KAFKA-14884',
      '3.5, mended since',
      'the transaction of case 84 hangs all the same',
    ),
    without(
      88,
      'A strict epoch of markers and a coordinator that cannot finish',
      'KAFKA-19999',
      '4.x, mended since',
      'a marker whose answer was lost is refused for ever: CONCURRENT_TRANSACTIONS for every later one',
    ),
    without(
      89,
      'The epoch of a producer goes back or is used up',
      'KAFKA-9144, KAFKA-9666',
      'up to 2.5',
      'after 32,767 attempts to fence below the minimal ISR a producer cannot be fenced any more',
    ),
    without(
      90,
      'The transaction of a former owner commits after a reassignment',
      'KAFKA-9365, KIP-447; redpanda#5162',
      'before 2.5, and since where group metadata are not given',
      'ten inputs, stalled past the session: ten outputs twice; ILLEGAL_GENERATION with group metadata',
    ),
    without(
      92,
      'A coordinator forgets that a transaction began',
      'redpanda#6018, redpanda#6019',
      'Redpanda',
      'the offset is committed and the output is not: one record lost',
    ),
    without(
      93,
      'Copying exactly once under bounces',
      'transactions_test.py (kafkatest)',
      '0.11 and later',
      '100,000 records, brokers and copiers bounced: no duplicate, none missing, order kept',
      "Kafka's own test",
    ),
    without(
      94,
      'An expired transaction is fenced',
      'TransactionsTest.testFencingOnTransactionExpiration',
      '0.11 and later',
      'the second send is fenced; read_uncommitted sees the first, read_committed nothing',
      "Kafka's own test",
    ),
    without(
      95,
      'A client gives up a batch and goes on under the same epoch',
      'KAFKA-14053',
      'up to 3.2',
      'the batch arrives after the marker: case 84 or 85',
    ),
    without(
      96,
      'Reading uncommitted downstream',
      'isolation.level',
      'all',
      'every tenth transaction of ten aborted: a tenth of what is read was never committed',
      'derived',
    ),
    without(
      97,
      'Writes of two transactions may interleave',
      'jepsen, tests/kafka.clj (allowed-error-types)',
      'all',
      'cycles of writes alone are reported and are no failure',
    ),
    without(
      98,
      'Reading committed before the own commit',
      'jepsen, tests/kafka.clj (precommitted-read); Bufstream, early_read.clj',
      'all',
      'what a transaction sent it never polls itself under read_committed',
    ),
    without(
      99,
      'Effects outside of Kafka within a transaction',
      'Kafka documentation, exactly-once semantics',
      'all',
      'the effect is done again after each abort',
    ),
  ],
};
