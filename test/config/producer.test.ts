/** The producer's settings: Kafka's defaults by version, and Kafka's rules for combining them. Each rule quotes its sentence. */
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { ProducerConfig } from '../../src/kafka/config/producer.ts';
import { type RawSettings, resolveProducer } from '../../src/kafka/config/resolve.ts';
import type { KafkaVersion } from '../../src/kafka/config/setting.ts';

const codes = (raw: RawSettings, version: KafkaVersion): string[] =>
  resolveProducer(raw, version).problems.map((p) => `${p.severity} ${p.code} ${p.setting}`);

describe('defaults by version', () => {
  test('2.8: acks=1, no idempotence, no linger, constant backoff', () => {
    const { config, problems } = resolveProducer({}, '2.8');
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ acks: 1, enableIdempotence: false, lingerMs: 0, retryBackoffMs: 100, retryBackoffMaxMs: 100 });
  });

  test('3.9: acks=all, idempotence, no linger, backoff grows to a second', () => {
    const { config } = resolveProducer({}, '3.9');
    expect(config).toMatchObject({
      acks: -1,
      enableIdempotence: true,
      lingerMs: 0,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1000,
    });
  });

  // The values a 4.1.1 producer logs on start ("ProducerConfig values").
  test('4.1: linger.ms = 5', () => {
    const { config, settings } = resolveProducer({}, '4.1');
    expect(config).toEqual({
      acks: -1,
      enableIdempotence: true,
      retries: 2147483647,
      maxInFlightRequestsPerConnection: 5,
      deliveryTimeoutMs: 120000,
      requestTimeoutMs: 30000,
      lingerMs: 5,
      batchSize: 16384,
      maxRequestSize: 1048576,
      bufferMemory: 33554432,
      maxBlockMs: 60000,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1000,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
      metadataMaxAgeMs: 300000,
      socketConnectionSetupTimeoutMs: 10000,
      socketConnectionSetupTimeoutMaxMs: 30000,
      partitionerIgnoreKeys: false,
    } satisfies ProducerConfig);
    expect(settings.acks).toEqual({ value: 'all', source: 'default' });
  });

  test('types follow the registry', () => {
    expectTypeOf<ProducerConfig['acks']>().toEqualTypeOf<-1 | 0 | 1>();
    expectTypeOf<ProducerConfig['enableIdempotence']>().toEqualTypeOf<boolean>();
    expectTypeOf<ProducerConfig['maxInFlightRequestsPerConnection']>().toEqualTypeOf<number>();
    expectTypeOf<ProducerConfig>().not.toHaveProperty('transactionalId');
  });
});

describe('idempotence, 3.0 and later', () => {
  test.each(['3.9', '4.1'] as const)('%s: acks=1 turns the default idempotence off', (version) => {
    // "Idempotence will be disabled because acks is set to 1, not set to 'all'."
    expect(codes({ acks: 1 }, version)).toEqual(['warning idempotence-disabled-by-acks enable.idempotence']);
    const { config, settings } = resolveProducer({ acks: '1' }, version);
    expect(config).toMatchObject({ acks: 1, enableIdempotence: false });
    expect(settings['enable.idempotence']).toEqual({
      value: 'false',
      source: 'default',
      because: 'idempotence-disabled-by-acks',
    });
    expect(settings.acks).toEqual({ value: '1', source: 'yours' });
  });

  test('retries=0 turns the default idempotence off', () => {
    // "Idempotence will be disabled because retries is set to 0."
    expect(codes({ retries: 0 }, '3.9')).toEqual(['warning idempotence-disabled-by-retries enable.idempotence']);
    expect(resolveProducer({ retries: 0 }, '3.9').config.enableIdempotence).toBe(false);
  });

  test('asked for, it is an error instead', () => {
    // "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence."
    expect(codes({ acks: 0, 'enable.idempotence': true }, '3.9')).toEqual(['error idempotence-needs-acks-all acks']);
    // "Must set retries to non-zero when using the idempotent producer."
    expect(codes({ retries: 0, 'enable.idempotence': true }, '4.1')).toEqual(['error idempotence-needs-retries retries']);
    // "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer."
    expect(codes({ 'max.in.flight.requests.per.connection': 6, 'enable.idempotence': true }, '3.9')).toEqual([
      'error idempotence-needs-max-in-flight-5 max.in.flight.requests.per.connection',
    ]);
  });

  test('more than 5 in flight: a warning in 3.x, an error in 4.x, asked for or not', () => {
    const raw = { 'max.in.flight.requests.per.connection': 6 };
    // "Please note that in v4.0.0 and onward, this will become an error."
    expect(codes(raw, '3.9')).toEqual(['warning idempotence-disabled-by-max-in-flight enable.idempotence']);
    // "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. Current value is 6."
    expect(codes(raw, '4.1')).toEqual(['error idempotence-needs-max-in-flight-5 max.in.flight.requests.per.connection']);
    // 4.x throws even where acks has just disabled idempotence: the check stands in the same branch.
    expect(codes({ ...raw, acks: 1 }, '4.1')).toContain(
      'error idempotence-needs-max-in-flight-5 max.in.flight.requests.per.connection',
    );
    expect(codes({ ...raw, 'enable.idempotence': false }, '4.1')).toEqual([]);
  });

  test('a transactional.id needs it', () => {
    // "Cannot set a transactional.id without also enabling idempotence."
    expect(codes({ 'transactional.id': 't', acks: 1 }, '3.9')).toContain(
      'error transactional-id-needs-idempotence transactional.id',
    );
    expect(codes({ 'transactional.id': 't' }, '3.9')).toEqual(['warning not-modelled-yet transactional.id']);
  });

  test('an idempotent config that is accepted can keep its promise', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            acks: fc.constantFrom('0', '1', 'all', '-1'),
            retries: fc.constantFrom(0, 1, 2147483647),
            'max.in.flight.requests.per.connection': fc.integer({ min: 1, max: 9 }),
            'enable.idempotence': fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom('2.8' as const, '3.9' as const, '4.1' as const),
        (raw, version) => {
          const { config, problems } = resolveProducer(raw, version);
          if (problems.some((p) => p.severity === 'error') || !config.enableIdempotence) return;
          expect(config.acks).toBe(-1);
          expect(config.retries).toBeGreaterThan(0);
          expect(config.maxInFlightRequestsPerConnection).toBeLessThanOrEqual(5);
        },
      ),
    );
  });
});

