/**
 * The last replica standing. The records of p1 are acknowledged by three replicas, then the followers are cut off and the ISR
 * shrinks to the leader, which p2 writes to. The leader loses power, and with it its unflushed page cache. It is still the only
 * member of the ISR, so it is elected when it comes back: cleanly, and short. The followers truncate to it, and records that all
 * three had acknowledged are gone everywhere. min.insync.replicas guards what is written, not what was; flushing does (and so do the
 * eligible leader replicas of KIP-966).
 */
import {
  acked,
  afterFault,
  defineScenario,
  followers,
  isolate,
  leader,
  powerLoss,
  when,
} from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim:
    'The last in-sync replica losing power loses earlier records too, with min.insync.replicas=2 as without, unless they were flushed',
  source: 'KIP-966 (last replica standing), KAFKA-14139',
  tags: ['isr', 'power', 'fsync'],
  kafka: '3.9',
  producers: {
    p1: { topic: 'orders', config: { acks: 'all' }, send: { count: 200, every: '1ms' } },
    // Once both followers are fenced: until then the end of the log would be records that nobody was promised.
    p2: { topic: 'orders', config: { acks: 'all' }, send: { start: '13s', count: 200, every: '1ms' } },
  },
  topics: { orders: {} },
  faults: [
    when(acked('p1', 200), isolate(followers('orders-0'), { from: 'brokers-and-controller', for: '30s' })),
    when(afterFault(0, '15s'), powerLoss(leader('orders-0'), { restartAfter: '12s' })),
  ],
  cases: {
    breaks: { expect: { lost: '>= 1', because: 'last-replica-lost-page-cache' }, allow: ['duplicated', 'reordered'] },
    'breaks-with-min-isr-2': {
      set: { 'topics.orders.config.min.insync.replicas': 2 },
      // Writes that were refused are tried again on a leader that forgot their producer.
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 1', because: 'last-replica-lost-page-cache' },
    },
    mends: { set: { 'topics.orders.config.flush.messages': 1 }, expect: { acknowledged: 400, lost: 0 } },
  },
});
