/**
 * The last replica standing, mended. Three replicas acknowledge the records of p1; the followers are cut off, and the ISR shrinks below
 * min.insync.replicas=2: from there on the high watermark stands still, so whoever leaves holds everything that was ever committed. A 4.1
 * cluster remembers them as eligible leader replicas. When the last member of the ISR comes back from a loss of power it cannot show that
 * it stopped in order, and is struck from ISR and ELR; a replica that has the records is elected instead. Without the feature, which an
 * upgraded cluster has not until it is switched on, it is elected and short. With min.insync.replicas=1 the last one was allowed to
 * commit alone.
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
    'Eligible leader replicas keep what an ISR of at least min.insync.replicas=2 acknowledged when its last member loses power',
  source: 'KIP-966 (eligible leader replicas), KAFKA-15586',
  tags: ['isr', 'power', 'elr'],
  kafka: '4.1',
  producers: {
    p1: { topic: 'orders', config: { acks: 'all' }, send: { count: 200, every: '1ms' } },
    p2: { topic: 'orders', config: { acks: 'all' }, send: { start: '13s', count: 200, every: '1ms' } },
  },
  topics: { orders: { config: { 'min.insync.replicas': 2 } } },
  faults: [
    when(acked('p1', 200), isolate(followers('orders-0'), { from: 'brokers-and-controller', for: '30s' })),
    when(afterFault(0, '15s'), powerLoss(leader('orders-0'), { restartAfter: '12s' })),
  ],
  cases: {
    mends: { expect: { acknowledged: 400, lost: 0 } },
    breaks: {
      set: { 'cluster.features.eligible.leader.replicas.version': 0 },
      expect: { lost: '>= 1', because: 'last-replica-lost-page-cache' },
      allow: ['duplicated', 'reordered'],
    },
    'breaks-with-min-isr-1': {
      set: { 'topics.orders.config.min.insync.replicas': 1 },
      expect: { lost: '>= 1', because: 'last-replica-lost-page-cache' },
      allow: ['duplicated', 'reordered'],
    },
  },
});
