/**
 * The user's own `.properties` files: read whole, checked by Kafka's rules, every problem at its line and column. What Kafka refuses is an
 * error; what it changes in silence, and what is not simulated yet, is a warning. Nothing of a file is dropped without a word.
 */
import { brokerRegistry } from '../kafka/config/broker.ts';
import { producerRegistry } from '../kafka/config/producer.ts';
import { resolveBroker, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import { type Registry, settingNames } from '../kafka/config/setting.ts';
import { topicRegistry } from '../kafka/config/topic.ts';
import type { Problem, ProblemCode } from '../kafka/config/value.ts';
import type { KafkaVersion } from '../plan/plan.ts';
import type { ShownProblem } from '../report/problem-text.ts';
import { nearest } from '../scenario/nearest.ts';
import { type Properties, type PropertyEntry, parseProperties } from '../scenario/properties.ts';
import type { OwnSettings } from './engine.ts';
import { BadInput } from './failure.ts';
import { readText } from './files.ts';

/** Files by what they configure. */
export interface SettingsFiles {
  readonly producer?: string | undefined;
  readonly broker?: string | undefined;
  readonly topic?: string | undefined;
}

const nothing: Properties = { entries: [], values: {}, problems: [] };

/** Reads the files; null when there are none. Warnings come back, errors are thrown together. @throws BadInput */
export function readOwnSettings(
  files: SettingsFiles,
  kafka: KafkaVersion,
  cwd: string,
): { readonly own: OwnSettings | null; readonly warnings: readonly ShownProblem[] } {
  const given = [files.producer, files.broker, files.topic].filter((file) => file !== undefined);
  if (given.length === 0) return { own: null, warnings: [] };
  const read = (file: string | undefined): Properties => (file === undefined ? nothing : parseProperties(readText(cwd, file)));
  const producer = read(files.producer);
  const broker = read(files.broker);
  const topic = read(files.topic);
  const brokers = resolveBroker(broker.values, kafka);
  const problems = [
    ...shown(files.producer, producer, resolveProducer(producer.values, kafka).problems, producerRegistry),
    ...shown(files.broker, broker, brokers.problems, brokerRegistry),
    ...shown(files.topic, topic, resolveTopic(topic.values, brokers.config, kafka).problems, topicRegistry),
  ];
  if (problems.some(({ severity }) => severity === 'error')) throw new BadInput(problems);
  const own = { producer: producer.values, broker: broker.values, topic: topic.values, files: given.length };
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
