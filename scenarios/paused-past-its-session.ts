/**
 * A member that stands still longer than session.timeout.ms is removed, and another one takes its partitions over. When it goes on it
 * finishes what it had in hand, and its commit is refused: it belongs to a generation that is over.
 */
import { client, defineScenario, handled, pause, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A member paused past its session is replaced, and its late commit is fenced; within its session nothing happens',
  source: 'GroupCoordinator.onExpireHeartbeat, validateOffsetCommit',
  tags: ['group', 'zombie'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { send: { count: 200, every: '20ms' } } },
  groups: {
    billing: {
      members: 2,
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 2000,
        'max.poll.records': 1,
      },
      handler: { takes: '10ms' },
      commit: 'after-batch',
    },
  },
  faults: [when(handled('billing', 100), pause(client('billing-1'), { for: '15s' }))],
  cases: {
    breaks: {
      allow: ['reordered'],
      expect: { missed: 0, reprocessed: '>= 1', appliedTwice: '>= 1', commitsRefused: '>= 1' },
    },
    mends: {
      set: { 'groups.billing.config.session.timeout.ms': 30000 },
      expect: { missed: 0, reprocessed: 0, commitsRefused: 0, handled: 200 },
    },
  },
});
