/**
 * ISR changes on their way to the controller: one request in flight for the whole broker, one pending change a partition, retried
 * until answered or overtaken by newer metadata. What the answers mean is in `isr.ts`. Source: AlterPartitionManager.scala.
 */
import { connectIfNeeded, sendRequest } from '../client/channel.ts';
import type { AlterPartitionData } from '../protocol/messages.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { armControllerChannel } from './controller-channel.ts';
import { BrokerTimer, type Partition, type ProposedMember } from './state.ts';

/** Pause before a request that failed as a whole is sent again. */
const retryDelayMs = 50;

/** The members of an ISR, each with the broker epoch of its last fetch. Source: Partition.addBrokerEpochToIsr. */
export function withEpochs({ state }: BrokerContext, { remotes }: Partition, isr: readonly number[]): ProposedMember[] {
  return isr.map((brokerId) => {
    if (brokerId === state.id) return { brokerId, brokerEpoch: state.brokerEpoch };
    return { brokerId, brokerEpoch: remotes.find((replica) => replica.brokerId === brokerId)?.brokerEpoch ?? -1 };
  });
}

/** Sends what is pending, unless a request is under way or the controller cannot be reached now. */
export function sendAlterPartitions(b: BrokerContext): void {
  const state = b.state;
  if (state.alterPartitionInFlight || state.brokerEpoch < 0) return;
  const topics: { topicId: number; partitions: AlterPartitionData[] }[] = [];
  for (const p of state.hosted) {
    const pending = p.pendingIsr;
    // What was sent and refused with an error that only newer metadata mends stays pending and is not sent again.
    if (pending === null || pending.sent || p.role !== 'leader') continue;
    const data: AlterPartitionData = {
      partitionIndex: p.index,
      leaderEpoch: p.leaderEpoch,
      newIsrWithEpochs: pending.newIsrWithEpochs,
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
  sendRequest(state.channels, state.controllerChannel, body.api, body, state.config.requestTimeoutMs, true, null, b.step, b.out);
  armControllerChannel(b);
}

/** The request got no answer, or a refusal as a whole: everything that was sent is sent again. */
export function retryAlterPartitions(b: BrokerContext): void {
  b.state.alterPartitionInFlight = false;
  for (const p of b.state.hosted) if (p.pendingIsr !== null) p.pendingIsr.sent = false;
  b.out.setTimer(BrokerTimer.alterPartition, retryDelayMs * 1000);
}
