/**
 * A host's disk: files as lists of extents, seen twice. What `append` wrote is in the page cache at once; it becomes durable by
 * fsync, or when the operating system writes it back at a certain age. A process crash keeps the page cache, a power loss keeps the
 * durable image plus, by choice, some of the dirty extents and perhaps a torn one. The disk knows no Kafka: payloads are opaque.
 *
 * Simplified: truncation, creation and deletion of files are durable at once (a journalled file system with its commit
 * interval left out); extents are lost from the end of a file, because whatever lies behind a hole fails its checksum anyway.
 */

import { assert } from '../base/assert.ts';
import { type Choices, happens } from '../base/choices.ts';
import { emptyList } from '../base/lists.ts';
import type { Ratio } from '../base/ratio.ts';
import { type Bytes, type Micros, NEVER } from '../base/units.ts';

/** An extent as a starting process finds it. */
export interface Extent {
  readonly payload: unknown;
  readonly bytes: Bytes;
  /** False when torn or rotten: its checksum fails. */
  readonly intact: boolean;
  /** Its bytes are all there, and wrong; a torn one lacks some. */
  readonly rotten: boolean;
}

/** A file as a starting process finds it. */
export interface FileImage {
  readonly file: number;
  readonly name: string;
  readonly extents: readonly Extent[];
}

/** What one append wrote. */
interface Written {
  readonly payload: unknown;
  readonly bytes: Bytes;
  readonly writtenAtUs: Micros;
}

/**
 * A write failed for want of room. Thrown out of the handler that wrote: as in Kafka, whose broker halts where a write to its only log
 * directory fails, nothing that the handler would have done next happens.
 */
export class NoSpaceLeft extends Error {}

class DiskFile {
  readonly name: string;
  extents: Written[] = emptyList();
  /** How many extents from the start are on the platter. */
  durable = 0;
  /** How many from the start the operating system believes to be on the platter: not dirty, never written again. */
  clean = 0;
  /** Index of an extent whose bytes are incomplete, -1 for none. */
  torn = -1;
  /** Indices of extents that went bad on the platter. */
  rotten: number[] = [];
  constructor(name: string) {
    this.name = name;
  }

  fork(): DiskFile {
    const fork = new DiskFile(this.name);
    fork.extents = this.extents.slice();
    fork.durable = this.durable;
    fork.clean = this.clean;
    fork.torn = this.torn;
    fork.rotten = this.rotten.slice();
    return fork;
  }
}

/** What a power loss did. */
export interface PowerLossEffect {
  readonly extentsLost: number;
  readonly extentsTorn: number;
}

/** How often some dirty extents survive a power loss: they usually do not, being younger than the write-back age. */
const someSurvive: Ratio = { numerator: 1, denominator: 4 };

export class Disk {
  /** Added to every append while a slow-disk fault lasts. */
  extraAppendUs: Micros = 0;
  extraFsyncUs: Micros = 0;
  /** The next fsync fails. */
  failNextFsync = false;
  /** fsync succeeds and does nothing. */
  lies = false;
  /** Nothing more can be written. */
  full = false;

  private readonly host: string;
  private readonly writeBackUs: Micros;
  private readonly writeBackBytes: Bytes;
  private files: (DiskFile | undefined)[] = [];
  private small = new Map<string, object>();
  private busyUntilUs: Micros = 0;
  private fsyncs = 0;
  private losses = 0;
  private rots = 0;
  /** Fsyncs under way: what each will make durable. */
  private readonly syncing: { readonly id: number; readonly files: { readonly file: DiskFile; extents: number }[] }[] = [];

  /** `writeBackUs`: age at which dirty pages are written back; `writeBackBytes`: how many may be dirty before the oldest are. */
  constructor(host: string, writeBackUs: Micros, writeBackBytes: Bytes = NEVER) {
    this.host = host;
    this.writeBackUs = writeBackUs;
    this.writeBackBytes = writeBackBytes;
  }

  create(file: number, name: string): void {
    assert(this.files[file] === undefined, 'a file is created once');
    if (this.full) throw new NoSpaceLeft();
    this.files[file] = new DiskFile(name);
  }

  append(file: number, payload: unknown, bytes: Bytes, nowUs: Micros): void {
    const f = this.open(file);
    f.extents.push({ payload, bytes, writtenAtUs: nowUs });
    if (this.full) {
      // As much of it as there was room for.
      f.torn = f.extents.length - 1;
      throw new NoSpaceLeft();
    }
    if (this.writeBackBytes < NEVER) this.writeBackExcess(nowUs);
  }

