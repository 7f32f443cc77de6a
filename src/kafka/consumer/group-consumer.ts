/**
 * A consumer that is a member of a group, by the classic protocol with eager rebalances: one client process, one machine, one
 * topic. This file says which input goes to which part. Source: ClassicKafkaConsumer.java, ConsumerNetworkClient.java.
 *
 * The application's thread is in a call or busy elsewhere. The heartbeat thread runs beside it as long as the member is in its
 * group, and it alone keeps the network going between calls; without it what arrives is kept until the next call.
 *
 * Answers to calls: `poll` completes with what it throws, or 0; `commit` with `sync` when it is answered, refused for good, or after
 * default.api.timeout.ms (REQUEST_TIMED_OUT); without `sync` it is under way beside other calls, and completes when its outcome is known;
 * `close` completes with 0 and ends the process. A `close` during a `poll` wakes it up: that poll returns nothing and is answered 0.
 * A `seek` is not answered; it may come between the callback that assigned the partition and the rest of that poll.
 *
 * Left out: subscribing to several topics or to patterns, unsubscribing, pausing, cooperative rebalances, the consumer protocol of KIP-848.
 */
import { unreachable } from '../../base/assert.ts';
import type { Millis } from '../../base/units.ts';
import {
  type Channel,
  channelConnected,
  channelDeadlineMs,
  channelExpired,
  channelOf,
  dropChannel,
  earlier,
  type InFlightRequest,
  takeInFlight,
} from '../client/channel.ts';
import { metadataDueMs, onMetadata, updateMetadata } from '../client/metadata.ts';
import type { Input, Machine, Out, Step } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type * as Group from '../protocol/group-messages.ts';
import { ApiKey, type FetchRequest, type FetchResponse, type MetadataResponse, type ResponseBody } from '../protocol/messages.ts';
import type { ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochResponse } from '../protocol/offset-messages.ts';
import { begin, beginClose, defaultCloseTimeoutMs, runCall } from './calls.ts';
import { failWaitingCommits, onCommitted, sendWaitingCommits } from './commits.ts';
import { type ConsumerRules, consumerRules, type GroupConsumerContext } from './context.ts';
import { onCoordinatorFound } from './coordinator.ts';
import { onFetched, onFetchLost } from './fetching.ts';
import { assignIfLeader, type JoinContext, onJoinGroup, onSyncGroup } from './joining.ts';
import { onHeartbeat, runHeartbeats } from './membership.ts';
import { onListOffsets, onOffsetFetch } from './positions.ts';
import {
  type Generation,
  type GroupConsumerState,
  GroupConsumerTimer,
  type PendingCommit,
  type PendingOffsetFetch,
} from './state.ts';
import { type AskedPositions, onEpochEnds } from './validation.ts';

export class GroupConsumer implements Machine<GroupConsumerState>, GroupConsumerContext {
  readonly state: GroupConsumerState;
  readonly rules: ConsumerRules;
  step!: Step;
  out!: Out;

  constructor(state: GroupConsumerState, rules: ConsumerRules = consumerRules) {
    this.state = state;
    this.rules = rules;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    const { state } = this;
    if (state.closed) return;
    switch (input.kind) {
      case 'start':
        state.nextAutoCommitMs = step.wallMs + state.config.autoCommitIntervalMs;
        return;
      case 'call':
        // A seek only moves a position: it does not look at the network.
        if (input.operation.kind !== 'seek') this.readInbox();
        begin(this, input.id, input.operation);
        if (input.operation.kind !== 'seek') this.run();
        return;
      case 'stop':
        this.readInbox();
        beginClose(this, -1, defaultCloseTimeoutMs);
        this.run();
        return;
      case 'response':
      case 'connected':
      case 'connectFailed':
      case 'disconnected':
        if (this.polled) {
          this.onNetwork(input);
          this.run();
        } else state.inbox.push(input);
        return;
      case 'timer':
        state.armedUs = -1;
        if (this.polled) this.run();
        return;
      case 'accepted':
      case 'request':
      case 'sent':
      case 'fsynced':
      case 'ioFailed':
        return;
      default:
        unreachable(input);
    }
  }

  /** Some thread looks at the network: the application's in a call, or the heartbeat thread. */
  private get polled(): boolean {
    return this.state.call !== null || this.state.heartbeat.enabled;
  }

  private readInbox(): void {
    const { inbox } = this.state;
    if (inbox.length > 0) for (const input of inbox.splice(0)) this.onNetwork(input);
  }

  private onNetwork(input: Input): void {
    const { state, out } = this;
    if (!('connection' in input)) return;
    const channel = channelOf(state.channels, input.connection);
    if (channel === undefined) return;
    if (input.kind === 'connected') channelConnected(channel);
    else if (input.kind === 'response') {
      const request = takeInFlight(channel, input.correlationId);
      if (request === null) {
        out.close(input.connection);
        this.lose(channel);
      } else this.answered(request, input.body);
    } else this.lose(channel);
  }

