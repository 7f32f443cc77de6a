/**
 * The operator's client: creates topics and partitions, moves leaderships and replicas, deletes records (`record-deletion.ts`). It talks to
 * the controller itself (KIP-919) and tries again until it is answered. Where the controller is one of the brokers it asks them which, one
 * after the other; of a quorum it tries one controller after the other.
 */

import { assert, unreachable } from '../../base/assert.ts';
import type { Millis } from '../../base/units.ts';
import {
  type Channel,
  type ChannelTable,
  channelConnected,
  channelDeadlineMs,
  channelExpired,
  channelOf,
  connectIfNeeded,
  createChannel,
  createChannelTable,
  dropChannel,
  sendRequest,
  takeInFlight,
} from '../client/channel.ts';
import type { ConnectionId, HostId, Input, Machine, Operation, Out, Step } from '../machine.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { RequestBody, ResponseBody } from '../protocol/messages.ts';
import {
  createRecordDeletionState,
  deletionLost,
  deletionTimer,
  onDeletionAnswer,
  type RecordDeletionState,
  runDeletions,
} from './record-deletion.ts';

/** A call and the request that it has come to. */
interface Task {
  readonly id: number;
  /** Asks again whatever the answer: what a run cannot do without, and the two steps of moving a leadership. */
  readonly insists: boolean;
  readonly requests: RequestBody[];
}

export interface AdminState {
  readonly channels: ChannelTable;
  channel: Channel;
  /** In order; the first one is under way. */
  readonly tasks: Task[];
  retryAtMs: Millis;
  /** Brokers that know who is controller, or the controllers of a quorum; empty where there is but one. */
  readonly bootstrap: readonly HostId[];
  /** What is asked may be the controller itself. */
  readonly asksControllers: boolean;
  /** The present channel leads to the controller, as far as anybody knows. */
  found: boolean;
  /** Which of the brokers is asked next. */
  nextAsked: number;
  readonly recordDeletion: RecordDeletionState;
}

const adminTimer = 0;
const requestTimeoutMs: Millis = 30000;
const retryMs: Millis = 100;

/** `bootstrap`: whom to ask for the controller, where it is not known; `brokers`: all of them. */
export function createAdminState(
  controller: HostId,
  bootstrap: readonly HostId[],
  brokers: readonly HostId[],
  asksControllers: boolean,
): AdminState {
  return {
    channels: createChannelTable('admin', {
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
      socketConnectionSetupTimeoutMs: 10000,
      socketConnectionSetupTimeoutMaxMs: 30000,
    }),
    channel: createChannel(controller),
    tasks: [],
    retryAtMs: 0,
    bootstrap,
    asksControllers,
    found: asksControllers,
    nextAsked: 1,
    recordDeletion: createRecordDeletionState(brokers),
  };
}

export class Admin implements Machine<AdminState> {
  readonly state: AdminState;
  private step!: Step;
  private out!: Out;

  constructor(state: AdminState) {
    this.state = state;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    const { state } = this;
    switch (input.kind) {
      case 'call':
        if (input.operation.kind === 'deleteRecords') state.recordDeletion.deletions.push({ ...input.operation, id: input.id });
        else {
          state.tasks.push({
            id: input.id,
            insists: input.operation.kind === 'createTopics' || input.operation.kind === 'moveLeader',
            requests: requestsFor(input.operation),
          });
        }
        break;
      case 'connected':
        channelConnected(channelOf(state.channels, input.connection) ?? state.channel);
        break;
      case 'connectFailed':
      case 'disconnected':
        if (channelOf(state.channels, input.connection) === state.channel) {
          dropChannel(state.channels, state.channel, step);
          this.lookElsewhere();
        } else if (this.isDeletion(input.connection)) deletionLost(state.recordDeletion, state.channels, step, out);
        break;
      case 'response':
        if (this.isDeletion(input.connection)) {
          const { channel } = state.recordDeletion;
          const { body } = input;
          if (takeInFlight(channel!, input.correlationId) !== null && (body.api === 3 || body.api === 21))
            onDeletionAnswer(state.recordDeletion, body, step, out);
        } else if (takeInFlight(state.channel, input.correlationId) !== null) this.onResponse(input.body);
        break;
      case 'timer':
        if (input.key === deletionTimer) {
          const { channel } = state.recordDeletion;
          if (channel !== null && channelExpired(channel, step.wallMs))
            deletionLost(state.recordDeletion, state.channels, step, out);
        } else if (channelExpired(state.channel, step.wallMs)) {
          out.close(state.channel.connection);
          dropChannel(state.channels, state.channel, step);
          this.lookElsewhere();
        }
        break;
      case 'stop':
        out.halt();
        return;
      case 'start':
      case 'accepted':
      case 'request':
      case 'sent':
      case 'fsynced':
      case 'ioFailed':
        return;
      default:
        unreachable(input);
    }
    this.run();
    runDeletions(state.recordDeletion, state.channels, step, out);
  }

