/**
 * What brokers ask of the controller: another ISR (AlterPartition, from inter.broker.protocol 2.7 on), and producer ids. The checks are
 * Kafka's, in Kafka's order; unlike those of a KRaft controller they know nothing of the lives of the members (KIP-903 is not part of
 * it). Source: KafkaController.tryProcessAlterPartition, processAllocateProducerIds, ZkProducerIdManager.scala.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { AlterPartitionData, AlterPartitionResponseData } from '../protocol/messages.ts';
import { ZkCode, type ZkOp, type ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { isActive, isLive, liveOrShuttingDown, next, partitionOf, type ZkBrokerContext } from './context.ts';
import { moved, stateRead, writeUpdates } from './partitions.ts';
import { addUpdateMetadata, newBatch, sendBatch } from './requests.ts';
import type { ControlledPartition, PartitionInfo, PartitionRef, ProducerIds, Task, Update } from './state.ts';
import { producerIdsPath, reads } from './znodes.ts';

type AlterPartition = Extract<Task, { kind: 'alter-partition' }>;

interface Decision {
  readonly topicId: number;
  readonly data: AlterPartitionData;
  readonly errorCode: number;
  /** What is to be written; null where nothing is. */
  readonly update: Update | null;
}

/** The same before and after the write: nothing else happens on this thread in between. */
function decide(b: ZkBrokerContext, { request }: AlterPartition): Decision[] {
  return request.topics.flatMap(({ topicId, partitions }) =>
    partitions.map((data) => {
      const topic = b.state.controllerRole.topics[topicId];
      const p = topic?.partitions[data.partitionIndex];
      if (topic === undefined) return { topicId, data, errorCode: ErrorCode.unknownTopicId, update: null };
      if (p === undefined || p.info === null)
        return { topicId, data, errorCode: ErrorCode.unknownTopicOrPartition, update: null };
      return { topicId, data, ...check(b, request.brokerId, p, p.info, data) };
    }),
  );
}

function check(
  b: ZkBrokerContext,
  sender: number,
  p: ControlledPartition,
  before: PartitionInfo,
  data: AlterPartitionData,
): Pick<Decision, 'errorCode' | 'update'> {
  const isr = data.newIsrWithEpochs.map(({ brokerId }) => brokerId);
  const refused = (errorCode: number): Pick<Decision, 'errorCode' | 'update'> => ({ errorCode, update: null });
  if (data.partitionEpoch > before.partitionEpoch || data.leaderEpoch > before.leaderEpoch)
    return refused(ErrorCode.notController);
  if (data.leaderEpoch < before.leaderEpoch) return refused(ErrorCode.fencedLeaderEpoch);
  // What is so already is answered as done, whatever the version.
  const same = isr.length === before.isr.length && isr.every((id, i) => id === before.isr[i]);
  if (same && sender === before.leader && data.leaderRecoveryState === before.leaderRecoveryState) return refused(ErrorCode.none);
  if (data.partitionEpoch < before.partitionEpoch) return refused(ErrorCode.invalidUpdateVersion);
  if (data.leaderRecoveryState === 1 && (isr.length > 1 || before.leaderRecoveryState === 0))
    return refused(ErrorCode.invalidRequest);
  if (!isr.every((id) => isLive(b, id))) return refused(ErrorCode.ineligibleReplica);
  const after = {
    leader: sender,
    leaderEpoch: data.leaderEpoch,
    isr,
    leaderRecoveryState: data.leaderRecoveryState,
    controllerEpoch: b.state.controllerRole.epoch,
  };
  return { errorCode: ErrorCode.none, update: { of: { topicId: p.topicId, index: p.index }, before, after, recipients: [] } };
}

export function alterPartition(b: ZkBrokerContext, task: AlterPartition): ZkOp[][] | null {
  const { brokerId, brokerEpoch } = task.request;
  const refusal = !isActive(b)
    ? ErrorCode.notController
    : b.state.controllerRole.liveBrokers.get(brokerId) !== brokerEpoch
      ? ErrorCode.staleBrokerEpoch
      : ErrorCode.none;
  if (refusal !== ErrorCode.none) {
    refuseAlterPartition(b, task, refusal);
    return null;
  }
  const decisions = decide(b, task);
  const updates = decisions.flatMap(({ update }) => (update === null ? [] : [update]));
  if (updates.length > 0) return writeUpdates(b, updates, false);
  answer(b, task, decisions);
  return null;
}

