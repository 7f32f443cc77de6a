/**
 * When a broker fsyncs, and its checkpoints. By default an append is never followed by an fsync: only `flush.messages`, `flush.ms`,
 * the roll of a segment and an orderly stop cause one. Source: UnifiedLog.append/flush, LogManager.scala,
 * ReplicaManager.checkpointHighWatermarks.
 */
import type { Offset } from '../../base/units.ts';
import { dirtyFiles, type PartitionLog } from '../log/partition-log.ts';
import { highWatermarkCheckpoint, type OffsetCheckpoint, recoveryPointCheckpoint } from '../log/recovery.ts';
import type { BrokerContext } from './context.ts';
import { BrokerTimer, type DelayedProduce, type Partition, type PendingFsync } from './state.ts';

/**
 * `flush.messages`: once that many records are not flushed, the append itself flushes. True when the produce request has to wait
 * for it. A fetch that arrives meanwhile does not: the log end offset has moved already.
 */
export function flushAfterAppend(b: BrokerContext, p: Partition, produce: DelayedProduce | null): boolean {
  if (p.log.logEndOffset - p.log.flushingUpTo < p.config.flushMessages) return false;
  startFlush(b, p, p.log.logEndOffset, produce, produce === null ? 'follower' : 'produce');
  return true;
}

/** A rolled segment is flushed in the background, and with it everything below the new one. */
export function flushRolled(b: BrokerContext, p: Partition): void {
  const active = p.log.segments[p.log.segments.length - 1]!;
  const files = dirtyFiles(p.log).filter((file) => file !== active.file);
  begin(b, p, active.baseOffset, files, null, 'roll');
}

function startFlush(
  b: BrokerContext,
  p: Partition,
  upTo: Offset,
  produce: DelayedProduce | null,
  purpose: PendingFsync['purpose'],
): void {
  begin(b, p, upTo, dirtyFiles(p.log), produce, purpose);
}

function begin(
  b: BrokerContext,
  p: Partition,
  upTo: Offset,
  files: readonly number[],
  produce: DelayedProduce | null,
  purpose: PendingFsync['purpose'],
): void {
  const token = b.state.nextFsyncToken++;
  b.state.fsyncs.set(token, { partition: p, from: p.log.flushingUpTo, upTo, produce, purpose });
  if (upTo > p.log.flushingUpTo) p.log.flushingUpTo = upTo;
  b.out.fsync(files, token);
}

/** An fsync is done: the recovery point moves. Returns what it was for, so that whoever waited goes on; null when nobody knows it. */
export function flushed(b: BrokerContext, token: number): PendingFsync | null {
  const pending = b.state.fsyncs.get(token);
  if (pending === undefined) return null;
  b.state.fsyncs.delete(token);
  const p = pending.partition;
  if (p !== null) {
    const log: PartitionLog = p.log;
    const upTo = Math.min(pending.upTo, log.logEndOffset);
    if (upTo > log.recoveryPoint) log.recoveryPoint = upTo;
    p.lastFlushedMs = b.step.wallMs;
    b.out.note('log-flushed', p.topicId, p.index, log.recoveryPoint, 0);
  }
  return pending;
}

/** The only log directory failed: Kafka's broker halts (LogManager.handleLogDirFailure, Exit.halt). */
export function onIoFailed(b: BrokerContext): void {
  b.out.note('log-directory-failed');
  b.state.life = 'stopped';
  b.out.halt();
}

/** Starts the flush of everything for an orderly stop; false when there is nothing to flush. */
export function flushForShutdown(b: BrokerContext): boolean {
  let any = false;
  for (const p of b.state.hosted) {
    if (p.log.recoveryPoint >= p.log.logEndOffset) continue;
    startFlush(b, p, p.log.logEndOffset, null, 'shutdown');
    any = true;
  }
  return any;
}

/** Something that an orderly stop waits for is still being flushed. */
export function flushesForShutdown(b: BrokerContext): boolean {
  for (const pending of b.state.fsyncs.values()) if (pending.purpose === 'shutdown') return true;
  return false;
}

/** log.flush.scheduler.interval.ms: flushes logs whose `flush.ms` is over. */
export function onFlushTimer(b: BrokerContext): void {
  for (const p of b.state.hosted) {
    if (p.log.flushingUpTo >= p.log.logEndOffset) continue;
    if (b.step.wallMs - p.lastFlushedMs >= p.config.flushMs) startFlush(b, p, p.log.logEndOffset, null, 'interval');
  }
  b.out.setTimer(BrokerTimer.flush, b.state.config.logFlushSchedulerIntervalMs * 1000);
}

/** Writes the high watermarks, synchronously durable. */
export function checkpointHighWatermarks(b: BrokerContext): void {
  b.out.replace(
    highWatermarkCheckpoint,
    offsets(b, (log) => log.highWatermark),
  );
}

/** Writes the recovery points, synchronously durable. */
export function checkpointRecoveryPoints(b: BrokerContext): void {
  b.out.replace(
    recoveryPointCheckpoint,
    offsets(b, (log) => log.recoveryPoint),
  );
}

function offsets(b: BrokerContext, of: (log: PartitionLog) => Offset): OffsetCheckpoint {
  const checkpoint: Record<string, Offset> = {};
  for (const p of b.state.hosted) checkpoint[p.log.directory] = of(p.log);
  for (const log of b.state.loadedLogs.values()) checkpoint[log.directory] = of(log);
  return checkpoint;
}
