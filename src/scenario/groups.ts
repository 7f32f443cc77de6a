/** Groups of a scenario: what is wrong with them, and what they are as part of a Plan. */
import { groupConfig } from '../cluster/compile.ts';
import type { BrokerConfig } from '../kafka/config/broker.ts';
import { type ConsumerConfig, consumerRegistry } from '../kafka/config/consumer.ts';
import { type Resolved, resolveConsumer } from '../kafka/config/resolve.ts';
import { offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import type { GroupPlan } from '../plan/groups.ts';
import type { RawSettings } from '../plan/plan.ts';
import { defaults, topicOf } from './defaults.ts';
import { durationUs } from './duration.ts';
import { pollIntervalFindings, sessionFindings } from './membership-findings.ts';
import type { Finding } from './problem.ts';
import type { GroupInput, Scenario } from './schema.ts';
import { settingFindings } from './setting-findings.ts';
import { timing } from './timing.ts';

/** Names of a group's members: `billing-1`, `billing-2`. */
export function memberNames(name: string, group: GroupInput): string[] {
  const { members = defaults.group.members } = group;
  const count = typeof members === 'number' ? members : members.length;
  return Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
}

/** Partitions that exist because there are groups. */
export function offsetsPartitions(scenario: Scenario): string[] {
  const groups = Object.keys(scenario.groups ?? {}).length;
  if (groups === 0) return [];
  const partitions = Number(scenario.cluster?.config?.['offsets.topic.num.partitions'] ?? groups);
  return Array.from({ length: partitions }, (_, p) => `${offsetsTopic}-${p}`);
}

/** A group as a Plan has it. */
export function groupPlan(definition: Scenario, name: string, group: GroupInput): GroupPlan {
  const { members = defaults.group.members, handler = {} } = group;
  return {
    name,
    topic: topicOf(definition, group)!,
    memberStartsUs:
      typeof members === 'number' ? Array.from({ length: members }, () => 0) : members.map((start) => durationUs(start)),
    config: (group.config ?? {}) as RawSettings,
    pollTimeoutMs:
      group.pollTimeout === undefined ? defaults.group.pollTimeoutMs : Math.floor(durationUs(group.pollTimeout) / 1000),
    handler: {
      takes: timing(handler.takes, defaults.group.takes),
      where: handler.where ?? 'poll-loop',
      workers: handler.workers ?? defaults.group.workers,
      keyed: handler.keyed ?? false,
      throwsEvery: handler.throwsEvery ?? 0,
      onThrow: handler.onThrow ?? 'carry-on',
      ...(handler.hangs === undefined ? {} : { hangs: { ordinal: handler.hangs.nth, takesUs: durationUs(handler.hangs.takes) } }),
    },
    commit: group.commit ?? defaults.group.commit,
    sink: group.sink ?? defaults.group.sink,
    ...(group.validatesPositions === true ? { validatesPositions: true } : {}),
  };
}

/** The settings that a group's members run with. */
export function groupSettings(definition: Scenario, name: string, group: GroupInput): Resolved<ConsumerConfig> {
  return resolveConsumer(groupConfig(groupPlan(definition, name, group)), definition.kafka ?? defaults.kafka);
}

/** Settings that Kafka would not take, combinations that mean nothing, and what will not end well. */
export function groupFindings(scenario: Scenario, name: string, group: GroupInput, broker: BrokerConfig): Finding[] {
  const path = ['groups', name];
  const plan = groupPlan(scenario, name, group);
  const { config, problems } = groupSettings(scenario, name, group);
  const findings = [
    ...settingFindings(problems, [...path, 'config'], consumerRegistry),
    ...sessionFindings([...path, 'config'], config, broker),
    ...pollIntervalFindings([...path, 'handler'], plan.handler, config, sentTo(scenario, plan.topic)),
  ];
  const refuse = (code: Finding['code'], key: readonly string[], found: string, allowed: readonly string[]): void => {
    findings.push({ severity: 'error', code, path: [...path, ...key], found, allowed });
  };
  const workers = plan.handler.where === 'workers';
  if (workers && (plan.commit === 'after-record' || plan.commit === 'in-sink'))
    refuse('commit-without-poll-loop', ['commit'], plan.commit, ['auto', 'before', 'after-batch', 'done-prefix']);
  if (!workers && plan.commit === 'done-prefix')
    refuse('commit-needs-workers', ['commit'], plan.commit, ['after-batch', 'after-record']);
  const inSink = plan.sink === 'transactional' || plan.sink === 'transactional-unconditional';
  if ((plan.commit === 'in-sink') !== inSink)
    refuse(
      'sink-and-commit-part',
      ['sink'],
      plan.sink,
      inSink ? ['plain', 'unique-key'] : ['transactional', 'transactional-unconditional'],
    );
  if (plan.commit !== 'auto' && String(plan.config['enable.auto.commit'] ?? 'false') === 'true')
    refuse('commits-twice', ['commit'], plan.commit, ['auto']);
  const id = String(plan.config['group.id'] ?? name);
  if (id !== name) refuse('value-not-in-list', ['config', 'group.id'], id, [name]);
  return findings;
}

/** Records that producers hand over for a topic. */
function sentTo(scenario: Scenario, topic: string): number {
  const producers = Object.values(scenario.producers ?? {}).filter((producer) => topicOf(scenario, producer) === topic);
  return producers.reduce((sum, { send }) => sum + (send?.count ?? defaults.send.count), 0);
}
