/**
 * The sender: what may be sent, where to, and what becomes of the answers. Source: Sender.java, RecordAccumulator.ready/drain/reenqueue/
 * expiredBatches.
 */
import { takeFirst } from '../../base/lists.ts';
import type { Millis } from '../../base/units.ts';
import {
  type Channel,
  channelDeadlineMs,
  connectIfNeeded,
  earlier,
  exponentialMs,
  hasInFlight,
  type InFlightRequest,
  jittered,
  labels,
  sendRequest,
} from '../client/channel.ts';
import { channelTo, metadataDueMs, type PartitionMetadata, updateMetadata } from '../client/metadata.ts';
import { ClientError, certainlyNotWritten, ErrorCode, isInvalidMetadata } from '../protocol/errors.ts';
import {
  ApiKey,
  type PartitionProduceData,
  type PartitionProduceResponse,
  type ProduceRequest,
  type ProduceResponse,
} from '../protocol/messages.ts';
import { RecordBatch } from '../protocol/records.ts';
import { insertInOrder, splitAndReenqueue, unblock } from './accumulator.ts';
import type { ProducerContext } from './context.ts';
import {
  bumpEpochIfRequired,
  ensureProducerId,
  markUnresolved,
  mayRetry,
  mustWait,
  resolveSequences,
  sequenceAcknowledged,
  sequenceFailed,
  sequenceForgotten,
  stampIdentity,
} from './identity.ts';
import { type PartitionQueue, type ProducerBatch, ProducerTimer } from './state.ts';

/** What a produce request in flight carries. */
type ProduceContext = readonly ProducerBatch[];

/** One turn of the sender's loop, repeated while it finds something to send; then it waits for whatever comes first. */
export function runSender(p: ProducerContext): void {
  const { state, step, out } = p;
  const config = state.config;
  const timing: Timing = { wakeMs: -1, expired: false };
  do {
    if (config.enableIdempotence) {
      resolveSequences(p);
      bumpEpochIfRequired(p);
      if (state.metadata.topics.size > 0) ensureProducerId(p);
    }
    if (state.blocked.length > 0) unblock(p);
    do timing.wakeMs = -1;
    while (sendReady(p, timing));
    // After sending, as in Sender.sendProducerData: what is due at this moment may go out once more.
    expireBatches(p, timing);
  } while (timing.expired);
  updateMetadata(state.metadata, state.channels, state.nodes, config, step, out);
  armSender(p, timing.wakeMs);
}

/** What one turn of the loop found out. */
interface Timing {
  /** When some batch may be sent or expires, -1 for never. */
  wakeMs: Millis;
  /** Batches expired: memory is free again, and sequences are to be resolved. */
  expired: boolean;
}

/** The earliest of everything the sender waits for. */
function armSender(p: ProducerContext, wakeMs: Millis): void {
  const { state, step } = p;
  let next = wakeMs;
  const { nodes } = state;
  for (let i = 0; i < nodes.length; i++) next = earlier(next, nodes[i] === undefined ? -1 : channelDeadlineMs(nodes[i]!));
  if (state.blocked.length > 0) next = earlier(next, state.blocked[0]!.deadlineMs);
  const waitsForNode = state.blocked.length > 0 || anyWaiting(state.allQueues);
  if (!state.metadata.inFlight && (waitsForNode || !state.metadata.updateRequested)) {
    next = earlier(next, Math.max(metadataDueMs(state.metadata, state.config), nextConnectMs(p)));
  }
  if (waitsForNode && state.config.enableIdempotence && state.producerId < 0 && !state.initProducerIdInFlight) {
    next = earlier(next, Math.max(state.initProducerIdNotBeforeMs, nextConnectMs(p)));
  }
  if (next < 0) return;
  const atUs = step.monotonicUs + Math.max(1, next - step.wallMs) * 1000;
  // An earlier wake-up does no harm; a later one must be moved.
  if (state.senderArmedUs >= step.monotonicUs && state.senderArmedUs <= atUs) return;
  state.senderArmedUs = atUs;
  p.out.setTimer(ProducerTimer.sender, atUs - step.monotonicUs);
}

function anyWaiting(queues: readonly PartitionQueue[]): boolean {
  for (let i = 0; i < queues.length; i++) if (queues[i]!.waiting.length > 0) return true;
  return false;
}

