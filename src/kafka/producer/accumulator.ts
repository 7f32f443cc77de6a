/**
 * From `send()` to batches: metadata, partitioner, size check, buffer memory, batching. Source: KafkaProducer.doSend,
 * RecordAccumulator.append, BuiltInPartitioner.java, BufferPool.java.
 *
 * Simplified: the sticky partitioner weighs all available partitions alike (no queue statistics).
 */
import type { Bytes } from '../../base/units.ts';
import type { TopicMetadata } from '../client/metadata.ts';
import type { ProducerRecord } from '../machine.ts';
import { ClientError } from '../protocol/errors.ts';
import { batchOverheadBytes, incrementSequence, recordOverheadBytes } from '../protocol/records.ts';
import type { ProducerContext } from './context.ts';
import type { PartitionQueue, ProducerBatch } from './state.ts';

/** `send()`. A record that finds no metadata or no memory blocks, and with it whatever comes after. */
export function send(p: ProducerContext, record: ProducerRecord): void {
  const { state } = p;
  if (state.blocked.length > 0 || !tryAppend(p, record)) {
    state.blocked.push({ record, deadlineMs: p.step.wallMs + state.config.maxBlockMs });
  }
}

/** Sends that were blocked, in order, as far as they can go now; those whose time is over fail. */
export function unblock(p: ProducerContext): void {
  const { blocked } = p.state;
  let done = 0;
  while (done < blocked.length) {
    const { record, deadlineMs } = blocked[done]!;
    if (p.step.wallMs >= deadlineMs) {
      const errorCode = p.state.metadata.topics.has(record.topic) ? ClientError.bufferExhausted : ClientError.metadataTimeout;
      p.out.note('record-refused', record.id, errorCode);
      p.out.produced([record], errorCode, -1, 0);
    } else if (!tryAppend(p, record)) break;
    done++;
  }
  if (done > 0) blocked.splice(0, done);
}

/** False when the send has to wait. */
function tryAppend(p: ProducerContext, record: ProducerRecord): boolean {
  const { state, out } = p;
  const topic = state.metadata.topics.get(record.topic);
  if (topic === undefined) return false;
  const recordBytes = recordOverheadBytes + record.sizeBytes;
  const alone = batchOverheadBytes + recordBytes;
  if (alone > state.config.maxRequestSize || alone > state.config.bufferMemory) {
    out.note('record-refused', record.id, ClientError.recordTooLarge);
    out.produced([record], ClientError.recordTooLarge, -1, 0);
    return true;
  }
  const partition = partitionFor(p, topic, record);
  const queue = queueFor(p, record.topic, partition);
  const last = queue.waiting[queue.waiting.length - 1];
  if (last !== undefined && !last.closed && last.sizeBytes + recordBytes <= state.config.batchSize) {
    last.records.push(record);
    last.sizeBytes += recordBytes;
    countSticky(p, record, recordBytes, last);
    out.partitioned(record.id, partition);
    return true;
  }
  const allocatedBytes = Math.max(state.config.batchSize, alone);
  if (state.bufferUsed + allocatedBytes > state.config.bufferMemory) return false;
  state.bufferUsed += allocatedBytes;
  const batch = createBatch(queue, [record], alone, allocatedBytes, p.step.wallMs);
  queue.waiting.push(batch);
  countSticky(p, record, alone, batch);
  out.partitioned(record.id, partition);
  return true;
}

/** A batch that has not been sent yet. */
export function createBatch(
  queue: PartitionQueue,
  records: ProducerRecord[],
  sizeBytes: Bytes,
  allocatedBytes: Bytes,
  createdMs: number,
): ProducerBatch {
  return {
    queue,
    records,
    sizeBytes,
    allocatedBytes,
    createdMs,
    lastAttemptMs: createdMs,
    attempts: 0,
    closed: false,
    inRetry: false,
    attemptLeaderEpoch: -1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    sequenceHasBeenReset: false,
    built: null,
    written: 0,
    done: false,
  };
}

