/** The log of a replica against its files, and against a log written to be obviously right. Sources: UnifiedLog.scala, LocalLog.scala. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochCheckpointName } from '../../../src/kafka/log/names.ts';
import {
  appendBatch,
  batchAt,
  createLog,
  dirtyFiles,
  type FileTable,
  type PartitionLog,
  readBatches,
  truncateLog,
} from '../../../src/kafka/log/partition-log.ts';
import { loadLogs } from '../../../src/kafka/log/recovery.ts';
import { batch } from '../batches.ts';
import { RecordingOut } from '../recording-out.ts';

const segmentBytes = 1000;

class Bench {
  readonly out = new RecordingOut();
  readonly files: FileTable = { nextFile: 0 };
  readonly log: PartitionLog = createLog('orders-0', this.files, this.out);

  append(options: { count?: number; epoch?: number; bytes?: number; producerId?: number; sequence?: number } = {}): boolean {
    const stamped = batch({ epoch: 0, ...options }).stamped(this.log.logEndOffset, options.epoch ?? 0);
    return appendBatch(this.log, stamped, segmentBytes, this.files, this.out);
  }

  truncate(offset: number): void {
    truncateLog(this.log, offset, this.files, this.out);
  }

  get bases(): number[] {
    return this.log.segments.map((segment) => segment.baseOffset);
  }
}

describe('an append', () => {
  test('gives the epoch its start, moves the log end offset, and lies in the page cache before the handler returns', () => {
    const bench = new Bench();
    bench.append({ count: 3, epoch: 2 });
    bench.append({ count: 2, epoch: 4 });
    expect(bench.log.logEndOffset).toBe(5);
    expect(bench.log.epochs).toEqual([
      { epoch: 2, startOffset: 0 },
      { epoch: 4, startOffset: 3 },
    ]);
    expect(bench.out.fileSizes).toEqual({ 'orders-0/00000000000000000000.log': 2 });
    // Nothing is fsynced; the checkpoint of epochs is written through.
    expect(bench.out.all('fsync')).toEqual([]);
    expect(bench.out.checkpoint(epochCheckpointName('orders-0'))).toEqual(bench.log.epochs);
  });

  test('rolls a segment that would grow beyond segment.bytes; the new one is named for its first offset', () => {
    const bench = new Bench();
    expect([bench.append({ count: 4, bytes: 600 }), bench.append({ count: 4, bytes: 400 })]).toEqual([false, false]);
    expect(bench.append({ count: 1, bytes: 1 })).toBe(true);
    expect(bench.bases).toEqual([0, 8]);
    expect(Object.keys(bench.out.fileSizes)).toContain('orders-0/00000000000000000008.log');
  });

  test('must be at the log end offset', () => {
    const bench = new Bench();
    expect(() => appendBatch(bench.log, batch({ offset: 1, epoch: 0 }), segmentBytes, bench.files, bench.out)).toThrow(
      'at the log end offset',
    );
  });
});

describe('a truncation', () => {
  test('removes batches, segments, epochs and producers from there on', () => {
    const bench = new Bench();
    bench.append({ count: 2, epoch: 0, bytes: 900, producerId: 7, sequence: 0 });
    bench.append({ count: 2, epoch: 1, bytes: 900, producerId: 7, sequence: 2 });
    bench.append({ count: 2, epoch: 2, bytes: 900, producerId: 8, sequence: 0 });
    bench.log.highWatermark = 5;
    bench.log.recoveryPoint = 6;
    bench.truncate(2);
    expect(bench.log.logEndOffset).toBe(2);
    expect(bench.log.epochs).toEqual([{ epoch: 0, startOffset: 0 }]);
    expect([...bench.log.producers.keys()]).toEqual([7]);
    expect(bench.log.producers.get(7)!.batches).toHaveLength(1);
    expect(bench.bases).toEqual([0, 2]);
    // The high watermark may go back; so does the recovery point.
    expect([bench.log.highWatermark, bench.log.recoveryPoint]).toEqual([2, 2]);
    expect(bench.out.fileSizes).toEqual({ 'orders-0/00000000000000000000.log': 1, 'orders-0/00000000000000000002.log': 0 });
  });

  test('cuts the epoch cache even when there is nothing else to cut (KAFKA-10706)', () => {
    const bench = new Bench();
    bench.append({ count: 2, epoch: 0 });
    // This broker led epoch 3 and wrote nothing.
    bench.log.epochs.push({ epoch: 3, startOffset: 2 });
    bench.truncate(2);
    expect(bench.log.epochs).toEqual([{ epoch: 0, startOffset: 0 }]);
    bench.log.epochs.push({ epoch: 3, startOffset: 2 });
    bench.truncate(10);
    expect(bench.log.epochs).toEqual([{ epoch: 0, startOffset: 0 }]);
    expect(bench.log.logEndOffset).toBe(2);
  });

  test('to the start leaves an empty log that can be appended to', () => {
    const bench = new Bench();
    for (let i = 0; i < 4; i++) bench.append({ bytes: 900 });
    bench.truncate(0);
    expect([bench.log.logEndOffset, bench.log.epochs, bench.log.producers.size]).toEqual([0, [], 0]);
    bench.append({ count: 3 });
    expect(bench.log.logEndOffset).toBe(3);
  });
});

describe('a read', () => {
  test('gives whole batches from the one that holds the offset, up to the end, within the bytes but at least one', () => {
    const sizes = fc.array(fc.record({ count: fc.integer({ min: 1, max: 4 }), bytes: fc.integer({ min: 50, max: 600 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 2000 }), (appended, from, endAt, maxBytes) => {
        const bench = new Bench();
        for (const options of appended) bench.append(options);
        const all = bench.log.segments.flatMap((segment) => segment.batches);
        // Ends of reads are ends of batches: the log end offset or the high watermark.
        const ends = [0, ...all.map((one) => one.endOffset)];
        const end = ends[endAt % ends.length]!;
        const read = readBatches(bench.log, from, end, maxBytes);
        const wanted = all.filter((one) => one.endOffset > from && one.endOffset <= end);
        if (from >= end) return read.length === 0;
        let bytes = 0;
        const expected = wanted.filter((one, i) => {
          bytes += one.sizeBytes;
          return i === 0 || bytes <= maxBytes;
        });
        return read.length === expected.length && read.every((one, i) => one === expected[i]);
      }),
      { numRuns: 500 },
    );
  });

  test('finds the batch at an offset, and none at the end', () => {
    const bench = new Bench();
    for (let i = 0; i < 5; i++) bench.append({ count: 3, bytes: 400 });
    for (let offset = 0; offset < 15; offset++) expect(batchAt(bench.log, offset)?.baseOffset).toBe(Math.floor(offset / 3) * 3);
    expect(batchAt(bench.log, 15)).toBeNull();
  });
});

test('the files say what the log says: loaded again, it is the same log', () => {
  const change = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ count: fc.integer({ min: 1, max: 3 }), bytes: fc.integer({ min: 100, max: 600 }), bump: fc.nat(1) }),
    },
    { weight: 2, arbitrary: fc.nat(40) },
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const bench = new Bench();
      let epoch = 0;
      let sequence = 0;
      for (const what of changes) {
        if (typeof what === 'number') {
          // Logs are cut at the ends of batches.
          const at = batchAt(bench.log, what)?.baseOffset ?? bench.log.logEndOffset;
          bench.truncate(at);
          epoch++;
        } else {
          epoch += what.bump;
          bench.append({ count: what.count, bytes: what.bytes, epoch, producerId: 5 + what.count, sequence });
          sequence += what.count;
        }
      }
      const [loaded] = loadLogs(bench.out.recovered(), false, { nextFile: 0 }, new RecordingOut());
      const { log } = bench;
      expect(loaded!.batchesDropped).toBe(0);
      expect(loaded!.log.logEndOffset).toBe(log.logEndOffset);
      expect(loaded!.log.epochs).toEqual(log.epochs);
      expect(loaded!.log.producers).toEqual(log.producers);
      expect(
        loaded!.log.segments.map(({ baseOffset, file, batches, sizeBytes }) => [baseOffset, file, batches, sizeBytes]),
      ).toEqual(log.segments.map(({ baseOffset, file, batches, sizeBytes }) => [baseOffset, file, batches, sizeBytes]));
    }),
    { numRuns: 300 },
  );
});

test('dirty files are those that hold something at or above the recovery point', () => {
  const bench = new Bench();
  for (let i = 0; i < 4; i++) bench.append({ count: 2, bytes: 900 });
  const file = (at: number): number => bench.log.segments[at]!.file;
  expect(dirtyFiles(bench.log)).toEqual([file(3), file(2), file(1), file(0)]);
  bench.log.recoveryPoint = 5;
  expect(dirtyFiles(bench.log)).toEqual([file(3), file(2)]);
  bench.log.recoveryPoint = 8;
  expect(dirtyFiles(bench.log)).toEqual([file(3)]);
});
