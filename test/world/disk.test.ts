/** The disk seen twice: the page cache, which a process crash keeps, and the platter, which is all that a power loss leaves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Choices } from '../../src/base/choices.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import { Disk, NoSpaceLeft } from '../../src/world/disk.ts';
import { Bench } from './bench.ts';

const writeBackUs = 30_000_000;
/** No dirty page survives, and what may tear tears: the default of every choice. */
const defaults = new ReplayChoices([]);

function diskWith(...payloads: readonly string[]): Disk {
  const disk = new Disk('broker-1', writeBackUs);
  disk.create(0, 'log');
  for (const payload of payloads) disk.append(0, payload, 10, 0);
  return disk;
}

function contents(disk: Disk, file = 0): string[] {
  const found = disk.image().find((image) => image.file === file);
  return (found?.extents ?? []).map(({ payload, intact }) => `${String(payload)}${intact ? '' : '!'}`);
}

function fsync(disk: Disk, ...files: number[]): boolean {
  return disk.endFsync(disk.beginFsync(files.length === 0 ? [0] : files, 0, 1000).snapshot);
}

describe('what a power loss leaves', () => {
  test('is nothing of what was not flushed, and all of what was', () => {
    const disk = diskWith('a', 'b');
    fsync(disk);
    disk.append(0, 'c', 10, 0);
    expect(contents(disk)).toEqual(['a', 'b', 'c']);
    expect(disk.losePower(1000, defaults, false)).toEqual({ extentsLost: 1, extentsTorn: 0 });
    expect(contents(disk)).toEqual(['a', 'b']);
  });

  test('includes what the operating system wrote back: pages of that age, oldest first', () => {
    const disk = new Disk('broker-1', writeBackUs);
    disk.create(0, 'log');
    for (const [payload, atUs] of [
      ['a', 0],
      ['b', 1000],
      ['c', 2000],
    ] as const)
      disk.append(0, payload, 10, atUs);
    disk.losePower(writeBackUs + 1000, defaults, false);
    expect(contents(disk)).toEqual(['a', 'b']);
  });

  test('is a beginning of the file, never shorter than what was flushed: some dirty pages survive by choice, never all', () => {
    const lengths = new Set<number>();
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const disk = diskWith('a', 'b');
        fsync(disk);
        for (const payload of ['c', 'd', 'e']) disk.append(0, payload, 10, 0);
        disk.losePower(1000, new RandomChoices(seed), false);
        const left = contents(disk);
        lengths.add(left.length);
        return left.length >= 2 && left.every((payload, i) => payload === 'abcde'[i]);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect([...lengths].sort((a, b) => a - b)).toEqual([2, 3, 4]);
  });

  test('may end in a torn extent, whose checksum fails', () => {
    const disk = diskWith('a', 'b', 'c');
    expect(disk.losePower(1000, defaults, true)).toEqual({ extentsLost: 2, extentsTorn: 1 });
    expect(contents(disk)).toEqual(['a!']);
    disk.truncate(0, 0);
    disk.append(0, 'new', 10, 0);
    expect(contents(disk)).toEqual(['new']);
  });

  test('with a torn write asked for may still be whole, by choice', () => {
    const whole: Choices = new ReplayChoices([{ site: 'power-loss intact broker-1', occurrence: 0, value: 3 }]);
    const disk = diskWith('a', 'b');
    expect(disk.losePower(1000, whole, true)).toEqual({ extentsLost: 2, extentsTorn: 0 });
  });

  test('includes small files, which are replaced durably, and files that were made', () => {
    const disk = diskWith();
    disk.replace('checkpoint', { offset: 1 });
    disk.replace('checkpoint', { offset: 2 });
    disk.losePower(0, defaults, false);
    expect(disk.image().map(({ name, extents }) => [name, extents.map(({ payload }) => payload)])).toEqual([
      ['log', []],
      ['checkpoint', [{ offset: 2 }]],
    ]);
  });

  test('does not include a deleted file', () => {
    const disk = diskWith('a');
    fsync(disk);
    disk.delete(0);
    disk.losePower(0, defaults, false);
    expect(disk.image()).toEqual([]);
  });
});

