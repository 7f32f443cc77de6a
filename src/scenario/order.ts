/**
 * What a run shows of order beyond one partition. Neither is a harm: Kafka promises order within a partition and no other.
 * Scenarios may expect them, to show where the promise ends.
 */
import type { History } from '../history/history.ts';

export interface OrderCounts {
  /** Records that a consumer was given after one that the same producer had sent later, over all partitions. First reads count. */
  readonly readOutOfOrder: number;
  /** Keys whose records went to more than one partition. */
  readonly keysSpread: number;
}

/** Counts both from a history. */
export function countOrder(history: History): OrderCounts {
  return { readOutOfOrder: countReadOutOfOrder(history), keysSpread: countKeysSpread(history) };
}

function countReadOutOfOrder({ reads, sends, consumers, producers }: History): number {
  let count = 0;
  const latest = new Int32Array(consumers.length * producers.length).fill(-1);
  const seen = new Uint8Array(consumers.length * sends.count);
  for (let i = 0; i < reads.count; i++) {
    const record = reads.record[i]!;
    if (record < 0) continue;
    const consumer = reads.consumer[i]!;
    const read = consumer * sends.count + record;
    if (seen[read] === 1) continue;
    seen[read] = 1;
    const line = consumer * producers.length + sends.producer[record]!;
    const order = sends.sendOrder[record]!;
    if (order < latest[line]!) count++;
    else latest[line] = order;
  }
  return count;
}

function countKeysSpread({ sends }: History): number {
  const partitionOfKey = new Map<number, number>();
  const spread = new Set<number>();
  for (let id = 0; id < sends.count; id++) {
    const key = sends.key[id]!;
    const partition = sends.partition[id]!;
    if (key < 0 || partition < 0) continue;
    const first = partitionOfKey.get(key);
    if (first === undefined) partitionOfKey.set(key, partition);
    else if (first !== partition) spread.add(key);
  }
  return spread.size;
}
