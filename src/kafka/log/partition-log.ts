/**
 * The log of one replica: segments of immutable batches, log end offset, high watermark, recovery point, leader epoch cache and
 * producer state. It is in memory what the files are on disk; every change says its file effect through {@link Out}.
 * Source: UnifiedLog.scala, LocalLog.scala, LogSegment.java.
 *
 * What goes from its start is in `log-start.ts`. Left out: compaction, indexes (look-ups are exact).
 */

import { assert } from '../../base/assert.ts';
import { emptyList } from '../../base/lists.ts';
import { type Bytes, type Millis, NEVER, type Offset } from '../../base/units.ts';
import type { FileId, Out } from '../machine.ts';
import type { RecordBatch } from '../protocol/records.ts';
import { assignEpoch, type EpochEntry, truncateEpochsFromEnd } from './leader-epochs.ts';
import { epochCheckpointName, segmentFileName } from './names.ts';
import {
  type ProducerSnapshot,
  type ProducerStates,
  producerSnapshotsName,
  restoreProducers,
  snapshotOf,
  updateProducerState,
} from './producer-state.ts';

export interface Segment {
  readonly baseOffset: Offset;
  readonly file: FileId;
  readonly batches: RecordBatch[];
  sizeBytes: Bytes;
}

export interface PartitionLog {
  /** Name of its directory, `orders-0`. */
  readonly directory: string;
  /** Oldest first; the last one is active. */
  readonly segments: Segment[];
  logStartOffset: Offset;
  logEndOffset: Offset;
  highWatermark: Offset;
  /** First offset that is not known to be on the platter. */
  recoveryPoint: Offset;
  /** Where flushes that are under way will bring the recovery point. */
  flushingUpTo: Offset;
  readonly epochs: EpochEntry[];
  readonly producers: ProducerStates;
  /** What was known of producers where segments begin, oldest first; none where a segment begins with nothing known. */
  snapshots: readonly ProducerSnapshot[];
  /** By how much `segment.ms` is shortened for the active segment (`segment.jitter.ms`). */
  rollJitterMs: Millis;
}

/** Hands out file handles; part of the broker's state. */
export interface FileTable {
  nextFile: FileId;
}

/** A new, empty log with its first segment. */
export function createLog(directory: string, files: FileTable, out: Out, startOffset: Offset = 0): PartitionLog {
  const log: PartitionLog = {
    directory,
    segments: [],
    logStartOffset: startOffset,
    logEndOffset: startOffset,
    highWatermark: startOffset,
    recoveryPoint: startOffset,
    flushingUpTo: startOffset,
    epochs: [],
    producers: new Map(),
    snapshots: noSnapshots,
    rollJitterMs: 0,
  };
  addSegment(log, startOffset, files, out);
  return log;
}

const noSnapshots: readonly ProducerSnapshot[] = [];

/** Begins a new active segment at the log end offset, and keeps what is known of producers there. */
export function rollSegment(log: PartitionLog, files: FileTable, out: Out): Segment {
  const segment = addSegment(log, log.logEndOffset, files, out);
  if (log.producers.size > 0) keepSnapshots(log, [...log.snapshots, snapshotOf(log.logEndOffset, log.producers)], out);
  return segment;
}

/** Writes the snapshots of a log; Kafka has a file for each. */
export function keepSnapshots(log: PartitionLog, snapshots: readonly ProducerSnapshot[], out: Out): void {
  log.snapshots = snapshots;
  out.replace(producerSnapshotsName(log.directory), snapshots);
}

function addSegment(log: PartitionLog, baseOffset: Offset, files: FileTable, out: Out): Segment {
  const file = files.nextFile++;
  const segment: Segment = { baseOffset, file, batches: emptyList(), sizeBytes: 0 };
  log.segments.push(segment);
  out.create(file, segmentFileName(log.directory, baseOffset));
  return segment;
}

