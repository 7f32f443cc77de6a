/**
 * Reads one raw value as Kafka would (`ConfigDef.parseType` and its validators), and prints one as Kafka would. A value that cannot
 * be read becomes a {@link Problem}, never an exception.
 */
import { NEVER } from '../../base/units.ts';
import { forVersion, type KafkaVersion, type Setting, type SettingValue, versionOrder } from './setting.ts';

/** Something to tell the user about settings: a code and its parameters, never a sentence. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** A code of the message catalogue; {@link problemCodes} lists them. */
  readonly code: ProblemCode;
  /** Dotted name of the setting it is about. */
  readonly setting: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Every code a resolution may give, with the names of its parameters. */
export const problemCodes = {
  /** Kafka has no such setting. The nearest right name is found by who shows the problem. */
  'unknown-setting': ['found'],
  /** The preset's client ignores it: it came later (`since`), or is gone (`until` was its last). */
  'unknown-in-this-version': ['kafka', 'since', 'until'],
  'invalid-value': ['found', 'type'],
  'value-not-allowed': ['found', 'allowed'],
  'out-of-range': ['found', 'atLeast', 'atMost'],
  /** Known, and can change a verdict, but this simulator does not model it yet. */
  'not-modelled-yet': ['found'],
  // ---- producer
  'idempotence-needs-retries': [],
  'idempotence-needs-acks-all': ['acks'],
  'idempotence-needs-max-in-flight-5': ['found'],
  'idempotence-disabled-by-retries': [],
  'idempotence-disabled-by-acks': ['acks'],
  'idempotence-disabled-by-max-in-flight': ['found'],
  'acks-raised-by-idempotence': [],
  'transactional-id-needs-idempotence': [],
  'delivery-timeout-too-small': ['found', 'lingerMs', 'requestTimeoutMs'],
  'delivery-timeout-raised': ['to', 'lingerMs', 'requestTimeoutMs'],
  // ---- clients
  'reconnect-backoff-constant': ['found'],
  'retry-backoff-constant': ['found', 'max'],
  'connection-setup-timeout-constant': ['found', 'max'],
  // ---- consumer
  'auto-commit-without-group': [],
  'remote-assignor-needs-consumer-protocol': [],
  // ---- broker and topic
  'replica-fetch-wait-exceeds-lag': ['found', 'replicaLagTimeMaxMs'],
  'replica-fetch-wait-exceeds-socket-timeout': ['found', 'replicaSocketTimeoutMs'],
  /** An age to fsync at is set, but it is looked at once, 30 s after a start: log.flush.scheduler.interval.ms is not set. */
  'flush-interval-checked-once': ['found'],
  /** From 3.7 the replication factor counts instead; before, every write with acks=all is refused. */
  'min-insync-above-replication-factor': ['found', 'replicationFactor'],
} as const satisfies Record<string, readonly string[]>;
export type ProblemCode = keyof typeof problemCodes;

const longMax = 9223372036854775807n;
const integer = /^[+-]?\d+$/;
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const bounds = {
  short: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  long: [-longMax - 1n, longMax],
} as const;

/**
 * Reads `raw` as the setting's type. Text is trimmed as Kafka trims it. A 64-bit integer beyond what a double orders exactly
 * becomes {@link NEVER}.
 */
export function readValue(
  name: string,
  setting: Setting,
  raw: string | number | boolean,
  version: KafkaVersion,
): { value: SettingValue } | { problem: Problem } {
  // JavaScript has no 9223372036854775807; written as a number it arrives as the double next to it.
  const found = raw === Number(longMax) ? String(longMax) : String(raw).trim();
  const refuse = (code: ProblemCode, params: Problem['params']): { problem: Problem } => ({
    problem: { severity: 'error', code, setting: name, params: { found, ...params } },
  });
  let value: SettingValue;
  switch (setting.type) {
    case 'boolean': {
      const lower = found.toLowerCase();
      if (lower !== 'true' && lower !== 'false') return refuse('invalid-value', { type: 'boolean' });
      value = lower === 'true';
      break;
    }
    case 'short':
    case 'int':
    case 'long': {
      if (!integer.test(found)) return refuse('invalid-value', { type: setting.type });
      const exact = BigInt(found.replace(/^\+/, ''));
      const [low, high] = bounds[setting.type];
      if (exact < low || exact > high) return refuse('invalid-value', { type: setting.type });
      value = exact > BigInt(NEVER) ? NEVER : exact < -BigInt(NEVER) ? -NEVER : Number(exact);
      break;
    }
    case 'double':
      if (!decimal.test(found)) return refuse('invalid-value', { type: 'double' });
      value = Number(found);
      break;
    case 'acks':
    case 'string':
    case 'list':
    case 'class':
    case 'password':
    case 'text':
      value = found;
      break;
  }
  const { allowed, notYet } = setting;
  if (allowed !== undefined && !allowed.includes(setting.anyCase ? found.toLowerCase() : found)) {
    const later = notYet !== undefined && found.startsWith(notYet.prefix);
    if (later && versionOrder.indexOf(version) >= versionOrder.indexOf(notYet.since)) return refuse('not-modelled-yet', {});
    return refuse('value-not-allowed', { allowed: allowed.join(', ') });
  }
  if (typeof value === 'number') {
    const atLeast = setting.atLeast === undefined ? undefined : forVersion(setting.atLeast, version);
    const { atMost } = setting;
    if ((atLeast !== undefined && value < atLeast) || (atMost !== undefined && value > atMost)) {
      return refuse('out-of-range', {
        ...(atLeast === undefined ? {} : { atLeast }),
        ...(atMost === undefined ? {} : { atMost }),
      });
    }
  }
  return { value };
}

/** A value as Kafka's log would print it: `9223372036854775807` for never, `null` for null, and secrets hidden. */
export function printValue(setting: Setting, value: SettingValue): string {
  if (setting.type === 'password' && value !== null) return '[hidden]';
  if (setting.type === 'long' && value === NEVER) return String(longMax);
  if (setting.type === 'acks' && value === '-1') return 'all';
  return String(value);
}