describe('an fsync', () => {
  test('covers what was there when it began', () => {
    const disk = diskWith('a');
    const { snapshot } = disk.beginFsync([0], 0, 1000);
    disk.append(0, 'too late', 10, 0);
    disk.endFsync(snapshot);
    disk.losePower(1000, defaults, false);
    expect(contents(disk)).toEqual(['a']);
  });

  test('covers nothing that was written in the place of what was cut meanwhile', () => {
    const disk = diskWith('a', 'b', 'c');
    const { snapshot } = disk.beginFsync([0], 0, 1000);
    disk.truncate(0, 1);
    disk.append(0, 'B', 10, 0);
    disk.append(0, 'C', 10, 0);
    disk.endFsync(snapshot);
    disk.losePower(1000, defaults, false);
    expect(contents(disk)).toEqual(['a']);
  });

  test('covers only the files it names', () => {
    const disk = diskWith('a');
    disk.create(1, 'other');
    disk.append(1, 'x', 10, 0);
    fsync(disk, 1);
    disk.losePower(1000, defaults, false);
    expect([contents(disk, 0), contents(disk, 1)]).toEqual([[], ['x']]);
  });

  test('of one device waits for the one before it, and takes longer on a slow disk', () => {
    const disk = diskWith('a');
    expect(disk.beginFsync([0], 500, 1000).doneAtUs).toBe(1500);
    expect(disk.beginFsync([0], 600, 1000).doneAtUs).toBe(2500);
    disk.extraFsyncUs = 5000;
    expect(disk.beginFsync([0], 9000, 1000).doneAtUs).toBe(15000);
  });

  test('that fails leaves its pages clean though they are not durable: no later fsync writes them (fsyncgate)', () => {
    const disk = diskWith('a');
    fsync(disk);
    disk.append(0, 'b', 10, 0);
    disk.failNextFsync = true;
    expect(fsync(disk)).toBe(false);
    expect(fsync(disk)).toBe(true);
    // Nor does the operating system, however old they are.
    disk.losePower(writeBackUs * 2, defaults, false);
    expect(contents(disk)).toEqual(['a']);
  });

  test('that failed says nothing about a file that is cut below the pages it lost', () => {
    const disk = diskWith('a', 'b');
    disk.failNextFsync = true;
    fsync(disk);
    disk.truncate(0, 0);
    disk.append(0, 'c', 10, 0);
    fsync(disk);
    disk.losePower(1000, defaults, false);
    expect(contents(disk)).toEqual(['c']);
  });

  test('of a device that lies reports success and makes nothing durable', () => {
    const disk = diskWith('a');
    disk.lies = true;
    expect(fsync(disk)).toBe(true);
    disk.losePower(writeBackUs * 2, defaults, false);
    expect(contents(disk)).toEqual([]);
  });

  test('is answered when it is done; a crash forgets it and keeps the page cache', () => {
    const bench = new Bench();
    const { disk } = bench.world.hosts[1]!;
    disk.create(0, 'log');
    bench.world.append(1, 0, 'a', 10);
    bench.world.fsync(1, [0], 7);
    bench.run();
    expect(bench.seen).toEqual([{ atUs: 1000, what: 'server: fsynced 7' }]);
    bench.take();
    bench.world.append(1, 0, 'b', 10);
    bench.world.fsync(1, [0], 8);
    bench.world.crashProcess(1);
    bench.world.start(1);
    bench.run();
    expect(bench.take()).toEqual(['server: died', 'server: started 2']);
    expect(contents(disk)).toEqual(['a', 'b']);
    bench.world.losePower(1, false);
    expect(contents(disk)).toEqual(['a']);
  });

  test('that fails is answered with an error', () => {
    const bench = new Bench();
    const { disk } = bench.world.hosts[1]!;
    disk.create(0, 'log');
    disk.failNextFsync = true;
    bench.world.fsync(1, [0], 7);
    bench.run();
    expect(bench.take()).toEqual(['server: io failed 7']);
  });
});

test('a truncated file keeps its beginning in both views', () => {
  const disk = diskWith('a', 'b', 'c');
  fsync(disk);
  disk.truncate(0, 1);
  disk.append(0, 'B', 10, 0);
  expect(contents(disk)).toEqual(['a', 'B']);
  disk.losePower(1000, defaults, false);
  expect(contents(disk)).toEqual(['a']);
  expect(() => disk.truncate(0, 2)).toThrow('a part of itself');
});