describe('idempotence, 2.8', () => {
  test('off unless asked for; asked for, it raises the default acks', () => {
    expect(resolveProducer({ acks: 'all' }, '2.8').config.enableIdempotence).toBe(false);
    expect(codes({ 'enable.idempotence': true }, '2.8')).toEqual(['warning acks-raised-by-idempotence acks']);
    expect(resolveProducer({ 'enable.idempotence': true }, '2.8').config).toMatchObject({ acks: -1, enableIdempotence: true });
  });

  test('acks=1 with it is an error, as is more than 5 in flight', () => {
    expect(codes({ 'enable.idempotence': true, acks: 1 }, '2.8')).toEqual(['error idempotence-needs-acks-all acks']);
    expect(codes({ 'enable.idempotence': true, acks: 'all', 'max.in.flight.requests.per.connection': 6 }, '2.8')).toEqual([
      'error idempotence-needs-max-in-flight-5 max.in.flight.requests.per.connection',
    ]);
    expect(codes({ 'max.in.flight.requests.per.connection': 6 }, '2.8')).toEqual([]);
  });
});

describe('delivery.timeout.ms', () => {
  test('"should be equal to or larger than linger.ms + request.timeout.ms"', () => {
    expect(codes({ 'delivery.timeout.ms': 30000, 'linger.ms': 1 }, '3.9')).toEqual([
      'error delivery-timeout-too-small delivery.timeout.ms',
    ]);
    expect(codes({ 'delivery.timeout.ms': 30001, 'linger.ms': 1 }, '3.9')).toEqual([]);
  });

  test('the default is raised in silence', () => {
    const { config, settings, problems } = resolveProducer({ 'request.timeout.ms': 200000 }, '3.9');
    expect(config.deliveryTimeoutMs).toBe(200000);
    expect(settings['delivery.timeout.ms']).toEqual({ value: '200000', source: 'default', because: 'delivery-timeout-raised' });
    expect(problems.map((p) => p.severity)).toEqual(['warning']);
  });

  test('whatever is accepted leaves room for one attempt', () => {
    fc.assert(
      fc.property(fc.nat(300000), fc.nat(300000), fc.option(fc.nat(300000), { nil: undefined }), (linger, request, delivery) => {
        const raw = {
          'linger.ms': linger,
          'request.timeout.ms': request,
          ...(delivery === undefined ? {} : { 'delivery.timeout.ms': delivery }),
        };
        const { config, problems } = resolveProducer(raw, '3.9');
        const refused = problems.some((p) => p.severity === 'error');
        expect(refused).toBe(delivery !== undefined && delivery < linger + request);
        if (!refused) expect(config.deliveryTimeoutMs).toBeGreaterThanOrEqual(config.lingerMs + config.requestTimeoutMs);
      }),
    );
  });
});

describe('backoffs', () => {
  test('"Disabling exponential reconnect backoff because reconnect.backoff.ms is set, but reconnect.backoff.max.ms is not."', () => {
    const { config, problems } = resolveProducer({ 'reconnect.backoff.ms': 700 }, '3.9');
    expect(config.reconnectBackoffMaxMs).toBe(700);
    expect(problems.map((p) => p.code)).toEqual(['reconnect-backoff-constant']);
    expect(
      resolveProducer({ 'reconnect.backoff.ms': 700, 'reconnect.backoff.max.ms': 900 }, '3.9').config.reconnectBackoffMaxMs,
    ).toBe(900);
  });

  test('"A static backoff with value \'1000\' will be applied."', () => {
    const { config, problems } = resolveProducer({ 'retry.backoff.ms': 5000 }, '3.9');
    expect(config).toMatchObject({ retryBackoffMs: 1000, retryBackoffMaxMs: 1000 });
    expect(problems.map((p) => p.code)).toEqual(['retry-backoff-constant']);
    expect(resolveProducer({ 'retry.backoff.ms': 5000 }, '2.8').config).toMatchObject({
      retryBackoffMs: 5000,
      retryBackoffMaxMs: 5000,
    });
  });
});
