/**
 * A checked scenario, in one of its cases, becomes a Plan: defaults filled in, durations in microseconds, names as hosts have
 * them.
 */
import { assert } from '../base/assert.ts';
import type { GroupPlan } from '../plan/groups.ts';
import type { Features, LatencyPlan, NetworkPlan, Plan, ProducerPlan, RawSettings, TopicPlan } from '../plan/plan.ts';
import { controllersOf, defaults, metadataHosts, metadataModelOf, topicOf } from './defaults.ts';
import { durationUs } from './duration.ts';
import { groupPlan, groupSettings, memberNames } from './groups.ts';
import { applySet, type LoadedScenario } from './parse-scenario.ts';
import { faultPlan } from './plan-faults.ts';
import type { ProducerInput, Scenario } from './schema.ts';
import { timing } from './timing.ts';

const joinGroupTimeoutLapseMs = 5000;

/** The cases of a scenario in the order they are written; one null where it has none. */
export function caseNames(scenario: LoadedScenario): readonly (string | null)[] {
  const names = Object.keys(scenario.definition.cases ?? {});
  return names.length === 0 ? [null] : names;
}

/** The Plan of a case; of the scenario itself with null. Independent of any seed. */
export function planOf(scenario: LoadedScenario, caseName: string | null): Plan {
  const definition = definitionOf(scenario, caseName);
  const cluster = definition.cluster ?? {};
  const brokers = cluster.brokers ?? defaults.brokers;
  return {
    name: caseName === null ? scenario.name : `${scenario.name}/${caseName}`,
    kafka: definition.kafka ?? defaults.kafka,
    // Left out where it is KRaft's, so that such plans look as they always did.
    ...(metadataModelOf(definition) === 'zookeeper' ? { metadata: 'zookeeper' as const } : {}),
    ...(controllersOf(definition) > 1 ? { controllers: controllersOf(definition) } : {}),
    brokers,
    brokerConfig: (cluster.config ?? {}) as RawSettings,
    ...(cluster.racks === undefined ? {} : { racks: cluster.racks }),
    ...(cluster.features === undefined ? {} : { features: cluster.features as Features }),
    ...(cluster.truncation === undefined ? {} : { truncation: cluster.truncation }),
    network: networkPlan(definition, brokers),
    disk: {
      fsync: timing(cluster.disk?.fsync, defaults.fsync),
      writeBackUs: cluster.disk?.writeBack === undefined ? defaults.writeBackUs : durationUs(cluster.disk.writeBack),
      ...(cluster.disk?.writeBackBytes === undefined ? {} : { writeBackBytes: cluster.disk.writeBackBytes }),
    },
    topics: topicPlans(definition, brokers),
    producers: Object.entries(definition.producers ?? {}).map(([name, producer]) => producerPlan(definition, name, producer)),
    consumers: Object.entries(definition.consumers ?? {}).map(([name, consumer]) => ({
      name,
      topic: topicOf(definition, consumer)!,
      config: (consumer.config ?? {}) as RawSettings,
      ...(consumer.validatesPositions === true ? { validatesPositions: true } : {}),
    })),
    ...groupPlans(definition),
    faults: (definition.faults ?? []).map(faultPlan),
    limits: {
      events: definition.limits?.events ?? defaults.events,
      healAtUs: definition.limits?.heal === undefined ? defaults.healAtUs : durationUs(definition.limits.heal),
      settleUs: definition.limits?.settle === undefined ? settleUs(definition) : durationUs(definition.limits.settle),
    },
  };
}

/** The scenario as a case makes it. */
export function definitionOf(scenario: LoadedScenario, caseName: string | null): Scenario {
  if (caseName === null) return scenario.definition;
  const scenarioCase = scenario.definition.cases?.[caseName];
  assert(scenarioCase !== undefined, `scenario ${scenario.name} has a case ${caseName}`);
  const applied = applySet(scenario.definition, scenarioCase);
  assert(applied.problems.length === 0, 'a loaded scenario has cases whose paths exist');
  return applied.scenario;
}

