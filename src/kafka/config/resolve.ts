/**
 * Raw settings become config objects, by Kafka's own rules: what an impossible combination is refused with, and what is
 * changed without being asked. Resolving is pure and is done once a Plan, not once a run.
 *
 * Left out: the sentence for a problem, and the nearest right name for an unknown setting; both belong to who shows it.
 */
import { assert } from '../../base/assert.ts';
import { NEVER } from '../../base/units.ts';
import { type BrokerConfig, brokerRegistry, brokerSettings } from './broker.ts';
import { type ConsumerConfig, consumerRegistry, consumerSettings } from './consumer.ts';
import { type ProducerConfig, producerRegistry, producerSettings } from './producer.ts';
import { type RawSettings, Reading, type Resolved } from './reading.ts';
import { camelCase, type KafkaVersion, type SettingValue } from './setting.ts';
import { type TopicConfig, topicRegistry, topicSettings } from './topic.ts';

export type { RawSettings, Resolved, ResolvedSetting } from './reading.ts';
export type { Problem, ProblemCode } from './value.ts';

const maxInt = 2147483647;
const maxInFlightForIdempotence = 5;

/** Settings of a producer. Source: `ProducerConfig.postProcessParsedConfig`, `KafkaProducer.configureDeliveryTimeout`. */
export function resolveProducer(raw: RawSettings, version: KafkaVersion): Resolved<ProducerConfig> {
  const reading = new Reading(producerSettings, producerRegistry, version, raw);
  resolveBackoffs(reading, version);
  if (version === '2.8') resolveIdempotence28(reading);
  else resolveIdempotence(reading, version);
  resolveDeliveryTimeout(reading);
  // "batch.size may be set to 0 to explicitly disable batching which in practice actually means using a batch size of 1"
  // (KafkaProducer, comment in the constructor): the machine reads at least 1, the settings show what was written.
  const resolved = reading.finish();
  return { ...resolved, config: { ...resolved.config, batchSize: Math.max(1, resolved.config.batchSize) } };
}

/** 3.0 and later: `ProducerConfig.postProcessAndValidateIdempotenceConfigs`. */
function resolveIdempotence(reading: Reading<typeof producerSettings>, version: KafkaVersion): void {
  const explicit = reading.isYours('enable.idempotence');
  let enabled = reading.flag('enable.idempotence');
  if (enabled) {
    const disable = (
      code: 'idempotence-disabled-by-retries' | 'idempotence-disabled-by-acks' | 'idempotence-disabled-by-max-in-flight',
      params = {},
    ): void => {
      reading.problem('warning', code, 'enable.idempotence', params);
      reading.override('enable.idempotence', false, code);
      enabled = false;
    };
    if (reading.number('retries') === 0) {
      if (explicit) reading.problem('error', 'idempotence-needs-retries', 'retries');
      else disable('idempotence-disabled-by-retries');
    }
    const acks = reading.text('acks')!;
    if (acks !== 'all' && acks !== '-1') {
      if (explicit) reading.problem('error', 'idempotence-needs-acks-all', 'acks', { acks });
      else disable('idempotence-disabled-by-acks', { acks });
    }
    const inFlight = reading.number('max.in.flight.requests.per.connection');
    if (inFlight > maxInFlightForIdempotence) {
      // 4.0 made this an error whether or not the user asked for idempotence, and even where acks or retries have just disabled it.
      if (explicit || version === '4.1') {
        reading.problem('error', 'idempotence-needs-max-in-flight-5', 'max.in.flight.requests.per.connection', {
          found: inFlight,
        });
      } else disable('idempotence-disabled-by-max-in-flight', { found: inFlight });
    }
  }
  if (!enabled && reading.isYours('transactional.id')) {
    reading.problem('error', 'transactional-id-needs-idempotence', 'transactional.id');
  }
}

/** 2.8: `ProducerConfig.idempotenceEnabled`, `maybeOverrideAcksAndRetries`, `KafkaProducer.configureInflightRequests`. */
function resolveIdempotence28(reading: Reading<typeof producerSettings>): void {
  const explicit = reading.isYours('enable.idempotence');
  const transactional = reading.isYours('transactional.id');
  const wanted = explicit && reading.flag('enable.idempotence');
  if (explicit && !wanted && transactional) reading.problem('error', 'transactional-id-needs-idempotence', 'transactional.id');
  if (!wanted && !transactional) return;
  if (!wanted) reading.override('enable.idempotence', true, 'transactional-id-needs-idempotence');
  if (reading.number('retries') === 0) reading.problem('error', 'idempotence-needs-retries', 'retries');
  const acks = reading.text('acks')!;
  if (acks !== 'all' && acks !== '-1') {
    if (reading.isYours('acks')) {
      reading.problem('error', 'idempotence-needs-acks-all', 'acks', { acks });
    } else {
      reading.problem('warning', 'acks-raised-by-idempotence', 'acks');
      reading.override('acks', '-1', 'acks-raised-by-idempotence');
    }
  }
  const inFlight = reading.number('max.in.flight.requests.per.connection');
  if (inFlight > maxInFlightForIdempotence) {
    reading.problem('error', 'idempotence-needs-max-in-flight-5', 'max.in.flight.requests.per.connection', { found: inFlight });
  }
}

