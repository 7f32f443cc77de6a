/**
 * Five requests in flight when the connection breaks: the producer puts each batch back at the head of its queue, and the
 * last comes first. One request in flight keeps the order (and still duplicates); numbers on the batches keep it with five.
 */
import { batchAppended, defineScenario, leader, reset, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'More than one request in flight and a retry reorder records, unless the producer is idempotent',
  source: 'max.in.flight.requests.per.connection; InFlightRequests.clearAll, RecordAccumulator.reenqueue',
  tags: ['idempotence', 'order'],
  kafka: '3.9',
  // 20 ms there, a record every 5 ms: when a batch is appended, the next three or four are still on the way, and are lost.
  cluster: { links: { 'p1 -> *': '20ms' } },
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', config: { acks: 'all' }, send: { count: 100, every: '5ms' } } },
  faults: [when(batchAppended('orders-0', 10), reset(leader('orders-0'), { from: 'clients' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.enable.idempotence': false },
      allow: ['duplicated'],
      expect: {
        reordered: '>= 1',
        because: ['disconnect-reversed-retries', 'retry-overtaken-in-flight'],
      },
    },
    'mends-with-one-in-flight': {
      set: {
        'producers.p1.config.enable.idempotence': false,
        'producers.p1.config.max.in.flight.requests.per.connection': 1,
      },
      allow: ['duplicated'],
      expect: { acknowledged: 100, reordered: 0 },
    },
    mends: {
      set: { 'producers.p1.config.enable.idempotence': true },
      expect: { acknowledged: 100, reordered: 0, duplicated: 0 },
    },
  },
});
