/**
 * A commit after the handling is at least once: whatever was handled and not committed is handled again by the next owner. A commit a
 * record leaves one record to repeat, and a clean exit none.
 */
import { applied, client, controlledShutdown, crash, defineScenario, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Committing after processing repeats what was not committed; a commit a record narrows it, a clean exit ends it',
  source: 'KafkaConsumer, commitSync (at least once)',
  tags: ['group', 'commit'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { send: { count: 100, every: '20ms' } } },
  groups: {
    billing: {
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 2000,
        'max.poll.records': 20,
      },
      handler: { takes: '10ms' },
      commit: 'after-batch',
    },
  },
  faults: [when(applied('billing', 50), crash(client('billing-1'), { restartAfter: '10s' }))],
  cases: {
    breaks: { expect: { missed: 0, reprocessed: '2..20', appliedTwice: '2..20', because: 'read-again-uncommitted' } },
    'breaks-less': {
      set: { 'groups.billing.commit': 'after-record' },
      expect: { missed: 0, reprocessed: '<= 1', appliedTwice: '<= 1' },
    },
    mends: {
      set: { faults: [when(applied('billing', 50), controlledShutdown(client('billing-1'), { restartAfter: '10s' }))] },
      expect: { missed: 0, reprocessed: 0, appliedTwice: 0, handled: 100 },
    },
  },
});
