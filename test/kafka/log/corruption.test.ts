/**
 * What recovery makes of files that have gone bad: nothing is invented, nothing throws, and what is scanned is not what is believed.
 * Sources: LogLoader.recoverLog, LogSegment.recover, LogLoaderTest.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochCheckpointName } from '../../../src/kafka/log/names.ts';
import { appendBatch, createLog, type FileTable } from '../../../src/kafka/log/partition-log.ts';
import { producerSnapshotsName } from '../../../src/kafka/log/producer-state.ts';
import {
  highWatermarkCheckpoint,
  type LoadedLog,
  loadLogs,
  logStartCheckpoint,
  recoveryPointCheckpoint,
} from '../../../src/kafka/log/recovery.ts';
import type { RecoveredFile } from '../../../src/kafka/machine.ts';
import type { RecordBatch } from '../../../src/kafka/protocol/records.ts';
import { batch } from '../batches.ts';
import { RecordingOut } from '../recording-out.ts';

type Extent = RecoveredFile['extents'][0];

/** Three segments of four batches with one record each; the first two are below the recovery point. */
function written(): { readonly files: RecoveredFile[]; readonly batches: RecordBatch[] } {
  const out = new RecordingOut();
  const files: FileTable = { nextFile: 0 };
  const log = createLog('orders-0', files, out);
  for (let i = 0; i < 12; i++) {
    const next = batch({ bytes: 250, producerId: 7, sequence: i }).stamped(log.logEndOffset, Math.floor(i / 5));
    appendBatch(log, next, 1000, files, out);
  }
  out.replace(recoveryPointCheckpoint, { 'orders-0': 8 });
  out.replace(highWatermarkCheckpoint, { 'orders-0': 12 });
  return { files: out.recovered(), batches: log.segments.flatMap(({ batches }) => batches) };
}

function diskOf(files: readonly RecoveredFile[]): RecordingOut {
  const out = new RecordingOut();
  out.load(files.filter(({ file }) => file >= 0));
  return out;
}

function load(files: readonly RecoveredFile[], clean: boolean): LoadedLog {
  return loadLogs(files, clean, { nextFile: 0 }, diskOf(files))[0]!;
}

/** The files with one extent of a segment changed. */
function changed(files: readonly RecoveredFile[], segment: number, at: number, change: Partial<Extent>): RecoveredFile[] {
  return files.map((file) =>
    file.file === segment
      ? { ...file, extents: file.extents.map((extent, i) => (i === at ? { ...extent, ...change } : extent)) }
      : file,
  );
}

const rotten = { intact: false, rotten: true };

describe('a rotten batch', () => {
  test('above the recovery point is where the log is cut, after a stop that was not clean', () => {
    const { log, batchesDropped } = load(changed(written().files, 2, 1, rotten), false);
    expect([log.logEndOffset, log.highWatermark, batchesDropped]).toEqual([9, 9, 3]);
  });

  test('below it nobody looks for: it stays, and so does all that follows', () => {
    const { log, batchesDropped } = load(changed(written().files, 1, 1, rotten), false);
    expect([log.logEndOffset, batchesDropped]).toEqual([12, 0]);
    expect(log.segments.flatMap(({ batches }) => batches.map(({ isIntact }) => isIntact))).toEqual(
      Array.from({ length: 12 }, (_, i) => i !== 5),
    );
  });

  test('stays wherever it is after a clean stop: nothing is scanned', () => {
    const { log } = load(changed(written().files, 2, 1, rotten), true);
    expect([log.logEndOffset, log.segments[2]!.batches[1]!.isIntact]).toEqual([12, false]);
  });
});

test('a torn batch is the end of the log, however the process stopped', () => {
  for (const clean of [true, false])
    expect(load(changed(written().files, 2, 3, { intact: false }), clean).log.logEndOffset).toBe(11);
});