/** `KafkaProducer.configureDeliveryTimeout`: at least linger.ms + request.timeout.ms. */
function resolveDeliveryTimeout(reading: Reading<typeof producerSettings>): void {
  const deliveryTimeoutMs = reading.number('delivery.timeout.ms');
  const lingerMs = Math.min(reading.number('linger.ms'), maxInt);
  const requestTimeoutMs = reading.number('request.timeout.ms');
  const needed = Math.min(lingerMs + requestTimeoutMs, maxInt);
  if (deliveryTimeoutMs >= needed) return;
  if (reading.isYours('delivery.timeout.ms')) {
    reading.problem('error', 'delivery-timeout-too-small', 'delivery.timeout.ms', {
      found: deliveryTimeoutMs,
      lingerMs,
      requestTimeoutMs,
    });
  } else {
    reading.problem('warning', 'delivery-timeout-raised', 'delivery.timeout.ms', { to: needed, lingerMs, requestTimeoutMs });
    reading.override('delivery.timeout.ms', needed, 'delivery-timeout-raised');
  }
}

/**
 * `CommonClientConfigs.postProcessReconnectBackoffConfigs`, `warnDisablingExponentialBackoff` and `ExponentialBackoff`. Before 3.7
 * (KIP-580) the backoff of requests is constant, which is a maximum equal to the first wait.
 */
function resolveBackoffs(
  reading: Reading<typeof producerSettings> | Reading<typeof consumerSettings>,
  version: KafkaVersion,
): void {
  if (reading.isYours('reconnect.backoff.ms') && !reading.isYours('reconnect.backoff.max.ms')) {
    const found = reading.number('reconnect.backoff.ms');
    reading.problem('warning', 'reconnect-backoff-constant', 'reconnect.backoff.ms', { found });
    reading.override('reconnect.backoff.max.ms', found, 'reconnect-backoff-constant');
  }
  const retry = reading.number('retry.backoff.ms');
  if (version === '2.8') {
    reading.override('retry.backoff.max.ms', retry, 'unknown-in-this-version');
  } else {
    const max = reading.number('retry.backoff.max.ms');
    if (retry > max) {
      reading.problem('warning', 'retry-backoff-constant', 'retry.backoff.ms', { found: retry, max });
      reading.override('retry.backoff.ms', max, 'retry-backoff-constant');
    }
  }
  const setup = reading.number('socket.connection.setup.timeout.ms');
  const setupMax = reading.number('socket.connection.setup.timeout.max.ms');
  if (setup > setupMax) {
    reading.problem('warning', 'connection-setup-timeout-constant', 'socket.connection.setup.timeout.ms', {
      found: setup,
      max: setupMax,
    });
    reading.override('socket.connection.setup.timeout.ms', setupMax, 'connection-setup-timeout-constant');
  }
}

/** Settings of a consumer. Source: `ConsumerConfig.postProcessParsedConfig`. */
export function resolveConsumer(raw: RawSettings, version: KafkaVersion): Resolved<ConsumerConfig> {
  const reading = new Reading(consumerSettings, consumerRegistry, version, raw);
  resolveBackoffs(reading, version);
  if (reading.text('group.id') === null) {
    if (!reading.isYours('enable.auto.commit')) reading.override('enable.auto.commit', false, 'auto-commit-without-group');
    else if (reading.flag('enable.auto.commit')) reading.problem('error', 'auto-commit-without-group', 'enable.auto.commit');
  }
  resolveMembership(reading);
  const classic = reading.text('group.protocol')!.toLowerCase() === 'classic';
  if (version !== '2.8' && classic && reading.isYours('group.remote.assignor')) {
    reading.problem('error', 'remote-assignor-needs-consumer-protocol', 'group.remote.assignor');
  }
  return reading.finish();
}

/** "Heartbeat must be set lower than the session timeout" (`Heartbeat`). Of the assignors only range is modelled. */
function resolveMembership(reading: Reading<typeof consumerSettings>): void {
  const found = reading.number('heartbeat.interval.ms');
  const sessionTimeoutMs = reading.number('session.timeout.ms');
  if (reading.text('group.id') !== null && found >= sessionTimeoutMs) {
    reading.problem('error', 'out-of-range', 'heartbeat.interval.ms', { found, atMost: sessionTimeoutMs - 1 });
  }
  const assignors = reading.text('partition.assignment.strategy')!;
  // A group takes the first assignor that all its members offer, and is cooperative only when all of its assignors are.
  const first = assignors.split(',')[0]!.trim();
  if (first !== 'range' && !first.endsWith('.RangeAssignor')) {
    reading.problem('error', 'not-modelled-yet', 'partition.assignment.strategy', { found: assignors });
  }
}