/** When some node may be asked or tried; now, if one is ready. */
function nextConnectMs(p: ProducerContext): Millis {
  let attempt = -1;
  let setUp = -1;
  const { nodes } = p.state.metadata;
  for (let i = 0; i < nodes.length; i++) {
    const channel = channelTo(p.state.nodes, nodes[i]!);
    if (channel.state === 'ready') return p.step.wallMs;
    if (channel.state === 'connecting') setUp = earlier(setUp, channel.setupDeadlineMs);
    else if (attempt < 0 || channel.nextAttemptMs < attempt) attempt = channel.nextAttemptMs;
  }
  // While a node is being connected to, no other is tried (NetworkClient.leastLoadedNode).
  return setUp >= 0 ? setUp : attempt;
}

/** Sends one request to every node that is ready for one; true when something was sent. */
function sendReady(p: ProducerContext, timing: Timing): boolean {
  const { state, step } = p;
  let sent = false;
  let tried: Channel[] | null = null;
  const { allQueues } = state;
  for (let i = 0; i < allQueues.length; i++) {
    const queue = allQueues[i]!;
    if (queue.waiting.length === 0 || queue.muted) continue;
    const head = queue.waiting[0]!;
    const leader = leaderOf(queue);
    if (leader === null || leader.leader < 0) {
      state.metadata.updateRequested = true;
      continue;
    }
    const readyMs = readyAtMs(p, queue, head, leader);
    if (readyMs > step.wallMs) {
      if (timing.wakeMs < 0 || readyMs < timing.wakeMs) timing.wakeMs = readyMs;
      continue;
    }
    const channel = channelTo(state.nodes, leader.leader);
    if (tried === null) tried = [channel];
    else if (tried.includes(channel)) continue;
    else tried.push(channel);
    if (!connectIfNeeded(state.channels, channel, step, p.out)) {
      if (channel.state === 'disconnected' && (timing.wakeMs < 0 || channel.nextAttemptMs < timing.wakeMs))
        timing.wakeMs = channel.nextAttemptMs;
      continue;
    }
    if (channel.inFlight.length >= state.config.maxInFlightRequestsPerConnection || stillSending(p, channel)) continue;
    if (drainTo(p, channel, leader.leader)) sent = true;
  }
  return sent;
}

/** acks=0: the next request waits until the socket has taken the last one whole (InFlightRequests.canSendMore). */
function stillSending(p: ProducerContext, channel: Channel): boolean {
  if (p.state.config.acks !== 0) return false;
  return hasInFlight(channel, ApiKey.produce);
}

/** Null for a partition that the topic does not have. */
function leaderOf(queue: PartitionQueue): PartitionMetadata | null {
  return queue.metadata.partitions[queue.index] ?? null;
}

/** When the head of a queue may be sent: at once when it is full or not alone, else after linger.ms, or after its backoff. */
function readyAtMs(p: ProducerContext, queue: PartitionQueue, head: ProducerBatch, leader: PartitionMetadata): Millis {
  if (head.attempts > 0) {
    // A retry towards a new leader does not back off (KAFKA-15415, 3.7).
    if (leader.leaderEpoch > head.attemptLeaderEpoch) return 0;
    return head.lastAttemptMs + retryBackoffMs(p, head);
  }
  const full = queue.waiting.length > 1 || head.closed || head.sizeBytes >= p.state.config.batchSize;
  if (full || p.state.blocked.length > 0) return 0;
  return head.createdMs + p.state.config.lingerMs;
}

const retryBackoff = labels('retry backoff');

/** retry.backoff.ms doubled for each attempt, at most retry.backoff.max.ms, with 20 % jitter (KIP-580). */
function retryBackoffMs(p: ProducerContext, batch: ProducerBatch): Millis {
  const { retryBackoffMs: base, retryBackoffMaxMs: max } = p.state.config;
  const exact = exponentialMs(base, max, batch.attempts - 1);
  const occurrence = (batch.records[0]?.id ?? 0) * 64 + Math.min(batch.attempts, 63);
  return jittered(exact, p.step.choices, retryBackoff(p.state.channels.clientId), occurrence);
}

