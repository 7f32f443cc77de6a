/**
 * The leader's side of replication: what it learns of a follower from where it fetches. Source: Partition.updateFollowerFetchState,
 * Replica.scala.
 */
import type { Offset } from '../../base/units.ts';
import type { BrokerContext } from './context.ts';
import { completeDeleteRecords } from './handlers/delete-records.ts';
import { maybeAdvanceHighWatermark } from './high-watermark.ts';
import { maybeExpandIsr } from './isr.ts';
import { completeFetches } from './purgatory.ts';
import type { Partition } from './state.ts';

/** A follower fetched at `fetchOffset`: it has everything below. */
export function updateFollowerState(
  b: BrokerContext,
  p: Partition,
  brokerId: number,
  brokerEpoch: number,
  fetchOffset: Offset,
  logStartOffset: Offset,
): void {
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
  replica.logStartOffset = logStartOffset;
  replica.brokerEpoch = brokerEpoch;
  maybeExpandIsr(b, p, replica);
  if (b.state.delayedDeleteRecords.length > 0) completeDeleteRecords(b);
  if (before !== fetchOffset && maybeAdvanceHighWatermark(b, p)) completeFetches(b, p);
}
