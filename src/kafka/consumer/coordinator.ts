/**
 * Finding the group's coordinator, and the connection to it. Source: AbstractCoordinator.ensureCoordinatorReady, lookupCoordinator,
 * markCoordinatorUnknown.
 *
 * Simplified: nothing is put in line for a coordinator whose connection is still coming up; whoever wants to send waits for it.
 */
import { type Channel, connectIfNeeded, sendRequest } from '../client/channel.ts';
import { channelTo, leastLoaded } from '../client/metadata.ts';
import { ErrorCode, isRetriable } from '../protocol/errors.ts';
import type { FindCoordinatorResponse, GroupRequest } from '../protocol/group-messages.ts';
import { ApiKey } from '../protocol/messages.ts';
import { backoffMs, fail, type GroupConsumerContext, type Progress } from './context.ts';

/** The connection to the coordinator if it is up; otherwise null, and it is on its way if the coordinator is known. */
export function readyCoordinator(c: GroupConsumerContext): Channel | null {
  const { coordinator, channels } = c.state;
  if (coordinator === null) return null;
  return connectIfNeeded(channels, coordinator, c.step, c.out) ? coordinator : null;
}

/** For a call that needs the coordinator: looks for it, and fails when looking is in vain. */
export function ensureCoordinatorReady(c: GroupConsumerContext): Progress {
  const { lookup } = c.state;
  if (c.state.coordinator === null) {
    if (lookup.failure !== 0) {
      const { failure } = lookup;
      lookup.failure = 0;
      return fail(c, failure);
    }
    findCoordinator(c);
    return 'blocked';
  }
  return readyCoordinator(c) === null ? 'blocked' : 'done';
}

/** Asks any broker, unless somebody has just asked; after a failure only with newer metadata. */
export function findCoordinator(c: GroupConsumerContext): void {
  const { state, step, out } = c;
  const { lookup } = state;
  if (lookup.inFlight || step.wallMs < lookup.notBeforeMs || state.metadataVersion < lookup.metadataVersion) return;
  const channel = leastLoaded(state.metadata, state.channels, state.nodes, step);
  if (channel === null || !connectIfNeeded(state.channels, channel, step, out)) return;
  lookup.inFlight = true;
  lookup.requests++;
  sendRequest(
    state.channels,
    channel,
    ApiKey.findCoordinator,
    { api: 10, key: state.groupId },
    state.config.requestTimeoutMs,
    true,
    null,
    step,
    out,
  );
}

/** The answer, or null when it was lost. Returns the error. */
export function onCoordinatorFound(c: GroupConsumerContext, response: FindCoordinatorResponse | null): number {
  const { state, step } = c;
  const { lookup } = state;
  lookup.inFlight = false;
  const errorCode = response === null ? ErrorCode.networkException : response.errorCode;
  if (response === null || errorCode !== ErrorCode.none) {
    if (!isRetriable(errorCode)) lookup.failure = errorCode;
    backOff(c);
    return errorCode;
  }
  const channel = channelTo(state.coordinators, response.host);
  state.coordinator = channel;
  if (!connectIfNeeded(state.channels, channel, step, c.out) && channel.state === 'disconnected') {
    // Found, but the connection has just failed.
    state.coordinator = null;
    backOff(c);
    return ErrorCode.none;
  }
  lookup.attempts = 0;
  c.out.note('coordinator-found', response.nodeId);
  state.heartbeat.sessionDueMs = step.wallMs + state.config.sessionTimeoutMs;
  return ErrorCode.none;
}

function backOff(c: GroupConsumerContext): void {
  const { lookup, metadata, metadataVersion } = c.state;
  lookup.notBeforeMs = c.step.wallMs + backoffMs(c, 'coordinator', lookup.attempts++, lookup.requests);
  lookup.metadataVersion = metadataVersion + 1;
  metadata.updateRequested = true;
}

/** The coordinator is not what it was: its connection is closed, and with it goes whatever waits for an answer. */
export function markCoordinatorUnknown(c: GroupConsumerContext): void {
  const { state } = c;
  const { coordinator } = state;
  if (coordinator === null) return;
  state.coordinator = null;
  if (coordinator.state !== 'disconnected') state.disconnecting.push(coordinator);
}

/** Sends a request to the coordinator; the connection must be up. */
export function sendToCoordinator(
  c: GroupConsumerContext,
  channel: Channel,
  body: GroupRequest,
  context: unknown,
  timeoutMs: number = c.state.config.requestTimeoutMs,
): void {
  sendRequest(c.state.channels, channel, body.api, body, timeoutMs, true, context, c.step, c.out);
}