/** Collects at most one batch of each partition that the node leads, up to max.request.size, and sends them as one request. */
function drainTo(p: ProducerContext, channel: Channel, node: number): boolean {
  const { state, step, out } = p;
  const queues = state.allQueues;
  let batches: ProducerBatch[] | null = null;
  let bytes = 0;
  const start = (state.drainIndex[node] ?? 0) % queues.length;
  let index = start;
  do {
    const at = index;
    const queue = queues[at]!;
    index = (at + 1) % queues.length;
    const leader = leaderOf(queue);
    if (leader === null || leader.leader !== node) continue;
    state.drainIndex[node] = at;
    if (queue.waiting.length === 0 || queue.muted) continue;
    const head = queue.waiting[0]!;
    if (head.attempts > 0 && readyAtMs(p, queue, head, leader) > step.wallMs) continue;
    if (batches !== null && bytes + head.sizeBytes > state.config.maxRequestSize) break;
    // A partition that must wait ends the drain of its node: the next drain begins with it again.
    if (mustWait(p, head)) break;
    takeFirst(queue.waiting);
    head.closed = true;
    stampIdentity(p, head);
    head.built ??= new RecordBatch(
      0,
      -1,
      head.producerId,
      head.producerEpoch,
      head.baseSequence,
      head.createdMs,
      head.sizeBytes,
      head.records,
    );
    head.attemptLeaderEpoch = leader.leaderEpoch;
    queue.inFlight.push(head);
    if (state.config.maxInFlightRequestsPerConnection === 1) queue.muted = true;
    if (batches === null) batches = [head];
    else batches.push(head);
    bytes += head.sizeBytes;
  } while (index !== start);
  if (batches === null) return false;
  const { acks, requestTimeoutMs } = state.config;
  const context: ProduceContext = batches;
  sendRequest(
    state.channels,
    channel,
    ApiKey.produce,
    { api: 0, acks, timeoutMs: requestTimeoutMs, topicData: topicDataOf(batches) },
    requestTimeoutMs,
    acks !== 0,
    context,
    step,
    out,
  );
  return true;
}

/** Batches by topic, as a produce request has them. */
function topicDataOf(batches: readonly ProducerBatch[]): ProduceRequest['topicData'] {
  let topics: { name: string; partitionData: PartitionProduceData[] }[] | null = null;
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i]!;
    const { topic: name, index } = batch.queue;
    const data: PartitionProduceData = { index, records: batch.built! };
    const known = topics === null ? undefined : topics.find((candidate) => candidate.name === name);
    if (known !== undefined) known.partitionData.push(data);
    else if (topics === null) topics = [{ name, partitionData: [data] }];
    else topics.push({ name, partitionData: [data] });
  }
  return topics ?? [];
}

/** delivery.timeout.ms is over: first for batches that wait, then for those in flight. */
function expireBatches(p: ProducerContext, timing: Timing): void {
  timing.expired = false;
  const { allQueues } = p.state;
  for (let i = 0; i < allQueues.length; i++) expireFrom(p, allQueues[i]!.waiting, false, timing);
  for (let i = 0; i < allQueues.length; i++) expireFrom(p, allQueues[i]!.inFlight, true, timing);
}

/** Creation times ascend but for retries at the head, so that the first batch that is not due ends the look. */
function expireFrom(p: ProducerContext, list: ProducerBatch[], inFlight: boolean, timing: Timing): void {
  const { wallMs } = p.step;
  const timeoutMs = p.state.config.deliveryTimeoutMs;
  while (list.length > 0 && wallMs - list[0]!.createdMs >= timeoutMs) {
    expire(p, list.shift()!, inFlight);
    timing.expired = true;
  }
  const head = list[0];
  if (head !== undefined && (timing.wakeMs < 0 || head.createdMs + timeoutMs < timing.wakeMs))
    timing.wakeMs = head.createdMs + timeoutMs;
}

function expire(p: ProducerContext, batch: ProducerBatch, inFlight: boolean): void {
  if (inFlight) batch.written = 1;
  p.out.note('batch-expired', batch.queue.index, batch.records.length, batch.attempts, batch.records[0]!.id);
  finish(p, batch, ClientError.deliveryTimeout, -1);
  sequenceFailed(p, batch, ClientError.deliveryTimeout, false);
  // Sent before, perhaps written: no new batch until those in flight have told.
  if (batch.inRetry) markUnresolved(batch);
}

/** A produce request was answered. */
export function onProduceResponse(p: ProducerContext, request: InFlightRequest, response: ProduceResponse): void {
  const batches = request.context as ProduceContext;
  const { responses } = response;
  for (let t = 0; t < responses.length; t++) {
    const { name, partitionResponses } = responses[t]!;
    for (let i = 0; i < partitionResponses.length; i++) {
      const answer = partitionResponses[i]!;
      for (let j = 0; j < batches.length; j++) {
        const batch = batches[j]!;
        if (batch.queue.index !== answer.index || batch.queue.topic !== name) continue;
        completeBatch(p, batch, answer);
        break;
      }
    }
  }
}

