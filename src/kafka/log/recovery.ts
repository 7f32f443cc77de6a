/**
 * Loading logs when a broker starts. After an unclean stop every segment from the recovery point's on is scanned: the file is cut at
 * the first batch whose checksum fails, and later segments are deleted. After a clean stop nothing is scanned. A suffix that is
 * simply missing cannot be noticed. Source: LogManager.loadLogs, LogLoader.java, LogSegment.recover.
 */

import { emptyList } from '../../base/lists.ts';
import type { Offset } from '../../base/units.ts';
import type { Out, RecoveredFile } from '../machine.ts';
import { RecordBatch, RottenBatch } from '../protocol/records.ts';
import { assignEpoch, type EpochEntry, truncateEpochsFromEnd, truncateEpochsFromStart } from './leader-epochs.ts';
import { epochCheckpointName } from './names.ts';
import { createLog, type FileTable, type PartitionLog, rebuildProducers, restartLog, type Segment } from './partition-log.ts';
import { type ProducerSnapshot, producerSnapshotsName } from './producer-state.ts';

export const highWatermarkCheckpoint = 'replication-offset-checkpoint';
export const recoveryPointCheckpoint = 'recovery-point-offset-checkpoint';
export const logStartCheckpoint = 'log-start-offset-checkpoint';
export const cleanShutdownMarker = '.kafka_cleanshutdown';

/** Offsets by directory, as checkpoint files hold them. */
export type OffsetCheckpoint = Readonly<Record<string, Offset>>;

/** A log as it was loaded, and how many batches recovery had to drop. */
export interface LoadedLog {
  readonly log: PartitionLog;
  readonly batchesDropped: number;
}

/** Loads every log found on the disk. `clean`: the marker of an orderly stop was there. */
export function loadLogs(recovered: readonly RecoveredFile[], clean: boolean, files: FileTable, out: Out): LoadedLog[] {
  if (recovered.length === 0) return [];
  const small = new Map<string, unknown>();
  const byDirectory = new Map<string, { baseOffset: Offset; file: RecoveredFile }[]>();
  for (const file of recovered) {
    if (file.file < 0) {
      const [only] = file.extents;
      if (only?.intact === true) small.set(file.name, only.payload);
      continue;
    }
    if (file.file >= files.nextFile) files.nextFile = file.file + 1;
    const slash = file.name.lastIndexOf('/');
    const directory = file.name.slice(0, slash);
    const segments = byDirectory.get(directory) ?? [];
    segments.push({ baseOffset: Number(file.name.slice(slash + 1, -4)), file });
    byDirectory.set(directory, segments);
  }
  const highWatermarks = offsetsIn(small.get(highWatermarkCheckpoint));
  const recoveryPoints = offsetsIn(small.get(recoveryPointCheckpoint));
  const logStarts = offsetsIn(small.get(logStartCheckpoint));
  const loaded: LoadedLog[] = [];
  for (const [directory, segmentFiles] of byDirectory) {
    segmentFiles.sort((a, b) => a.baseOffset - b.baseOffset);
    const epochs = listIn<EpochEntry>(small.get(epochCheckpointName(directory))).slice();
    const snapshots = listIn<ProducerSnapshot>(small.get(producerSnapshotsName(directory)));
    const checkpoints = {
      highWatermark: highWatermarks[directory] ?? 0,
      recoveryPoint: recoveryPoints[directory] ?? 0,
      logStartOffset: logStarts[directory] ?? 0,
    };
    loaded.push(loadLog(directory, segmentFiles, epochs, snapshots, checkpoints, clean, files, out));
  }
  return loaded;
}

/** A checkpoint that cannot be read says nothing: everything counts from 0 then (LogManager.loadLogs). */
function offsetsIn(payload: unknown): OffsetCheckpoint {
  return typeof payload === 'object' && payload !== null ? (payload as OffsetCheckpoint) : {};
}

function listIn<T>(payload: unknown): readonly T[] {
  return Array.isArray(payload) ? payload : [];
}

