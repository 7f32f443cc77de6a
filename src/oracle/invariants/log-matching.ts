/**
 * Log matching: batches at the same offset with the same leader epoch are the same batch, on whatever replica. Checked as batches are
 * appended and replicated, by reference: batches are immutable and shared, so the same records are the same array.
 * A leader that lost data leads again in a new epoch, unless ZooKeeper keeps the metadata: a controller that takes over and finds it alive
 * elects nobody (KafkaController.onControllerFailover). What it writes from there on, it may write anew.
 */
import { emptyList } from '../../base/lists.ts';
import type { ProducerRecord } from '../../kafka/machine.ts';
import type { RecordBatch } from '../../kafka/protocol/records.ts';
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

type Records = readonly ProducerRecord[];

/**
 * What was ever written to a partition: the newest lineage as a list in order of offsets, everything else aside. Replicas copy
 * the list in order, so each has a cursor into it and seldom needs to search.
 */
class Written {
  private readonly bases: number[] = [];
  private readonly epochs: number[] = [];
  private readonly records: Records[] = emptyList();
  /** Batches of other lineages, by epoch and offset. */
  private aside: Map<number, Records> | null = null;
  /** By host: where its next batch should be in the list. */
  private readonly cursors: number[];

  constructor(hosts: number) {
    this.cursors = cells(hosts, 0);
  }

  /** Remembers a batch that a host wrote; false when another one is known at that offset in that epoch. */
  agrees(host: number, batch: RecordBatch): boolean {
    const { baseOffset, partitionLeaderEpoch } = batch;
    let at = this.cursors[host]!;
    if (at >= this.bases.length || this.bases[at] !== baseOffset) at = this.search(baseOffset);
    if (at < this.bases.length && this.bases[at] === baseOffset && this.epochs[at] === partitionLeaderEpoch) {
      this.cursors[host] = at + 1;
      return this.records[at] === batch.records;
    }
    return this.agreesAside(host, at, batch);
  }

  private agreesAside(host: number, at: number, { baseOffset, partitionLeaderEpoch, records }: RecordBatch): boolean {
    const known = this.aside?.get(keyOf(partitionLeaderEpoch, baseOffset));
    if (known !== undefined) return known === records;
    if (at < this.bases.length && this.epochs[at]! > partitionLeaderEpoch) {
      this.setAside(partitionLeaderEpoch, baseOffset, records);
      return true;
    }
    // A newer leader writes over the list's end: what was there becomes another lineage.
    while (this.bases.length > at) this.setAside(this.epochs.pop()!, this.bases.pop()!, this.records.pop()!);
    this.bases.push(baseOffset);
    this.epochs.push(partitionLeaderEpoch);
    this.records.push(records);
    this.cursors[host] = this.bases.length;
    return true;
  }

  /** The leader of this epoch came back without what lay from `endOffset` on, and leads on. */
  ledAgain(epoch: number, endOffset: number): void {
    let end = this.bases.length;
    while (end > 0 && this.epochs[end - 1] === epoch && this.bases[end - 1]! >= endOffset) end--;
    this.bases.length = end;
    this.epochs.length = end;
    this.records.length = end;
    for (const key of [...(this.aside?.keys() ?? [])]) {
      if (Math.floor(key / offsetRange) === epoch && key % offsetRange >= endOffset) this.aside!.delete(key);
    }
  }

  private setAside(epoch: number, offset: number, records: Records): void {
    this.aside ??= new Map();
    this.aside.set(keyOf(epoch, offset), records);
  }

  /** Index of the first batch at or beyond an offset. */
  private search(offset: number): number {
    let low = 0;
    let high = this.bases.length;
    if (high === 0 || this.bases[high - 1]! < offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.bases[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Offsets of one log stay below this. */
const offsetRange = 4294967296;

function keyOf(epoch: number, offset: number): number {
  return epoch * offsetRange + offset;
}

export const logMatching = {
  name: 'log-matching',
  promise: 'the same offset and leader epoch hold the same batch on every replica',
  source: 'KIP-101, KIP-279',
  watch(scene: Scene) {
    const written = Array.from({ length: scene.partitions }, () => new Written(scene.hosts));
    return {
      memory: { others: [written] },
      led: (host, partition, epoch, endOffset) => {
        if (scene.isDamaged(host, partition)) written[partition]!.ledAgain(epoch, endOffset);
      },
      appended: (host, partition, _replica, batch) => {
        if (written[partition]!.agrees(host, batch)) return;
        scene.breach('log-matching', host, partition, { offset: batch.baseOffset, epoch: batch.partitionLeaderEpoch });
      },
    };
  },
} satisfies Invariant;
