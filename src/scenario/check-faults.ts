/** Faults that refer to what does not exist, or to an occasion that cannot come. */
import { resolveBroker, resolveTopic } from '../kafka/config/resolve.ts';
import { topicRegistry } from '../kafka/config/topic.ts';
import { noteParameters } from '../kafka/notes.ts';
import type { RawSettings } from '../plan/plan.ts';
import { controllersOf, defaults, metadataModelOf } from './defaults.ts';
import { memberNames, offsetsPartitions } from './groups.ts';
import { type Finding, noSuch, type Path } from './problem.ts';
import type { FaultInput, Scenario, TargetInput, TriggerInput } from './schema.ts';
import { settingFindings } from './setting-findings.ts';

/** Names that a scenario's faults may refer to. */
interface Names {
  readonly brokers: number;
  /** Controllers of KRaft. */
  readonly controllers: number;
  /** Replication factor by `topic-partition`. */
  readonly partitions: ReadonlyMap<string, number>;
  readonly producers: ReadonlyMap<string, number>;
  readonly clients: readonly string[];
  readonly groups: readonly string[];
  readonly faults: number;
}

/** Everything wrong with the faults of a scenario whose shape is right. */
export function checkFaults(scenario: Scenario, brokers: number): Finding[] {
  const partitions = new Map<string, number>();
  for (const [name, topic] of Object.entries(scenario.topics ?? {})) {
    const replicas = topic.replicationFactor ?? Math.min(defaults.replicationFactor, brokers);
    for (let p = 0; p < (topic.partitions ?? defaults.partitions); p++) partitions.set(`${name}-${p}`, replicas);
  }
  for (const fault of scenario.faults ?? []) {
    if (!('addPartitions' in fault)) continue;
    const replicas = partitions.get(`${fault.addPartitions}-0`);
    if (replicas !== undefined) for (let p = 0; p < fault.to; p++) partitions.set(`${fault.addPartitions}-${p}`, replicas);
  }
  const producers = new Map(
    Object.entries(scenario.producers ?? {}).map(([name, p]) => [name, p.send?.count ?? defaults.send.count]),
  );
  const groups = Object.entries(scenario.groups ?? {});
  for (const partition of offsetsPartitions(scenario)) partitions.set(partition, Math.min(3, brokers));
  const clients = [
    ...producers.keys(),
    ...Object.keys(scenario.consumers ?? {}),
    ...groups.flatMap(([name, group]) => memberNames(name, group)),
  ];
  const faults = scenario.faults ?? [];
  const controllers = metadataModelOf(scenario) === 'zookeeper' ? 0 : controllersOf(scenario);
  const names: Names = {
    brokers,
    controllers,
    partitions,
    producers,
    clients,
    groups: groups.map(([name]) => name),
    faults: faults.length,
  };
  return faults.flatMap((fault, i) => {
    const path: Path = ['faults', i];
    const found = triggerFindings(fault.when, [...path, 'when'], names, i);
    for (const [key, value] of Object.entries(fault)) {
      if (actionsOnPartitions.has(key)) found.push(...partitionFindings(value as string, [...path, key], names));
      else if (faultTargets.has(key)) found.push(...targetFindings(value as TargetInput, [...path, key], names, i));
      if (value === 'zookeeper' && (key === 'from' || faultTargets.has(key)) && metadataModelOf(scenario) !== 'zookeeper')
        found.push({ severity: 'error', code: 'no-zookeeper', path: [...path, key], found: value });
    }
    found.push(...actionFindings(scenario, fault, path, names));
    return found;
  });
}

const actionsOnPartitions = new Set(['moveLeader', 'reassign', 'cancelReassignment', 'deleteRecords', 'partition']);

/** What Kafka refuses of an operator whatever the cluster is about, and what is not simulated with ZooKeeper. */
function actionFindings(scenario: Scenario, fault: FaultInput, path: Path, { brokers }: Names): Finding[] {
  const key = (['reassign', 'cancelReassignment', 'alterConfig'] as const).find((one) => one in fault);
  if (key !== undefined && metadataModelOf(scenario) === 'zookeeper')
    return [{ severity: 'error', code: 'needs-kraft', path: [...path, key], atKey: true, found: key }];
  const topics = scenario.topics ?? {};
  if ('addPartitions' in fault) {
    const topic = topics[fault.addPartitions];
    if (topic === undefined)
      return [noSuch('no-such-topic', [...path, 'addPartitions'], fault.addPartitions, Object.keys(topics))];
    const partitions = topic.partitions ?? defaults.partitions;
    if (fault.to > partitions) return [];
    return [
      { severity: 'error', code: 'not-more-partitions', path: [...path, 'to'], found: String(fault.to), params: { partitions } },
    ];
  }
  if ('alterConfig' in fault) {
    const topic = topics[fault.alterConfig];
    if (topic === undefined) return [noSuch('no-such-topic', [...path, 'alterConfig'], fault.alterConfig, Object.keys(topics))];
    const kafka = scenario.kafka ?? defaults.kafka;
    const broker = resolveBroker((scenario.cluster?.config ?? {}) as RawSettings, kafka);
    const settings = { ...topic.config, ...fault.config } as RawSettings;
    const replicas = topic.replicationFactor ?? Math.min(defaults.replicationFactor, brokers);
    const { problems } = resolveTopic(settings, broker.config, kafka, replicas);
    const own = problems.filter(({ setting }) => setting in fault.config);
    return settingFindings(own, [...path, 'config'], topicRegistry);
  }
  if (!('reassign' in fault)) return [];
  return fault.to.flatMap((broker, i): Finding[] => {
    const at = [...path, 'to', i];
    if (broker > brokers) return [noSuch('no-such-broker', at, String(broker), [`1..${brokers}`])];
    const isRepeated = fault.to.indexOf(broker) < i;
    return isRepeated ? [{ severity: 'error', code: 'replica-named-twice', path: at, found: String(broker) }] : [];
  });
}

