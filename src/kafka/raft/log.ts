/**
 * The metadata log of a voter: batches, each of one epoch, appended and truncated whole. Source: KafkaMetadataLog.scala,
 * ReplicatedLog.java.
 *
 * Simplified: no segments and no snapshots.
 */
import { assert } from '../../base/assert.ts';
import type { Offset } from '../../base/units.ts';
import { assignEpoch, endOffsetFor, latestEpoch, truncateEpochsFromEnd } from '../log/leader-epochs.ts';
import { openMetadataFile } from '../log/metadata-file.ts';
import type { RecoveredFile } from '../machine.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import type { OffsetAndEpoch, RaftBatch } from '../protocol/raft-messages.ts';
import { logEnd, type RaftContext, type RaftState } from './state.ts';

export const raftLogName = '__cluster_metadata-0/00000000000000000000.log';
/** Rough size of a metadata record on disk. */
const recordBytes = 100;

/** Reads the log from the disk, up to the first batch that is torn. What it holds counts as flushed: the next append flushes it. */
export function openLog({ raft, out }: RaftContext, recovered: readonly RecoveredFile[]): void {
  const { file } = openMetadataFile(recovered, raftLogName, out, (payload) => {
    take(raft, payload as RaftBatch);
  });
  raft.file = file;
  raft.flushedOffset = raft.endOffset;
}

function take(raft: RaftState, batch: RaftBatch): void {
  assert(batch.baseOffset === raft.endOffset, 'a metadata log has no holes');
  raft.batches.push(batch);
  raft.endOffset += batch.records.length;
  assignEpoch(raft.epochs, batch.epoch, batch.baseOffset);
}

/** Appends, without flushing. */
export function appendBatch({ raft, out }: RaftContext, batch: RaftBatch): void {
  take(raft, batch);
  out.append(raft.file, batch, batch.records.length * recordBytes);
}

/** Makes what is there durable; {@link flushed} says when it is. */
export function flush({ raft, out }: RaftContext): void {
  const token = raft.nextFsyncToken++;
  raft.fsyncs.set(token, raft.endOffset);
  out.fsync([raft.file], token);
}

/** An fsync has ended. One that began before the log was truncated tells nothing. */
export function flushed({ raft }: RaftContext, token: number): void {
  const offset = raft.fsyncs.get(token);
  if (offset === undefined) return;
  raft.fsyncs.delete(token);
  if (offset > raft.flushedOffset) raft.flushedOffset = offset;
}

/** Cuts the log to what it shares with a leader whose epoch `diverging.epoch` ends at `diverging.offset` (truncateToEndOffset). */
export function truncateToEndOffset(r: RaftContext, diverging: OffsetAndEpoch): Offset {
  const { raft } = r;
  const own = endOfEpoch(raft, diverging.epoch);
  const shared = diverging.epoch === 0 || own.epoch === diverging.epoch;
  truncate(r, shared ? Math.min(own.offset, diverging.offset, raft.endOffset) : own.offset);
  return raft.endOffset;
}

function truncate(r: RaftContext, offset: Offset): void {
  const { raft, out } = r;
  if (offset >= raft.endOffset) return;
  while (raft.batches.length > 0 && raft.endOffset > offset) {
    raft.endOffset = raft.batches[raft.batches.length - 1]!.baseOffset;
    raft.batches.pop();
  }
  out.truncate(raft.file, raft.batches.length);
  truncateEpochsFromEnd(raft.epochs, raft.endOffset);
  raft.fsyncs.clear();
  if (raft.flushedOffset > raft.endOffset) raft.flushedOffset = raft.endOffset;
  else if (raft.flushedOffset < raft.endOffset) flush(r);
}

/** The largest epoch up to the one asked for, and where it ends (KafkaMetadataLog.endOffsetForEpoch). */
function endOfEpoch(raft: RaftState, epoch: number): OffsetAndEpoch {
  const { epoch: found, endOffset } = endOffsetFor(raft.epochs, epoch, raft.endOffset);
  return endOffset < 0 ? logEnd(raft) : { epoch: found, offset: endOffset };
}

/** Where the log of a replica that is at this end parts from this one, null where it does not (validateOffsetAndEpoch). */
export function divergence(raft: RaftState, { offset, epoch }: OffsetAndEpoch): OffsetAndEpoch | null {
  if (offset === 0) return null;
  const own = endOfEpoch(raft, epoch);
  return own.epoch !== epoch || own.offset < offset ? own : null;
}

/** Batches from an offset on, which is where one of them begins. */
export function batchesFrom({ batches }: RaftState, offset: Offset): readonly RaftBatch[] {
  let first = batches.length;
  while (first > 0 && batches[first - 1]!.baseOffset >= offset) first--;
  return batches.slice(first);
}

/** Records between two offsets. */
export function recordsBetween({ batches }: RaftState, from: Offset, to: Offset): MetadataRecord[] {
  const found: MetadataRecord[] = [];
  for (const { baseOffset, records } of batches) {
    for (let i = Math.max(0, from - baseOffset); i < records.length && baseOffset + i < to; i++) found.push(records[i]!);
  }
  return found;
}

/** Whether a log that ends so is at least as good as this one: what a vote depends on. */
export function isUpToDate(raft: RaftState, { offset, epoch }: OffsetAndEpoch): boolean {
  const own = latestEpoch(raft.epochs) < 0 ? 0 : latestEpoch(raft.epochs);
  return epoch > own || (epoch === own && offset >= raft.endOffset);
}