/** Settings of every broker and the controller. Source: `KafkaConfig.validateValues`. */
export function resolveBroker(raw: RawSettings, version: KafkaVersion): Resolved<BrokerConfig> {
  const reading = new Reading(brokerSettings, brokerRegistry, version, raw);
  const wait = reading.number('replica.fetch.wait.max.ms');
  const socketTimeout = reading.number('replica.socket.timeout.ms');
  if (wait > socketTimeout) {
    reading.problem('error', 'replica-fetch-wait-exceeds-socket-timeout', 'replica.fetch.wait.max.ms', {
      found: wait,
      replicaSocketTimeoutMs: socketTimeout,
    });
  }
  const lag = reading.number('replica.lag.time.max.ms');
  if (wait > lag) {
    reading.problem('error', 'replica-fetch-wait-exceeds-lag', 'replica.fetch.wait.max.ms', {
      found: wait,
      replicaLagTimeMaxMs: lag,
    });
  }
  if (reading.isYours('log.flush.interval.ms') && !happens(reading.number('log.flush.scheduler.interval.ms'))) {
    reading.problem('warning', 'flush-interval-checked-once', 'log.flush.interval.ms', {
      found: reading.number('log.flush.interval.ms'),
    });
  }
  resolveDurations(reading);
  return reading.finish();
}

const hourMs = 3600000;

/**
 * Of two or three settings for one time the finest that is set counts; a retention below 0 is none. Source:
 * KafkaConfig.logRetentionTimeMillis, logRollTimeMillis, logRollTimeJitterMillis.
 */
function resolveDurations(reading: Reading<typeof brokerSettings>): void {
  const isSet = (name: keyof typeof brokerSettings): boolean => reading.isYours(name);
  if (!isSet('log.retention.ms')) {
    const ms = isSet('log.retention.minutes')
      ? reading.number('log.retention.minutes') * 60000
      : reading.number('log.retention.hours') * hourMs;
    reading.derive('log.retention.ms', ms);
  }
  if (reading.number('log.retention.ms') < 0) reading.derive('log.retention.ms', -1);
  if (!isSet('log.roll.ms')) reading.derive('log.roll.ms', reading.number('log.roll.hours') * hourMs);
  if (!isSet('log.roll.jitter.ms')) reading.derive('log.roll.jitter.ms', reading.number('log.roll.jitter.hours') * hourMs);
}

/**
 * Settings of a topic over those of its brokers. With `replicationFactor` the minimal ISR is held against it. Source: `LogConfig`,
 * `KafkaConfig.extractLogConfigMap`, `Partition.effectiveMinIsr`.
 */
export function resolveTopic(
  raw: RawSettings,
  broker: BrokerConfig,
  version: KafkaVersion,
  replicationFactor?: number,
): Resolved<TopicConfig> {
  const inherited: Record<string, SettingValue> = {};
  for (const [name, setting] of Object.entries(topicSettings)) {
    if (setting.modelled !== 'yes') continue;
    inherited[name] = broker[camelCase(setting.synonym)];
  }
  const reading = new Reading(topicSettings, topicRegistry, version, raw, inherited);
  if (reading.isYours('flush.ms') && !happens(broker.logFlushSchedulerIntervalMs)) {
    reading.problem('warning', 'flush-interval-checked-once', 'flush.ms', { found: reading.number('flush.ms') });
  }
  if (reading.isYours('cleanup.policy') && reading.text('cleanup.policy')!.includes('compact')) {
    reading.problem('warning', 'not-modelled-yet', 'cleanup.policy', { found: reading.text('cleanup.policy')! });
  }
  const found = reading.number('min.insync.replicas');
  if (replicationFactor !== undefined && found > replicationFactor) {
    reading.problem('warning', 'min-insync-above-replication-factor', 'min.insync.replicas', { found, replicationFactor });
  }
  return reading.finish();
}

/** False for Kafka's "never". */
function happens(ms: number): boolean {
  return ms < NEVER;
}

/**
 * The ISR size a write with acks=all really needs. From 3.7 it is never more than the replication factor; an older broker
 * refuses every such write instead. `version` is the broker's, 3.9 for the brokers simulated. Source:
 * `Partition.effectiveMinIsr`.
 */
export function effectiveMinInsyncReplicas(
  minInsyncReplicas: number,
  replicationFactor: number,
  version: KafkaVersion = '3.9',
): number {
  assert(replicationFactor >= 1, 'a partition has at least one replica');
  return version === '2.8' ? minInsyncReplicas : Math.min(minInsyncReplicas, replicationFactor);
}