describe('rot', () => {
  test('takes the nth extent of a directory that is on the platter, and leaves its bytes', () => {
    const disk = new Disk('broker-1', writeBackUs);
    for (const [file, name] of ['orders-0/0.log', 'orders-1/0.log', 'orders-0/9.log'].entries()) {
      disk.create(file, name);
      for (const payload of ['a', 'b']) disk.append(file, payload, 10, 0);
    }
    fsync(disk, 0, 1, 2);
    disk.append(0, 'c', 10, 1000);
    expect(disk.rot('orders-0', 3, 2000, defaults)).toBe(true);
    expect([0, 1, 2].map((file) => contents(disk, file))).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['a!', 'b'],
    ]);
    // Three are left that can rot: what is in the page cache alone cannot, unless it is old enough to be written back.
    expect(disk.rot('orders-0', 4, 2000, defaults)).toBe(false);
    expect(disk.rot('orders-0', 3, 2000, defaults)).toBe(true);
    expect(disk.rot('orders-0', 3, writeBackUs + 1000, defaults)).toBe(true);
    expect([contents(disk, 0), contents(disk, 2)]).toEqual([
      ['a', 'b', 'c!'],
      ['a!', 'b!'],
    ]);
  });

  test('stays through a loss of power and in a fork, and is gone with what is cut off', () => {
    const disk = diskWith('a', 'b');
    fsync(disk);
    disk.rot('log', 1, 0, defaults);
    expect(contents(disk)).toEqual(['a', 'b']);
    const other = new Disk('broker-1', writeBackUs);
    other.create(0, 'orders-0/0.log');
    for (const payload of ['a', 'b']) other.append(0, payload, 10, 0);
    fsync(other);
    other.rot('orders-0', 2, 0, defaults);
    other.losePower(0, defaults, false);
    const fork = other.fork();
    expect([contents(other), contents(fork)]).toEqual([
      ['a', 'b!'],
      ['a', 'b!'],
    ]);
    other.truncate(0, 1);
    other.append(0, 'c', 10, 0);
    expect([contents(other), contents(fork)]).toEqual([
      ['a', 'c'],
      ['a', 'b!'],
    ]);
  });
});

test('a full disk takes a part of the next append, and nothing else', () => {
  const disk = diskWith('a');
  disk.full = true;
  expect(() => disk.append(0, 'b', 10, 0)).toThrow(NoSpaceLeft);
  expect(() => disk.create(1, 'other')).toThrow(NoSpaceLeft);
  expect(() => disk.replace('checkpoint', {})).toThrow(NoSpaceLeft);
  expect(contents(disk)).toEqual(['a', 'b!']);
  disk.full = false;
  disk.truncate(0, 1);
  disk.append(0, 'c', 10, 0);
  expect(contents(disk)).toEqual(['a', 'c']);
});

describe('dirty pages', () => {
  const dirty = (disk: Disk, nowUs: number): unknown[] =>
    disk.dirtyFiles(nowUs).map(({ name, payloads, bytes }) => [name, payloads.join(''), bytes]);

  test('are what a loss of power takes at most: neither flushed nor old enough to be written back', () => {
    const disk = diskWith('a', 'b');
    disk.append(0, 'c', 10, 1000);
    expect(dirty(disk, 0)).toEqual([['log', 'abc', 30]]);
    fsync(disk);
    expect(dirty(disk, 0)).toEqual([]);
    disk.append(0, 'd', 10, 2000);
    expect([dirty(disk, 2000), dirty(disk, writeBackUs + 2000)]).toEqual([[['log', 'd', 10]], []]);
    disk.losePower(2000, defaults, false);
    expect(contents(disk)).toEqual(['a', 'b', 'c']);
  });

  test('beyond the bound are written back, the oldest of all files first', () => {
    const disk = new Disk('broker-1', writeBackUs, 25);
    for (const file of [0, 1]) disk.create(file, `log-${file}`);
    for (const [at, payload] of ['a', 'b', 'c', 'd'].entries()) disk.append(at % 2, payload, 10, at);
    expect(dirty(disk, 10)).toEqual([
      ['log-0', 'c', 10],
      ['log-1', 'd', 10],
    ]);
    disk.losePower(10, defaults, false);
    expect([contents(disk, 0), contents(disk, 1)]).toEqual([['a'], ['b']]);
  });

  test('of a device that lies, and those that a failed fsync left clean, no bound makes durable', () => {
    const lying = new Disk('broker-1', writeBackUs, 0);
    lying.create(0, 'log');
    lying.lies = true;
    lying.append(0, 'a', 10, 0);
    expect(dirty(lying, 10)).toEqual([['log', 'a', 10]]);
    const failed = new Disk('broker-1', writeBackUs, 5);
    failed.create(0, 'log');
    failed.append(0, 'a', 5, 0);
    failed.failNextFsync = true;
    fsync(failed);
    failed.append(0, 'b', 5, 0);
    expect(dirty(failed, 10)).toEqual([['log', 'ab', 10]]);
  });
});
