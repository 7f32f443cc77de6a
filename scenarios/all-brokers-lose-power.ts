/**
 * Three copies in three page caches, one power supply. Kafka answers acks=all before anything is on disk and leaves flushing
 * to the operating system; that is sound as long as brokers fail one at a time.
 */
import { acked, allBrokers, defineScenario, powerLoss, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'When all brokers lose power at once, acks=all loses what was not flushed; log.flush.interval.messages=1 does not',
  source: 'UnifiedLog.append; redpanda-data/kafka-fsync',
  tags: ['power', 'fsync'],
  kafka: '3.9',
  topics: { orders: { config: { 'min.insync.replicas': 2 } } },
  producers: { p1: { topic: 'orders', config: { acks: 'all' } } },
  faults: [when(acked('p1', 100), powerLoss(allBrokers(), { restartAfter: '12s' }))],
  cases: {
    breaks: {
      // The brokers forgot their producers too; what was in flight may be written again.
      allow: ['duplicated', 'reordered'],
      expect: {
        lost: '>= 1',
        because: ['all-replicas-lost-page-cache', 'isr-member-lost-page-cache', 'last-replica-lost-page-cache'],
      },
    },
    mends: { set: { 'cluster.config.log.flush.interval.messages': 1 }, expect: { acknowledged: 100, lost: 0 } },
  },
});
