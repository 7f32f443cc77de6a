/** Registries and single values: what Kafka reads, refuses and prints; brokers, topics and consumers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEVER } from '../../src/base/units.ts';
import { brokerRegistry } from '../../src/kafka/config/broker.ts';
import { consumerRegistry } from '../../src/kafka/config/consumer.ts';
import { producerRegistry } from '../../src/kafka/config/producer.ts';
import {
  effectiveMinInsyncReplicas,
  resolveBroker,
  resolveConsumer,
  resolveProducer,
  resolveTopic,
} from '../../src/kafka/config/resolve.ts';
import { camelCase, type Registry, type Setting, settingNamed, settingNames } from '../../src/kafka/config/setting.ts';
import { topicRegistry } from '../../src/kafka/config/topic.ts';
import { printValue, problemCodes, readValue } from '../../src/kafka/config/value.ts';

const registries: Record<string, Registry> = {
  producer: producerRegistry,
  consumer: consumerRegistry,
  broker: brokerRegistry,
  topic: topicRegistry,
};
const never = '9223372036854775807';

describe.each(Object.entries(registries))('the %s registry', (_, registry) => {
  const entries = Object.entries<Setting>(registry);

  test('has dotted names, one sentence each, a source, and camelCase twins that do not collide', () => {
    for (const [name, setting] of entries) {
      expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9]*(\.[a-z0-9]+)*(\.\*)?$/);
      expect(setting.doc).toMatch(/\.$/);
      expect(setting.source).not.toBe('');
    }
    const modelled = entries.filter(([, s]) => s.modelled === 'yes').map(([name]) => camelCase(name));
    expect(new Set(modelled).size).toBe(modelled.length);
  });

  test('takes its own defaults in every version', () => {
    for (const [name, setting] of entries) {
      for (const version of ['2.8', '3.9', '4.1'] as const) {
        const value =
          typeof setting.default === 'object' && setting.default !== null ? setting.default[version] : setting.default;
        if (value === null) continue;
        expect(readValue(name, setting, value, version), name).toEqual({ value });
      }
    }
  });

  test('every default prints as something it reads back', () => {
    for (const [name, setting] of entries.filter(([, s]) => s.modelled === 'yes' && s.default !== null)) {
      const value = typeof setting.default === 'object' && setting.default !== null ? setting.default['3.9'] : setting.default;
      expect(readValue(name, setting, printValue(setting, value)!, '3.9'), name).toEqual({ value });
    }
  });
});

test('names of Kafka 4.1 and of 2.8 are known, invented ones are not', () => {
  for (const name of [
    'group.streams.session.timeout.ms',
    'zookeeper.connect',
    'listener.name.internal.ssl.keystore.type',
    'advertised.host.name',
    'log.cleaner.io.buffer.load.factor',
  ]) {
    expect(settingNamed(brokerRegistry, name), name).toBeDefined();
  }
  expect(settingNamed(producerRegistry, 'metadata.recovery.rebootstrap.trigger.ms')).toBeDefined();
  expect(settingNamed(producerRegistry, 'schema.registry.url')).toBeDefined();
  expect(settingNamed(producerRegistry, 'linger')).toBeUndefined();
  expect(settingNamed(brokerRegistry, 'toString')).toBeUndefined();
  expect(settingNamed(brokerRegistry, 'zookeeper.')).toBeUndefined();
  expect(settingNames(brokerRegistry)).not.toContain('zookeeper.*');
});

describe('reading a value', () => {
  const int = { type: 'int', default: 1, atLeast: 0, modelled: 'yes', doc: 'A number.', source: 'test' } as const;

  test('text is trimmed; "Not a number of type INT"', () => {
    expect(readValue('x', int, ' 17 ', '3.9')).toEqual({ value: 17 });
    expect(readValue('x', int, '+17', '3.9')).toEqual({ value: 17 });
    for (const bad of ['', '1.5', '0x10', 'ten', '2147483648', '1e3', '1_000']) {
      expect(readValue('x', int, bad, '3.9'), bad).toMatchObject({ problem: { code: 'invalid-value', params: { type: 'int' } } });
    }
    expect(readValue('x', int, 1.5, '3.9')).toMatchObject({ problem: { code: 'invalid-value' } });
  });

  test('"Value must be at least 0"', () => {
    expect(readValue('x', int, -1, '3.9')).toMatchObject({
      problem: { code: 'out-of-range', params: { found: '-1', atLeast: 0 } },
    });
  });

  test('"Expected value to be either true or false"', () => {
    const boolean = { type: 'boolean', default: true, modelled: 'yes', doc: 'A flag.', source: 'test' } as const;
    expect(readValue('x', boolean, 'TRUE', '3.9')).toEqual({ value: true });
    expect(readValue('x', boolean, false, '3.9')).toEqual({ value: false });
    expect(readValue('x', boolean, 'yes', '3.9')).toMatchObject({ problem: { code: 'invalid-value' } });
  });

  test('acks takes four spellings and no others', () => {
    for (const [raw, acks] of [
      ['all', -1],
      ['-1', -1],
      [-1, -1],
      [0, 0],
      ['0', 0],
      [1, 1],
    ] as const) {
      expect(resolveProducer({ acks: raw }, '2.8').config.acks).toBe(acks);
    }
    for (const bad of ['ALL', '2', 'quorum', '', '01']) {
      expect(resolveProducer({ acks: bad }, '3.9').problems[0], bad).toMatchObject({
        code: 'value-not-allowed',
        params: { allowed: 'all, -1, 0, 1' },
      });
    }
  });

  test('Long.MAX_VALUE is never, and prints as itself', () => {
    const { config, settings } = resolveBroker({ 'log.flush.interval.messages': never }, '3.9');
    expect(config.logFlushIntervalMessages).toBe(NEVER);
    expect(settings['log.flush.interval.messages']).toEqual({ value: never, source: 'yours' });
    expect(resolveBroker({ 'log.flush.interval.messages': '9223372036854775808' }, '3.9').problems[0]!.code).toBe(
      'invalid-value',
    );
  });

  test('integers that order exactly are read exactly', () => {
    const long = { ...int, type: 'long', atLeast: undefined } as unknown as Setting;
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        expect(readValue('x', long, String(n), '3.9')).toEqual({ value: n });
      }),
    );
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values<Setting>(producerRegistry)), fc.string(), (setting, text) => {
        const read = readValue('x', setting, text, '4.1');
        if ('problem' in read) expect(Object.keys(problemCodes)).toContain(read.problem.code);
      }),
    );
  });
});

describe('problems about single settings', () => {
  test('unknown, not modelled yet, without effect', () => {
    const { problems, settings } = resolveProducer(
      { 'linger.mss': 5, 'compression.type': 'zstd', 'ssl.protocol': 'TLSv1.3', 'ssl.key.password': 'hunter2' },
      '3.9',
    );
    expect(problems).toEqual([
      { severity: 'error', code: 'unknown-setting', setting: 'linger.mss', params: { found: '5' } },
      { severity: 'warning', code: 'not-modelled-yet', setting: 'compression.type', params: { found: 'zstd' } },
    ]);
    expect(settings['ssl.key.password']).toEqual({ value: '[hidden]', source: 'yours' });
    expect(settings['compression.type']).toEqual({ value: 'zstd', source: 'yours' });
    expect(Object.keys(settings)).not.toContain('linger.mss');
  });

  test('a setting that came later is ignored, as the old client ignores it', () => {
    const { config, problems } = resolveProducer({ 'partitioner.ignore.keys': true }, '2.8');
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'unknown-in-this-version',
        setting: 'partitioner.ignore.keys',
        params: { kafka: '2.8', since: '3.9' },
      },
    ]);
    expect(config.partitionerIgnoreKeys).toBe(false);
  });

  test('so is one that is gone', () => {
    const { problems } = resolveProducer({ 'auto.include.jmx.reporter': true }, '4.1');
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'unknown-in-this-version', params: { kafka: '4.1', until: '3.9' } },
    ]);
    expect(resolveProducer({ 'auto.include.jmx.reporter': true }, '3.9').problems).toEqual([]);
  });
});

describe('consumer', () => {
  test('defaults, and latest as the reset', () => {
    expect(resolveConsumer({}, '3.9').config).toMatchObject({
      autoOffsetReset: 'latest',
      fetchMinBytes: 1,
      fetchMaxWaitMs: 500,
    });
  });

  test('by_duration is known from 4.0 (KIP-1106), and not modelled; before, it is no value', () => {
    const raw = { 'auto.offset.reset': 'by_duration:P1D' };
    expect(resolveConsumer(raw, '4.1').problems).toMatchObject([{ severity: 'error', code: 'not-modelled-yet' }]);
    expect(resolveConsumer(raw, '3.9').problems).toMatchObject([{ severity: 'error', code: 'value-not-allowed' }]);
  });

  test('group.protocol takes any case, auto.offset.reset does not', () => {
    expect(resolveConsumer({ 'group.protocol': 'CONSUMER' }, '3.9').problems.map((p) => p.code)).toEqual(['not-modelled-yet']);
    expect(resolveConsumer({ 'auto.offset.reset': 'LATEST' }, '3.9').problems.map((p) => p.code)).toEqual(['value-not-allowed']);
  });

  test('"enable.auto.commit cannot be set to true when default group id (null) is used."', () => {
    expect(resolveConsumer({ 'enable.auto.commit': true }, '3.9').problems.map((p) => p.code)).toEqual([
      'auto-commit-without-group',
    ]);
    expect(resolveConsumer({ 'enable.auto.commit': true, 'group.id': 'g' }, '3.9').problems).toEqual([]);
    // Not set, it is off without a group, and nobody is told.
    expect(resolveConsumer({}, '3.9')).toMatchObject({ problems: [], config: { enableAutoCommit: false, groupId: null } });
    expect(resolveConsumer({ 'group.id': 'g' }, '3.9').config.enableAutoCommit).toBe(true);
  });

  test('"Heartbeat must be set lower than the session timeout"', () => {
    const raw = { 'group.id': 'g', 'session.timeout.ms': 6000 };
    expect(resolveConsumer({ ...raw, 'heartbeat.interval.ms': 5999 }, '3.9').problems).toEqual([]);
    expect(resolveConsumer({ ...raw, 'heartbeat.interval.ms': 6000 }, '3.9').problems).toMatchObject([
      { severity: 'error', code: 'out-of-range', params: { found: 6000, atMost: 5999 } },
    ]);
  });

  test('of the assignors only range is modelled: it has to come first', () => {
    const problems = (assignors: string) =>
      resolveConsumer({ 'group.id': 'g', 'partition.assignment.strategy': assignors }, '3.9').problems.map((p) => p.code);
    expect(problems('range, cooperative-sticky')).toEqual([]);
    expect(problems('org.apache.kafka.clients.consumer.RangeAssignor')).toEqual([]);
    expect(problems('cooperative-sticky')).toEqual(['not-modelled-yet']);
  });
});

describe('broker and topic', () => {
  test('a follower may not wait longer than the leader is patient', () => {
    // "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR"
    expect(resolveBroker({ 'replica.lag.time.max.ms': 499 }, '3.9').problems.map((p) => p.code)).toEqual([
      'replica-fetch-wait-exceeds-lag',
    ]);
    expect(resolveBroker({ 'replica.lag.time.max.ms': 500 }, '3.9').problems).toEqual([]);
    // "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts"
    expect(resolveBroker({ 'replica.socket.timeout.ms': 499 }, '3.9').problems.map((p) => p.code)).toEqual([
      'replica-fetch-wait-exceeds-socket-timeout',
    ]);
  });

  test('log.flush.interval.ms: "If not set, the value in log.flush.scheduler.interval.ms is used"', () => {
    expect(resolveBroker({}, '3.9').config.logFlushIntervalMs).toBe(NEVER);
    expect(resolveBroker({ 'log.flush.scheduler.interval.ms': 2000 }, '3.9').config.logFlushIntervalMs).toBe(2000);
    expect(
      resolveBroker({ 'log.flush.scheduler.interval.ms': 2000, 'log.flush.interval.ms': 50 }, '3.9').config.logFlushIntervalMs,
    ).toBe(50);
    expect(resolveBroker({ 'log.flush.interval.ms': 50 }, '3.9').problems.map((p) => p.code)).toEqual([
      'flush-interval-checked-once',
    ]);
  });

  test('a topic says, or its broker does', () => {
    const broker = resolveBroker(
      { 'min.insync.replicas': 2, 'log.flush.interval.messages': 1, 'message.max.bytes': 5000 },
      '3.9',
    ).config;
    expect(resolveTopic({}, broker, '3.9').config).toMatchObject({
      minInsyncReplicas: 2,
      flushMessages: 1,
      flushMs: NEVER,
      maxMessageBytes: 5000,
      segmentBytes: 1073741824,
      uncleanLeaderElectionEnable: false,
    });
    const { config, settings } = resolveTopic({ 'min.insync.replicas': 1 }, broker, '3.9');
    expect(config.minInsyncReplicas).toBe(1);
    expect(settings['min.insync.replicas']).toEqual({ value: '1', source: 'yours' });
    expect(settings['flush.messages']).toEqual({ value: '1', source: 'default' });
  });

  test('segment.bytes: at least 1 MiB from 4.0 (KIP-1030), 14 bytes before', () => {
    const broker = resolveBroker({}, '4.1').config;
    expect(resolveTopic({ 'segment.bytes': 1000 }, broker, '3.9').problems).toEqual([]);
    expect(resolveTopic({ 'segment.bytes': 1000 }, broker, '4.1').problems[0]).toMatchObject({
      code: 'out-of-range',
      params: { atLeast: 1048576 },
    });
  });

  test('a minimal ISR above the replication factor counts as the replication factor, from 3.7', () => {
    const broker = resolveBroker({}, '3.9').config;
    expect(resolveTopic({ 'min.insync.replicas': 2 }, broker, '3.9', 1).problems.map((p) => p.code)).toEqual([
      'min-insync-above-replication-factor',
    ]);
    expect(resolveTopic({ 'min.insync.replicas': 2 }, broker, '3.9', 2).problems).toEqual([]);
    expect(effectiveMinInsyncReplicas(2, 1)).toBe(1);
    expect(effectiveMinInsyncReplicas(2, 1, '2.8')).toBe(2);
    expect(effectiveMinInsyncReplicas(2, 3)).toBe(2);
  });
});
