/**
 * What "Kafka does not need fsync" means: one machine loses its page cache, be it the leader's or a follower's, and every
 * acknowledged record is in the page cache of another in-sync replica. With acks=1 there need not be another.
 */
import { acked, defineScenario, follower, leader, powerLoss, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'One replica losing its page cache loses nothing under acks=all with an ISR of two or more',
  source: 'Vanlightly, 2023-04-24 (Why Apache Kafka does not need fsync to be safe); KIP-903',
  tags: ['power', 'acks'],
  kafka: '3.9',
  cluster: { links: { 'broker-1 -> broker-2,broker-3': '40ms' } },
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', config: { acks: 'all' } } },
  faults: [when(acked('p1', 50), powerLoss(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 1', because: 'acks-1-leader-only' },
    },
    mends: { expect: { acknowledged: 100, lost: 0 } },
    'mends-at-a-follower': {
      set: { 'faults.0.powerLoss': follower('orders-0', 1) },
      expect: { acknowledged: 100, lost: 0 },
    },
  },
});
