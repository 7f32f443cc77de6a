/**
 * Nothing crashes here. An operator moves leadership to another in-sync replica, as a rolling restart or the controller's own
 * rebalancing does; being in sync only means not being far behind, and what the next leader lacks is cut from the old one's
 * log.
 */
import { acked, defineScenario, moveLeader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'acks=1 loses acknowledged records in a planned leader move, with no crash at all',
  source: 'KIP-966 (acks=1), KIP-101; PartitionChangeBuilder (PREFERRED)',
  tags: ['acks', 'operations'],
  kafka: '3.9',
  cluster: { links: { 'broker-1 -> broker-2,broker-3': '40ms' } },
  faults: [when(acked('p1', 30), moveLeader('orders-0'))],
  cases: {
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      // The old leader goes on acknowledging until it hears that it was deposed.
      expect: { lost: '>= 1', because: ['acks-1-leader-only', 'zombie-leader-acknowledged'] },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100, lost: 0 } },
  },
});
