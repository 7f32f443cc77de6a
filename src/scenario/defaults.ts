/** What a scenario that does not say gets. */
import type { KafkaVersion, MetadataModel } from '../plan/plan.ts';
import type { Scenario } from './schema.ts';

/** Times in microseconds. */
export const defaults = {
  kafka: '3.9' as KafkaVersion,
  brokers: 3,
  partitions: 1,
  replicationFactor: 3,
  latency: { baseUs: 200, jitterUs: 300 },
  fsync: { baseUs: 2_000, jitterUs: 3_000 },
  /** Linux: `dirty_expire_centisecs`. */
  writeBackUs: 30_000_000,
  send: { count: 100, startUs: 0, everyUs: 1_000, burst: 1, keys: 0, valueBytes: 100 },
  group: {
    members: 1,
    takes: { baseUs: 1_000, jitterUs: 0 },
    workers: 4,
    pollTimeoutMs: 100,
    commit: 'auto' as const,
    sink: 'plain' as const,
  },
  onFailure: 'callback' as const,
  onRestart: 'continue' as const,
  events: 2_000_000,
  healAtUs: 60_000_000,
  /** With groups longer: see `plan-of.ts`. */
  settleUs: 180_000_000,
};

/** Who keeps the metadata where nothing is said: 2.8 had KRaft for a look only (KIP-500, early access), 3.3 for production (KIP-833). */
export function defaultMetadata(kafka: KafkaVersion): MetadataModel {
  return kafka === '2.8' ? 'zookeeper' : 'kraft';
}

/** Who keeps the metadata of a scenario's cluster. */
export function metadataModelOf({ kafka, cluster }: Scenario): MetadataModel {
  return cluster?.metadata ?? defaultMetadata(kafka ?? defaults.kafka);
}

/** How many controllers of KRaft a scenario has. */
export function controllersOf({ cluster }: Scenario): number {
  return cluster?.controllers ?? 1;
}

/** The hosts that keep it. */
export function metadataHosts(scenario: Scenario): readonly string[] {
  if (metadataModelOf(scenario) === 'zookeeper') return ['zookeeper'];
  const controllers = controllersOf(scenario);
  return controllers === 1 ? ['controller'] : Array.from({ length: controllers }, (_, i) => `controller-${i + 1}`);
}

/** The scenario with a topic and a producer, where it names none. */
export function withClients(scenario: Scenario): Scenario {
  return { ...scenario, topics: scenario.topics ?? { orders: {} }, producers: scenario.producers ?? { p1: {} } };
}

/** The topic of a client: the one it names, or the only one there is. Null when that cannot be told. */
export function topicOf(scenario: Scenario, client: { readonly topic?: string | undefined }): string | null {
  if (client.topic !== undefined) return client.topic;
  const topics = Object.keys(scenario.topics ?? {});
  return topics.length === 1 ? topics[0]! : null;
}
