/**
 * What the schema cannot see: whether topics, brokers and clients that are referred to exist, whether occasions can come, and
 * whether Kafka would take the settings.
 */

import { brokerRegistry } from '../kafka/config/broker.ts';
import { consumerRegistry } from '../kafka/config/consumer.ts';
import { producerRegistry } from '../kafka/config/producer.ts';
import { resolveBroker, resolveConsumer, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import type { KafkaVersion } from '../kafka/config/setting.ts';
import { topicRegistry } from '../kafka/config/topic.ts';
import { offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import { checkFaults } from './check-faults.ts';
import { readChoice } from './choices.ts';
import { controllersOf, defaults, metadataHosts, metadataModelOf, topicOf } from './defaults.ts';
import { groupFindings, memberNames } from './groups.ts';
import { offsetsTopicFindings } from './membership-findings.ts';
import { type Finding, noSuch, type Path, printFound } from './problem.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { setPath } from './set-path.ts';
import { settingFindings } from './setting-findings.ts';

type Raw = Readonly<Record<string, string | number | boolean>>;

/** Everything wrong with a scenario whose shape is right. */
export function checkScenario(scenario: Scenario): Finding[] {
  const findings: Finding[] = [];
  const brokers = scenario.cluster?.brokers ?? defaults.brokers;
  const kafka: KafkaVersion = scenario.kafka ?? defaults.kafka;
  const topics = scenario.topics ?? {};
  const producers = scenario.producers ?? {};
  const consumers = scenario.consumers ?? {};

  if (scenario.expect === undefined && Object.keys(scenario.cases ?? {}).length === 0) {
    findings.push({
      severity: 'error',
      code: 'nothing-expected',
      path: ['cases'],
      found: 'nothing',
      allowed: ['cases', 'expect'],
    });
  }
  const elr = 'eligible.leader.replicas.version';
  if (scenario.cluster?.features?.[elr] === 1 && kafka !== '4.1') {
    const params = { feature: elr, kafka, since: '4.0' };
    findings.push({ severity: 'error', code: 'feature-unsupported', path: ['cluster', 'features', elr], found: '1', params });
  }
  const racks = scenario.cluster?.racks;
  if (racks !== undefined && racks.length !== brokers) {
    const path = ['cluster', 'racks'];
    findings.push({ severity: 'error', code: 'racks-do-not-fit', path, found: String(racks.length), params: { brokers } });
  }
  const model = metadataModelOf(scenario);
  if (model === 'zookeeper' && kafka === '4.1') {
    const path = ['cluster', 'metadata'];
    findings.push({ severity: 'error', code: 'zookeeper-removed', path, found: model, allowed: ['kraft'], params: { kafka } });
  }
  if (model === 'zookeeper' && controllersOf(scenario) > 1) {
    const path = ['cluster', 'controllers'];
    findings.push({
      severity: 'error',
      code: 'no-quorum-with-zookeeper',
      path,
      found: String(controllersOf(scenario)),
      allowed: ['1'],
    });
  }
  const broker = resolveBroker((scenario.cluster?.config ?? {}) as Raw, kafka);
  findings.push(...settingFindings(broker.problems, ['cluster', 'config'], brokerRegistry));

  for (const [name, topic] of Object.entries(topics)) {
    const path = ['topics', name];
    if (name === offsetsTopic) findings.push({ severity: 'error', code: 'name-taken', path, atKey: true, found: name });
    if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..') {
      findings.push({ severity: 'error', code: 'bad-name', path, atKey: true, found: name });
    }
    const partitions = topic.partitions ?? defaults.partitions;
    const replicationFactor = topic.replicationFactor ?? Math.min(defaults.replicationFactor, brokers);
    if (replicationFactor > brokers) {
      findings.push({
        severity: 'error',
        code: 'replication-factor-above-brokers',
        path: [...path, 'replicationFactor'],
        found: String(replicationFactor),
        params: { replicationFactor, brokers },
      });
    }
    findings.push(...assignmentFindings(topic.assignment, [...path, 'assignment'], { partitions, replicationFactor, brokers }));
    const config = resolveTopic((topic.config ?? {}) as Raw, broker.config, kafka, replicationFactor);
    findings.push(...settingFindings(config.problems, [...path, 'config'], topicRegistry));
  }

  const taken = new Set([
    ...metadataHosts(scenario),
    'admin',
    '*',
    ...Array.from({ length: brokers }, (_, i) => `broker-${i + 1}`),
  ]);
  for (const [kind, clients] of [['producers', producers] as const, ['consumers', consumers] as const]) {
    for (const [name, client] of Object.entries(clients)) {
      const path = [kind, name];
      if (taken.has(name)) findings.push({ severity: 'error', code: 'name-taken', path, atKey: true, found: name });
      taken.add(name);
      if (!/^[a-zA-Z0-9_-]+$/.test(name)) findings.push({ severity: 'error', code: 'bad-name', path, atKey: true, found: name });
      const topic = topicOf(scenario, client);
      if (topic === null || !Object.hasOwn(topics, topic))
        findings.push(noSuch('no-such-topic', [...path, 'topic'], topic, Object.keys(topics)));
    }
  }
  for (const [name, producer] of Object.entries(producers)) {
    const path = ['producers', name];
    const config = resolveProducer((producer.config ?? {}) as Raw, kafka);
    findings.push(...settingFindings(config.problems, [...path, 'config'], producerRegistry));
    const topic = topics[topicOf(scenario, producer) ?? ''];
    const partitions = topic?.partitions ?? defaults.partitions;
    const partition = producer.send?.partition;
    if (topic !== undefined && partition !== undefined && partition >= partitions) {
      findings.push({
        severity: 'error',
        code: 'number-out-of-range',
        path: [...path, 'send', 'partition'],
        found: String(partition),
        params: { atLeast: 0, atMost: partitions - 1 },
      });
    }
  }
  for (const [name, consumer] of Object.entries(consumers)) {
    const config = resolveConsumer((consumer.config ?? {}) as Raw, kafka);
    findings.push(...settingFindings(config.problems, ['consumers', name, 'config'], consumerRegistry));
  }
  for (const [name, group] of Object.entries(scenario.groups ?? {})) {
    const path = ['groups', name];
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) findings.push({ severity: 'error', code: 'bad-name', path, atKey: true, found: name });
    for (const member of memberNames(name, group)) {
      if (taken.has(member)) findings.push({ severity: 'error', code: 'name-taken', path, atKey: true, found: member });
      taken.add(member);
    }
    const topic = topicOf(scenario, group);
    if (topic === null || !Object.hasOwn(topics, topic))
      findings.push(noSuch('no-such-topic', [...path, 'topic'], topic, Object.keys(topics)));
    else findings.push(...groupFindings(scenario, name, group, broker.config));
  }
  if (Object.keys(scenario.groups ?? {}).length > 0) {
    const given = scenario.cluster?.config?.['offsets.topic.replication.factor'] !== undefined;
    findings.push(...offsetsTopicFindings(['cluster', 'config'], broker.config, brokers, given));
  }
  for (const choice of Object.keys(scenario.choices ?? {})) {
    const path = ['choices', choice];
    if (readChoice(choice, 0) === null)
      findings.push({ severity: 'error', code: 'bad-choice', path, atKey: true, found: choice });
  }
  findings.push(...variationFindings(scenario));
  findings.push(...linkFindings(scenario, [...taken]));
  findings.push(...checkFaults(scenario, brokers));
  return findings;
}