  /** What was asked is answered; with null the connection was lost before. */
  private answered(request: InFlightRequest, body: ResponseBody | null): void {
    const { context } = request;
    switch (request.api) {
      case ApiKey.metadata:
        this.onMetadata(body as MetadataResponse | null);
        break;
      case ApiKey.fetch:
        if (body === null) onFetchLost(this.state, context as FetchRequest);
        else onFetched(this, context as FetchRequest, body as FetchResponse);
        break;
      case ApiKey.listOffsets:
        onListOffsets(this, context as ListOffsetsRequest, body as ListOffsetsResponse | null);
        break;
      case ApiKey.offsetForLeaderEpoch:
        onEpochEnds(this, context as AskedPositions, body as OffsetForLeaderEpochResponse | null);
        break;
      case ApiKey.findCoordinator: {
        const errorCode = onCoordinatorFound(this, body as Group.FindCoordinatorResponse | null);
        if (errorCode !== ErrorCode.none) failWaitingCommits(this, errorCode);
        break;
      }
      case ApiKey.joinGroup:
        onJoinGroup(this, context as JoinContext, body as Group.JoinGroupResponse | null);
        break;
      case ApiKey.syncGroup:
        onSyncGroup(this, context as JoinContext, body as Group.SyncGroupResponse | null);
        break;
      case ApiKey.heartbeat:
        onHeartbeat(this, context as Generation, body as Group.HeartbeatResponse | null);
        break;
      case ApiKey.offsetCommit:
        onCommitted(this, context as PendingCommit, body as Group.OffsetCommitResponse | null);
        break;
      case ApiKey.offsetFetch:
        onOffsetFetch(this, context as PendingOffsetFetch, body as Group.OffsetFetchResponse | null);
        break;
      default:
        // LeaveGroup: nobody minds the answer.
        break;
    }
  }

  private onMetadata(response: MetadataResponse | null): void {
    const { state, step } = this;
    onMetadata(state.metadata, response, step.wallMs);
    if (response === null) return;
    if (state.metadataOutdated) {
      state.metadataOutdated = false;
      state.metadata.updateRequested = true;
    } else state.metadataVersion++;
  }

  /** A connection is gone, and with it every request in flight. */
  private lose(channel: Channel): void {
    const { state } = this;
    state.metadata.updateRequested = true;
    if (state.coordinator === channel) state.coordinator = null;
    for (const request of dropChannel(state.channels, channel, this.step)) this.answered(request, null);
  }

  /** Both threads, until neither finds anything more to do. */
  private run(): void {
    const { state, step, out } = this;
    state.inCallback = false;
    for (const channels of [state.nodes, state.coordinators]) {
      for (const channel of channels) {
        if (channel === undefined || !channelExpired(channel, step.wallMs)) continue;
        out.note('request-timed-out', channel.inFlight[0]?.correlationId ?? -1, channel.node);
        out.close(channel.connection);
        this.lose(channel);
      }
    }
    do {
      if (state.disconnecting.length > 0) this.disconnect(state.disconnecting.splice(0));
      updateMetadata(state.metadata, state.channels, state.nodes, state.config, step, out);
      sendWaitingCommits(this);
      assignIfLeader(this);
      runHeartbeats(this);
      runCall(this);
      // For what they have just found out that they do not know.
      updateMetadata(state.metadata, state.channels, state.nodes, state.config, step, out);
    } while (state.disconnecting.length > 0);
    this.arm();
  }

  private disconnect(channels: readonly Channel[]): void {
    for (const channel of channels) {
      if (channel.state === 'disconnected') continue;
      this.out.close(channel.connection);
      this.lose(channel);
    }
  }

  private arm(): void {
    const { state, step, out } = this;
    if (state.closed || !this.polled) return;
    const next = this.nextMs();
    if (next < 0 && !state.inCallback) return;
    const atUs = state.inCallback ? step.monotonicUs : step.monotonicUs + Math.max(1, next - step.wallMs) * 1000;
    if (state.armedUs >= step.monotonicUs && state.armedUs <= atUs) return;
    state.armedUs = atUs;
    out.setTimer(GroupConsumerTimer.wake, atUs - step.monotonicUs);
  }

  /** The earliest of everything that is waited for, -1 for nothing. */
  private nextMs(): Millis {
    const { state, step } = this;
    const { metadata, heartbeat, membership, lookup, call, config } = state;
    const nowMs = step.wallMs;
    let next: Millis = -1;
    const at = (ms: Millis): void => {
      // What has passed waits for something else; what is too far away is never.
      if (ms > nowMs && ms - nowMs < 1e12) next = earlier(next, ms);
    };
    for (const channels of [state.nodes, state.coordinators]) {
      for (const channel of channels) {
        if (channel !== undefined) at(channel.state === 'disconnected' ? channel.nextAttemptMs : channelDeadlineMs(channel));
      }
    }
    if (!metadata.inFlight) at(metadataDueMs(metadata, config));
    if (state.coordinator === null) at(lookup.notBeforeMs);
    if (heartbeat.enabled) {
      at(heartbeat.dueMs);
      at(heartbeat.sessionDueMs);
      if (call?.kind !== 'poll') at(heartbeat.pollDueMs);
    }
    if (call === null) return next;
    at(call.deadlineMs);
    at(call.notBeforeMs);
    if (call.kind !== 'poll') return next;
    if (config.enableAutoCommit) at(state.nextAutoCommitMs);
    at(membership.joinNotBeforeMs);
    at(membership.prepareNotBeforeMs);
    at(membership.prepareDeadlineMs);
    at(state.offsetFetchNotBeforeMs);
    for (const { notBeforeMs } of state.owned) at(notBeforeMs);
    return next;
  }
}
