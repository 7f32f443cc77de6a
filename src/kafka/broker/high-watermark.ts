/**
 * The leader's high watermark: the smallest log end offset among the replicas that count. Source: Partition.maybeIncrementLeaderHW,
 * KIP-497 (maximal ISR), KIP-841 and KIP-903 (who is eligible), KIP-966 part 1 (it stands still below min.insync.replicas, from 3.7).
 */
import type { Offset } from '../../base/units.ts';
import { type BrokerContext, effectiveMinIsr, registeredBroker } from './context.ts';
import { completeProduces } from './purgatory.ts';
import type { Partition, RemoteReplica } from './state.ts';

/**
 * Unfenced, not shutting down, and the fetch came from the life that is registered (KIP-841, KIP-903). With ZooKeeper metadata tells no
 * epochs (-1), so that whoever is alive will do (Partition.isReplicaIsrEligible).
 */
export function isIsrEligible(b: BrokerContext, replica: RemoteReplica): boolean {
  const broker = registeredBroker(b, replica.brokerId);
  if (broker === undefined || broker.fenced || broker.inControlledShutdown) return false;
  if (!b.rules.tellsLivesApart()) return true;
  return replica.brokerEpoch === -1 || replica.brokerEpoch === broker.brokerEpoch || broker.brokerEpoch === -1;
}

/**
 * Where an append that flushes (`flush.messages`) began, if one is under way: it holds the log's lock, which the high watermark
 * needs as well (UnifiedLog.append, maybeIncrementHighWatermark).
 */
function flushedInAppend(b: BrokerContext, p: Partition): Offset {
  let offset = p.log.logEndOffset;
  for (const { partition, purpose, from } of b.state.fsyncs.values()) {
    if (partition === p && purpose === 'produce' && from < offset) offset = from;
  }
  return offset;
}

/**
 * Moves the high watermark to the smallest log end offset among the replicas that count; true when it moved. Completes produce
 * requests; parked fetches are the caller's.
 */
export function maybeAdvanceHighWatermark(b: BrokerContext, p: Partition): boolean {
  if (p.isr.length < effectiveMinIsr(p)) return false;
  let highWatermark = p.log.logEndOffset;
  const maxLagMs = b.state.config.replicaLagTimeMaxMs;
  if (b.state.fsyncs.size > 0) highWatermark = Math.min(highWatermark, flushedInAppend(b, p));
  const { remotes } = p;
  for (let i = 0; i < remotes.length; i++) {
    const replica = remotes[i]!;
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
