/**
 * What a broker does about the start of its logs: it deletes old segments now and then, checkpoints the log start offsets, and gives
 * each new segment its jitter. Leaders and followers delete on their own, each by its own segments; and a follower's start is never below
 * its leader's. Source: LogManager.cleanupLogs, UnifiedLog.deleteOldSegments, LogManager.checkpointLogStartOffsets.
 *
 * The timers are set when the first log needs them: for others a tick would find nothing to do. `retention.ms` as it is by default is
 * longer than any run.
 */
import type { Offset } from '../../base/units.ts';
import { advanceLogStart, deleteSegments, segmentsBelowStart, segmentsBeyondAge, segmentsBeyondSize } from '../log/log-start.ts';
import { logStartCheckpoint } from '../log/recovery.ts';
import { LogStartReason } from '../notes.ts';
import { offsetsTopic } from '../protocol/coordinator-records.ts';
import type { BrokerContext } from './context.ts';
import { flushRolled } from './flush.ts';
import { BrokerTimer, type Partition } from './state.ts';

/** `retention.ms` by default. */
const weekMs = 604800000;

/** The topic's policy deletes what is old. `__consumer_offsets` is compacted, whatever brokers say of other topics. */
export function deletesOldRecords(p: Partition): boolean {
  return p.topic !== offsetsTopic && p.config.cleanupPolicy.split(',').some((policy) => policy.trim() === 'delete');
}

/** This broker has a replica of a partition: from now on there may be something to delete. */
export function watchRetention(b: BrokerContext, p: Partition): void {
  const { retentionMs, retentionBytes } = p.config;
  const mayDelete = deletesOldRecords(p) && (retentionBytes >= 0 || (retentionMs >= 0 && retentionMs < weekMs));
  if (mayDelete) armRetention(b);
  if (p.log.logStartOffset > p.log.segments[0]!.baseOffset) startRose(b);
  drawRollJitter(b, p);
}

function armRetention(b: BrokerContext): void {
  if (b.state.retentionArmed) return;
  b.state.retentionArmed = true;
  b.out.setTimer(BrokerTimer.retention, b.state.config.logInitialTaskDelayMs * 1000);
}

/** log.retention.check.interval.ms: looks through all logs. */
export function onRetentionTimer(b: BrokerContext): void {
  for (const p of b.state.hosted) deleteOldSegments(b, p);
  b.out.setTimer(BrokerTimer.retention, b.state.config.logRetentionCheckIntervalMs * 1000);
}

function deleteOldSegments(b: BrokerContext, p: Partition): void {
  const { log, config } = p;
  remove(b, p, segmentsBelowStart(log), LogStartReason.deletedRecords);
  if (!deletesOldRecords(p)) return;
  if (config.retentionBytes >= 0) remove(b, p, segmentsBeyondSize(log, config.retentionBytes), LogStartReason.retentionBytes);
  if (config.retentionMs >= 0)
    remove(b, p, segmentsBeyondAge(log, config.retentionMs, b.step.wallMs), LogStartReason.retentionMs);
}

function remove(b: BrokerContext, p: Partition, segments: number, reason: LogStartReason): void {
  if (segments === 0) return;
  const { log } = p;
  const before = log.logStartOffset;
  if (deleteSegments(log, segments, b.state.files, b.out)) segmentRolled(b, p);
  if (log.logStartOffset > before) b.out.note('log-start-advanced', p.topicId, p.index, log.logStartOffset, reason);
}

/** A segment was rolled: what lies below it is flushed, and the new one gets its own jitter. */
export function segmentRolled(b: BrokerContext, p: Partition): void {
  flushRolled(b, p);
  drawRollJitter(b, p);
}

function drawRollJitter(b: BrokerContext, p: Partition): void {
  const most = Math.min(p.config.segmentJitterMs, p.config.segmentMs);
  if (most === 0) return;
  const { choices } = b.step;
  const { directory, segments } = p.log;
  const { baseOffset } = segments[segments.length - 1]!;
  p.log.rollJitterMs = choices.below(choices.site(`segment jitter broker-${b.state.id} ${directory}`), baseOffset, most);
}

/**
 * Raises the log start offset for another reason than retention; false when it was there already, or the offset is beyond the high
 * watermark. The files below it go when the broker next looks.
 */
export function raiseLogStart(b: BrokerContext, p: Partition, offset: Offset, reason: LogStartReason): boolean {
  if (!advanceLogStart(p.log, offset, b.out)) return false;
  b.out.note('log-start-advanced', p.topicId, p.index, offset, reason);
  startRose(b);
  return true;
}

/** A log starts in the midst of a segment: where is known in memory alone until the checkpoint is written. */
function startRose(b: BrokerContext): void {
  armRetention(b);
  if (b.state.logStartCheckpointArmed) return;
  b.state.logStartCheckpointArmed = true;
  b.out.setTimer(BrokerTimer.logStartCheckpoint, b.state.config.logFlushStartOffsetCheckpointIntervalMs * 1000);
}

/** log.flush.start.offset.checkpoint.interval.ms. */
export function onLogStartCheckpointTimer(b: BrokerContext): void {
  checkpointLogStarts(b);
  b.out.setTimer(BrokerTimer.logStartCheckpoint, b.state.config.logFlushStartOffsetCheckpointIntervalMs * 1000);
}

/** Writes the log start offsets that the names of files do not tell, synchronously durable. */
export function checkpointLogStarts(b: BrokerContext): void {
  if (!b.state.logStartCheckpointArmed) return;
  const checkpoint: Record<string, Offset> = {};
  for (const { log } of b.state.hosted) {
    if (log.logStartOffset > log.segments[0]!.baseOffset) checkpoint[log.directory] = log.logStartOffset;
  }
  b.out.replace(logStartCheckpoint, checkpoint);
}
