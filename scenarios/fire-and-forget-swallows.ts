/**
 * send() does not fail, it answers later. A record above max.request.size, and records that could not be delivered in time,
 * are reported to the callback and to nobody else.
 */
import { client, defineScenario, isolate, sent, when } from '../src/scenario/define-scenario.ts';

export default defineScenario({
  claim: 'Fire and forget swallows records that are too large and records that could not be sent; a callback shows them',
  source: 'KafkaProducer.doSend; max.request.size, KIP-91',
  tags: ['application'],
  kafka: '3.9',
  producers: {
    p1: {
      config: { 'delivery.timeout.ms': 10000, 'request.timeout.ms': 5000 },
      send: { count: 100, every: '1ms', oversize: { every: 10, valueBytes: 2_000_000 } },
    },
  },
  faults: [when(sent('p1', 50), isolate(client('p1'), { from: 'brokers', for: '30s' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.onFailure': 'forget' },
      expect: { swallowed: '>= 10', because: ['record-too-large-ignored', 'fire-and-forget'] },
    },
    mends: { set: { 'producers.p1.onFailure': 'callback' }, expect: { swallowed: 0, failed: '>= 10', unavailable: '>= 1' } },
  },
});
