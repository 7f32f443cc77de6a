/**
 * What goes from the start of a log: which segments retention takes, and how the log start offset rises. A segment goes as a whole, and
 * only below the high watermark, so that the start never passes it. Source: UnifiedLog.deleteOldSegments, maybeIncrementLogStartOffset.
 *
 * Simplified: a deleted file is gone at once instead of after `file.delete.delay.ms`: nobody reads below the start.
 */
import { assert } from '../../base/assert.ts';
import type { Bytes, Millis, Offset } from '../../base/units.ts';
import type { Out } from '../machine.ts';
import { truncateEpochsFromStart } from './leader-epochs.ts';
import { type FileTable, keepSnapshots, type PartitionLog, rollSegment, type Segment, saveEpochs } from './partition-log.ts';

/** Raises the log start offset; false when it was there already, or the offset is beyond the high watermark. */
export function advanceLogStart(log: PartitionLog, offset: Offset, out: Out): boolean {
  if (offset <= log.logStartOffset || offset > log.highWatermark) return false;
  log.logStartOffset = offset;
  if (truncateEpochsFromStart(log.epochs, offset)) saveEpochs(log, out);
  return true;
}

/** How many segments, oldest first, may go and are `old`. An active one that is empty stays. Source: UnifiedLog.deletableSegments. */
function deletable(log: PartitionLog, old: (segment: Segment, next: Segment | null) => boolean): number {
  const { segments } = log;
  let count = 0;
  for (; count < segments.length; count++) {
    const segment = segments[count]!;
    const next = segments[count + 1] ?? null;
    const endOffset = next === null ? log.logEndOffset : next.baseOffset;
    if (log.highWatermark < endOffset || (next === null && segment.sizeBytes === 0) || !old(segment, next)) break;
  }
  return count;
}

/** Segments that lie below the log start offset as a whole. */
export function segmentsBelowStart(log: PartitionLog): number {
  return deletable(log, (_, next) => next !== null && next.baseOffset <= log.logStartOffset);
}

/** Segments without which the log is still no smaller than `retention.bytes`. */
export function segmentsBeyondSize(log: PartitionLog, retentionBytes: Bytes): number {
  let excess = -retentionBytes;
  for (const { sizeBytes } of log.segments) excess += sizeBytes;
  if (excess < 0) return 0;
  return deletable(log, ({ sizeBytes }) => {
    if (excess < sizeBytes) return false;
    excess -= sizeBytes;
    return true;
  });
}

/** Segments whose youngest record is older than `retention.ms`: a record stays as long as anything of its segment. */
export function segmentsBeyondAge(log: PartitionLog, retentionMs: Millis, nowMs: Millis): number {
  return deletable(log, (segment) => nowMs - largestTimestampMs(segment) > retentionMs);
}

function largestTimestampMs({ batches }: Segment): Millis {
  let largest = -1;
  for (const { maxTimestampMs } of batches) if (maxTimestampMs > largest) largest = maxTimestampMs;
  return largest;
}

/**
 * Deletes the oldest segments, and raises the log start offset to what follows. Where that is all of them a new one begins, and true is
 * returned: what is below it is flushed.
 */
export function deleteSegments(log: PartitionLog, count: number, files: FileTable, out: Out): boolean {
  assert(count >= 1 && count <= log.segments.length, 'segments that exist are deleted');
  const rolled = count === log.segments.length;
  if (rolled) rollSegment(log, files, out);
  const first = log.segments[count]!.baseOffset;
  advanceLogStart(log, first, out);
  for (const segment of log.segments.splice(0, count)) out.delete(segment.file);
  const kept = log.snapshots.filter(({ offset }) => offset >= first);
  if (kept.length < log.snapshots.length) keepSnapshots(log, kept, out);
  return rolled;
}
