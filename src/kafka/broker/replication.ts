/**
 * The leader's side of replication: what it knows of followers, the high watermark, and the proposals to shrink or expand the ISR.
 * Source: Partition.scala (updateFollowerFetchState, maybeIncrementLeaderHW, maybeShrinkIsr, maybeExpandIsr), Replica.scala, KIP-497,
 * KIP-841, KIP-903, KIP-966 part 1 (the high watermark stands still below min.insync.replicas, from 3.7).
 */
import type { Offset } from '../../base/units.ts';
import { sendAlterPartitions } from './alter-partition.ts';
import { type BrokerContext, effectiveMinIsr } from './context.ts';
import { completeFetches, completeProduces } from './purgatory.ts';
import type { Partition, RemoteReplica } from './state.ts';

/** A follower fetched at `fetchOffset`: it has everything below. */
export function updateFollowerState(b: BrokerContext, p: Partition, brokerId: number, brokerEpoch: number, fetchOffset: Offset): void {
  const replica = p.remotes.find((remote) => remote.brokerId === brokerId);
  if (replica === undefined) return;
  const before = replica.logEndOffset;
  const leaderEnd = p.log.logEndOffset;
  const nowMs = b.step.wallMs;
  if (fetchOffset >= leaderEnd) replica.lastCaughtUpTimeMs = Math.max(replica.lastCaughtUpTimeMs, nowMs);
  else if (fetchOffset >= replica.lastFetchLeaderLogEndOffset) {
    replica.lastCaughtUpTimeMs = Math.max(replica.lastCaughtUpTimeMs, replica.lastFetchTimeMs);
  }
  replica.logEndOffset = fetchOffset;
  replica.lastFetchTimeMs = nowMs;
  replica.lastFetchLeaderLogEndOffset = leaderEnd;
  replica.brokerEpoch = brokerEpoch;
  maybeExpandIsr(b, p, replica);
  if (before !== fetchOffset && maybeAdvanceHighWatermark(b, p)) completeFetches(b, p);
}

/** Unfenced, not shutting down, and the fetch came from the life that is registered (KIP-841, KIP-903). */
export function isIsrEligible(b: BrokerContext, replica: RemoteReplica): boolean {
  const broker = b.state.image.brokers.get(replica.brokerId);
  if (broker === undefined || broker.fenced || broker.inControlledShutdown) return false;
  return replica.brokerEpoch === -1 || replica.brokerEpoch === broker.brokerEpoch;
}

function maybeExpandIsr(b: BrokerContext, p: Partition, replica: RemoteReplica): void {
  if (p.pendingIsr !== null || p.isr.includes(replica.brokerId)) return;
  const end = replica.logEndOffset;
  if (end < p.log.highWatermark || end < p.leaderEpochStartOffset || !isIsrEligible(b, replica)) return;
  const isr = [...p.isr, replica.brokerId];
  b.out.note('isr-expand-proposed', p.topicId, p.index, replica.brokerId, isr.length);
  p.pendingIsr = { kind: 'expand', isr, sent: false };
  sendAlterPartitions(b);
}

/** The periodic look at who has fallen behind; every replica.lag.time.max.ms / 2. */
export function shrinkIsrs(b: BrokerContext): void {
  const maxLagMs = b.state.config.replicaLagTimeMaxMs;
  for (const p of b.state.hosted) {
    if (p.role !== 'leader' || p.pendingIsr !== null) continue;
    const slow = p.remotes.filter(
      (replica) => p.isr.includes(replica.brokerId) && b.rules.isOutOfSync(p, replica, b.step.wallMs, maxLagMs),
    );
    if (slow.length === 0) continue;
    const isr = p.isr.filter((id) => !slow.some((replica) => replica.brokerId === id));
    for (const replica of slow) b.out.note('isr-shrink-proposed', p.topicId, p.index, replica.brokerId, isr.length);
    p.pendingIsr = { kind: 'shrink', isr, sent: false };
  }
  sendAlterPartitions(b);
}

/**
 * Moves the high watermark to the smallest log end offset among the replicas that count; true when it moved. Completes produce
 * requests; parked fetches are the caller's.
 */
export function maybeAdvanceHighWatermark(b: BrokerContext, p: Partition): boolean {
  if (p.isr.length < effectiveMinIsr(p)) return false;
  let highWatermark = p.log.logEndOffset;
  const maxLagMs = b.state.config.replicaLagTimeMaxMs;
  for (const replica of p.remotes) {
    if (replica.logEndOffset >= highWatermark) continue;
    if (b.rules.holdsBackHighWatermark(p, replica, isIsrEligible(b, replica), b.step.wallMs, maxLagMs)) {
      highWatermark = replica.logEndOffset;
    }
  }
  if (highWatermark <= p.log.highWatermark) return false;
  p.log.highWatermark = highWatermark;
  b.out.note('high-watermark-advanced', p.topicId, p.index, highWatermark, p.leaderEpoch);
  completeProduces(b, p);
  return true;
}

/** The ISR is known to have changed: the high watermark may move, and requests that wait for it with it. */
export function isrChanged(b: BrokerContext, p: Partition): void {
  b.out.note('isr-committed', p.topicId, p.index, p.isr.length, p.leaderEpoch);
  if (maybeAdvanceHighWatermark(b, p)) completeFetches(b, p);
  completeProduces(b, p);
}
