/**
 * acks=all means all of the ISR, and the ISR may be the leader alone. Both followers are cut off from the other brokers for
 * longer than replica.lag.time.max.ms; the leader shrinks the ISR to itself and acknowledges the rest of the records alone.
 * It dies, and a follower outside the ISR is elected. With min.insync.replicas=2 those writes are refused until a second
 * replica is back: late, and not lost.
 */
import { acked, afterFault, crash, defineScenario, followers, isolate, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim:
    'An ISR of one acknowledges alone under acks=all and is lost in an unclean election; min.insync.replicas=2 refuses those writes',
  source: 'Jepsen: Kafka, 2013; ReplicaManager (isr-expiration), PartitionChangeBuilder',
  tags: ['isr', 'unclean'],
  kafka: '3.9',
  cluster: { config: { 'replica.lag.time.max.ms': 2000 } },
  topics: { orders: { config: { 'unclean.leader.election.enable': true } } },
  producers: { p1: { topic: 'orders', config: { acks: 'all' } } },
  faults: [
    // The followers still reach the controller, so they are not fenced; they just cannot fetch.
    when(acked('p1', 10), isolate(followers('orders-0'), { from: 'brokers', for: '40s' })),
    // The ISR has been {leader} for seconds by now, and everything is acknowledged, or refused.
    when(afterFault(0, '8s'), crash(leader('orders-0'), { restartAfter: '20s' })),
  ],
  cases: {
    breaks: {
      set: { 'topics.orders.config.min.insync.replicas': 1 },
      expect: { acknowledged: 100, lost: '>= 1', because: 'isr-of-one-unclean-election' },
    },
    mends: { set: { 'topics.orders.config.min.insync.replicas': 2 }, expect: { acknowledged: 100, lost: 0 } },
  },
});
