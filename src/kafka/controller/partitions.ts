/**
 * Topics, ISR changes and elections on request. Source: ReplicationControlManager.createTopic, alterPartition, electLeaders,
 * maybeBalancePartitionLeaders.
 */
import type { ConnectionId, RequestHeader } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type {
  AlterPartitionData,
  AlterPartitionRequest,
  AlterPartitionResponseData,
  CreateTopicsRequest,
  ElectLeadersRequest,
} from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';
import { isActive, partitionChange, uncleanElectionEnabled } from './partition-change.ts';
import { ControllerTimer, type PartitionRegistration } from './state.ts';

/** Creates topics with the assignments that the request names. Only active brokers enter the first ISR. */
export function createTopics(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: CreateTopicsRequest,
): void {
  const records: MetadataRecord[] = [];
  let nextId = c.state.topics.length;
  const topics = request.topics.map(({ name, assignments, configs }) => {
    const known = c.state.topicIds.get(name);
    if (known !== undefined) return { name, topicId: known, errorCode: ErrorCode.topicAlreadyExists };
    const isrs = assignments.map((replicas) => replicas.filter((id) => isActive(c, id)));
    if (isrs.some((isr) => isr.length === 0)) return { name, topicId: -1, errorCode: ErrorCode.invalidReplicationFactor };
    const topicId = nextId++;
    records.push({ kind: 'TopicRecord', name, topicId });
    for (const [setting, value] of Object.entries(configs)) records.push({ kind: 'ConfigRecord', topicId, name: setting, value });
    assignments.forEach((replicas, partitionId) => {
      const isr = isrs[partitionId]!;
      records.push({
        kind: 'PartitionRecord',
        topicId,
        partitionId,
        replicas,
        isr,
        leader: isr[0]!,
        leaderEpoch: 0,
        partitionEpoch: 0,
      });
    });
    c.out.note('topic-created', topicId, assignments.length);
    return { name, topicId, errorCode: ErrorCode.none };
  });
  commit(c, records);
  replyWhenCommitted(c, connection, header.correlationId, { api: 19, topics });
}

/** A leader proposes another ISR. */
export function alterPartition(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: AlterPartitionRequest,
): void {
  const broker = c.state.brokers.get(request.brokerId);
  if (broker === undefined || broker.brokerEpoch !== request.brokerEpoch) {
    c.out.reply(connection, header.correlationId, { api: 56, errorCode: ErrorCode.staleBrokerEpoch, topics: [] });
    return;
  }
  const records: MetadataRecord[] = [];
  const accepted: { p: PartitionRegistration; answer: (p: PartitionRegistration) => void }[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => {
    const answers: AlterPartitionResponseData[] = [];
    partitions.forEach((data, i) => {
      const p = c.state.topics[topicId]?.partitions[data.partitionIndex];
      const unknown = c.state.topics[topicId] === undefined ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition;
      const errorCode = p === undefined ? unknown : validate(c, request.brokerId, p, data);
      if (errorCode !== ErrorCode.none || p === undefined) {
        answers[i] = { ...result(p, data.partitionIndex), errorCode };
        return;
      }
      const record = partitionChange(c, p, {
        election: uncleanElectionEnabled(c, topicId) ? 'unclean' : 'online',
        targetIsr: data.newIsrWithEpochs.map(({ brokerId }) => brokerId),
      });
      if (record !== null) {
        // A reassignment that is complete now may take the leadership from whoever asked.
        const led = record.kind === 'PartitionChangeRecord' ? record.leader : null;
        if (led !== null && led !== request.brokerId) {
          records.push(record);
          answers[i] = { ...result(p, data.partitionIndex), errorCode: ErrorCode.newLeaderElected };
          return;
        }
        const settled =
          p.leaderRecoveryState === 1 && record.kind === 'PartitionChangeRecord'
            ? { ...record, leaderRecoveryState: 0 as const }
            : record;
        records.push(settled);
      }
      accepted.push({
        p,
        answer: (after) => {
          answers[i] = result(after, data.partitionIndex);
        },
      });
    });
    return { topicId, partitions: answers };
  });
  commit(c, records);
  for (const { p, answer } of accepted) answer(p);
  replyWhenCommitted(c, connection, header.correlationId, { api: 56, errorCode: ErrorCode.none, topics });
}

