/**
 * Idempotence on the client: producer id and epoch, sequences by partition, and what to do when they no longer fit.
 * Source: TransactionManager.java, TxnPartitionEntry.java, KIP-360.
 */
import { takeFirst } from '../../base/lists.ts';
import { connectIfNeeded, sendRequest } from '../client/channel.ts';
import { leastLoaded } from '../client/metadata.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { InitProducerIdResponse, PartitionProduceResponse } from '../protocol/messages.ts';
import { incrementSequence } from '../protocol/records.ts';
import type { ProducerContext } from './context.ts';
import type { PartitionQueue, ProducerBatch } from './state.ts';

const lastEpoch = 32767;

/** Asks any broker for a producer id while there is none. */
export function ensureProducerId(p: ProducerContext): void {
  const { state, step, out } = p;
  if (!state.config.enableIdempotence || state.producerId >= 0 || state.initProducerIdInFlight) return;
  if (step.wallMs < state.initProducerIdNotBeforeMs) return;
  const channel = leastLoaded(state.metadata, state.channels, state.nodes, step);
  if (channel === null || !connectIfNeeded(state.channels, channel, step, out)) return;
  state.initProducerIdInFlight = true;
  const body = { api: 22, producerId: -1, producerEpoch: -1 } as const;
  sendRequest(state.channels, channel, body.api, body, state.config.requestTimeoutMs, true, null, step, out);
}

/** The answer, or null when the connection was lost. */
export function onProducerId(p: ProducerContext, response: InitProducerIdResponse | null): void {
  p.state.initProducerIdInFlight = false;
  if (response === null || response.errorCode !== ErrorCode.none) {
    p.state.initProducerIdNotBeforeMs = p.step.wallMs + p.state.config.retryBackoffMs;
    return;
  }
  p.state.producerId = response.producerId;
  p.state.producerEpoch = response.producerEpoch;
  p.out.note('producer-id-assigned', response.producerId, response.producerEpoch);
}

/** Whether identity forbids to drain this batch now (RecordAccumulator.shouldStopDrainBatchesForPartition). */
export function mustWait(p: ProducerContext, batch: ProducerBatch): boolean {
  const { state } = p;
  if (!state.config.enableIdempotence) return false;
  if (state.producerId < 0) return true;
  const queue = batch.queue;
  if (batch.baseSequence < 0) {
    if (queue.sequenced.length > 0 && isStale(p, queue)) return true;
    if (queue.unresolvedSequence >= 0) return true;
  }
  // Retries go one at a time: only the lowest sequence in flight.
  return batch.baseSequence >= 0 && queue.sequenced.length > 0 && queue.sequenced[0] !== batch;
}

function isStale(p: ProducerContext, queue: PartitionQueue): boolean {
  return queue.producerId !== p.state.producerId || queue.producerEpoch !== p.state.producerEpoch;
}

/** Gives a batch its sequence at its first drain; a retry keeps the one it has. */
export function stampIdentity(p: ProducerContext, batch: ProducerBatch): void {
  if (!p.state.config.enableIdempotence) return;
  const queue = batch.queue;
  if (batch.baseSequence >= 0 && p.rules.keepsSequence(batch)) return;
  if (isStale(p, queue) && queue.sequenced.length === 0) startSequencesAtBeginning(p, queue);
  batch.producerId = queue.producerId;
  batch.producerEpoch = queue.producerEpoch;
  batch.baseSequence = queue.nextSequence;
  batch.built = null;
  queue.nextSequence = incrementSequence(queue.nextSequence, batch.records.length);
  if (!isSequenced(queue, batch)) queue.sequenced.push(batch);
}

/** `includes`, but compiled into its caller. */
function isSequenced({ sequenced }: PartitionQueue, batch: ProducerBatch): boolean {
  for (let i = 0; i < sequenced.length; i++) if (sequenced[i] === batch) return true;
  return false;
}

function startSequencesAtBeginning(p: ProducerContext, queue: PartitionQueue): void {
  let sequence = 0;
  for (const batch of queue.sequenced) {
    batch.producerId = p.state.producerId;
    batch.producerEpoch = p.state.producerEpoch;
    batch.baseSequence = sequence;
    batch.sequenceHasBeenReset = true;
    batch.built = null;
    sequence = incrementSequence(sequence, batch.records.length);
  }
  queue.producerId = p.state.producerId;
  queue.producerEpoch = p.state.producerEpoch;
  queue.nextSequence = sequence;
  queue.lastAckedSequence = -1;
}

