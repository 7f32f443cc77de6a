/**
 * What only shows when a group is held against its brokers and its handler: sessions that the coordinator refuses, heartbeats that leave
 * no room for a lost one, handlers that outlast max.poll.interval.ms, an offsets topic that cannot be written. Of
 * session.timeout.ms above max.poll.interval.ms nothing is said: Kafka compares them nowhere, and either limit holds by itself.
 */
import type { BrokerConfig } from '../kafka/config/broker.ts';
import type { ConsumerConfig } from '../kafka/config/consumer.ts';
import type { HandlerPlan } from '../plan/groups.ts';
import type { Finding, Path } from './problem.ts';

/**
 * A session that no coordinator takes (GroupCoordinator.handleJoinGroup: INVALID_SESSION_TIMEOUT, and the consumer dies of it), and
 * heartbeats so rare that few of them make a session: "typically should be set no higher than 1/3 of that value"
 * (CommonClientConfigs.HEARTBEAT_INTERVAL_MS_DOC).
 */
export function sessionFindings(path: Path, config: ConsumerConfig, broker: BrokerConfig): Finding[] {
  const { sessionTimeoutMs, heartbeatIntervalMs } = config;
  const { groupMinSessionTimeoutMs: atLeast, groupMaxSessionTimeoutMs: atMost } = broker;
  const findings: Finding[] = [];
  if (sessionTimeoutMs < atLeast || sessionTimeoutMs > atMost) {
    findings.push({
      severity: 'error',
      code: 'session-timeout-refused',
      path: [...path, 'session.timeout.ms'],
      found: String(sessionTimeoutMs),
      allowed: [`${atLeast}..${atMost}`],
    });
  }
  // What is not below the session timeout at all is an error of the settings themselves (Heartbeat).
  if (heartbeatIntervalMs * 3 > sessionTimeoutMs && heartbeatIntervalMs < sessionTimeoutMs) {
    findings.push({
      severity: 'warning',
      code: 'heartbeat-above-a-third',
      path: [...path, 'heartbeat.interval.ms'],
      found: String(heartbeatIntervalMs),
      params: { sessionTimeoutMs },
    });
  }
  return findings;
}

/**
 * A handler in the thread that polls, against the time that thread has between two polls. One record may be too long already; or as
 * many as one poll() returns: max.poll.records, if as many are ever sent. The interval is over when it has passed
 * (Timer.isExpired), not only when it is exceeded.
 */
export function pollIntervalFindings(
  path: Path,
  handler: HandlerPlan,
  { maxPollRecords, maxPollIntervalMs }: ConsumerConfig,
  sent: number,
): Finding[] {
  if (handler.where === 'workers') return [];
  const takesMs = (handler.takes.baseUs + handler.takes.jitterUs) / 1000;
  const records = Math.min(maxPollRecords, sent);
  const params = { takesMs, maxPollIntervalMs };
  if (takesMs >= maxPollIntervalMs) return [{ severity: 'warning', code: 'record-outlasts-poll-interval', path, params }];
  if (takesMs * records < maxPollIntervalMs) return [];
  return [{ severity: 'warning', code: 'handler-outlasts-poll-interval', path, params: { ...params, records } }];
}

/**
 * `__consumer_offsets` as the brokers are told to keep it. Source: GroupCoordinatorConfig ("offsets.commit.required.acks must be greater
 * or equal to -1 and less or equal to offsets.topic.replication.factor"); ReplicaManager.isValidRequiredAcks, which refuses every
 * append with more than 1; CreateTopics, which needs as many brokers as replicas.
 */
export function offsetsTopicFindings(path: Path, broker: BrokerConfig, brokers: number, replicasGiven: boolean): Finding[] {
  const { offsetsCommitRequiredAcks: acks, offsetsTopicReplicationFactor: replicationFactor } = broker;
  const findings: Finding[] = [];
  const ofAcks = { severity: 'error', path: [...path, 'offsets.commit.required.acks'], found: String(acks) } as const;
  if (acks > replicationFactor) findings.push({ ...ofAcks, code: 'number-out-of-range', params: { atMost: replicationFactor } });
  else if (acks > 1) findings.push({ ...ofAcks, code: 'offsets-acks-refused', allowed: ['-1', '0', '1'] });
  if (replicasGiven && replicationFactor > brokers) {
    findings.push({
      severity: 'error',
      code: 'replication-factor-above-brokers',
      path: [...path, 'offsets.topic.replication.factor'],
      found: String(replicationFactor),
      params: { replicationFactor, brokers },
    });
  }
  return findings;
}