/**
 * A JoinGroup whose coordinator lost power hangs for the rebalance timeout and 5 s (AbstractCoordinator.sendJoinGroupRequest,
 * JOIN_GROUP_TIMEOUT_LAPSE): a group that has to sit that out is not stuck.
 */
function settleUs(definition: Scenario): number {
  const hangsMs = Object.entries(definition.groups ?? {}).map(
    ([name, group]) => groupSettings(definition, name, group).config.maxPollIntervalMs + joinGroupTimeoutLapseMs,
  );
  return defaults.settleUs + Math.max(0, ...hangsMs) * 1000;
}

/** Left out where there are none, so that plans without groups look as they always did. */
function groupPlans(definition: Scenario): { groups?: readonly GroupPlan[] } {
  const groups = Object.entries(definition.groups ?? {});
  return groups.length === 0 ? {} : { groups: groups.map(([name, group]) => groupPlan(definition, name, group)) };
}

function networkPlan(definition: Scenario, brokers: number): NetworkPlan {
  const cluster = definition.cluster ?? {};
  const hosts = [
    ...Array.from({ length: brokers }, (_, i) => `broker-${i + 1}`),
    ...metadataHosts(definition),
    'admin',
    ...Object.keys(definition.producers ?? {}),
    ...Object.keys(definition.consumers ?? {}),
    ...Object.entries(definition.groups ?? {}).flatMap(([name, group]) => memberNames(name, group)),
  ];
  const everyone = (side: string): string[] => side.split(',').flatMap((host) => (host.trim() === '*' ? hosts : [host.trim()]));
  const links: Record<string, LatencyPlan> = {};
  for (const [link, input] of Object.entries(cluster.links ?? {})) {
    const latency =
      typeof input === 'string'
        ? timing(input, defaults.latency)
        : timing({ base: input.latency, jitter: input.jitter }, defaults.latency);
    const [from, to] = link.split('->') as [string, string];
    for (const a of everyone(from)) {
      for (const b of everyone(to)) if (a !== b) links[`${a} -> ${b}`] = latency;
    }
  }
  return {
    latency: timing(cluster.latency, defaults.latency),
    links,
    stallPerMille: cluster.stalls?.perMille ?? 0,
    stallUs: cluster.stalls === undefined ? 0 : durationUs(cluster.stalls.for),
    resetPerMille: cluster.resetsPerMille ?? 0,
  };
}

function topicPlans(definition: Scenario, brokers: number): TopicPlan[] {
  return Object.entries(definition.topics ?? {}).map(([name, topic]) => ({
    name,
    partitions: topic.partitions ?? defaults.partitions,
    replicationFactor: topic.replicationFactor ?? Math.min(defaults.replicationFactor, brokers),
    config: (topic.config ?? {}) as RawSettings,
    ...(topic.assignment === undefined ? {} : { assignment: topic.assignment }),
  }));
}

function producerPlan(definition: Scenario, name: string, producer: ProducerInput): ProducerPlan {
  const send = producer.send ?? {};
  return {
    name,
    topic: topicOf(definition, producer)!,
    config: (producer.config ?? {}) as RawSettings,
    send: {
      count: send.count ?? defaults.send.count,
      startUs: send.start === undefined ? defaults.send.startUs : durationUs(send.start),
      everyUs: send.every === undefined ? defaults.send.everyUs : durationUs(send.every),
      burst: send.burst ?? defaults.send.burst,
      keys: send.keys ?? defaults.send.keys,
      valueBytes: send.valueBytes ?? defaults.send.valueBytes,
      ...(send.oversize === undefined ? {} : { oversize: send.oversize }),
      ...(send.partition === undefined ? {} : { partition: send.partition }),
    },
    onFailure: producer.onFailure ?? defaults.onFailure,
    onRestart: producer.onRestart ?? defaults.onRestart,
  };
}
