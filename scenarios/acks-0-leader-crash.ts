/**
 * acks=0 asks nobody. The client reports success when the bytes are handed to the socket, so what is on the way when the
 * leader dies is gone, and what the leader had appended alone is gone with it; nobody is told of either.
 */
import { acked, crash, defineScenario, leader, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'acks=0 loses records at a leader crash, and nobody is told',
  source: 'Vanlightly, How to Lose Messages on a Kafka Cluster, 2018; KafkaApis.handleProduceRequest',
  tags: ['acks', 'crash'],
  kafka: '3.9',
  // The success of record 30 comes before its bytes are at the leader.
  faults: [when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    breaks: { set: { 'producers.p1.config.acks': 0 }, expect: { lost: '>= 1', because: 'acks-0-nobody-confirmed' } },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100, lost: 0 } },
  },
});
