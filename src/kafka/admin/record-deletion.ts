/**
 * `admin.deleteRecords`: the operator's client asks any broker who leads the partition, and that leader to delete; it tries again until
 * somebody gives it a final answer. One call at a time. Source: KafkaAdminClient.deleteRecords, DeleteRecordsHandler.java.
 */
import type { Millis, Offset } from '../../base/units.ts';
import {
  type Channel,
  type ChannelTable,
  channelDeadlineMs,
  connectIfNeeded,
  createChannel,
  dropChannel,
  sendRequest,
} from '../client/channel.ts';
import type { HostId, Out, Step } from '../machine.ts';
import type { DeleteRecordsResponse } from '../protocol/delete-records-messages.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { MetadataResponse, RequestBody } from '../protocol/messages.ts';

/** A call that is not answered yet. */
export interface RecordDeletion {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** What is below it is deleted; -1 for the high watermark. */
  readonly offset: Offset;
}

export interface RecordDeletionState {
  /** In order; the first one is under way. */
  readonly deletions: RecordDeletion[];
  /** The brokers that may be asked who leads what. */
  readonly brokers: readonly HostId[];
  nextAsked: number;
  /** Broker id of the leader as far as anybody knows, -1 when somebody has to be asked. */
  leader: HostId;
  channel: Channel | null;
  retryAtMs: Millis;
}

/** The key of its timer. */
export const deletionTimer = 1;
const requestTimeoutMs: Millis = 30000;
const retryMs: Millis = 100;

export function createRecordDeletionState(brokers: readonly HostId[]): RecordDeletionState {
  return { deletions: [], brokers, nextAsked: 0, leader: -1, channel: null, retryAtMs: 0 };
}

/** Sends what is to be sent next, or waits for when it may be. */
export function runDeletions(state: RecordDeletionState, channels: ChannelTable, step: Step, out: Out): void {
  const [deletion] = state.deletions;
  if (deletion === undefined) return;
  if (state.retryAtMs > step.wallMs) {
    out.setTimer(deletionTimer, (state.retryAtMs - step.wallMs) * 1000);
    return;
  }
  const node = state.leader >= 0 ? state.leader : state.brokers[state.nextAsked % state.brokers.length]!;
  if (state.channel !== null && state.channel.node !== node) dropLeader(state, channels, step, out);
  state.channel ??= createChannel(node);
  const { channel } = state;
  if (connectIfNeeded(channels, channel, step, out) && channel.inFlight.length === 0) {
    const { topic, partition, offset } = deletion;
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }];
    const body: RequestBody = state.leader < 0 ? { api: 3, topics: [topic] } : { api: 21, topics, timeoutMs: requestTimeoutMs };
    sendRequest(channels, channel, body.api, body, requestTimeoutMs, true, null, step, out);
  }
  const deadline = channel.state === 'disconnected' ? channel.nextAttemptMs : channelDeadlineMs(channel);
  if (deadline >= 0) out.setTimer(deletionTimer, Math.max(1, deadline - step.wallMs) * 1000);
}

function dropLeader(state: RecordDeletionState, channels: ChannelTable, step: Step, out: Out): void {
  const { channel } = state;
  if (channel !== null && channel.connection >= 0) {
    out.close(channel.connection);
    dropChannel(channels, channel, step);
  }
  state.channel = null;
}

/** The connection is gone, or the answer did not come: somebody else is asked who leads. */
export function deletionLost(state: RecordDeletionState, channels: ChannelTable, step: Step, out: Out): void {
  dropLeader(state, channels, step, out);
  askAgain(state, step);
}

function askAgain(state: RecordDeletionState, step: Step): void {
  state.leader = -1;
  state.nextAsked++;
  state.retryAtMs = step.wallMs + retryMs;
}

/** A broker answered. */
export function onDeletionAnswer(
  state: RecordDeletionState,
  response: MetadataResponse | DeleteRecordsResponse,
  step: Step,
  out: Out,
): void {
  const deletion = state.deletions[0]!;
  if (response.api === 3) {
    state.leader = response.topics[0]?.partitions[deletion.partition]?.leaderId ?? -1;
    if (state.leader < 0) askAgain(state, step);
    return;
  }
  const { errorCode } = response.topics[0]!.partitions[0]!;
  if (errorCode !== ErrorCode.none && isRetriable(errorCode)) {
    askAgain(state, step);
    return;
  }
  state.deletions.shift();
  state.leader = -1;
  out.complete(deletion.id, errorCode);
}
