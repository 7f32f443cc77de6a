/**
 * Auto-commit happens inside poll(), and commits what the poll before it returned. A handler in the same thread has finished all of
 * that by then: nothing is missed, and what came after the last commit is handled again. Workers have not finished it: what dies
 * with them was committed already.
 */
import { client, crash, defineScenario, handled, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Auto-commit misses nothing while records are handled in the poll loop, and misses them when they are handed to workers',
  source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync',
  tags: ['group', 'auto-commit'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { send: { count: 100, every: '50ms' } } },
  groups: {
    billing: {
      members: 2,
      config: {
        'auto.offset.reset': 'earliest',
        'auto.commit.interval.ms': 500,
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 2000,
      },
      handler: { takes: '100ms' },
      commit: 'auto',
    },
  },
  faults: [
    when(handled('billing', 60), crash(client('billing-1'), { restartAfter: '20s' })),
    when(handled('billing', 60), crash(client('billing-2'), { restartAfter: '20s' })),
  ],
  cases: {
    mends: { allow: ['appliedTwice'], expect: { missed: 0, reprocessed: '>= 1' } },
    breaks: {
      set: { 'groups.billing.handler.where': 'workers', 'groups.billing.handler.workers': 1 },
      allow: ['reprocessed', 'appliedTwice'],
      expect: { missed: '>= 1', because: ['committed-before-handed', 'committed-while-in-hand'] },
    },
  },
});
