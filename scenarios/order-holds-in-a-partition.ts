/**
 * A partition is a log and has an order; a topic has not. One broker is slower to answer, so its partitions are read later.
 * One partition orders everything, and a key orders its own records because it stays in its partition, unless the partitioner
 * is told to ignore keys.
 */
import { defineScenario } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Order holds within a partition and not across partitions; a key stays in its partition',
  source: 'KIP-794',
  tags: ['order', 'keys'],
  kafka: '3.9',
  cluster: { links: { 'broker-2 -> c1': '30ms' } },
  topics: { orders: { partitions: 3 } },
  producers: { p1: { topic: 'orders', send: { count: 200, every: '1ms', keys: 12, valueBytes: 1000 } } },
  consumers: { c1: { topic: 'orders', config: { 'auto.offset.reset': 'earliest' } } },
  cases: {
    breaks: { expect: { acknowledged: 200, reordered: 0, readOutOfOrder: '>= 1', keysSpread: 0 } },
    mends: {
      set: { 'topics.orders.partitions': 1 },
      expect: { acknowledged: 200, reordered: 0, readOutOfOrder: 0, keysSpread: 0 },
    },
    'breaks-when-keys-are-ignored': {
      set: { 'producers.p1.config.partitioner.ignore.keys': true },
      expect: { acknowledged: 200, reordered: 0, keysSpread: '>= 1' },
    },
  },
});
