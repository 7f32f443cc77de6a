/**
 * Where the sink stores the offset with the effect, in one transaction and only if the offset is the one it expects, a record has one
 * effect, even when a paused member wakes up with records in hand that another one has taken over. Without the condition it
 * writes over its successor.
 */
import { applied, client, defineScenario, pause, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Offset and effect in one sink transaction make one effect, even for a paused zombie; without the condition they do not',
  source: 'KafkaConsumer (storing offsets outside Kafka)',
  tags: ['group', 'sink', 'zombie'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { send: { count: 100, every: '20ms' } } },
  groups: {
    billing: {
      members: 2,
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 2000,
        'max.poll.records': 50,
      },
      handler: { takes: '50ms' },
      commit: 'in-sink',
      sink: 'transactional',
    },
  },
  faults: [
    when(applied('billing', 10), pause(client('billing-1'), { for: '20s' })),
    when(applied('billing', 10), pause(client('billing-2'), { for: '9s' })),
  ],
  cases: {
    mends: { allow: ['reprocessed'], expect: { missed: 0, appliedTwice: 0, applied: 100 } },
    breaks: {
      set: { 'groups.billing.sink': 'transactional-unconditional' },
      allow: ['reprocessed', 'reordered'],
      expect: { appliedTwice: '>= 1' },
    },
  },
});
