/** A member that joins takes partitions over from the committed offset. What their former owner had handled beyond it is handled again. */
import { client, crash, defineScenario, handled, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'A rebalance repeats what was handled and not committed; it repeats nothing that was',
  source: 'ConsumerCoordinator.onJoinPrepare',
  tags: ['group', 'rebalance'],
  kafka: '3.9',
  topics: { orders: { partitions: 2 } },
  producers: { p1: { send: { count: 200, every: '20ms', keys: 20 } } },
  groups: {
    billing: {
      members: 2,
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
  cases: {
    mends: { set: { 'groups.billing.members': ['0s', '5s'] }, expect: { handled: 200, rebalances: '>= 2' } },
    breaks: {
      set: {
        faults: [
          when(handled('billing', 100), crash(client('billing-1'), { restartAfter: '20s' })),
          when(handled('billing', 100), crash(client('billing-2'), { restartAfter: '20s' })),
        ],
      },
      allow: ['appliedTwice'],
      expect: { missed: 0, reprocessed: '>= 1', rebalances: '>= 2' },
    },
  },
});
