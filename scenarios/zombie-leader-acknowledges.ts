/**
 * The leader cannot reach the controller, and that is all that is wrong with it: clients reach it, and it reaches them. It is
 * fenced after broker.session.timeout.ms and another leader is elected, but nobody tells it. With acks=1 it goes on saying
 * yes to everything; with acks=all it waits for followers that no longer fetch from it, so it cannot.
 */
import { acked, defineScenario, isolate, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A leader cut off from the controller goes on acknowledging and loses it all under acks=1, and nothing under acks=all',
  source: 'Vanlightly, ChaosTestingCode/Kafka (leader cut off from ZooKeeper); BrokerHeartbeatManager',
  tags: ['zombie', 'partition'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', send: { count: 250, every: '100ms' } } },
  faults: [when(acked('p1', 20), isolate(leader('orders-0'), { from: 'controller', for: '20s' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 10', because: ['zombie-leader-acknowledged', 'acks-1-leader-only'] },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 250, lost: 0 } },
  },
});
