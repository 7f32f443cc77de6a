/**
 * A commit before the handling is at most once: what was committed and not handled when the member died is skipped by whoever owns the
 * partition next.
 */
import { client, crash, defineScenario, handled, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Committing before processing misses what the member had not handled when it died',
  source: 'KafkaConsumer, commitSync (at most once)',
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
      commit: 'before',
    },
  },
  faults: [when(handled('billing', 50), crash(client('billing-1'), { restartAfter: '10s' }))],
  cases: {
    breaks: {
      expect: { missed: '>= 1', reprocessed: 0, because: ['committed-while-in-hand', 'committed-before-handed'] },
    },
    mends: {
      set: { 'groups.billing.commit': 'after-batch' },
      allow: ['reprocessed', 'appliedTwice'],
      expect: { missed: 0 },
    },
  },
});