/**
 * Appends a stamped batch. Returns true when a segment was rolled, so that the caller flushes what is below the new one: it would
 * have become too large, or the batch is `segmentMs` younger than its first one (LogSegment.shouldRoll).
 */
export function appendBatch(
  log: PartitionLog,
  batch: RecordBatch,
  segmentBytes: Bytes,
  files: FileTable,
  out: Out,
  segmentMs: Millis = NEVER,
): boolean {
  assert(batch.baseOffset === log.logEndOffset, 'a batch is appended at the log end offset');
  let active = log.segments[log.segments.length - 1]!;
  let rolled = false;
  if (active.sizeBytes > 0) {
    const isFull = active.sizeBytes + batch.sizeBytes > segmentBytes;
    if (isFull || batch.maxTimestampMs - active.batches[0]!.maxTimestampMs > segmentMs - log.rollJitterMs) {
      active = rollSegment(log, files, out);
      rolled = true;
    }
  }
  if (assignEpoch(log.epochs, batch.partitionLeaderEpoch, batch.baseOffset)) saveEpochs(log, out);
  active.batches.push(batch);
  active.sizeBytes += batch.sizeBytes;
  log.logEndOffset = batch.endOffset;
  out.append(active.file, batch, batch.sizeBytes);
  updateProducerState(log.producers, batch);
  return rolled;
}

/** Writes the leader epoch checkpoint: synchronously durable, as Kafka does on assignment. */
export function saveEpochs(log: PartitionLog, out: Out): void {
  out.replace(epochCheckpointName(log.directory), log.epochs.slice());
}

/**
 * Removes everything from `offset` on. A batch that straddles the offset goes as a whole. The epoch cache is cut even when the log
 * is not (KAFKA-10706); the high watermark may go back. Nothing is left of a log that begins above the offset, nor of its start.
 */
export function truncateLog(log: PartitionLog, offset: Offset, files: FileTable, out: Out): void {
  if (log.segments[0]!.baseOffset > offset) {
    restartLog(log, offset, files, out);
    return;
  }
  let end = offset;
  while (log.segments.length > 0) {
    const segment = log.segments[log.segments.length - 1]!;
    let keep = segment.batches.length;
    while (keep > 0 && segment.batches[keep - 1]!.endOffset > offset) keep--;
    if (keep < segment.batches.length) {
      const first = segment.batches[keep]!;
      if (first.baseOffset < end) end = first.baseOffset;
      for (let i = keep; i < segment.batches.length; i++) segment.sizeBytes -= segment.batches[i]!.sizeBytes;
      segment.batches.length = keep;
      out.truncate(segment.file, keep);
    }
    if (keep > 0 || segment.baseOffset <= offset || log.segments.length === 1) break;
    out.delete(segment.file);
    log.segments.pop();
  }
  if (log.segments.length === 0) addSegment(log, end, files, out);
  if (end < log.logEndOffset) {
    log.logEndOffset = end;
    if (log.logStartOffset > end) log.logStartOffset = end;
    const kept = log.snapshots.filter((snapshot) => snapshot.offset <= end);
    if (kept.length < log.snapshots.length) keepSnapshots(log, kept, out);
    rebuildProducers(log);
  }
  if (log.highWatermark > log.logEndOffset) log.highWatermark = log.logEndOffset;
  if (log.recoveryPoint > log.logEndOffset) log.recoveryPoint = log.logEndOffset;
  if (log.flushingUpTo > log.logEndOffset) log.flushingUpTo = log.logEndOffset;
  if (truncateEpochsFromEnd(log.epochs, Math.min(offset, log.logEndOffset))) saveEpochs(log, out);
}

/** The replica is no more: all its segments go, and the epochs with them. */
export function deleteLog(log: PartitionLog, out: Out): void {
  for (const { file } of log.segments) out.delete(file);
  out.replace(epochCheckpointName(log.directory), []);
}

