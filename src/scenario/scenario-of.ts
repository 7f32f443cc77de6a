/**
 * A Plan becomes the scenario that has it: the inverse of `plan-of.ts`, so that what was found as a plan can be read, changed and kept
 * as a file. What has its default is left out. Of a plan's name nothing is kept: a scenario is named by its file.
 */
import type { GroupPlan, HandlerPlan } from '../plan/groups.ts';
import type { LatencyPlan, Plan, ProducerPlan, RawSettings, TopicPlan } from '../plan/plan.ts';
import { defaultMetadata, defaults } from './defaults.ts';
import { printDuration } from './duration.ts';
import { faultInput } from './fault-input.ts';
import type { ConsumerInput, GroupInput, ProducerInput, Scenario, TimingInput, TopicInput } from './schema.ts';

/** What of a scenario no plan tells. */
export type Framing = Pick<Scenario, 'claim' | 'source' | 'tags' | 'choices' | 'cases' | 'allow' | 'expect'>;

/** The scenario of a plan. */
export function scenarioOf(plan: Plan, { claim, source, tags, ...rest }: Framing): Scenario {
  return {
    claim,
    ...(source === undefined ? {} : { source }),
    ...(tags === undefined ? {} : { tags }),
    kafka: plan.kafka,
    cluster: clusterOf(plan),
    topics: Object.fromEntries(plan.topics.map((topic) => [topic.name, topicInput(topic, plan.brokers)])),
    producers: Object.fromEntries(plan.producers.map((producer) => [producer.name, producerInput(producer)])),
    ...filled(
      'consumers',
      Object.fromEntries(
        plan.consumers.map(({ name, topic, config, validatesPositions }) => [
          name,
          { topic, ...configOf(config), ...(validatesPositions === true ? { validatesPositions } : {}) } as ConsumerInput,
        ]),
      ),
    ),
    ...filled('groups', Object.fromEntries((plan.groups ?? []).map((group) => [group.name, groupInput(group)]))),
    ...(plan.faults.length === 0 ? {} : { faults: plan.faults.map(faultInput) }),
    ...filled('limits', limitsOf(plan)),
    ...rest,
  };
}

function clusterOf({
  kafka,
  brokers,
  racks,
  metadata = 'kraft',
  controllers = 1,
  brokerConfig,
  features,
  truncation,
  network,
  disk,
}: Plan): NonNullable<Scenario['cluster']> {
  const { latency, links, stallPerMille, stallUs, resetPerMille } = network;
  return {
    brokers,
    ...(racks === undefined ? {} : { racks: racks.slice() }),
    ...(metadata === defaultMetadata(kafka) ? {} : { metadata }),
    ...(controllers === 1 ? {} : { controllers }),
    ...timed('latency', latency, defaults.latency),
    ...filled('links', Object.fromEntries(Object.entries(links).map(([link, timing]) => [link, linkInput(timing)]))),
    ...(stallPerMille === 0 && stallUs === 0 ? {} : { stalls: { perMille: stallPerMille, for: printDuration(stallUs) } }),
    ...(resetPerMille === 0 ? {} : { resetsPerMille: resetPerMille }),
    ...configOf(brokerConfig),
    ...(features === undefined ? {} : { features }),
    ...(truncation === undefined ? {} : { truncation }),
    ...filled('disk', {
      ...timed('fsync', disk.fsync, defaults.fsync),
      ...(disk.writeBackUs === defaults.writeBackUs ? {} : { writeBack: printDuration(disk.writeBackUs) }),
      ...(disk.writeBackBytes === undefined ? {} : { writeBackBytes: disk.writeBackBytes }),
    }),
  };
}

function topicInput({ partitions, replicationFactor, assignment, config }: TopicPlan, brokers: number): TopicInput {
  return {
    ...(partitions === defaults.partitions ? {} : { partitions }),
    ...(replicationFactor === Math.min(defaults.replicationFactor, brokers) ? {} : { replicationFactor }),
    ...(assignment === undefined ? {} : { assignment: assignment.map((replicas) => [...replicas]) }),
    ...configOf(config),
  };
}