const faultTargets = new Set([
  'crash',
  'powerLoss',
  'controlledShutdown',
  'pause',
  'isolate',
  'reset',
  'stall',
  'slowLink',
  'slowDisk',
  'fsyncError',
  'fsyncLie',
  'rot',
  'diskFull',
  'dropResponse',
]);

function triggerFindings(trigger: TriggerInput, path: Path, names: Names, index: number): Finding[] {
  const nth = (where: 'acked' | 'sent', { producer, nth: n }: { producer: string; nth: number }): Finding[] => {
    const at = [...path, where];
    const count = names.producers.get(producer);
    if (count === undefined) return [noSuch('no-such-producer', [...at, 'producer'], producer, [...names.producers.keys()])];
    return n > count
      ? [{ severity: 'error', code: 'never-happens', path: [...at, 'nth'], found: String(n), params: { nth: n, count } }]
      : [];
  };
  if ('acked' in trigger) return nth('acked', trigger.acked);
  if ('sent' in trigger) return nth('sent', trigger.sent);
  const group = 'handled' in trigger ? trigger.handled.group : 'applied' in trigger ? trigger.applied.group : null;
  if (group !== null && !names.groups.includes(group))
    return [noSuch('no-such-group', [...path, 'handled' in trigger ? 'handled' : 'applied', 'group'], group, names.groups)];
  if ('batchAppended' in trigger)
    return partitionFindings(trigger.batchAppended.partition, [...path, 'batchAppended', 'partition'], names);
  if ('leaderElected' in trigger)
    return partitionFindings(trigger.leaderElected.partition, [...path, 'leaderElected', 'partition'], names);
  if ('isrSize' in trigger) {
    const { partition, size } = trigger.isrSize;
    const replicas = names.partitions.get(partition);
    if (replicas === undefined) return partitionFindings(partition, [...path, 'isrSize', 'partition'], names);
    const impossible = size < 1 || size > replicas;
    return impossible
      ? [
          {
            severity: 'error',
            code: 'number-out-of-range',
            path: [...path, 'isrSize', 'size'],
            found: String(size),
            params: { atLeast: 1, atMost: replicas },
          },
        ]
      : [];
  }
  if ('note' in trigger) {
    const codes = Object.keys(noteParameters);
    return codes.includes(trigger.note.code) ? [] : [noSuch('no-such-note', [...path, 'note', 'code'], trigger.note.code, codes)];
  }
  if ('afterFault' in trigger) return indexFindings(trigger.afterFault.fault, [...path, 'afterFault', 'fault'], names, index);
  return [];
}

function targetFindings(target: TargetInput, path: Path, names: Names, index: number): Finding[] {
  if (typeof target === 'string') return [];
  if ('broker' in target) {
    return target.broker > names.brokers
      ? [noSuch('no-such-broker', [...path, 'broker'], String(target.broker), [`1..${names.brokers}`])]
      : [];
  }
  if ('controller' in target) {
    const allowed = names.controllers === 0 ? ['controller'] : [`1..${names.controllers}`];
    return target.controller > names.controllers
      ? [noSuch('no-such-controller', [...path, 'controller'], String(target.controller), allowed)]
      : [];
  }
  if ('leader' in target) return partitionFindings(target.leader, [...path, 'leader'], names);
  if ('followers' in target) return partitionFindings(target.followers, [...path, 'followers'], names);
  if ('client' in target)
    return names.clients.includes(target.client)
      ? []
      : [noSuch('no-such-client', [...path, 'client'], target.client, names.clients)];
  if ('sameAs' in target) return indexFindings(target.sameAs, [...path, 'sameAs'], names, index);
  const { partition, nth } = target.follower;
  const replicas = names.partitions.get(partition);
  if (replicas === undefined) return partitionFindings(partition, [...path, 'follower', 'partition'], names);
  return nth >= replicas ? [noSuch('no-such-follower', [...path, 'follower', 'nth'], String(nth), [`1..${replicas - 1}`])] : [];
}

function partitionFindings(partition: string, path: Path, names: Names): Finding[] {
  return names.partitions.has(partition) ? [] : [noSuch('no-such-partition', path, partition, [...names.partitions.keys()])];
}

/** A reference to another fault by its index. */
function indexFindings(fault: number, path: Path, names: Names, own: number): Finding[] {
  const others = Array.from({ length: names.faults }, (_, i) => i).filter((i) => i !== own);
  return others.includes(fault) ? [] : [noSuch('no-such-fault', path, String(fault), others.map(String))];
}
