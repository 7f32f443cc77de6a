/**
 * acks=1 is the leader's word alone. The followers, 40 ms behind, had not fetched what it acknowledged; one of them leads
 * next, and the old leader truncates to it when it comes back.
 */
import { acked, crash, defineScenario, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'acks=1 loses what the followers had not fetched',
  source: 'Vanlightly, ChaosTestingCode/Kafka (crashed leader, acks=1); KIP-966 (acks=1)',
  tags: ['acks', 'crash'],
  kafka: '3.9',
  cluster: { brokers: 3, links: { 'broker-1 -> broker-2,broker-3': { latency: '40ms' } } },
  topics: { orders: { partitions: 1, replicationFactor: 3, config: { 'min.insync.replicas': 2 } } },
  producers: { p1: { topic: 'orders', send: { count: 100, every: '1ms', keys: 4 }, onFailure: 'callback' } },
  faults: [when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    // acks=1 also turns the default idempotence off, hence allow
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 1', because: 'acks-1-leader-only' },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100, lost: 0 } },
  },
});
