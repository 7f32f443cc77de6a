/**
 * Both followers crash, the leader goes on alone, and then it crashes too. By the time the followers are back they are not in
 * the ISR. An unclean election takes one of them and loses what the leader had acknowledged; a clean one waits for the
 * leader.
 */
import { acked, afterFault, crash, defineScenario, followers, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'An unclean election loses acknowledged records; a clean election waits for the replica that has them',
  source: 'UncleanLeaderElectionTest, PartitionChangeBuilder',
  tags: ['unclean', 'election'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', config: { acks: 'all' } } },
  faults: [
    when(acked('p1', 20), crash(followers('orders-0'), { restartAfter: '15s' })),
    // Fenced after 9 s, the followers have left the ISR; the leader acknowledged the rest alone.
    when(afterFault(0, '12s'), crash(leader('orders-0'), { restartAfter: '25s' })),
  ],
  cases: {
    breaks: {
      set: { 'topics.orders.config.unclean.leader.election.enable': true },
      expect: { acknowledged: 100, lost: '>= 1', because: ['isr-of-one-unclean-election', 'unclean-election'] },
    },
    mends: {
      set: { 'topics.orders.config.unclean.leader.election.enable': false },
      expect: { acknowledged: 100, lost: 0 },
    },
  },
});