/** acks=0: the bytes are in the socket, and that is all the producer ever learns. */
export function onProduceSent(p: ProducerContext, request: InFlightRequest): void {
  for (const batch of request.context as ProduceContext) {
    completeBatch(p, batch, {
      index: batch.queue.index,
      errorCode: ErrorCode.none,
      baseOffset: -1,
      logStartOffset: -1,
      currentLeader: -1,
      currentLeaderEpoch: -1,
    });
  }
}

/** The connection was lost, or the request took too long: nobody knows what became of its batches. */
export function onProduceLost(p: ProducerContext, request: InFlightRequest, timedOut: boolean): void {
  const errorCode = timedOut ? ErrorCode.requestTimedOut : ErrorCode.networkException;
  for (const batch of request.context as ProduceContext) {
    batch.written = 1;
    completeBatch(p, batch, {
      index: batch.queue.index,
      errorCode,
      baseOffset: -1,
      logStartOffset: -1,
      currentLeader: -1,
      currentLeaderEpoch: -1,
    });
  }
}

function completeBatch(p: ProducerContext, batch: ProducerBatch, answer: PartitionProduceResponse): void {
  const { state } = p;
  const queue = batch.queue;
  if (queue.inFlight[0] === batch) takeFirst(queue.inFlight);
  else {
    const at = queue.inFlight.indexOf(batch);
    if (at >= 0) queue.inFlight.splice(at, 1);
  }
  queue.muted = false;
  const errorCode = answer.errorCode;
  if (errorCode === ErrorCode.none || errorCode === ErrorCode.duplicateSequenceNumber) {
    sequenceAcknowledged(batch);
    finish(p, batch, ErrorCode.none, answer.baseOffset);
    return;
  }
  if (!certainlyNotWritten(errorCode)) batch.written = 1;
  if (isInvalidMetadata(errorCode)) {
    if (errorCode === ErrorCode.notLeaderOrFollower || errorCode === ErrorCode.fencedLeaderEpoch) adoptLeader(queue, answer);
    state.metadata.updateRequested = true;
  }
  // A late answer to a batch that the application was told about already.
  if (batch.done) return;
  if (errorCode === ErrorCode.messageTooLarge && batch.records.length > 1) {
    sequenceForgotten(batch);
    batch.done = true;
    splitAndReenqueue(p, batch);
    return;
  }
  const late = p.step.wallMs - batch.createdMs >= state.config.deliveryTimeoutMs;
  if (!late && batch.attempts < state.config.retries && mayRetry(p, batch, answer)) {
    reenqueue(p, batch, errorCode);
    return;
  }
  p.out.note('batch-failed', queue.index, batch.records.length, errorCode, batch.records[0]!.id);
  sequenceFailed(p, batch, errorCode, batch.attempts < state.config.retries);
  finish(p, batch, errorCode, -1);
}

/** KIP-951: the answer itself names the new leader. */
function adoptLeader(queue: PartitionQueue, answer: PartitionProduceResponse): void {
  if (answer.currentLeader < 0 || answer.currentLeaderEpoch < 0) return;
  const known = leaderOf(queue);
  if (known === null || known.leaderEpoch >= answer.currentLeaderEpoch) return;
  known.leader = answer.currentLeader;
  known.leaderEpoch = answer.currentLeaderEpoch;
}

/** Back to the queue: to its head, or, with sequences, to where the sequence belongs. */
function reenqueue(p: ProducerContext, batch: ProducerBatch, errorCode: number): void {
  batch.attempts++;
  batch.lastAttemptMs = p.step.wallMs;
  batch.inRetry = true;
  p.out.note('batch-retried', batch.queue.index, batch.attempts, errorCode, batch.records[0]!.id);
  insertInOrder(batch.queue.waiting, batch);
}

/** Tells the application. */
function finish(p: ProducerContext, batch: ProducerBatch, errorCode: number, baseOffset: number): void {
  if (batch.done) return;
  batch.done = true;
  p.state.bufferUsed -= batch.allocatedBytes;
  p.out.produced(batch.records, errorCode, baseOffset, batch.written);
}
