/** What goes from the start of a log, and what is found after a stop. Sources: UnifiedLog.deleteOldSegments, LogLoader.load, KIP-107. */
import { describe, expect, test } from 'vitest';
import {
  advanceLogStart,
  deleteSegments,
  segmentsBelowStart,
  segmentsBeyondAge,
  segmentsBeyondSize,
} from '../../../src/kafka/log/log-start.ts';
import {
  appendBatch,
  createLog,
  type FileTable,
  type PartitionLog,
  restartLog,
  truncateLog,
} from '../../../src/kafka/log/partition-log.ts';
import { duplicateOf, expectedSequence } from '../../../src/kafka/log/producer-state.ts';
import { loadLogs, logStartCheckpoint } from '../../../src/kafka/log/recovery.ts';
import { type BatchOptions, batch } from '../batches.ts';
import { RecordingOut } from '../recording-out.ts';

const segmentBytes = 1000;

/** Segments of 1,000 bytes with ten records each, all of it committed. */
class Bench {
  readonly out = new RecordingOut();
  readonly files: FileTable = { nextFile: 0 };
  readonly log: PartitionLog = createLog('orders-0', this.files, this.out);

  constructor(segments: number) {
    for (let i = 0; i < segments; i++) this.append({ timestampMs: 1000000 + i * 1000, sequence: i * 10 });
  }

  append(options: Partial<BatchOptions>, segmentMs?: number): boolean {
    const stamped = batch({ count: 10, bytes: 1000, producerId: 7, ...options }).stamped(
      this.log.logEndOffset,
      options.epoch ?? 0,
    );
    const rolled = appendBatch(this.log, stamped, segmentBytes, this.files, this.out, segmentMs);
    this.log.highWatermark = this.log.logEndOffset;
    return rolled;
  }

  delete(count: number): boolean {
    return deleteSegments(this.log, count, this.files, this.out);
  }

  load(clean: boolean, checkpointed?: number): PartitionLog {
    if (checkpointed !== undefined) this.out.replace(logStartCheckpoint, { 'orders-0': checkpointed });
    return loadLogs(this.out.recovered(), clean, { nextFile: 0 }, new RecordingOut())[0]!.log;
  }
}

describe('retention by size', () => {
  test('takes the oldest segments without which the log is still as large as it may be', () => {
    const { log } = new Bench(5);
    expect([4999, 4000, 3999, 2500, 1000, 0].map((bytes) => segmentsBeyondSize(log, bytes))).toEqual([0, 1, 1, 2, 4, 5]);
    expect(segmentsBeyondSize(log, 5000)).toBe(0);
    expect(segmentsBeyondSize(log, 9000)).toBe(0);
  });

  test('stops at the high watermark: the start never passes it', () => {
    const { log } = new Bench(5);
    log.highWatermark = 29;
    expect(segmentsBeyondSize(log, 0)).toBe(2);
    log.highWatermark = 30;
    expect(segmentsBeyondSize(log, 0)).toBe(3);
  });
});

describe('retention by age', () => {
  test('goes by the youngest record of a segment, and ends at the first segment that stays', () => {
    const bench = new Bench(3);
    const { log } = bench;
    expect([1005000, 1005001, 1006001, 1007001].map((nowMs) => segmentsBeyondAge(log, 5000, nowMs))).toEqual([0, 1, 2, 3]);
    // A record with a time in the future keeps its segment, and with it all later ones.
    const [first] = log.segments;
    first!.batches.push(batch({ offset: 9, timestampMs: 9000000 }));
    expect(segmentsBeyondAge(log, 5000, 1007001)).toBe(0);
  });

  test('rolls an active segment that is old, so that a log that nobody writes to becomes empty', () => {
    const bench = new Bench(2);
    expect(bench.delete(2)).toBe(true);
    const { segments, logStartOffset, logEndOffset, highWatermark } = bench.log;
    expect([segments.map(({ baseOffset }) => baseOffset), logStartOffset, logEndOffset, highWatermark]).toEqual([
      [20],
      20,
      20,
      20,
    ]);
    expect(segmentsBeyondAge(bench.log, 0, 9000000)).toBe(0);
    expect(bench.append({ sequence: 20 })).toBe(false);
    expect(bench.log.logEndOffset).toBe(30);
  });
});