  truncate(file: number, extents: number): void {
    const f = this.open(file);
    assert(extents >= 0 && extents <= f.extents.length, 'a file is truncated to a part of itself');
    f.extents.length = extents;
    if (f.durable > extents) f.durable = extents;
    if (f.clean > extents) f.clean = extents;
    if (f.torn >= extents) f.torn = -1;
    if (f.rotten.length > 0) f.rotten = f.rotten.filter((at) => at < extents);
    // What is appended in its place is not what an fsync under way began with.
    for (const { files } of this.syncing)
      for (const one of files) if (one.file === f && one.extents > extents) one.extents = extents;
  }

  delete(file: number): void {
    this.open(file);
    this.files[file] = undefined;
  }

  /** Replaces a small file atomically and durably. */
  replace(name: string, payload: object): void {
    if (this.full) throw new NoSpaceLeft();
    this.small.set(name, payload);
  }

  /**
   * Starts an fsync of what the files hold now; returns when it will be done. Fsyncs of one device queue up.
   * `latencyUs` is the drawn duration.
   */
  beginFsync(
    files: readonly number[],
    nowUs: Micros,
    latencyUs: Micros,
  ): { readonly doneAtUs: Micros; readonly snapshot: number } {
    const start = nowUs > this.busyUntilUs ? nowUs : this.busyUntilUs;
    const doneAtUs = start + latencyUs + this.extraFsyncUs;
    this.busyUntilUs = doneAtUs;
    const snapshot = this.fsyncs++;
    this.syncing.push({
      id: snapshot,
      files: files.map((id) => {
        const file = this.open(id);
        return { file, extents: file.extents.length };
      }),
    });
    return { doneAtUs, snapshot };
  }

  /** Ordinal of the next fsync, for the address of its latency. */
  get nextFsync(): number {
    return this.fsyncs;
  }

  /**
   * The fsync is done: what was in the files when it began is durable. False when the device failed; then the pages are clean
   * all the same (fsyncgate), so no later fsync writes them.
   */
  endFsync(snapshot: number): boolean {
    const failed = this.failNextFsync;
    this.failNextFsync = false;
    for (const { file, extents } of this.takeSnapshot(snapshot)) {
      const upTo = Math.min(extents, file.extents.length);
      if (!failed && !this.lies && file.clean === file.durable && file.durable < upTo) file.durable = upTo;
      if (file.clean < upTo) file.clean = upTo;
    }
    return !failed;
  }

  /** Whoever asked for the fsync is gone: nothing comes of it. */
  forgetFsync(snapshot: number): void {
    this.takeSnapshot(snapshot);
  }

  private takeSnapshot(snapshot: number): readonly { readonly file: DiskFile; readonly extents: number }[] {
    const at = this.syncing.findIndex(({ id }) => id === snapshot);
    assert(at >= 0, 'an fsync that ends had begun');
    return this.syncing.splice(at, 1)[0]!.files;
  }

  /** The machine loses power: dirty extents are gone, but for what the choices spare. `tear`: the first lost extent may be torn. */
  losePower(nowUs: Micros, choices: Choices, tear: boolean): PowerLossEffect {
    let extentsLost = 0;
    let extentsTorn = 0;
    const loss = this.losses++;
    for (let id = 0; id < this.files.length; id++) {
      const file = this.files[id];
      if (file === undefined) continue;
      let kept = this.onPlatter(file, nowUs);
      const dirty = file.extents.length - kept;
      if (file.torn >= kept) file.torn = -1;
      if (dirty > 0) {
        const occurrence = loss * 4096 + id;
        if (happens(choices, choices.site(`power-loss spares ${this.host}`), occurrence, someSurvive)) {
          // Some, never all: otherwise nothing was lost, and a loss of power would be a crash of the process.
          kept += choices.below(choices.site(`power-loss extents ${this.host}`), occurrence, dirty);
        }
        if (tear && kept < file.extents.length) {
          // The default of a torn-write fault is that it happens: choice 0 tears.
          if (choices.below(choices.site(`power-loss intact ${this.host}`), occurrence, 4) < 3) {
            file.torn = kept;
            kept++;
            extentsTorn++;
          }
        }
      }
      extentsLost += file.extents.length - kept;
      file.extents.length = kept;
      file.durable = kept;
      file.clean = kept;
      file.rotten = file.rotten.filter((at) => at < kept);
    }
    this.busyUntilUs = nowUs;
    return { extentsLost, extentsTorn };
  }