test('garbage behind the last batch is cut off', () => {
  const files = written().files.map((file) =>
    file.file === 2 ? { ...file, extents: [...file.extents, { payload: 'garbage', bytes: 99, intact: false }] } : file,
  );
  const out = diskOf(files);
  const [{ log, batchesDropped }] = loadLogs(files, false, { nextFile: 0 }, out) as [LoadedLog];
  expect([log.logEndOffset, batchesDropped]).toEqual([12, 1]);
  expect(out.all('truncate')).toEqual([{ say: 'truncate', file: 2, extents: 4 }]);
});

test('a checkpoint that cannot be read says nothing', () => {
  const files = written().files.map((file) => (file.file < 0 ? { ...file, extents: [] } : file));
  const { log } = load(files, false);
  expect([log.logEndOffset, log.highWatermark, log.recoveryPoint, log.logStartOffset]).toEqual([12, 0, 0, 0]);
  // Of the epochs too: they are read from the batches.
  expect(log.epochs.map(({ epoch, startOffset }) => [epoch, startOffset])).toEqual([
    [0, 0],
    [1, 5],
    [2, 10],
  ]);
});

test('any corruption: nothing throws, nothing is invented, offsets follow one another', () => {
  const damage = fc.oneof(
    fc.record({ kind: fc.constantFrom('rot', 'tear', 'lose', 'garbage'), file: fc.nat(2), at: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom('no file'), file: fc.nat(2), at: fc.constant(0) }),
    fc.record({ kind: fc.constantFrom('no checkpoint', 'bad checkpoint', 'wild checkpoint'), file: fc.nat(4), at: fc.nat(20) }),
  );
  const small = [
    recoveryPointCheckpoint,
    highWatermarkCheckpoint,
    logStartCheckpoint,
    epochCheckpointName('orders-0'),
    producerSnapshotsName('orders-0'),
  ];
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), fc.boolean(), (damages, clean) => {
      const { files: whole, batches } = written();
      let files: RecoveredFile[] = whole;
      for (const { kind, file, at } of damages) {
        if (kind === 'no file') files = files.filter((one) => one.file !== file);
        else if (kind === 'rot') files = changed(files, file, at, rotten);
        else if (kind === 'tear') files = changed(files, file, at, { intact: false, rotten: false });
        else if (kind === 'garbage') files = changed(files, file, at, { payload: null, intact: false, rotten: at > 1 });
        else if (kind === 'lose')
          files = files.map((one) => (one.file === file ? { ...one, extents: one.extents.slice(0, at) } : one));
        else if (kind === 'no checkpoint') files = files.filter(({ name }) => name !== small[file]);
        else {
          const payload = kind === 'bad checkpoint' || file > 2 ? 'garbage' : { 'orders-0': at };
          files = files.map((one) =>
            one.name === small[file] ? { ...one, extents: [{ payload, bytes: 0, intact: true }] } : one,
          );
          if (!files.some(({ name }) => name === small[file]))
            files = [...files, { file: -1, name: small[file]!, extents: [{ payload, bytes: 0, intact: true }] }];
        }
      }
      for (const { log } of loadLogs(files, clean, { nextFile: 0 }, diskOf(files))) {
        const found = log.segments.flatMap((segment) => segment.batches);
        let next = log.segments[0]!.baseOffset;
        for (const one of found) {
          const known = batches[one.baseOffset]!;
          expect([one.baseOffset, one.records]).toEqual([next, known.records]);
          if (one.isIntact) expect(one).toBe(known);
          next = one.endOffset;
        }
        expect(log.logEndOffset).toBe(next);
        expect(log.logStartOffset <= log.highWatermark && log.highWatermark <= log.logEndOffset).toBe(true);
        expect(log.recoveryPoint).toBeLessThanOrEqual(log.logEndOffset);
        for (const { startOffset } of log.epochs) expect(startOffset).toBeLessThanOrEqual(log.logEndOffset);
      }
    }),
    { numRuns: 1500, seed: 7 },
  );
});
