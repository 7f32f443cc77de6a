/** Cases 1 to 19 of the canon: producers. */
import { type CanonSection, lacking, shown } from './canon-case.ts';

const chaos = "Bhuiyan's rerun of Vanlightly's ChaosTestingCode, 2019";

export const producerCases: CanonSection = {
  title: 'Producers',
  cases: [
    shown(
      1,
      {
        title: 'Fire and forget across a fail-over',
        source: `Vanlightly, How to Lose Messages on a Kafka Cluster, 2018; ${chaos} (S1)`,
        evidence: 'published',
        versions: '2.3',
        expected:
          'of 100,000 sends at 1,000 a second all are reported as successes and 21 are not in the log: the rate times the time until ' +
          'the client notices that the leader is dead; with acks=all none',
      },
      ['01-fire-and-forget'],
      {
        differs:
          'the client is 5 ms away and the sockets of a process that dies are closed at once, so the time is a round trip: 10 records',
      },
    ),
    shown(
      2,
      {
        title: 'acks=0 swallows the errors of the server',
        source: 'KAFKA-955, 2013',
        evidence: 'published',
        versions: '0.8, mended since',
        expected:
          'the broker closes the connection instead of answering, so that at most what is in flight is lost when leadership moves; ' +
          'before, everything until the next refresh of metadata, 5 minutes',
      },
      ['02-acks-0-leader-moved'],
      { lacks: 'the broken form: brokers of 0.8 that dropped such requests without closing the connection' },
    ),
    shown(
      3,
      {
        title: 'Records that are too large, and an unchecked future',
        source: 'max.request.size, message.max.bytes, max.message.bytes; KIP-74',
        evidence: 'derived',
        versions: 'all',
        expected:
          'exactly the oversize records fail; nothing that was acknowledged is lost; what the application ignores it never knows',
      },
      ['03-oversize-records'],
    ),
    shown(
      4,
      {
        title: 'retries=0 turns a clean fail-over into failed sends',
        source: `${chaos} (S2, S3, S5)`,
        evidence: 'published',
        versions: '2.3',
        expected:
          'acks=all loses nothing that was acknowledged, and 15 to 49 % of the sends fail; with retries and idempotence none',
      },
      ['04-no-retries'],
      {
        differs:
          'only what is in flight when the leader dies fails: the Java client lets records wait for a leader until delivery.timeout.ms, ' +
          'where the scripts drove librdkafka with a shorter time-out',
      },
    ),
    shown(
      5,
      {
        title: 'delivery.timeout.ms below the time of a fail-over',
        source: 'KIP-91',
        evidence: 'derived',
        versions: '2.1',
        expected:
          'the rate times (fail-over less delivery.timeout.ms) expires, here 50 a second times (about 7.5 to 10.5 s less 5 s); above it ' +
          'none. What expired may still be in the log',
      },
      ['05-delivery-timeout-below-fail-over'],
    ),
    shown(
      6,
      {
        title: 'A lost acknowledgement, a retry, a duplicate',
        source: 'Vanlightly, ChaosTestingCode (dedup_test.py) and Testing Producer Deduplication, 2018',
        evidence: 'published',
        versions: '2.0',
        expected: 'one duplicate batch for each lost response; none with enable.idempotence=true',
      },
      ['06-one-lost-acknowledgement', 'lost-ack-and-retry-duplicates'],
    ),
    shown(
      7,
      {
        title: 'A retry is overtaken, with more than one request in flight',
        source: 'Kafka documentation: retries, max.in.flight.requests.per.connection',
        evidence: 'derived',
        versions: 'all',
        expected:
          'a batch that failed lands behind those that were in flight with it; in order with one in flight or with idempotence',
      },
      ['in-flight-retry-reorders'],
      { differs: 'the batches fail by a broken connection, not by a refusal, and come back in reverse order' },
    ),
    shown(
      8,
      {
        title: 'Duplicates and disorder together',
        source:
          'Vanlightly, cloudkarafka blog, 2019; MessageMonitor.py (back to a seen value: duplicate; to an unseen one: out of order)',
        evidence: 'published',
        versions: '2.2',
        expected:
          'A, B and C in flight, A and B appended, the connection breaks: A, B, A, B, C, which is 2 duplicates and nothing unseen',
      },
      ['08-duplicate-and-out-of-order'],
      {
        printsLog: true,
        differs:
          'the Java client cancels what was in flight oldest first and puts each batch back at the head of its queue, so the retries ' +
          'come in reverse (InFlightRequests.clearAll, RecordAccumulator.reenqueue): A, B, C, B, A',
      },
    ),
    shown(
      9,
      {
        title: 'acks=1 silently disables idempotence',
        source: 'ProducerConfig.postProcessAndValidateIdempotenceConfigs',
        evidence: 'published',
        versions: '3.0 and later',
        expected: 'cases 6 to 8 though the default is idempotent; with enable.idempotence=true beside acks=1 a ConfigException',
      },
      ['09-acks-1-turns-idempotence-off'],
    ),
    shown(
      10,
      {
        title: 'An application that sends again defeats idempotence',
        source: 'librdkafka#4953, 2025',
        evidence: 'derived',
        versions: 'all',
        expected: 'of 100 records the last 50 are sent again by the restarted application: 50 duplicates',
      },
      ['10-application-sends-again'],
    ),
    shown(
      12,
      {
        title: 'An expired batch is committed later, and its sequence was given away',
        source: 'KAFKA-14397',
        evidence: 'published',
        versions: '3.3, mended since',
        expected:
          'the next batch is taken for a duplicate of the expired one: a record that looks acknowledged is not in the log',
      },
      ['12-expired-batch-is-committed-later'],
      {
        printsLog: true,
        lacks:
          'the client before the mend. Here a batch that expired after it was sent leaves its sequence unresolved, and nothing is lost',
      },
    ),
    lacking(
      14,
      {
        title: 'Producer state is lost by retention (UNKNOWN_PRODUCER_ID)',
        source: 'KIP-360, KAFKA-5793, KAFKA-8710',
        evidence: 'published',
        versions: 'up to 2.4',
        expected: 'one duplicate, or one producer that cannot go on',
      },
      'brokers of up to 2.3, which forgot a producer with its records: here it is known until it expires',
    ),
    shown(
      15,
      {
        title: 'The window in which a producer id is known',
        source: 'ProducerIdExpirationTest',
        evidence: "Kafka's own test",
        versions: '3.4 and later',
        expected:
          'a retry after producer.id.expiration.ms is a duplicate; with the defaults, 2 minutes against a day, there is none',
      },
      ['15-producer-id-forgotten'],
    ),
    lacking(
      16,
      {
        title: 'Five batches are remembered',
        source: 'ProducerStateEntry.NUM_BATCHES_TO_RETAIN',
        evidence: 'derived',
        versions: '0.11 and later',
        expected: 'a batch that comes again when five later ones were appended is refused and never appended a second time',
      },
      'a network that delivers a request again: TCP does not, and the client allows no more than five in flight',
    ),
    shown(
      18,
      {
        title: 'buffer.memory is full, max.block.ms is over',
        source: 'KafkaProducer, BufferPool; buffer.memory, max.block.ms',
        evidence: 'derived',
        versions: 'all',
        expected:
          'no broker answers for T, the buffer is full after t: rate times (T - t - max.block.ms) fail, here 100 a second times ' +
          '(30 s until the cut heals and 1.5 s until the client has connected again, less 10.2 s, less 5 s)',
      },
      ['18-buffer-memory-is-full'],
    ),
    shown(
      19,
      {
        title: 'A process dies with records in its accumulator',
        source: 'linger.ms; RecordAccumulator',
        evidence: 'derived',
        versions: 'all',
        expected: 'linger.ms times the rate at most, here 1,000, and what is in flight: never sent, and no callback ran',
      },
      ['19-lingering-records-die', 'accumulator-dies-with-the-process'],
    ),
  ],
};
