/**
 * The user's own `.properties` files: read whole, checked by Kafka's rules, every problem at its line and column. What Kafka refuses is an
 * error; what it changes in silence, and what is not simulated yet, is a warning. Nothing of a file is dropped without a word.
 */
import { brokerRegistry } from '../kafka/config/broker.ts';
import { consumerRegistry } from '../kafka/config/consumer.ts';
import { producerRegistry } from '../kafka/config/producer.ts';
import { resolveBroker, resolveConsumer, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import { type Registry, settingNames } from '../kafka/config/setting.ts';
import { topicRegistry } from '../kafka/config/topic.ts';
import type { Problem, ProblemCode } from '../kafka/config/value.ts';
import type { KafkaVersion } from '../plan/plan.ts';
import type { ShownProblem } from '../report/problem-text.ts';
import { inGroup } from '../scenario/matrix/consume-own.ts';
import type { OwnSettings } from '../scenario/matrix/table.ts';
import { offsetsTopicFindings, sessionFindings } from '../scenario/membership-findings.ts';
import { nearest } from '../scenario/nearest.ts';
import type { Finding } from '../scenario/problem.ts';
import { type Properties, type PropertyEntry, parseProperties } from '../scenario/properties.ts';
import { BadInput } from './failure.ts';
import { readText } from './files.ts';

/** Files by what they configure. */
export interface SettingsFiles {
  readonly producer?: string | undefined;
  readonly broker?: string | undefined;
  readonly topic?: string | undefined;
  readonly consumer?: string | undefined;
}

/** Of brokers: how many the user has is not in a file. */
const anyNumber = Number.POSITIVE_INFINITY;
const nothing: Properties = { entries: [], values: {}, problems: [] };

/** Reads the files; null when there are none. Warnings come back, errors are thrown together. @throws BadInput */
export function readOwnSettings(
  files: SettingsFiles,
  kafka: KafkaVersion,
  cwd: string,
): { readonly own: OwnSettings | null; readonly warnings: readonly ShownProblem[] } {
  if (Object.values(files).every((file) => file === undefined)) return { own: null, warnings: [] };
  const read = (file: string | undefined): Properties => (file === undefined ? nothing : parseProperties(readText(cwd, file)));
  const producer = read(files.producer);
  const broker = read(files.broker);
  const topic = read(files.topic);
  const consumer = read(files.consumer);
  const brokers = resolveBroker(broker.values, kafka);
  const group = resolveConsumer(inGroup(consumer.values), kafka);
  const problems = [
    ...shown(files.producer, producer, resolveProducer(producer.values, kafka).problems, producerRegistry),
    ...shown(files.broker, broker, brokers.problems, brokerRegistry),
    ...found(files.broker, broker, offsetsTopicFindings([], brokers.config, anyNumber, false)),
    ...shown(files.topic, topic, resolveTopic(topic.values, brokers.config, kafka).problems, topicRegistry),
    ...shown(files.consumer, consumer, group.problems, consumerRegistry),
    ...found(files.consumer, consumer, sessionFindings([], group.config, brokers.config)),
  ];
  if (problems.some(({ severity }) => severity === 'error')) throw new BadInput(problems);
  const own: OwnSettings = {
    ...(files.producer === undefined ? {} : { producer: producer.values }),
    ...(files.broker === undefined ? {} : { broker: broker.values }),
    ...(files.topic === undefined ? {} : { topic: topic.values }),
    ...(files.consumer === undefined ? {} : { consumer: consumer.values }),
  };
  return { own, warnings: problems };
}

function shown(
  file: string | undefined,
  properties: Properties,
  problems: readonly Problem[],
  registry: Registry,
): ShownProblem[] {
  if (file === undefined) return [];
  const ofTheFile = properties.problems.map(
    ({ severity, code, line, column, key, params }): ShownProblem => ({ severity, code, file, line, column, key, params }),
  );
  return [...ofTheFile, ...problems.map((problem) => placed(file, properties, problem, registry))];
}

/** What shows only when a file is held against the brokers, at the value that it is about. */
function found(file: string | undefined, properties: Properties, findings: readonly Finding[]): ShownProblem[] {
  if (file === undefined) return [];
  return findings.map(({ severity, code, path, allowed = [], params = {}, ...finding }): ShownProblem => {
    const key = path.join('.');
    const entry = properties.entries.find((candidate) => candidate.key === key);
    const place = { line: entry?.valueLine ?? null, column: entry?.valueColumn ?? null };
    return { severity, code, file, ...place, key, found: finding.found ?? null, allowed, params };
  });
}

/** What changes a default in silence: the setting to point at when the changed one is not in the file. */
const causes: Partial<Record<ProblemCode, string>> = {
  'idempotence-disabled-by-acks': 'acks',
  'idempotence-disabled-by-retries': 'retries',
  'idempotence-disabled-by-max-in-flight': 'max.in.flight.requests.per.connection',
  'acks-raised-by-idempotence': 'enable.idempotence',
  'delivery-timeout-raised': 'linger.ms',
};

/** A problem with a setting, at the key or at the value that it is about. */
function placed(file: string, properties: Properties, problem: Problem, registry: Registry): ShownProblem {
  const named = (name: string | undefined): PropertyEntry | undefined => properties.entries.find(({ key }) => key === name);
  const entry = named(problem.setting) ?? named(causes[problem.code]);
  const unknown = problem.code === 'unknown-setting';
  const { allowed, ...params } = problem.params;
  return {
    severity: problem.severity,
    code: problem.code,
    file,
    line: (unknown ? entry?.line : entry?.valueLine) ?? null,
    column: (unknown ? entry?.column : entry?.valueColumn) ?? null,
    key: problem.setting,
    allowed: allowed === undefined ? [] : String(allowed).split(', '),
    nearest: unknown ? nearest(problem.setting, settingNames(registry)) : null,
    params,
  };
}