function producerInput({ topic, config, send, onFailure, onRestart }: ProducerPlan): ProducerInput {
  const plain = defaults.send;
  return {
    topic,
    ...configOf(config),
    send: {
      count: send.count,
      ...(send.startUs === plain.startUs ? {} : { start: printDuration(send.startUs) }),
      ...(send.everyUs === plain.everyUs ? {} : { every: printDuration(send.everyUs) }),
      ...(send.burst === plain.burst ? {} : { burst: send.burst }),
      ...(send.keys === plain.keys ? {} : { keys: send.keys }),
      ...(send.valueBytes === plain.valueBytes ? {} : { valueBytes: send.valueBytes }),
      ...(send.oversize === undefined ? {} : { oversize: send.oversize }),
      ...(send.partition === undefined ? {} : { partition: send.partition }),
    },
    ...(onFailure === defaults.onFailure ? {} : { onFailure }),
    ...(onRestart === defaults.onRestart ? {} : { onRestart }),
  };
}

function groupInput({
  topic,
  memberStartsUs,
  config,
  pollTimeoutMs,
  handler,
  commit,
  sink,
  validatesPositions,
}: GroupPlan): GroupInput {
  const plain = defaults.group;
  const atOnce = memberStartsUs.every((start) => start === 0);
  return {
    topic,
    members: atOnce ? memberStartsUs.length : memberStartsUs.map(printDuration),
    ...configOf(config),
    ...(pollTimeoutMs === plain.pollTimeoutMs ? {} : { pollTimeout: printDuration(pollTimeoutMs * 1000) }),
    ...filled('handler', handlerInput(handler)),
    commit,
    sink,
    ...(validatesPositions === true ? { validatesPositions } : {}),
  };
}

function handlerInput(handler: HandlerPlan): NonNullable<GroupInput['handler']> {
  const { takes, where, workers, keyed, throwsEvery, onThrow, hangs } = handler;
  return {
    ...timed('takes', takes, defaults.group.takes),
    ...(where === 'poll-loop' ? {} : { where }),
    ...(workers === defaults.group.workers ? {} : { workers }),
    ...(keyed ? { keyed } : {}),
    ...(throwsEvery === 0 ? {} : { throwsEvery }),
    ...(onThrow === 'carry-on' ? {} : { onThrow }),
    ...(hangs === undefined ? {} : { hangs: { nth: hangs.ordinal, takes: printDuration(hangs.takesUs) } }),
  };
}

function limitsOf({ limits: { events, healAtUs, settleUs }, groups = [] }: Plan): NonNullable<Scenario['limits']> {
  return {
    ...(events === defaults.events ? {} : { events }),
    ...(healAtUs === defaults.healAtUs ? {} : { heal: printDuration(healAtUs) }),
    // With groups the default depends on their settings.
    ...(settleUs === defaults.settleUs && groups.length === 0 ? {} : { settle: printDuration(settleUs) }),
  };
}

function linkInput({ baseUs, jitterUs }: LatencyPlan): NonNullable<NonNullable<Scenario['cluster']>['links']>[string] {
  return jitterUs === 0 ? printDuration(baseUs) : { latency: printDuration(baseUs), jitter: printDuration(jitterUs) };
}

function timed<K extends string>(key: K, { baseUs, jitterUs }: LatencyPlan, plain: LatencyPlan): { [key in K]?: TimingInput } {
  if (baseUs === plain.baseUs && jitterUs === plain.jitterUs) return {};
  const written = jitterUs === 0 ? printDuration(baseUs) : { base: printDuration(baseUs), jitter: printDuration(jitterUs) };
  return { [key]: written } as { [key in K]?: TimingInput };
}

/** Raw settings were read from a scenario, or from files with the same names. */
function configOf(config: RawSettings): { config?: object } {
  return Object.keys(config).length === 0 ? {} : { config: { ...config } };
}

function filled<K extends string, V extends object>(key: K, value: V): { [key in K]?: V } {
  return (Object.keys(value).length === 0 ? {} : { [key]: value }) as { [key in K]?: V };
}
