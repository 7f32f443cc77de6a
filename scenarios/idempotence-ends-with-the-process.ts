/**
 * The same lost acknowledgement twice. Within one session the broker knows the producer id and drops the retry. A process
 * that died and came back has a new producer id, and what it sends again is new to every broker.
 */
import { batchAppended, client, crash, defineScenario, leader, reset, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Idempotence removes the duplicate of a retry, but not what a restarted producer sends again',
  source: 'KIP-98, librdkafka#4953',
  tags: ['idempotence', 'application'],
  kafka: '3.9',
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', config: { acks: 'all', 'enable.idempotence': true }, onRestart: 'resend' } },
  faults: [when(batchAppended('orders-0', 20), crash(client('p1'), { restartAfter: '2s' }))],
  cases: {
    breaks: {
      allow: ['reordered'],
      expect: { duplicated: '>= 1', because: 'retry-after-restart-new-producer-id' },
    },
    mends: {
      set: { 'faults.0': when(batchAppended('orders-0', 20), reset(leader('orders-0'), { from: 'clients' })) },
      expect: { acknowledged: 100, duplicated: 0 },
    },
  },
});