function forget(queue: PartitionQueue, batch: ProducerBatch): void {
  if (queue.sequenced[0] === batch) takeFirst(queue.sequenced);
  else {
    const at = queue.sequenced.indexOf(batch);
    if (at >= 0) queue.sequenced.splice(at, 1);
  }
}

/** The batch was acknowledged. */
export function sequenceAcknowledged(batch: ProducerBatch): void {
  if (batch.baseSequence < 0) return;
  const last = incrementSequence(batch.baseSequence, batch.records.length - 1);
  if (last > batch.queue.lastAckedSequence) batch.queue.lastAckedSequence = last;
  forget(batch.queue, batch);
}

/** The batch leaves without an acknowledgement. `adjust`: its retries were not used up, so its sequence is known to be unused. */
export function sequenceFailed(p: ProducerContext, batch: ProducerBatch, errorCode: number, adjust: boolean): void {
  if (batch.baseSequence < 0) return;
  forget(batch.queue, batch);
  if (errorCode === ErrorCode.outOfOrderSequenceNumber || adjust) requestEpochBump(p, batch.queue);
}

/** The batch was split: its pieces get sequences of their own. */
export function sequenceForgotten(batch: ProducerBatch): void {
  forget(batch.queue, batch);
}

/** A batch expired after it had been sent: nobody knows whether its sequence was used. */
export function markUnresolved(batch: ProducerBatch): void {
  if (batch.baseSequence < 0) return;
  const next = incrementSequence(batch.baseSequence, batch.records.length);
  if (next > batch.queue.unresolvedSequence) batch.queue.unresolvedSequence = next;
}

/** TransactionManager.maybeResolveSequences: once nothing is in flight, either later batches proved it used, or the epoch is bumped. */
export function resolveSequences(p: ProducerContext): void {
  const { allQueues } = p.state;
  for (let i = 0; i < allQueues.length; i++) {
    const queue = allQueues[i]!;
    if (queue.unresolvedSequence < 0 || queue.sequenced.length > 0) continue;
    if (queue.nextSequence - queue.lastAckedSequence !== 1) requestEpochBump(p, queue);
    queue.unresolvedSequence = -1;
  }
}

function requestEpochBump(p: ProducerContext, queue: PartitionQueue): void {
  p.state.epochBumpRequired = true;
  queue.rewriteSequences = true;
}

/** Bumps the epoch locally, without a request, and rewrites the sequences of the partitions that asked for it (KIP-360). */
export function bumpEpochIfRequired(p: ProducerContext): void {
  const { state } = p;
  if (!state.epochBumpRequired) return;
  state.epochBumpRequired = false;
  if (state.producerEpoch === lastEpoch) {
    state.producerId = -1;
    state.producerEpoch = -1;
  } else {
    state.producerEpoch++;
    p.out.note('producer-epoch-bumped', state.producerId, state.producerEpoch);
  }
  for (const queue of state.allQueues) {
    if (!queue.rewriteSequences) continue;
    queue.rewriteSequences = false;
    startSequencesAtBeginning(p, queue);
    queue.unresolvedSequence = -1;
  }
}

/** Whether an error may be retried (TransactionManager.canRetry for a producer without transactions). */
export function mayRetry(p: ProducerContext, batch: ProducerBatch, answer: Pick<PartitionProduceResponse, 'errorCode'>): boolean {
  if (!p.state.config.enableIdempotence) return isRetriable(answer.errorCode);
  const queue = batch.queue;
  if (answer.errorCode === ErrorCode.unknownProducerId) {
    requestEpochBump(p, queue);
    return true;
  }
  if (answer.errorCode === ErrorCode.outOfOrderSequenceNumber) {
    const unresolved = queue.unresolvedSequence >= 0;
    const isNext = batch.baseSequence - queue.lastAckedSequence === 1;
    if (!unresolved && (batch.sequenceHasBeenReset || !isNext)) return true;
    if (!unresolved || batch.baseSequence === queue.unresolvedSequence) requestEpochBump(p, queue);
    return true;
  }
  return isRetriable(answer.errorCode);
}