  private isDeletion(connection: ConnectionId): boolean {
    const { channels, recordDeletion } = this.state;
    return recordDeletion.channel !== null && channelOf(channels, connection) === recordDeletion.channel;
  }

  private run(): void {
    const { state, step, out } = this;
    const request = state.tasks[0]?.requests[0];
    if (request === undefined) return;
    const channel = state.channel;
    if (state.retryAtMs > step.wallMs) {
      out.setTimer(adminTimer, (state.retryAtMs - step.wallMs) * 1000);
      return;
    }
    if (connectIfNeeded(state.channels, channel, step, out) && channel.inFlight.length === 0) {
      const body: RequestBody = state.found ? request : { api: 3, topics: [] };
      sendRequest(state.channels, channel, body.api, body, requestTimeoutMs, true, null, step, out);
    }
    const deadline = channel.state === 'disconnected' ? channel.nextAttemptMs : channelDeadlineMs(channel);
    if (deadline >= 0) out.setTimer(adminTimer, Math.max(1, deadline - step.wallMs) * 1000);
  }

  /** Who is not controller any more is left, and another broker asked who is. */
  private lookElsewhere(): void {
    const { state } = this;
    if (state.bootstrap.length === 0) return;
    this.goTo(state.bootstrap[state.nextAsked++ % state.bootstrap.length]!, state.asksControllers);
  }

  private goTo(node: HostId, found: boolean): void {
    const { state, step, out } = this;
    if (state.channel.connection >= 0) {
      out.close(state.channel.connection);
      dropChannel(state.channels, state.channel, step);
    }
    state.channel = createChannel(node);
    state.found = found;
    state.retryAtMs = found && !state.asksControllers ? 0 : step.wallMs + retryMs;
  }

  private onResponse(body: ResponseBody): void {
    if (body.api === 3) {
      const controller = body.controllerId ?? -1;
      if (controller < 0) this.lookElsewhere();
      else if (controller === this.state.channel.node) this.state.found = true;
      else this.goTo(controller, true);
      return;
    }
    const task = this.state.tasks[0];
    assert(task !== undefined, 'a response belongs to a task');
    const errorCode = worstError(body);
    if (!task.insists && errorCode !== ErrorCode.none && !isRetriable(errorCode)) {
      this.out.note('operation-refused', errorCode);
      this.state.tasks.shift();
      this.out.complete(task.id, errorCode);
      return;
    }
    if (errorCode !== ErrorCode.none && errorCode !== ErrorCode.electionNotNeeded && errorCode !== ErrorCode.topicAlreadyExists) {
      this.state.retryAtMs = this.step.wallMs + retryMs;
      if (errorCode === ErrorCode.notController) this.lookElsewhere();
      return;
    }
    task.requests.shift();
    if (task.requests.length > 0) return;
    this.state.tasks.shift();
    this.out.complete(task.id, ErrorCode.none);
  }
}

function requestsFor(operation: Operation): RequestBody[] {
  switch (operation.kind) {
    case 'createTopics':
      return [
        { api: 19, topics: operation.topics.map(({ name, assignments, config }) => ({ name, assignments, configs: config })) },
      ];
    case 'moveLeader': {
      const { topic, partition, replicas } = operation;
      return [
        { api: 45, topics: [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }] },
        { api: 43, electionType: 'preferred', topicPartitions: [{ topic, partitions: [partition] }] },
      ];
    }
    case 'addPartitions': {
      const { topic, count, assignments } = operation;
      return [{ api: 37, topics: [{ name: topic, count, assignments }] }];
    }
    case 'alterConfig':
      return [{ api: 44, topics: [{ name: operation.topic, configs: operation.config }] }];
    case 'reassign': {
      const { topic, partition, replicas } = operation;
      return [{ api: 45, topics: [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }] }];
    }
    case 'deleteRecords':
    case 'send':
    case 'poll':
    case 'seek':
    case 'commit':
    case 'close':
      return [];
    default:
      return unreachable(operation);
  }
}

function worstError(body: ResponseBody): number {
  switch (body.api) {
    case 19:
      return body.topics.find((topic) => topic.errorCode !== ErrorCode.none)?.errorCode ?? ErrorCode.none;
    case 37:
      return body.results.find((topic) => topic.errorCode !== ErrorCode.none)?.errorCode ?? ErrorCode.none;
    case 43:
      return (
        body.replicaElectionResults.flatMap((r) => r.partitionResult).find((p) => p.errorCode !== ErrorCode.none)?.errorCode ??
        ErrorCode.none
      );
    case 44:
      return body.responses.find((topic) => topic.errorCode !== ErrorCode.none)?.errorCode ?? ErrorCode.none;
    case 45:
      return body.responses.flatMap((r) => r.partitions).find((p) => p.errorCode !== ErrorCode.none)?.errorCode ?? ErrorCode.none;
    default:
      return ErrorCode.none;
  }
}
