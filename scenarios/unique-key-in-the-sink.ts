/** At least once becomes one effect where the sink recognises a record that comes again. Handled twice it is all the same. */
import { applied, client, crash, defineScenario, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A unique key in the sink makes one effect of a record that is handled twice',
  source: 'KafkaConsumer (at least once)',
  tags: ['group', 'sink'],
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
    breaks: { expect: { missed: 0, reprocessed: '>= 1', appliedTwice: '>= 1' } },
    mends: {
      set: { 'groups.billing.sink': 'unique-key' },
      expect: { missed: 0, reprocessed: '>= 1', appliedTwice: 0, applied: 100 },
    },
  },
});