  /**
   * An extent of the files in a directory goes bad that is on the platter: the nth of them, or else one by choice. False when there is
   * none. Whoever runs has its page in memory still and notices nothing.
   */
  rot(directory: string, nth: number | undefined, nowUs: Micros, choices: Choices): boolean {
    const found: [file: DiskFile, at: number][] = [];
    for (const file of this.files) {
      if (file === undefined || !file.name.startsWith(`${directory}/`)) continue;
      const onPlatter = this.onPlatter(file, nowUs);
      for (let at = 0; at < onPlatter; at++) if (!file.rotten.includes(at)) found.push([file, at]);
    }
    if (found.length === 0 || (nth !== undefined && nth > found.length)) return false;
    const chosen = nth === undefined ? choices.below(choices.site(`rot ${this.host}`), this.rots++, found.length) : nth - 1;
    const [file, at] = found[chosen]!;
    file.rotten.push(at);
    return true;
  }

  /** Files of which something is in the page cache and not on the platter, and that part of them. */
  dirtyFiles(nowUs: Micros): { readonly name: string; readonly payloads: readonly unknown[]; readonly bytes: Bytes }[] {
    const dirty: { name: string; payloads: readonly unknown[]; bytes: Bytes }[] = [];
    for (const file of this.files) {
      if (file === undefined) continue;
      const from = this.onPlatter(file, nowUs);
      if (from === file.extents.length) continue;
      const extents = file.extents.slice(from);
      const bytes = extents.reduce((sum, extent) => sum + extent.bytes, 0);
      dirty.push({ name: file.name, payloads: extents.map(({ payload }) => payload), bytes });
    }
    return dirty;
  }

  /**
   * Once more is dirty than the operating system lets be, it writes the oldest pages back until that is no longer so
   * (Linux: dirty_background_bytes). Simplified: it takes no time.
   */
  private writeBackExcess(nowUs: Micros): void {
    let dirtyBytes = 0;
    for (const { bytes } of this.dirtyFiles(nowUs)) dirtyBytes += bytes;
    while (dirtyBytes > this.writeBackBytes) {
      let oldest: DiskFile | null = null;
      for (const file of this.files) {
        if (file === undefined || this.lies || file.clean !== file.durable) continue;
        const at = this.onPlatter(file, nowUs);
        const age = file.extents[at]?.writtenAtUs;
        if (age === undefined) continue;
        file.durable = at;
        file.clean = at;
        if (oldest === null || age < oldest.extents[oldest.durable]!.writtenAtUs) oldest = file;
      }
      // What is left is what no write-back touches: pages that a failed fsync left clean, a device that lies.
      if (oldest === null) return;
      dirtyBytes -= oldest.extents[oldest.durable]!.bytes;
      oldest.durable++;
      oldest.clean++;
    }
  }

  /**
   * How many extents of a file from its start are on the platter. Write-back takes dirty pages in age order; pages that a failed fsync
   * left clean are never written again.
   */
  private onPlatter(file: DiskFile, nowUs: Micros): number {
    let kept = file.durable;
    if (file.clean === file.durable && !this.lies) {
      while (kept < file.extents.length && file.extents[kept]!.writtenAtUs + this.writeBackUs <= nowUs) kept++;
    }
    return kept;
  }

  /** What a starting process finds, by file. Small files are files of one extent. */
  image(): FileImage[] {
    const images: FileImage[] = [];
    for (let id = 0; id < this.files.length; id++) {
      const file = this.files[id];
      if (file === undefined) continue;
      images.push({
        file: id,
        name: file.name,
        extents: file.extents.map(({ payload, bytes }, i) => {
          const rotten = file.rotten.includes(i);
          return { payload, bytes, intact: i !== file.torn && !rotten, rotten };
        }),
      });
    }
    for (const [name, payload] of this.small)
      images.push({ file: -1, name, extents: [{ payload, bytes: 0, intact: true, rotten: false }] });
    return images;
  }

  /** A disk that goes on from here on its own; payloads are shared. */
  fork(): Disk {
    const fork = new Disk(this.host, this.writeBackUs, this.writeBackBytes);
    fork.extraAppendUs = this.extraAppendUs;
    fork.extraFsyncUs = this.extraFsyncUs;
    fork.failNextFsync = this.failNextFsync;
    fork.lies = this.lies;
    fork.full = this.full;
    fork.files = this.files.map((file) => file?.fork());
    fork.small = new Map(this.small);
    fork.busyUntilUs = this.busyUntilUs;
    fork.fsyncs = this.fsyncs;
    fork.losses = this.losses;
    fork.rots = this.rots;
    const copyOf = (file: DiskFile): DiskFile => fork.files[this.files.indexOf(file)] ?? file.fork();
    for (const { id, files } of this.syncing)
      fork.syncing.push({ id, files: files.map(({ file, extents }) => ({ file: copyOf(file), extents })) });
    return fork;
  }

  private open(file: number): DiskFile {
    const f = this.files[file];
    assert(f !== undefined, 'the file exists');
    return f;
  }
}
