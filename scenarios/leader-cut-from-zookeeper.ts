/**
 * The leader cannot reach ZooKeeper, and that is all that is wrong with it: clients and the other brokers reach it. Its session runs out
 * without its knowing, and another leader is elected; but a controller talks to registered brokers only, so that nobody tells the old
 * one. Its clients keep their connections and see no error. What it acknowledges with acks=1 from there on is gone when it is back: rate
 * times window, where a crash would cost what the followers had not fetched. With acks=all it can say yes to nothing, for its followers
 * have left it, and it cannot make the ISR smaller.
 */
import { acked, defineScenario, isolate, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A leader cut off from ZooKeeper alone goes on acknowledging, and loses it all under acks=1, and nothing under acks=all',
  source: 'Vanlightly, ChaosTestingCode/Kafka (leader cut off from ZooKeeper); KafkaController.onBrokerFailure',
  tags: ['zombie', 'partition', 'zookeeper'],
  kafka: '3.9',
  cluster: { metadata: 'zookeeper' },
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', send: { count: 350, every: '100ms' } } },
  faults: [when(acked('p1', 20), isolate(leader('orders-0'), { from: 'zookeeper', for: '40s' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 100', because: ['zombie-leader-acknowledged', 'acks-1-leader-only'] },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 350, lost: 0 } },
  },
});
