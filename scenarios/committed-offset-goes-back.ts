/**
 * Committed offsets are records of a topic, and lie in page caches like all others. When every broker loses power, what had not been
 * flushed of __consumer_offsets is gone, and whoever starts anew reads from an older offset.
 */
import { allBrokers, applied, client, crash, defineScenario, powerLoss, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'When the page caches of __consumer_offsets are lost, a committed offset goes back and records are handled again',
  source: '__consumer_offsets, UnifiedLog.append; KIP-966',
  tags: ['group', 'power'],
  kafka: '3.9',
  topics: { orders: { config: { 'flush.messages': 1 } } },
  producers: { p1: { send: { count: 100, every: '20ms' } } },
  groups: {
    billing: {
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 2000,
        'max.poll.records': 10,
      },
      handler: { takes: '5ms' },
      commit: 'after-record',
    },
  },
  faults: [
    when(applied('billing', 60), powerLoss(allBrokers(), { restartAfter: '10s' })),
    // A member that lives on remembers its position; a new one has to ask.
    when(applied('billing', 60), crash(client('billing-1'), { restartAfter: '15s' })),
  ],
  cases: {
    breaks: { expect: { lost: 0, missed: 0, reprocessed: '>= 1', appliedTwice: '>= 1', because: 'read-again-uncommitted' } },
    mends: {
      set: { 'cluster.config.log.flush.interval.messages': 1 },
      allow: ['reprocessed', 'appliedTwice'],
      expect: { lost: 0, missed: 0, reprocessed: '<= 1' },
    },
  },
});
