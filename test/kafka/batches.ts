/** Records and batches for tests: small, and named by what a test asks of them. */
import type { ProducerRecord } from '../../src/kafka/machine.ts';
import { RecordBatch } from '../../src/kafka/protocol/records.ts';

let nextId = 0;

export function record(changes: Partial<ProducerRecord> = {}): ProducerRecord {
  return { id: nextId++, topic: 'orders', partition: 0, keyHash: -1, sizeBytes: 100, ...changes };
}

export function records(count: number, changes: Partial<ProducerRecord> = {}): ProducerRecord[] {
  return Array.from({ length: count }, () => record(changes));
}

export interface BatchOptions {
  readonly count: number;
  readonly offset: number;
  readonly epoch: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly bytes: number;
  readonly timestampMs: number;
}

/** A batch as a producer sends it, or, with `offset` and `epoch`, as a leader has stamped it. */
export function batch(options: Partial<BatchOptions> = {}): RecordBatch {
  const { count = 1, producerId = -1 } = options;
  return new RecordBatch(
    options.offset ?? 0,
    options.epoch ?? -1,
    producerId,
    options.producerEpoch ?? (producerId < 0 ? -1 : 0),
    options.sequence ?? (producerId < 0 ? -1 : 0),
    options.timestampMs ?? 1000000,
    options.bytes ?? 61 + count * 121,
    records(count),
  );
}