/** What the checkpoints say of one log; 0 where they say nothing. */
interface Checkpoints {
  readonly highWatermark: Offset;
  readonly recoveryPoint: Offset;
  readonly logStartOffset: Offset;
}

/**
 * The batch that an extent is taken for, null for none. Of one that is scanned the checksum is looked at; of any other the header alone,
 * and whoever reads it later meets what has gone bad. A torn one has no room for its header's length; it lies above the recovery point,
 * because fsync made the rest whole, unless the disk had lied.
 */
function readable({ payload, intact, rotten }: RecoveredFile['extents'][0], isScanned: boolean): RecordBatch | null {
  if (intact) return payload as RecordBatch;
  return rotten === true && !isScanned && payload instanceof RecordBatch ? new RottenBatch(payload) : null;
}

function loadLog(
  directory: string,
  segmentFiles: readonly { baseOffset: Offset; file: RecoveredFile }[],
  epochs: EpochEntry[],
  snapshots: readonly ProducerSnapshot[],
  { highWatermark, recoveryPoint, logStartOffset: logStartCheckpointed }: Checkpoints,
  clean: boolean,
  files: FileTable,
  out: Out,
): LoadedLog {
  const segments: Segment[] = [];
  let end: Offset = segmentFiles[0]!.baseOffset;
  let batchesDropped = 0;
  let cut = false;
  for (const [i, { baseOffset, file }] of segmentFiles.entries()) {
    // From the segment that holds the recovery point on (LogSegments.values(recoveryPoint, …)).
    const isScanned = !clean && (segmentFiles[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY) > recoveryPoint;
    // A gap between segments: the file before it lost its end (after a clean stop only if the disk lied). Kafka would not notice, and go
    // on with a hole in the log; here the log ends at the hole.
    if (cut || baseOffset > end) {
      cut = true;
      batchesDropped += file.extents.length;
      out.delete(file.file);
      continue;
    }
    const segment: Segment = { baseOffset, file: file.file, batches: emptyList(), sizeBytes: 0 };
    for (const extent of file.extents) {
      const batch = readable(extent, isScanned);
      // Nothing is believed from the first batch on that is torn, or does not follow the one before it.
      if (batch === null || batch.baseOffset !== end) {
        cut = true;
        batchesDropped += file.extents.length - segment.batches.length;
        out.truncate(file.file, segment.batches.length);
        break;
      }
      segment.batches.push(batch);
      segment.sizeBytes += batch.sizeBytes;
      end = batch.endOffset;
    }
    segments.push(segment);
  }
  if (segments.length === 0) return { log: createLog(directory, files, out), batchesDropped };
  truncateEpochsFromEnd(epochs, end);
  for (const segment of segments) {
    for (const batch of segment.batches) {
      if (epochs.length === 0 || batch.partitionLeaderEpoch > epochs[epochs.length - 1]!.epoch) {
        assignEpoch(epochs, batch.partitionLeaderEpoch, batch.baseOffset);
      }
    }
  }
  // The start rises in memory first and is written once a minute: after a crash it may be lower again.
  const logStartOffset = Math.max(segments[0]!.baseOffset, Math.min(logStartCheckpointed, end));
  truncateEpochsFromStart(epochs, logStartOffset);
  const log: PartitionLog = {
    directory,
    segments,
    logStartOffset,
    logEndOffset: end,
    highWatermark: Math.max(logStartOffset, Math.min(highWatermark, end)),
    recoveryPoint: clean ? end : Math.min(recoveryPoint, end),
    flushingUpTo: 0,
    epochs,
    producers: new Map(),
    snapshots: snapshots.filter(({ offset }) => offset <= end),
    rollJitterMs: 0,
  };
  log.flushingUpTo = log.recoveryPoint;
  // LogLoader.deleteSegmentsIfLogStartGreaterThanLogEnd: files are gone that the checkpoint counts on.
  if (end < logStartCheckpointed) restartLog(log, logStartCheckpointed, files, out);
  else rebuildProducers(log);
  return { log, batchesDropped };
}