describe('segment.ms', () => {
  test('rolls when a batch is that much younger than the first of its segment, less the jitter', () => {
    const bench = new Bench(0);
    const small = (timestampMs: number): boolean => bench.append({ count: 1, bytes: 10, timestampMs, producerId: -1 }, 5000);
    expect([small(1000), small(6000), small(6001), small(6001)]).toEqual([false, false, true, false]);
    bench.log.rollJitterMs = 2000;
    expect([small(9001), small(9002)]).toEqual([false, true]);
  });
});

describe('the log start offset', () => {
  test('rises up to the high watermark and never falls, and takes the epochs below it along', () => {
    const bench = new Bench(1);
    bench.append({ epoch: 3, sequence: 10 });
    bench.append({ epoch: 4, sequence: 20 });
    bench.log.highWatermark = 25;
    const rises = (offset: number): boolean => advanceLogStart(bench.log, offset, bench.out);
    expect([rises(14), rises(14), rises(3), rises(26)]).toEqual([true, false, false, false]);
    expect(bench.log.epochs).toEqual([
      { epoch: 3, startOffset: 14 },
      { epoch: 4, startOffset: 20 },
    ]);
    expect([rises(25), bench.log.epochs]).toEqual([true, [{ epoch: 4, startOffset: 25 }]]);
    expect(segmentsBelowStart(bench.log)).toBe(2);
  });

  test('is in the names of files where segments went, and in its checkpoint alone where a deletion ended within one', () => {
    const bench = new Bench(3);
    bench.delete(1);
    expect([bench.load(true), bench.load(false)].map((log) => log.logStartOffset)).toEqual([10, 10]);
    advanceLogStart(bench.log, 15, bench.out);
    // Written once a minute: a crash before takes it back, and what was deleted is there again.
    expect(bench.load(false).logStartOffset).toBe(10);
    const loaded = bench.load(false, 15);
    expect([loaded.logStartOffset, loaded.logEndOffset, loaded.highWatermark]).toEqual([15, 30, 15]);
    expect(loaded.epochs).toEqual([{ epoch: 0, startOffset: 15 }]);
  });

  test('beyond what is found begins the log anew', () => {
    const loaded = new Bench(3).load(false, 40);
    const { logStartOffset, logEndOffset, segments, epochs, producers } = loaded;
    expect([logStartOffset, logEndOffset, segments.length, epochs, producers.size]).toEqual([40, 40, 1, [], 0]);
  });
});

describe('a producer whose records are all deleted', () => {
  test('is known until it expires: deleting segments deletes no producer state (KAFKA-7190, KIP-360)', () => {
    const bench = new Bench(2);
    bench.delete(2);
    expect(expectedSequence(bench.log.producers, 7)).toBe(20);
  });

  test('is known after a restart by the snapshot of where the log begins, with its last batch alone', () => {
    const bench = new Bench(3);
    bench.delete(3);
    const { producers } = bench.load(false);
    expect(expectedSequence(producers, 7)).toBe(30);
    expect(duplicateOf(producers, batch({ count: 10, producerId: 7, sequence: 20 }))).toMatchObject({ baseOffset: 20 });
    expect(duplicateOf(producers, batch({ count: 10, producerId: 7, sequence: 10 }))).toBeNull();
  });

  test('is not known to a log that began anew', () => {
    const bench = new Bench(3);
    restartLog(bench.log, 50, bench.files, bench.out);
    expect([bench.log.producers.size, bench.load(true).producers.size]).toEqual([0, 0]);
    expect(bench.load(true)).toMatchObject({ logStartOffset: 50, logEndOffset: 50, epochs: [] });
  });

  test('is what the snapshot says where a truncation takes all that came after', () => {
    const bench = new Bench(3);
    bench.delete(2);
    truncateLog(bench.log, 20, bench.files, bench.out);
    expect(expectedSequence(bench.log.producers, 7)).toBe(20);
  });
});

describe('truncation', () => {
  test('below the first segment begins the log anew there', () => {
    const bench = new Bench(3);
    bench.delete(2);
    truncateLog(bench.log, 12, bench.files, bench.out);
    const { logStartOffset, logEndOffset, highWatermark, segments } = bench.log;
    expect([logStartOffset, logEndOffset, highWatermark, segments.map(({ baseOffset }) => baseOffset)]).toEqual([
      12,
      12,
      12,
      [12],
    ]);
  });

  test('below the log start offset takes the start along', () => {
    const bench = new Bench(2);
    advanceLogStart(bench.log, 15, bench.out);
    truncateLog(bench.log, 10, bench.files, bench.out);
    expect([bench.log.logStartOffset, bench.log.logEndOffset, bench.log.highWatermark]).toEqual([10, 10, 10]);
  });
});
