/** Settings as Kafka names them, every combination one that Kafka takes. The first of every list is what a failure shrinks to. */
import * as fc from 'fast-check';
import type { RawSettings } from '../../plan/plan.ts';

/** Settings of a producer. */
export function producerSettings(): fc.Arbitrary<RawSettings> {
  const batching = {
    'batch.size': fc.constantFrom(16384, 1, 400),
    'linger.ms': fc.constantFrom(0, 1, 5),
    'max.in.flight.requests.per.connection': fc.integer({ min: 1, max: 5 }),
  };
  const idempotent = fc.record({ acks: fc.constant('all'), 'enable.idempotence': fc.constant(true), ...batching });
  const plain = fc.record({
    acks: fc.constantFrom('all', '1', '0'),
    'enable.idempotence': fc.constant(false),
    retries: fc.constantFrom(2147483647, 0, 1),
    ...batching,
  });
  return fc.oneof(idempotent, plain);
}

/** Settings of a topic. */
export function topicSettings(): fc.Arbitrary<RawSettings> {
  return fc.record({
    'min.insync.replicas': fc.integer({ min: 1, max: 3 }),
    'unclean.leader.election.enable': fc.boolean(),
    'flush.messages': fc.constantFrom(9007199254740991, 1, 10),
    'segment.bytes': fc.constantFrom(1_073_741_824, 1_048_576),
  });
}

/** Settings of every broker. */
export function brokerSettings(): fc.Arbitrary<RawSettings> {
  return fc.record({
    'replica.lag.time.max.ms': fc.constantFrom(30000, 10000),
    'replica.fetch.wait.max.ms': fc.constantFrom(500, 50),
  });
}

/** Settings of a consumer, in a group or by itself. Who commits, and when, is no setting here: that is the application's. */
export function consumerSettings(): fc.Arbitrary<RawSettings> {
  return fc.record({
    'auto.offset.reset': fc.constantFrom('earliest', 'latest'),
    'max.poll.records': fc.constantFrom(500, 5, 1),
    'fetch.max.wait.ms': fc.constantFrom(500, 50),
    'heartbeat.interval.ms': fc.constantFrom(2000, 1000),
    'session.timeout.ms': fc.constantFrom(45000, 6000),
    'max.poll.interval.ms': fc.constantFrom(300000, 8000),
    'auto.commit.interval.ms': fc.constantFrom(5000, 500),
  });
}