/** The checks, in Kafka's order (validateAlterPartitionData). */
function validate(c: ControllerContext, sender: number, p: PartitionRegistration, data: AlterPartitionData): number {
  if (data.leaderEpoch > p.leaderEpoch || data.partitionEpoch > p.partitionEpoch) return ErrorCode.notController;
  if (c.rules.fencesProposals()) {
    if (data.leaderEpoch < p.leaderEpoch) return ErrorCode.fencedLeaderEpoch;
    if (sender !== p.leader) return ErrorCode.invalidRequest;
    if (data.partitionEpoch < p.partitionEpoch) return ErrorCode.invalidUpdateVersion;
  }
  const isr = data.newIsrWithEpochs;
  if (!isr.every(({ brokerId }) => p.replicas.includes(brokerId)) || !isr.some(({ brokerId }) => brokerId === p.leader))
    return ErrorCode.invalidRequest;
  if (data.leaderRecoveryState === 1 && (isr.length > 1 || p.leaderRecoveryState === 0)) return ErrorCode.invalidRequest;
  for (const { brokerId, brokerEpoch } of isr) {
    const member = c.state.brokers.get(brokerId);
    if (member === undefined || member.fenced || member.inControlledShutdown) return ErrorCode.ineligibleReplica;
    if (c.rules.tellsLivesApart() && brokerEpoch !== -1 && brokerEpoch !== member.brokerEpoch) return ErrorCode.ineligibleReplica;
  }
  return ErrorCode.none;
}

function result(p: PartitionRegistration | undefined, partitionIndex: number): AlterPartitionResponseData {
  return {
    partitionIndex,
    errorCode: ErrorCode.none,
    leaderId: p?.leader ?? -1,
    leaderEpoch: p?.leaderEpoch ?? -1,
    isr: p?.isr ?? [],
    leaderRecoveryState: p?.leaderRecoveryState ?? 0,
    partitionEpoch: p?.partitionEpoch ?? -1,
  };
}

/** The operator asks for an election. */
export function electLeaders(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: ElectLeadersRequest,
): void {
  const records: MetadataRecord[] = [];
  const replicaElectionResults = request.topicPartitions.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({
      partitionId,
      errorCode: elect(c, topic, partitionId, request.electionType, records),
    })),
  }));
  commit(c, records);
  replyWhenCommitted(c, connection, header.correlationId, { api: 43, replicaElectionResults });
}

function elect(
  c: ControllerContext,
  topic: string,
  partitionId: number,
  type: 'preferred' | 'unclean',
  records: MetadataRecord[],
): number {
  const topicId = c.state.topicIds.get(topic);
  const p = topicId === undefined ? undefined : c.state.topics[topicId]!.partitions[partitionId];
  if (p === undefined) return ErrorCode.unknownTopicOrPartition;
  if (type === 'preferred' ? p.leader === p.replicas[0] : p.leader >= 0) return ErrorCode.electionNotNeeded;
  const record = partitionChange(c, p, { election: type, targetIsr: p.isr });
  if (record === null)
    return type === 'preferred' ? ErrorCode.preferredLeaderNotAvailable : ErrorCode.eligibleLeadersNotAvailable;
  records.push(record);
  return ErrorCode.none;
}

/** auto.leader.rebalance.enable: every leader.imbalance.check.interval.seconds, leaderships go back to the preferred replicas. */
export function balanceLeaders(c: ControllerContext): void {
  const records: MetadataRecord[] = [];
  for (const topic of c.state.topics) {
    for (const p of topic.partitions) {
      if (p.leader < 0 || p.leader === p.replicas[0]) continue;
      const record = partitionChange(c, p, { election: 'preferred', targetIsr: p.isr });
      if (record !== null) records.push(record);
    }
  }
  commit(c, records);
  c.out.setTimer(ControllerTimer.leaderBalance, c.state.config.leaderImbalanceCheckIntervalSeconds * 1000000);
}

/** unclean.leader.election.interval.ms: partitions without a leader are tried again where the topic allows it. */
export function electUncleanly(c: ControllerContext): void {
  const records: MetadataRecord[] = [];
  for (const topic of c.state.topics) {
    for (const p of topic.partitions) {
      if (p.leader >= 0 || !uncleanElectionEnabled(c, p.topicId)) continue;
      const record = partitionChange(c, p, { election: 'unclean', targetIsr: p.isr });
      if (record !== null) records.push(record);
    }
  }
  commit(c, records);
  c.out.setTimer(ControllerTimer.uncleanElection, c.state.config.uncleanLeaderElectionIntervalMs * 1000);
}