function assignmentFindings(
  assignment: readonly (readonly number[])[] | undefined,
  path: Path,
  { partitions, replicationFactor, brokers }: { partitions: number; replicationFactor: number; brokers: number },
): Finding[] {
  if (assignment === undefined) return [];
  const findings: Finding[] = [];
  const fits = assignment.length === partitions && assignment.every((replicas) => replicas.length === replicationFactor);
  if (!fits || assignment.some((replicas) => new Set(replicas).size !== replicas.length)) {
    findings.push({
      severity: 'error',
      code: 'assignment-does-not-fit',
      path,
      found: JSON.stringify(assignment),
      params: { partitions, replicationFactor },
    });
  }
  for (const [p, replicas] of assignment.entries()) {
    for (const [r, id] of replicas.entries()) {
      if (id > brokers) findings.push(noSuch('no-such-broker', [...path, p, r], String(id), [`1..${brokers}`]));
    }
  }
  return findings;
}

/** Paths of `explore.vary` that lead nowhere. Whether values go together is seen when they are drawn. */
function variationFindings(scenario: Scenario): Finding[] {
  return Object.entries(scenario.explore?.vary ?? {}).flatMap(([path, values]): Finding[] => {
    const at = ['explore', 'vary', path];
    return values.flatMap((value, i): Finding[] => {
      const set = setPath(scenario, path, value);
      if (!('problem' in set)) {
        const shape = scenarioSchema.safeParse(set.scenario);
        if (shape.success) return [];
        return [{ severity: 'error', code: 'wrong-type', path: [...at, i], found: printFound(value) }];
      }
      const { found, allowed, nearest } = set.problem;
      return i > 0 ? [] : [{ severity: 'error', code: 'no-such-path', path: at, atKey: true, found, allowed, nearest }];
    });
  });
}

function linkFindings(scenario: Scenario, hosts: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const link of Object.keys(scenario.cluster?.links ?? {})) {
    const path = ['cluster', 'links', link];
    const sides = link.split('->').map((side) => side.split(',').map((host) => host.trim()));
    if (sides.length !== 2) {
      findings.push({
        severity: 'error',
        code: 'bad-link',
        path,
        atKey: true,
        found: link,
        allowed: ['broker-1 -> broker-2,broker-3'],
      });
      continue;
    }
    for (const host of sides.flat()) {
      if (!hosts.includes(host)) findings.push({ ...noSuch('no-such-host', path, host, hosts), atKey: true });
    }
  }
  return findings;
}