/** Deletes everything, and begins again at an offset with nothing known. Source: UnifiedLog.truncateFullyAndStartAt. */
export function restartLog(log: PartitionLog, offset: Offset, files: FileTable, out: Out): void {
  for (const segment of log.segments) out.delete(segment.file);
  log.segments.length = 0;
  addSegment(log, offset, files, out);
  log.epochs.length = 0;
  saveEpochs(log, out);
  log.producers.clear();
  if (log.snapshots.length > 0) keepSnapshots(log, noSnapshots, out);
  log.logStartOffset = offset;
  log.logEndOffset = offset;
  log.highWatermark = offset;
  if (log.recoveryPoint > offset) log.recoveryPoint = offset;
  if (log.flushingUpTo > offset) log.flushingUpTo = offset;
}

/**
 * Producer state as the remaining log has it, with what was known where it begins. Kafka reloads the newest snapshot and replays from
 * there; before anything was deleted from the start the result is the same.
 */
export function rebuildProducers(log: PartitionLog): void {
  log.producers.clear();
  const first = log.snapshots[0];
  if (first !== undefined && first.offset <= log.segments[0]!.baseOffset) restoreProducers(log.producers, first);
  for (const segment of log.segments) for (const batch of segment.batches) updateProducerState(log.producers, batch);
}

const nothing: readonly RecordBatch[] = [];

/**
 * The batches from the one that holds `from` up to `endOffset` (exclusive), at most `maxBytes` but always one. Empty when `from`
 * is at or beyond `endOffset`.
 */
export function readBatches(log: PartitionLog, from: Offset, endOffset: Offset, maxBytes: Bytes): readonly RecordBatch[] {
  if (from >= endOffset) return nothing;
  const active = log.segments[log.segments.length - 1]!.batches;
  const newest = active.length === 0 ? null : active[active.length - 1]!;
  // Most reads find the one batch that was just appended.
  if (newest !== null && newest.baseOffset === from && newest.endOffset === endOffset) return [newest];
  const first = segmentIndex(log, from);
  const start = batchIndex(log.segments[first]!.batches, from);
  const head = log.segments[first]!.batches[start];
  if (head !== undefined && head.endOffset === endOffset) return [head];
  const read: RecordBatch[] = [];
  let bytes = 0;
  for (let s = first; s < log.segments.length; s++) {
    const batches = log.segments[s]!.batches;
    for (let i = s === first ? start : 0; i < batches.length; i++) {
      const batch = batches[i]!;
      if (batch.endOffset > endOffset) return read;
      if (read.length > 0 && bytes + batch.sizeBytes > maxBytes) return read;
      read.push(batch);
      bytes += batch.sizeBytes;
    }
  }
  return read;
}

function segmentIndex(log: PartitionLog, offset: Offset): number {
  let i = log.segments.length - 1;
  while (i > 0 && log.segments[i]!.baseOffset > offset) i--;
  return i;
}

/** First batch that ends beyond `offset`. */
function batchIndex(batches: readonly RecordBatch[], offset: Offset): number {
  let low = 0;
  let high = batches.length;
  if (high > 0 && batches[high - 1]!.baseOffset === offset) return high - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (batches[middle]!.endOffset > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The batch that holds `offset`, or null. */
export function batchAt(log: PartitionLog, offset: Offset): RecordBatch | null {
  const active = log.segments[log.segments.length - 1]!.batches;
  const newest = active.length === 0 ? null : active[active.length - 1]!;
  // Asked for most is what was just appended.
  if (newest !== null && newest.baseOffset === offset) return newest;
  const batches = log.segments[segmentIndex(log, offset)]!.batches;
  const batch = batches[batchIndex(batches, offset)];
  return batch !== undefined && batch.baseOffset <= offset ? batch : null;
}

/** Files that hold something at or above the recovery point. */
export function dirtyFiles(log: PartitionLog): FileId[] {
  const files: FileId[] = [];
  for (let i = log.segments.length - 1; i >= 0; i--) {
    const segment = log.segments[i]!;
    files.push(segment.file);
    if (segment.baseOffset <= log.recoveryPoint) break;
  }
  return files;
}
