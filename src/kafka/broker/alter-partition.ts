/**
 * ISR changes on their way to the controller: one request in flight for the whole broker, one pending change a partition, retried
 * until answered or overtaken by newer metadata. Source: AlterPartitionManager.scala, Partition.handleAlterPartitionError.
 */
import { connectIfNeeded, sendRequest } from '../client/channel.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AlterPartitionData, AlterPartitionResponse } from '../protocol/messages.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { armControllerChannel } from './lifecycle.ts';
import { isrChanged } from './replication.ts';
import { BrokerTimer } from './state.ts';

/** Pause before a request that failed as a whole is sent again. */
const retryDelayMs = 50;

/** Sends what is pending, unless a request is under way or the controller cannot be reached now. */
export function sendAlterPartitions(b: BrokerContext): void {
  const state = b.state;
  if (state.alterPartitionInFlight || state.brokerEpoch < 0) return;
  const topics: { topicId: number; partitions: AlterPartitionData[] }[] = [];
  for (const p of state.hosted) {
    const pending = p.pendingIsr;
    if (pending === null || p.role !== 'leader') continue;
    const data: AlterPartitionData = {
      partitionIndex: p.index,
      leaderEpoch: p.leaderEpoch,
      newIsrWithEpochs: pending.isr.map((brokerId) => ({
        brokerId,
        brokerEpoch: brokerId === state.id ? state.brokerEpoch : (p.remotes.find((r) => r.brokerId === brokerId)?.brokerEpoch ?? -1),
      })),
      leaderRecoveryState: 0,
      partitionEpoch: p.partitionEpoch,
    };
    const last = topics[topics.length - 1];
    if (last !== undefined && last.topicId === p.topicId) last.partitions.push(data);
    else topics.push({ topicId: p.topicId, partitions: [data] });
  }
  if (topics.length === 0) return;
  if (!connectIfNeeded(state.channels, state.controllerChannel, b.step, b.out)) {
    armControllerChannel(b);
    return;
  }
  for (const topic of topics) {
    for (const data of topic.partitions) partitionOf(b, topic.topicId, data.partitionIndex)!.pendingIsr!.sent = true;
  }
  state.alterPartitionInFlight = true;
  const body = { api: 56, brokerId: state.id, brokerEpoch: state.brokerEpoch, topics } as const;
  sendRequest(state.channels, state.controllerChannel, body, state.config.requestTimeoutMs, true, null, b.step, b.out);
  armControllerChannel(b);
}

/** The controller answered. */
export function onAlterPartitionResponse(b: BrokerContext, response: AlterPartitionResponse): void {
  b.state.alterPartitionInFlight = false;
  if (response.errorCode !== ErrorCode.none) {
    retryAlterPartitions(b);
    return;
  }
  for (const topic of response.topics) {
    for (const data of topic.partitions) {
      const p = partitionOf(b, topic.topicId, data.partitionIndex);
      if (p === undefined || p.pendingIsr === null || !p.pendingIsr.sent || p.role !== 'leader') continue;
      if (data.errorCode !== ErrorCode.none) {
        b.out.note('alter-partition-refused', p.topicId, p.index, data.errorCode);
        if (data.errorCode === ErrorCode.ineligibleReplica) {
          p.pendingIsr = null;
        } else if (staysPending(data.errorCode)) {
          // Newer metadata is on its way and will override the proposal.
        } else {
          p.pendingIsr.sent = false;
        }
        continue;
      }
      if (data.leaderEpoch !== p.leaderEpoch || data.partitionEpoch < p.partitionEpoch) continue;
      p.pendingIsr = null;
      p.isr = data.isr;
      p.partitionEpoch = data.partitionEpoch;
      isrChanged(b, p);
    }
  }
  sendAlterPartitions(b);
}

function staysPending(errorCode: number): boolean {
  return (
    errorCode === ErrorCode.fencedLeaderEpoch ||
    errorCode === ErrorCode.invalidUpdateVersion ||
    errorCode === ErrorCode.invalidRequest ||
    errorCode === ErrorCode.unknownTopicId ||
    errorCode === ErrorCode.unknownTopicOrPartition
  );
}

/** The request got no answer, or a refusal as a whole: everything that was sent is sent again. */
export function retryAlterPartitions(b: BrokerContext): void {
  b.state.alterPartitionInFlight = false;
  for (const p of b.state.hosted) if (p.pendingIsr !== null) p.pendingIsr.sent = false;
  b.out.setTimer(BrokerTimer.alterPartition, retryDelayMs * 1000);
}
