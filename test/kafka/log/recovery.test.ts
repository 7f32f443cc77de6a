/** Loading logs after a stop, clean or not. Sources: LogManager.loadLogs, LogLoader.scala, LogSegment.recover. */
import { describe, expect, test } from 'vitest';
import { epochCheckpointName } from '../../../src/kafka/log/names.ts';
import { appendBatch, createLog, type FileTable } from '../../../src/kafka/log/partition-log.ts';
import { highWatermarkCheckpoint, type LoadedLog, loadLogs, recoveryPointCheckpoint } from '../../../src/kafka/log/recovery.ts';
import { batch } from '../batches.ts';
import { RecordingOut } from '../recording-out.ts';

const first = 'orders-0/00000000000000000000.log';
const second = 'orders-0/00000000000000000004.log';
const third = 'orders-0/00000000000000000008.log';

/** Three segments of two batches of two records each, all in epoch 0 but the last batch, which is in epoch 1. */
function written(): RecordingOut {
  const out = new RecordingOut();
  const files: FileTable = { nextFile: 0 };
  const log = createLog('orders-0', files, out);
  for (let i = 0; i < 6; i++) {
    const epoch = i === 5 ? 1 : 0;
    const next = batch({ count: 2, bytes: 500, producerId: 7, sequence: 2 * i }).stamped(log.logEndOffset, epoch);
    appendBatch(log, next, 1000, files, out);
  }
  return out;
}

function load(
  out: RecordingOut,
  { clean = false, tear = null as string | null } = {},
): LoadedLog & { readonly out: RecordingOut } {
  const onto = new RecordingOut();
  const recovered = out.recovered(tear);
  onto.load(recovered);
  return { ...loadLogs(recovered, clean, { nextFile: 0 }, onto)[0]!, out: onto };
}

describe('a batch whose checksum fails', () => {
  test('ends the log: the file is cut there, and later segments are deleted', () => {
    const { log, batchesDropped, out } = load(written(), { tear: second });
    expect(log.logEndOffset).toBe(6);
    expect(batchesDropped).toBe(3);
    expect(out.fileSizes).toEqual({ [first]: 2, [second]: 1 });
    expect(log.segments.map((segment) => segment.baseOffset)).toEqual([0, 4]);
  });

  test('takes its producers and epochs along', () => {
    const { log } = load(written(), { tear: third });
    expect(log.logEndOffset).toBe(10);
    expect(log.epochs).toEqual([{ epoch: 0, startOffset: 0 }]);
    expect(log.producers.get(7)!.batches.at(-1)).toMatchObject({ lastSequence: 9, lastOffset: 9 });
  });

  test('as the first one leaves an empty log', () => {
    const out = written();
    out.lose(first, 1);
    const { log, batchesDropped } = load(out, { tear: first });
    expect([log.logEndOffset, log.segments.length, batchesDropped]).toEqual([0, 1, 5]);
  });
});

test('a suffix that is missing cannot be noticed: the log is shorter', () => {
  const out = written();
  out.lose(third, 1);
  const { log, batchesDropped } = load(out);
  expect([log.logEndOffset, batchesDropped]).toEqual([10, 0]);
  expect(log.epochs).toEqual([{ epoch: 0, startOffset: 0 }]);
});

test.each([false, true])('a file that lost its end before another one ends the log there (clean stop: %s)', (clean) => {
  const out = written();
  out.lose(second, 1);
  const { log, batchesDropped, out: after } = load(out, { clean });
  expect([log.logEndOffset, batchesDropped]).toEqual([6, 2]);
  expect(after.fileSizes).toEqual({ [first]: 2, [second]: 1 });
});

describe('checkpoints', () => {
  test('the high watermark is the checkpointed one, never beyond the log, and 0 without one', () => {
    const out = written();
    expect(load(out).log.highWatermark).toBe(0);
    out.replace(highWatermarkCheckpoint, { 'orders-0': 9 });
    expect(load(out).log.highWatermark).toBe(9);
    out.lose(third, 0);
    expect(load(out).log).toMatchObject({ logEndOffset: 8, highWatermark: 8 });
  });

  test('the recovery point is the checkpointed one, never beyond the log; after a clean stop it is the end', () => {
    const out = written();
    expect(load(out).log.recoveryPoint).toBe(0);
    out.replace(recoveryPointCheckpoint, { 'orders-0': 7 });
    expect(load(out).log.recoveryPoint).toBe(7);
    expect(load(out, { clean: true }).log.recoveryPoint).toBe(12);
    out.lose(third, 0);
    out.lose(second, 1);
    expect(load(out).log).toMatchObject({ logEndOffset: 6, recoveryPoint: 6 });
  });

  test('epochs come from their checkpoint, cut to the end of the log, and newer ones from the batches', () => {
    const out = written();
    out.replace(epochCheckpointName('orders-0'), [
      { epoch: 0, startOffset: 0 },
      { epoch: 2, startOffset: 40 },
    ]);
    expect(load(out).log.epochs).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 10 },
    ]);
  });
});

test('a clean stop leaves the log as it was', () => {
  const { log, batchesDropped, out } = load(written(), { clean: true });
  expect([log.logEndOffset, batchesDropped, out.said]).toEqual([12, 0, []]);
  expect(log.producers.get(7)!.batches).toHaveLength(5);
});

test('several logs are told apart, and new files get new numbers', () => {
  const out = new RecordingOut();
  const files: FileTable = { nextFile: 0 };
  for (const directory of ['orders-0', 'orders-1', 'payments-0']) {
    const log = createLog(directory, files, out);
    appendBatch(log, batch({ count: directory.length }).stamped(0, 0), 1000, files, out);
  }
  const found: FileTable = { nextFile: 0 };
  const loaded = loadLogs(out.recovered(), false, found, new RecordingOut());
  expect(loaded.map(({ log }) => [log.directory, log.logEndOffset])).toEqual([
    ['orders-0', 8],
    ['orders-1', 8],
    ['payments-0', 10],
  ]);
  expect(found.nextFile).toBe(3);
});
