/**
 * Between send() and the socket a record waits in the producer's memory; linger.ms says for how long. When the process dies
 * there, no callback runs. Only an application that knows what it has not heard of, and sends it again, gets it back.
 */
import { client, crash, defineScenario, sent, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim:
    'Records in the accumulator die with the process, and nobody is told; sending again what was not acknowledged brings them back',
  source: 'linger.ms; KafkaProducer.send, RecordAccumulator',
  tags: ['application', 'crash'],
  kafka: '3.9',
  producers: { p1: { config: { 'linger.ms': 1000 }, send: { count: 100, every: '1ms' }, onFailure: 'callback' } },
  // A second of lingering, 50 ms of life: nothing has left.
  faults: [when(sent('p1', 50), crash(client('p1'), { restartAfter: '2s' }))],
  cases: {
    breaks: { set: { 'producers.p1.onRestart': 'continue' }, expect: { swallowed: '>= 1', because: 'died-in-accumulator' } },
    mends: {
      set: { 'producers.p1.onRestart': 'resend' },
      allow: ['duplicated', 'reordered'],
      expect: { swallowed: 0, acknowledged: 100 },
    },
  },
});