export function partitionsAltered(b: ZkBrokerContext, task: AlterPartition, results: readonly ZkTransactionResult[]): void {
  if (moved(results)) {
    // Kafka catches it here: this controller learns from its watch, or its session, that it is none any more.
    refuseAlterPartition(b, task, ErrorCode.unknownServerError);
    return;
  }
  let at = 0;
  const decisions = decide(b, task);
  const unknown: PartitionRef[] = [];
  for (const { update } of decisions) {
    if (update === null) continue;
    const { code, results: ops } = results[at++]!;
    if (code !== ZkCode.ok) unknown.push(update.of);
    else partitionOf(b, update.of).info = { ...update.after, partitionEpoch: ops[1]!.stat!.version };
  }
  if (unknown.length === 0) answer(b, task, decisions);
  else next(b, { kind: 'refresh', partitions: unknown }, task);
}

/**
 * The version was another one. Nobody else writes, so it was this very change, whose first answer was lost; it is read, and the request
 * decided anew. Kafka answers INVALID_UPDATE_VERSION and remembers the old state, so that the leader waits for its next election.
 */
export function refreshed(
  b: ZkBrokerContext,
  partitions: readonly PartitionRef[],
  results: readonly ZkTransactionResult[],
): void {
  partitions.forEach((of, i) => {
    const read = stateRead(b, results[i]!);
    if (read !== null) partitionOf(b, of).info = read;
  });
}

/** All brokers hear of what was asked for, done or not. */
function answer(b: ZkBrokerContext, { asker }: AlterPartition, decisions: readonly Decision[]): void {
  const batch = newBatch();
  const { topics: known } = b.state.controllerRole;
  const partitions = decisions.flatMap(({ topicId, data }) => known[topicId]?.partitions[data.partitionIndex] ?? []);
  addUpdateMetadata(batch, liveOrShuttingDown(b), partitions);
  sendBatch(b, batch);
  const topics: { topicId: number; partitions: AlterPartitionResponseData[] }[] = [];
  for (const { topicId, data, errorCode } of decisions) {
    const info = known[topicId]?.partitions[data.partitionIndex]?.info;
    const answered: AlterPartitionResponseData = {
      partitionIndex: data.partitionIndex,
      errorCode,
      leaderId: info?.leader ?? -1,
      leaderEpoch: info?.leaderEpoch ?? -1,
      isr: info?.isr ?? [],
      leaderRecoveryState: info?.leaderRecoveryState ?? 0,
      partitionEpoch: info?.partitionEpoch ?? -1,
    };
    const topic = topics.find((one) => one.topicId === topicId);
    if (topic === undefined) topics.push({ topicId, partitions: [answered] });
    else topic.partitions.push(answered);
  }
  b.out.reply(asker.connection, asker.correlationId, { api: 56, errorCode: ErrorCode.none, topics });
}

export function refuseAlterPartition(b: ZkBrokerContext, { asker }: AlterPartition, errorCode: number): void {
  b.out.reply(asker.connection, asker.correlationId, { api: 56, errorCode, topics: [] });
}

// ---- producer ids

const producerIdBlock = 1000;
type ProducerIdsTask = Extract<Task, { kind: 'producer-ids' }>;

/** First which block is next, then the one after it, unless somebody else has just taken it. */
export function producerIds(b: ZkBrokerContext, task: ProducerIdsTask): ZkOp[][] | null {
  const { request, block } = task;
  const refusal = !isActive(b)
    ? ErrorCode.notController
    : b.state.controllerRole.liveBrokers.get(request.brokerId) !== request.brokerEpoch
      ? ErrorCode.staleBrokerEpoch
      : ErrorCode.none;
  if (refusal !== ErrorCode.none) {
    refuseProducerIds(b, task, refusal);
    return null;
  }
  if (block === null) return [reads(producerIdsPath)];
  const data = block.next + producerIdBlock;
  if (block.version < 0) return [[{ type: 'create', path: producerIdsPath, data, ephemeral: false }]];
  return [[{ type: 'setData', path: producerIdsPath, data, version: block.version }]];
}

export function producerIdsTaken(b: ZkBrokerContext, task: ProducerIdsTask, [result]: readonly ZkTransactionResult[]): void {
  const { asker, block } = task;
  if (block === null) {
    const read = result!.results[0]!;
    const found: ProducerIds =
      read.code === ZkCode.ok ? { next: read.data as number, version: read.stat!.version } : { next: 0, version: -1 };
    next(b, { ...task, block: found });
  } else if (result!.code !== ZkCode.ok) next(b, { ...task, block: null });
  else {
    const answered = { errorCode: ErrorCode.none, producerIdStart: block.next, producerIdLen: producerIdBlock };
    b.out.reply(asker.connection, asker.correlationId, { api: 67, ...answered });
  }
}

export function refuseProducerIds(b: ZkBrokerContext, { asker }: ProducerIdsTask, errorCode: number): void {
  b.out.reply(asker.connection, asker.correlationId, { api: 67, errorCode, producerIdStart: -1, producerIdLen: 0 });
}
