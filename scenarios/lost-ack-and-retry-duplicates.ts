/**
 * The leader has appended the batch when the connection breaks, so the producer never hears of it and sends it again. Without
 * idempotence the leader cannot tell; with it, the batch has a number. Not retrying does not mend it: then the application is
 * told of a failure that was none.
 */
import { batchAppended, defineScenario, leader, reset, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A lost acknowledgement and a retry make a duplicate; idempotence recognises it',
  source: 'Vanlightly, Testing Producer Deduplication in Apache Kafka and Apache Pulsar, 2018; KIP-98',
  tags: ['idempotence', 'retries'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', config: { acks: 'all' } } },
  faults: [when(batchAppended('orders-0', 20), reset(leader('orders-0'), { from: 'clients' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.enable.idempotence': false },
      allow: ['reordered'],
      expect: { duplicated: '>= 1', because: ['retry-after-unknown-outcome', 'late-execution-of-a-timed-out-request'] },
    },
    mends: { set: { 'producers.p1.config.enable.idempotence': true }, expect: { acknowledged: 100, duplicated: 0 } },
    'without-retries': { set: { 'producers.p1.config.retries': 0 }, expect: { duplicated: 0, unknown: '>= 1' } },
  },
});
