/** The rows of the publish matrix: settings of producer, broker and topic, written out; the default of the version is marked. */

import type { ProducerConfig } from '../../kafka/config/producer.ts';
import {
  effectiveMinInsyncReplicas,
  type Resolved,
  resolveBroker,
  resolveProducer,
  resolveTopic,
} from '../../kafka/config/resolve.ts';
import type { KafkaVersion, RawSettings } from '../../plan/plan.ts';
import type { MatrixRow } from './result.ts';
import type { OwnSettings } from './table.ts';

/** A row with what it sets. */
export interface RowDefinition extends Omit<MatrixRow, 'isDefault' | 'settings'> {
  readonly producer: RawSettings;
  readonly broker: RawSettings;
  readonly topic: RawSettings;
  readonly replicationFactor: number;
  /** Only with `--full`. */
  readonly extra?: true;
}

const plain = { broker: {}, topic: {}, replicationFactor: 3 } as const;
const safest: RawSettings = { acks: 'all', 'enable.idempotence': true };

/** Every row that does not depend on the user, those of `--full` last. */
export const rowDefinitions: readonly RowDefinition[] = [
  {
    ...plain,
    id: 'P1',
    label: { acks: '0', retries: 'any', idempotence: 'off' },
    producer: { acks: '0', 'enable.idempotence': false },
  },
  {
    ...plain,
    id: 'P2',
    label: { acks: '1', retries: '0', idempotence: 'off' },
    producer: { acks: '1', retries: 0, 'enable.idempotence': false },
  },
  {
    ...plain,
    id: 'P3',
    label: { acks: '1', retries: 'max', idempotence: 'off' },
    producer: { acks: '1', 'enable.idempotence': false },
  },
  {
    ...plain,
    id: 'P4',
    label: { acks: 'all', retries: '0', idempotence: 'off' },
    producer: { acks: 'all', retries: 0, 'enable.idempotence': false },
  },
  {
    ...plain,
    id: 'P5',
    label: { acks: 'all', retries: 'max', idempotence: 'off' },
    producer: { acks: 'all', 'enable.idempotence': false },
  },
  { ...plain, id: 'P6', label: { acks: 'all', retries: 'max', idempotence: 'on' }, producer: safest },
  { ...plain, id: 'P7', label: { change: 'min ISR 2' }, producer: safest, topic: { 'min.insync.replicas': 2 } },
  { ...plain, id: 'P8', label: { change: 'RF 1' }, producer: safest, replicationFactor: 1 },
  { ...plain, id: 'P9', label: { change: 'unclean on' }, producer: safest, topic: { 'unclean.leader.election.enable': true } },
  { ...plain, id: 'P10', label: { change: 'flush 1' }, producer: safest, topic: { 'flush.messages': 1 } },
  {
    ...plain,
    extra: true,
    id: 'P11',
    label: { change: '1 in flight, no id.' },
    producer: { acks: 'all', 'enable.idempotence': false, 'max.in.flight.requests.per.connection': 1 },
  },
  {
    ...plain,
    extra: true,
    id: 'P12',
    label: { change: 'min ISR 2, flush 1' },
    producer: safest,
    topic: { 'min.insync.replicas': 2, 'flush.messages': 1 },
  },
  { ...plain, extra: true, id: 'P13', label: { change: 'min ISR 3' }, producer: safest, topic: { 'min.insync.replicas': 3 } },
  refusedRow('P14', { acks: '0', retries: 'max', idempotence: 'on' }, { acks: '0', 'enable.idempotence': true }),
  refusedRow('P15', { acks: '1', retries: 'max', idempotence: 'on' }, { acks: '1', 'enable.idempotence': true }),
  refusedRow('P16', { acks: 'all', retries: '0', idempotence: 'on' }, { acks: 'all', retries: 0, 'enable.idempotence': true }),
];

function refusedRow(id: string, label: RowDefinition['label'], producer: RawSettings): RowDefinition {
  const problem = resolveProducer(producer, '3.9').problems.find(({ severity }) => severity === 'error');
  return { ...plain, extra: true, id, label, producer, ...(problem === undefined ? {} : { refused: problem.code }) };
}

/**
 * The row of the user's own files, null when none is about the way in. The replication factor is the broker's default, but at least what
 * the matrix uses.
 */
export function ownRow({ producer, broker, topic }: OwnSettings): RowDefinition | null {
  const files = [producer, broker, topic].filter((file) => file !== undefined).length;
  if (files === 0) return null;
  const factor = Number(broker?.['default.replication.factor'] ?? 3);
  return {
    id: 'PY',
    label: { files },
    producer: producer ?? {},
    broker: broker ?? {},
    topic: topic ?? {},
    replicationFactor: Math.min(Math.max(1, Number.isInteger(factor) ? factor : 3), 3),
  };
}

/** What a row sets, under dotted names with a scope. */
export function settingsOfRow(row: RowDefinition): Record<string, string> {
  const settings: Record<string, string> = {};
  const add = (scope: string, raw: RawSettings): void => {
    for (const [name, value] of Object.entries(raw)) settings[`${scope}.${name}`] = String(value);
  };
  add('producer', row.producer);
  add('broker', row.broker);
  add('topic', row.topic);
  if (row.replicationFactor !== 3) settings['topic.replication.factor'] = String(row.replicationFactor);
  return settings;
}

/** Whether a row is what a user gets who sets nothing. */
export function isDefaultRow(row: RowDefinition, kafka: KafkaVersion): boolean {
  if (row.replicationFactor !== 3 || Object.keys(row.topic).length > 0 || Object.keys(row.broker).length > 0) return false;
  const mine: Resolved<ProducerConfig> = resolveProducer(row.producer, kafka);
  const standard = resolveProducer({}, kafka);
  return (Object.keys(standard.config) as (keyof ProducerConfig)[]).every((name) => mine.config[name] === standard.config[name]);
}

/** Whether a leader that is alone in the ISR refuses this row's sends: acks=all, and min.insync.replicas asks for more. */
export function refusedWhenAlone({ producer, broker, topic, replicationFactor }: RowDefinition, kafka: KafkaVersion): boolean {
  const { minInsyncReplicas } = resolveTopic(topic, resolveBroker(broker, kafka).config, kafka).config;
  return (
    resolveProducer(producer, kafka).config.acks === -1 &&
    effectiveMinInsyncReplicas(minInsyncReplicas, replicationFactor, kafka) > 1
  );
}
