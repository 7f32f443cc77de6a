/**
 * A member that does not come back to poll() within max.poll.interval.ms leaves its group, and cannot commit what it has handled. It joins
 * again, gets the same records, and is late again: for ever. Fewer records a poll end it.
 */
import { defineScenario } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A handler that outlasts max.poll.interval.ms repeats the same records for ever; fewer records a poll end it',
  source: 'KIP-62; ConsumerCoordinator, AbstractCoordinator.HeartbeatThread',
  tags: ['group', 'poll'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { send: { count: 100, every: '1ms' } } },
  groups: {
    billing: {
      config: { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': 10000 },
      handler: { takes: '200ms' },
      commit: 'after-batch',
    },
  },
  limits: { settle: '120s' },
  cases: {
    breaks: {
      expect: { stuck: '>= 1', reprocessed: '>= 100', appliedTwice: '>= 100', because: ['group-lags', 'read-again-uncommitted'] },
    },
    mends: { set: { 'groups.billing.config.max.poll.records': 20 }, expect: { stuck: 0, handled: 100 } },
  },
});