function partitionFor(p: ProducerContext, topic: TopicMetadata, record: ProducerRecord): number {
  if (record.partition >= 0) return record.partition;
  if (record.keyHash >= 0 && !p.state.config.partitionerIgnoreKeys) return record.keyHash % topic.partitions.length;
  if (topic.partitions.length === 1) return 0;
  let sticky = p.state.sticky.get(topic.name);
  if (sticky === undefined) {
    sticky = { partition: -1, producedBytes: 0, switches: 0 };
    p.state.sticky.set(topic.name, sticky);
  }
  if (sticky.partition < 0) {
    const available: number[] = [];
    topic.partitions.forEach((partition, i) => {
      if (partition.leader >= 0) available.push(i);
    });
    const among = available.length > 0 ? available : topic.partitions.map((_, i) => i);
    const choices = p.step.choices;
    const site = choices.site(`sticky partition ${p.state.channels.clientId} ${topic.name}`);
    sticky.partition = among[choices.below(site, sticky.switches, among.length)]!;
    sticky.switches++;
    sticky.producedBytes = 0;
  }
  return sticky.partition;
}

/**
 * The sticky partition is left after `batch.size` bytes, but not in the middle of a batch, unless twice as many were reached
 * (BuiltInPartitioner.updatePartitionInfo). Records whose partition was given, or decided by their key, do not count.
 */
function countSticky(p: ProducerContext, record: ProducerRecord, bytes: Bytes, batch: ProducerBatch): void {
  const { batchSize, partitionerIgnoreKeys } = p.state.config;
  if (record.partition >= 0 || (record.keyHash >= 0 && !partitionerIgnoreKeys)) return;
  const sticky = p.state.sticky.get(record.topic);
  if (sticky === undefined) return;
  sticky.producedBytes += bytes;
  const full = batch.sizeBytes >= batchSize;
  if (sticky.producedBytes >= 2 * batchSize || (full && sticky.producedBytes >= batchSize)) sticky.partition = -1;
}

function queueFor(p: ProducerContext, topic: string, index: number): PartitionQueue {
  let queues = p.state.queues.get(topic);
  if (queues === undefined) {
    queues = [];
    p.state.queues.set(topic, queues);
  }
  let queue = queues[index];
  if (queue === undefined) {
    queue = {
      topic,
      index,
      waiting: [],
      inFlight: [],
      muted: false,
      producerId: -1,
      producerEpoch: -1,
      nextSequence: 0,
      lastAckedSequence: -1,
      sequenced: [],
      unresolvedSequence: -1,
      rewriteSequences: false,
    };
    queues[index] = queue;
    p.state.allQueues.push(queue);
  }
  return queue;
}

/**
 * MESSAGE_TOO_LARGE for a batch of several records: pieces of `batch.size`, which keep the sequences, go back to where the batch belongs.
 * They count as never tried, and still expire when the batch would have. A batch that `batch.size` does not cut is sent again
 * as it is, until it expires (KAFKA-8350). Source: ProducerBatch.split, RecordAccumulator.splitAndReenqueue.
 */
export function splitAndReenqueue(p: ProducerContext, batch: ProducerBatch): void {
  const { queue } = batch;
  const pieces: ProducerBatch[] = [];
  for (const record of batch.records) {
    const recordBytes = recordOverheadBytes + record.sizeBytes;
    const last = pieces[pieces.length - 1];
    if (last !== undefined && last.sizeBytes + recordBytes <= p.state.config.batchSize) {
      last.records.push(record);
      last.sizeBytes += recordBytes;
    } else {
      // What pieces take is not counted against buffer.memory.
      pieces.push(createBatch(queue, [record], batchOverheadBytes + recordBytes, 0, batch.createdMs));
    }
  }
  p.state.bufferUsed -= batch.allocatedBytes;
  let sequence = batch.baseSequence;
  for (const piece of pieces) {
    piece.closed = true;
    piece.written = batch.written;
    if (sequence < 0) continue;
    piece.producerId = batch.producerId;
    piece.producerEpoch = batch.producerEpoch;
    piece.baseSequence = sequence;
    insertInOrder(queue.sequenced, piece);
    sequence = incrementSequence(sequence, piece.records.length);
  }
  for (let i = pieces.length - 1; i >= 0; i--) insertInOrder(queue.waiting, pieces[i]!);
}

/** Puts a batch at the head of a list; one with a sequence behind those that precede it. */
export function insertInOrder(list: ProducerBatch[], batch: ProducerBatch): void {
  let at = 0;
  if (batch.baseSequence >= 0) {
    while (at < list.length && list[at]!.baseSequence >= 0 && list[at]!.baseSequence < batch.baseSequence) at++;
  }
  list.splice(at, 0, batch);
}
