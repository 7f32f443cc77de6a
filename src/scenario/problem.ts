/**
 * What is wrong with a scenario, as data: where, which key, what was found, what is allowed. Sentences are made by who shows
 * it.
 */
import type { ProblemCode } from '../kafka/config/value.ts';
import { nearest } from './nearest.ts';

/** Every code about a scenario beside those about Kafka settings ({@link ProblemCode}), with the names of its parameters. */
export const scenarioProblemCodes = {
  /** The text is no YAML; `reason` is the parser's own word. */
  'not-yaml': ['reason'],
  'duplicate-key': [],
  'unknown-key': [],
  'missing-key': [],
  'wrong-type': [],
  'value-not-in-list': [],
  'number-out-of-range': ['atLeast', 'atMost'],
  'bad-duration': [],
  'bad-ratio': [],
  'bad-comparison': [],
  /** A choice is named as `site#occurrence`. */
  'bad-choice': [],
  'bad-partition': [],
  /** Exactly one of the allowed keys must be there: the kind of a fault, of an occasion, of a target. */
  'needs-one-of': [],
  'bad-name': [],
  'name-taken': [],
  'no-such-topic': [],
  'no-such-producer': [],
  'no-such-client': [],
  'no-such-group': [],
  'no-such-partition': [],
  'no-such-broker': [],
  'no-such-controller': [],
  'no-such-host': [],
  'no-such-follower': [],
  'no-such-fault': [],
  'no-such-note': [],
  'bad-link': [],
  'feature-unsupported': ['feature', 'kafka', 'since'],
  'zookeeper-removed': ['kafka'],
  /** A fault on ZooKeeper, in a cluster that has none. */
  'no-zookeeper': [],
  'no-quorum-with-zookeeper': [],
  'replication-factor-above-brokers': ['replicationFactor', 'brokers'],
  'assignment-does-not-fit': ['partitions', 'replicationFactor'],
  /** A rack for each broker. */
  'racks-do-not-fit': ['brokers'],
  /** Kafka: InvalidPartitionsException. */
  'not-more-partitions': ['partitions'],
  /** Kafka: InvalidReplicaAssignmentException. */
  'replica-named-twice': [],
  /** Simulated for clusters without ZooKeeper alone. */
  'needs-kraft': [],
  /** An occasion that cannot come: the nth record of a producer that sends fewer. */
  'never-happens': ['nth', 'count'],
  /** Workers are done in any order: one commit a record, or the sink's own offset, needs the thread that polls. */
  'commit-without-poll-loop': [],
  /** A prefix of what is done exists only where records leave the thread that polls. */
  'commit-needs-workers': [],
  /** `in-sink` and a transactional sink belong together. */
  'sink-and-commit-part': [],
  /** The application commits, and the consumer by itself as well. */
  'commits-twice': [],
  /** The coordinator answers INVALID_SESSION_TIMEOUT: group.min.session.timeout.ms, group.max.session.timeout.ms. */
  'session-timeout-refused': [],
  /** A warning: fewer than three heartbeats make a session. */
  'heartbeat-above-a-third': ['sessionTimeoutMs'],
  /** A warning: what one poll() may return takes as long as max.poll.interval.ms. */
  'handler-outlasts-poll-interval': ['takesMs', 'records', 'maxPollIntervalMs'],
  /** A warning: a single record may. */
  'record-outlasts-poll-interval': ['takesMs', 'maxPollIntervalMs'],
  /** A broker starts with such acks, and refuses every write to `__consumer_offsets`. */
  'offsets-acks-refused': [],
  /** A path of `set` leads nowhere. */
  'no-such-path': [],
  /** Neither `cases` nor `expect`: nothing could be broken. */
  'nothing-expected': [],
} as const satisfies Record<string, readonly string[]>;
export type ScenarioProblemCode = keyof typeof scenarioProblemCodes;

export interface ScenarioProblem {
  readonly severity: 'error' | 'warning';
  readonly code: ScenarioProblemCode | ProblemCode;
  /** As it was given to the parser. */
  readonly file: string;
  /** From 1. Null when the place is not known: data without a text. */
  readonly line: number | null;
  readonly column: number | null;
  /** Path of the key: `producers.p1.config.acks`. */
  readonly key: string;
  /** The case it was found in, null for the scenario itself. */
  readonly case: string | null;
  readonly found: string | null;
  /** What could stand there instead. */
  readonly allowed: readonly string[];
  /** The right name that was probably meant. */
  readonly nearest: string | null;
  readonly params: Readonly<Record<string, string | number>>;
}

/** A problem before it has a place. */
export interface Finding {
  readonly severity: ScenarioProblem['severity'];
  readonly code: ScenarioProblem['code'];
  readonly path: Path;
  /** Point at the key rather than at its value. */
  readonly atKey?: boolean;
  readonly found?: string;
  readonly allowed?: readonly string[];
  readonly nearest?: string | null;
  readonly params?: ScenarioProblem['params'];
}

/** Keys and indexes from the root. */
export type Path = readonly (string | number)[];

/** A path as people write it. */
export function printPath(path: Path): string {
  return path.map((step) => String(step)).join('.');
}

/** A value as an excerpt: what was found. */
export function printFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : asJson(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** JSON, where there is one: YAML's aliases can make a value that contains itself. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(Object.prototype.toString.call(value));
  }
}

/** A reference to something that does not exist. */
export function noSuch(
  code: Extract<Finding['code'], `no-such-${string}`>,
  path: Path,
  found: string | null,
  allowed: readonly string[],
): Finding {
  return {
    severity: 'error',
    code,
    path,
    found: found ?? 'nothing',
    allowed,
    nearest: found === null ? null : nearest(found, allowed),
  };
}
