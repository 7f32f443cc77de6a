/**
 * The in-sync replicas of a partition that this broker leads: proposals to shrink and expand, and what the controller says to them.
 * Source: Partition.scala (maybeShrinkIsr, maybeExpandIsr, handleAlterPartitionUpdate, handleAlterPartitionError), KIP-497.
 */
import { holds } from '../../base/lists.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { AlterPartitionResponse } from '../protocol/messages.ts';
import { retryAlterPartitions, sendAlterPartitions, withEpochs } from './alter-partition.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { isIsrEligible, maybeAdvanceHighWatermark } from './high-watermark.ts';
import { completeFetches, completeProduces } from './purgatory.ts';
import type { Partition, RemoteReplica } from './state.ts';

/** A follower outside the ISR that has reached the high watermark, and this leader's start, is proposed. */
export function maybeExpandIsr(b: BrokerContext, p: Partition, replica: RemoteReplica): void {
  if (p.pendingIsr !== null || holds(p.isr, replica.brokerId)) return;
  if (replica.logEndOffset < b.rules.joinsIsrAt(p) || !isIsrEligible(b, replica)) return;
  const isr = [...p.isr, replica.brokerId];
  b.out.note('isr-expand-proposed', p.topicId, p.index, replica.brokerId, isr.length);
  p.pendingIsr = { kind: 'expand', isr, newIsrWithEpochs: withEpochs(b, p, isr), sent: false };
  sendAlterPartitions(b);
}

/** The periodic look at who has fallen behind; every replica.lag.time.max.ms / 2. */
export function shrinkIsrs(b: BrokerContext): void {
  const maxLagMs = b.state.config.replicaLagTimeMaxMs;
  for (const p of b.state.hosted) {
    if (p.role !== 'leader' || p.pendingIsr !== null) continue;
    const slow = p.remotes.filter(
      (replica) => holds(p.isr, replica.brokerId) && b.rules.isOutOfSync(p, replica, b.step.wallMs, maxLagMs),
    );
    if (slow.length === 0) continue;
    const isr = p.isr.filter((id) => !slow.some((replica) => replica.brokerId === id));
    for (const replica of slow) b.out.note('isr-shrink-proposed', p.topicId, p.index, replica.brokerId, isr.length);
    p.pendingIsr = { kind: 'shrink', isr, newIsrWithEpochs: withEpochs(b, p, isr), sent: false };
  }
  sendAlterPartitions(b);
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
    errorCode === ErrorCode.newLeaderElected ||
    errorCode === ErrorCode.unknownTopicId ||
    errorCode === ErrorCode.unknownTopicOrPartition
  );
}

/** The ISR is known to have changed: the high watermark may move, and requests that wait for it with it. */
export function isrChanged(b: BrokerContext, p: Partition): void {
  b.out.note('isr-committed', p.topicId, p.index, p.isr.length, p.leaderEpoch);
  if (maybeAdvanceHighWatermark(b, p)) completeFetches(b, p);
  completeProduces(b, p);
}
