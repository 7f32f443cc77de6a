/**
 * Single changes that may have turned a run out otherwise, by setting: which values are worth a try, and what each makes of a plan. The
 * list knows no harm and no reason: whether a change helps is for the run to show. A path is that of `--set` in a scenario, `*` for all
 * of a kind; brokers, topics and clients of a matrix cell are changed in the same way.
 */

import { groupConfig } from '../cluster/compile.ts';
import { resolveBroker, resolveConsumer, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import type { CommitMode, GroupPlan, HandlerPlan } from '../plan/groups.ts';
import type { Plan, ProducerPlan, RawSettings, TopicPlan } from '../plan/plan.ts';

type Value = string | number | boolean;

/** One setting with another value, and the plan that has it. */
export interface SingleChange {
  /** `producers.*.config.acks`. */
  readonly path: string;
  /** Without its place: `acks`. */
  readonly setting: string;
  readonly value: Value;
  readonly plan: Plan;
}

/** What Kafka says to a plan's settings: the code of a problem, and its values. */
export interface Refusal {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const producerSettings: Readonly<Record<string, readonly Value[]>> = {
  acks: ['all', 1],
  'enable.idempotence': [true],
  retries: [2_147_483_647, 0],
  'max.in.flight.requests.per.connection': [1],
  'delivery.timeout.ms': [600_000],
};
const topicSettings: Readonly<Record<string, readonly Value[]>> = {
  'min.insync.replicas': [2, 1],
  'unclean.leader.election.enable': [false, true],
  'flush.messages': [1],
};
const brokerSettings: Readonly<Record<string, readonly Value[]>> = { 'log.flush.interval.messages': [1] };
const groupSettings: Readonly<Record<string, readonly Value[]>> = {
  'auto.offset.reset': ['earliest'],
  'max.poll.records': [1],
  'max.poll.interval.ms': [600_000],
  'session.timeout.ms': [45_000],
};
const replicas = [3];
const onFailures: readonly ProducerPlan['onFailure'][] = ['callback', 'sync'];
const onRestarts: readonly ProducerPlan['onRestart'][] = ['continue', 'resend'];
const commits: readonly CommitMode[] = ['after-record', 'done-prefix', 'after-batch', 'before'];
const handlers: readonly Partial<HandlerPlan>[] = [
  { where: 'poll-loop' },
  { keyed: true },
  { onThrow: 'close' },
  { onThrow: 'crash' },
];

/** Every change of the list that this plan does not have already, and that means something in it. */
export function singleChanges(plan: Plan): SingleChange[] {
  const now = inForce(plan);
  return [...candidates(plan)].filter((change) => inForce(change.plan) !== now);
}

/** The first error among a plan's settings; null when Kafka takes them all. */
export function refusalOf(plan: Plan): Refusal | null {
  const broker = resolveBroker(plan.brokerConfig, plan.kafka);
  const resolved = [
    broker,
    ...plan.topics.map(({ config }) => resolveTopic(config, broker.config, plan.kafka)),
    ...plan.producers.map(({ config }) => resolveProducer(config, plan.kafka)),
    ...(plan.groups ?? []).map((group) => resolveConsumer(groupConfig(group), plan.kafka)),
  ];
  const problem = resolved.flatMap(({ problems }) => problems).find(({ severity }) => severity === 'error');
  return problem === undefined ? null : { code: problem.code, params: { ...problem.params, setting: problem.setting } };
}

function* candidates(plan: Plan): Iterable<SingleChange> {
  const { producers, topics, brokers, groups = [] } = plan;
  const ofProducers = (change: (producer: ProducerPlan) => ProducerPlan): Plan => ({ ...plan, producers: producers.map(change) });
  const ofTopics = (change: (topic: TopicPlan) => TopicPlan): Plan => ({ ...plan, topics: topics.map(change) });
  const ofGroups = (change: (group: GroupPlan) => GroupPlan): Plan => ({ ...plan, groups: groups.map(change) });
  const configured = <T extends { readonly config: RawSettings }>(one: T, setting: string, value: Value): T => ({
    ...one,
    config: { ...one.config, [setting]: value },
  });
  for (const [setting, value] of each(producerSettings)) {
    const changed = ofProducers((producer) => configured(producer, setting, value));
    yield { path: `producers.*.config.${setting}`, setting, value, plan: changed };
  }
  for (const onFailure of onFailures) {
    const changed = ofProducers((producer) => ({ ...producer, onFailure }));
    yield { path: 'producers.*.onFailure', setting: 'onFailure', value: onFailure, plan: changed };
  }
  for (const onRestart of onRestarts) {
    const changed = ofProducers((producer) => ({ ...producer, onRestart }));
    yield { path: 'producers.*.onRestart', setting: 'onRestart', value: onRestart, plan: changed };
  }
  for (const [setting, value] of each(topicSettings)) {
    const changed = ofTopics((topic) => configured(topic, setting, value));
    yield { path: `topics.*.config.${setting}`, setting, value, plan: changed };
  }
  for (const replicationFactor of replicas) {
    // Replicas that were assigned by hand would have to be assigned anew: more than one change.
    if (replicationFactor > brokers || topics.some(({ assignment }) => assignment !== undefined)) continue;
    const changed = ofTopics((topic) => ({ ...topic, replicationFactor }));
    yield { path: 'topics.*.replicationFactor', setting: 'replicationFactor', value: replicationFactor, plan: changed };
  }
  for (const [setting, value] of each(brokerSettings)) {
    const changed = { ...plan, brokerConfig: { ...plan.brokerConfig, [setting]: value } };
    yield { path: `cluster.config.${setting}`, setting, value, plan: changed };
  }
  for (const commit of commits) {
    if (!groups.every((group) => fits(group, commit))) continue;
    const changed = ofGroups((group) => ({ ...withoutAutoCommit(group), commit }));
    yield { path: 'groups.*.commit', setting: 'commit', value: commit, plan: changed };
  }
  if (groups.every(({ commit }) => commit !== 'in-sink')) {
    const changed = ofGroups((group) => ({ ...group, sink: 'unique-key' }));
    yield { path: 'groups.*.sink', setting: 'sink', value: 'unique-key', plan: changed };
  }
  for (const handler of handlers) {
    const [name, value] = Object.entries(handler)[0] as [string, Value];
    // A commit of what workers have finished means nothing without workers.
    if (name === 'where' && groups.some(({ commit }) => commit === 'done-prefix')) continue;
    const changed = ofGroups((group) => ({ ...group, handler: { ...group.handler, ...handler } }));
    yield { path: `groups.*.handler.${name}`, setting: `handler.${name}`, value, plan: changed };
  }
  for (const [setting, value] of each(groupSettings)) {
    const changed = ofGroups((group) => configured(group, setting, value));
    // A member may hang so much longer, and is not stuck for that.
    const settleUs = plan.limits.settleUs + 1000 * (pollIntervalMs(changed) - pollIntervalMs(plan));
    yield { path: `groups.*.config.${setting}`, setting, value, plan: { ...changed, limits: { ...plan.limits, settleUs } } };
  }
}

/** The longest that a group has, 0 without any. */
function pollIntervalMs({ groups = [], kafka }: Plan): number {
  return Math.max(0, ...groups.map((group) => resolveConsumer(groupConfig(group), kafka).config.maxPollIntervalMs));
}

function* each(settings: Readonly<Record<string, readonly Value[]>>): Iterable<readonly [string, Value]> {
  for (const [setting, values] of Object.entries(settings)) for (const value of values) yield [setting, value];
}

/** What workers do they do in any order; a sink that keeps the offset is committed to with the effect. */
function fits({ handler, commit: now }: GroupPlan, commit: CommitMode): boolean {
  if (now === 'in-sink') return false;
  return handler.where === 'workers' ? commit !== 'after-record' : commit !== 'done-prefix';
}

/** Who commits by itself does not leave it to the consumer as well. */
function withoutAutoCommit(group: GroupPlan): GroupPlan {
  const { 'enable.auto.commit': _, ...config } = group.config;
  return { ...group, config };
}

/** All that a change can change, as it is in force: a setting that is a default already is no change. */
function inForce(plan: Plan): string {
  const { producers, topics, groups = [], kafka } = plan;
  const broker = resolveBroker(plan.brokerConfig, kafka).config;
  return JSON.stringify([
    broker,
    topics.map(({ config, replicationFactor }) => [resolveTopic(config, broker, kafka).config, replicationFactor]),
    producers.map(({ config, onFailure, onRestart }) => [asAsked(config, kafka), onFailure, onRestart]),
    groups.map((group) => [resolveConsumer(groupConfig(group), kafka).config, group.commit, group.sink, means(group.handler)]),
  ]);
}

/** With what it asks for in so many words: to ask for idempotence in vain is a change, which Kafka refuses. */
function asAsked(config: RawSettings, kafka: Plan['kafka']): unknown {
  const { config: resolved, problems } = resolveProducer(config, kafka);
  return [resolved, problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)];
}

/** A handler without what has no meaning for it. */
function means({ where, keyed, throwsEvery, onThrow }: HandlerPlan): unknown {
  return [where, where === 'workers' && keyed, throwsEvery > 0 ? onThrow : null];
}
