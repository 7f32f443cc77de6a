/**
 * From `send()` to batches: metadata, partitioner, size check, buffer memory, batching. Source: KafkaProducer.doSend,
 * RecordAccumulator.append, BuiltInPartitioner.java, BufferPool.java.
 *
 * Simplified: the sticky partitioner weighs all available partitions alike (no queue statistics).
 */
import { emptyList } from '../../base/lists.ts';
import type { Bytes } from '../../base/units.ts';
import type { TopicMetadata } from '../client/metadata.ts';
import type { ProducerRecord } from '../machine.ts';
import { ClientError } from '../protocol/errors.ts';
import { batchOverheadBytes, incrementSequence, recordOverheadBytes } from '../protocol/records.ts';
import type { ProducerContext } from './context.ts';
import type { PartitionQueue, ProducerBatch, StickyPartition, TopicQueues } from './state.ts';

/** `send()` for each of the records. One that finds no metadata or no memory blocks, and with it whatever comes after. */
export function send(p: ProducerContext, records: readonly ProducerRecord[]): void {
  const { blocked, config } = p.state;
  const next = blocked.length > 0 ? 0 : appendFrom(p, records, 0);
  if (next < records.length) blocked.push({ records, next, deadlineMs: p.step.wallMs + config.maxBlockMs });
}

/** Sends that were blocked, in order, as far as they can go now; those whose time is over fail. */
export function unblock(p: ProducerContext): void {
  const { blocked } = p.state;
  let done = 0;
  while (done < blocked.length) {
    const sends = blocked[done]!;
    const { records } = sends;
    if (p.step.wallMs >= sends.deadlineMs) {
      for (let i = sends.next; i < records.length; i++) refuse(p, records[i]!, whyBlocked(p, records[i]!));
    } else {
      sends.next = appendFrom(p, records, sends.next);
      if (sends.next < records.length) break;
    }
    done++;
  }
  if (done > 0) blocked.splice(0, done);
}

function whyBlocked(p: ProducerContext, record: ProducerRecord): number {
  return p.state.metadata.topics.has(record.topic) ? ClientError.bufferExhausted : ClientError.metadataTimeout;
}

function refuse(p: ProducerContext, record: ProducerRecord, errorCode: number): void {
  p.out.note('record-refused', record.id, errorCode);
  p.out.produced([record], errorCode, -1, 0);
}

/** Appends records until one has to wait; returns its index, or how many there are. */
function appendFrom(p: ProducerContext, records: readonly ProducerRecord[], from: number): number {
  const { topics } = p.state.metadata;
  // A burst is mostly of one topic: what does not change from record to record is looked up once.
  let name = '';
  let metadata: TopicMetadata | undefined;
  let topic: TopicQueues | null = null;
  let i = from;
  while (i < records.length) {
    const record = records[i]!;
    if (record.topic !== name || topic === null) {
      name = record.topic;
      metadata = topics.get(name);
      if (metadata === undefined) return i;
      topic = queuesOf(p, name);
    }
    const taken = tryAppend(p, records, i, metadata!, topic);
    if (taken === 0) return i;
    i += taken;
  }
  return i;
}

