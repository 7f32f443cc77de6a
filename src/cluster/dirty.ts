/**
 * What a loss of power would take at an instant: what brokers have in the page caches of their logs and not on the platter. What it takes
 * in fact is this or less: by choice some of it is spared.
 */
import type { Bytes, Micros, Offset } from '../base/units.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import type { Observer } from '../plan/observer.ts';
import type { Cluster } from './cluster.ts';

/** A replica of which something is in the page cache alone. */
export interface DirtyLog {
  readonly broker: number;
  /** `orders-0`. */
  readonly partition: string;
  /** The first offset that would be gone… */
  readonly fromOffset: Offset;
  /** … up to the log end offset. */
  readonly endOffset: Offset;
  readonly bytes: Bytes;
}

/** The same of all replicas of brokers whose machines have power, by broker and partition. */
export function dirtyLogs({ world, compiled, kernel }: Cluster): DirtyLog[] {
  const logs: DirtyLog[] = [];
  for (let broker = 1; broker <= compiled.plan.brokers; broker++) {
    const host = world.hosts[broker]!;
    if (!host.powered) continue;
    const found = new Map<string, { fromOffset: Offset; endOffset: Offset; bytes: Bytes }>();
    for (const { name, payloads, bytes } of host.disk.dirtyFiles(kernel.nowUs)) {
      const partition = name.slice(0, name.lastIndexOf('/'));
      const batches = payloads as readonly RecordBatch[];
      const [from, to] = [batches[0]!.baseOffset, batches[batches.length - 1]!.endOffset];
      const known = found.get(partition) ?? { fromOffset: from, endOffset: to, bytes: 0 };
      found.set(partition, {
        fromOffset: Math.min(known.fromOffset, from),
        endOffset: Math.max(known.endOffset, to),
        bytes: known.bytes + bytes,
      });
    }
    for (const [partition, dirty] of found)
      if (compiled.partitionNames.includes(partition)) logs.push({ broker, partition, ...dirty });
  }
  return logs;
}

/** Looks at a run's page caches as they are at one time, counted from the first send; `logs` is what it found. */
export class DirtyWatch implements Observer {
  logs: readonly DirtyLog[] = [];
  private readonly cluster: Cluster;
  private readonly atUs: Micros;
  private over = false;

  constructor(cluster: Cluster, atUs: Micros) {
    this.cluster = cluster;
    this.atUs = atUs;
  }

  handled(_event: number, atUs: Micros): void {
    const { startedAtUs } = this.cluster.phases;
    if (this.over || startedAtUs < 0) return;
    // The last look that is not too late counts.
    if (atUs - startedAtUs > this.atUs) this.over = true;
    else this.logs = dirtyLogs(this.cluster);
  }
}