/** Appends a record, and those after it that go the same way. Returns how many it took: 0 when the send has to wait for memory. */
function tryAppend(
  p: ProducerContext,
  records: readonly ProducerRecord[],
  at: number,
  metadata: TopicMetadata,
  topic: TopicQueues,
): number {
  const { state, out } = p;
  const record = records[at]!;
  const { batchSize, maxRequestSize, bufferMemory } = state.config;
  const recordBytes = recordOverheadBytes + record.sizeBytes;
  const alone = batchOverheadBytes + recordBytes;
  if (alone > maxRequestSize || alone > bufferMemory) {
    refuse(p, record, ClientError.recordTooLarge);
    return 1;
  }
  const partition = partitionFor(p, metadata, topic, record);
  const queue = topic.queues[partition] ?? addQueue(p, topic, metadata, partition);
  const { waiting } = queue;
  const last = waiting.length === 0 ? undefined : waiting[waiting.length - 1]!;
  const open = last !== undefined && !last.closed && last.sizeBytes + recordBytes <= batchSize ? last : null;
  const allocatedBytes = Math.max(batchSize, alone);
  if (open === null && state.bufferUsed + allocatedBytes > bufferMemory) return 0;
  let sizeBytes = open === null ? alone : open.sizeBytes + recordBytes;
  let end = at + 1;
  if (topic.sticky === null) {
    // Whatever follows and goes the same way, as long as there is room: of most of a burst nothing else needs to be asked. Not where a
    // sticky partition counts the bytes of every record.
    const { name } = metadata;
    const onlyPartition = metadata.partitions.length === 1;
    const room = Math.min(batchSize, maxRequestSize, bufferMemory);
    for (; end < records.length; end++) {
      const next = records[end]!;
      const withNext = sizeBytes + recordOverheadBytes + next.sizeBytes;
      if (withNext > room || next.topic !== name) break;
      if (next.partition !== partition && (next.partition >= 0 || !onlyPartition)) break;
      sizeBytes = withNext;
    }
  }
  let batch = open;
  if (batch === null) {
    state.bufferUsed += allocatedBytes;
    batch = createBatch(queue, records.slice(at, end), sizeBytes, allocatedBytes, p.step.wallMs);
    waiting.push(batch);
  } else {
    for (let i = at; i < end; i++) batch.records.push(records[i]!);
    batch.sizeBytes = sizeBytes;
  }
  out.partitioned(records, at, end, partition);
  if (topic.sticky !== null) countSticky(p, topic.sticky, record, open === null ? alone : recordBytes, batch);
  return end - at;
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

function partitionFor(p: ProducerContext, metadata: TopicMetadata, topic: TopicQueues, record: ProducerRecord): number {
  if (record.partition >= 0) return record.partition;
  const count = metadata.partitions.length;
  if (record.keyHash >= 0 && !p.state.config.partitionerIgnoreKeys) return record.keyHash % count;
  if (count === 1) return 0;
  topic.sticky ??= { partition: -1, producedBytes: 0, switches: 0 };
  const { sticky } = topic;
  if (sticky.partition < 0) {
    const available: number[] = [];
    metadata.partitions.forEach((partition, i) => {
      if (partition.leader >= 0) available.push(i);
    });
    const among = available.length > 0 ? available : metadata.partitions.map((_, i) => i);
    const choices = p.step.choices;
    const site = choices.site(`sticky partition ${p.state.channels.clientId} ${metadata.name}`);
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
function countSticky(
  p: ProducerContext,
  sticky: StickyPartition,
  record: ProducerRecord,
  bytes: Bytes,
  batch: ProducerBatch,
): void {
  const { batchSize, partitionerIgnoreKeys } = p.state.config;
  if (record.partition >= 0 || (record.keyHash >= 0 && !partitionerIgnoreKeys)) return;
  sticky.producedBytes += bytes;
  const full = batch.sizeBytes >= batchSize;
  if (sticky.producedBytes >= 2 * batchSize || (full && sticky.producedBytes >= batchSize)) sticky.partition = -1;
}

function queuesOf(p: ProducerContext, name: string): TopicQueues {
  let topic = p.state.topics.get(name);
  if (topic === undefined) {
    topic = { queues: [], sticky: null };
    p.state.topics.set(name, topic);
  }
  return topic;
}

function addQueue(p: ProducerContext, topic: TopicQueues, metadata: TopicMetadata, index: number): PartitionQueue {
  const queue: PartitionQueue = {
    topic: metadata.name,
    index,
    metadata,
    waiting: emptyList(),
    inFlight: emptyList(),
    muted: false,
    producerId: -1,
    producerEpoch: -1,
    nextSequence: 0,
    lastAckedSequence: -1,
    sequenced: emptyList(),
    unresolvedSequence: -1,
    rewriteSequences: false,
  };
  topic.queues[index] = queue;
  p.state.allQueues.push(queue);
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
