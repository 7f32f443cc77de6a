/**
 * A process's side of its connections, as Kafka's NetworkClient has it: one channel to a node at a time, requests answered in
 * order, a request timeout that takes the whole connection down, reconnection with exponential backoff.
 * Source: NetworkClient.java, InFlightRequests.java, ClusterConnectionStates.java.
 */

import { assert } from '../../base/assert.ts';
import type { Choices } from '../../base/choices.ts';
import { emptyList, takeFirst } from '../../base/lists.ts';
import type { Micros, Millis } from '../../base/units.ts';
import type { ConnectionId, HostId, Out, Step } from '../machine.ts';
import { type ApiKey, apiVersions, type RequestBody } from '../protocol/messages.ts';

/** A request that waits for its response. */
export interface InFlightRequest {
  readonly correlationId: number;
  readonly api: ApiKey;
  readonly sentAtMs: Millis;
  readonly timeoutMs: Millis;
  /** Whatever the caller wants back with the response. */
  readonly context: unknown;
}

export interface Channel {
  readonly node: HostId;
  /** -1 while there is none. */
  connection: ConnectionId;
  state: 'disconnected' | 'connecting' | 'ready';
  /** In the order of sending. */
  inFlight: InFlightRequest[];
  /** Before this time no new attempt is made. */
  nextAttemptMs: Millis;
  setupDeadlineMs: Millis;
  /** Connections in a row that failed or were lost. */
  failures: number;
  /** Connections in a row that did not come up. */
  failedSetups: number;
  attempts: number;
}

export interface ChannelSettings {
  readonly reconnectBackoffMs: Millis;
  readonly reconnectBackoffMaxMs: Millis;
  readonly socketConnectionSetupTimeoutMs: Millis;
  readonly socketConnectionSetupTimeoutMaxMs: Millis;
}

/** All channels of one process. */
export interface ChannelTable {
  readonly clientId: string;
  readonly settings: ChannelSettings;
  nextConnection: ConnectionId;
  nextCorrelationId: number;
  /** By connection number; undefined once it is gone. */
  readonly byConnection: (Channel | undefined)[];
}

export function createChannelTable(clientId: string, settings: ChannelSettings): ChannelTable {
  return { clientId, settings, nextConnection: 0, nextCorrelationId: 0, byConnection: [] };
}

export function createChannel(node: HostId): Channel {
  return {
    node,
    connection: -1,
    state: 'disconnected',
    inFlight: emptyList(),
    nextAttemptMs: 0,
    setupDeadlineMs: 0,
    failures: 0,
    failedSetups: 0,
    attempts: 0,
  };
}

/** The channel of a connection that this process opened; undefined once it is gone, and for one that it accepted. */
export function channelOf(table: ChannelTable, connection: ConnectionId): Channel | undefined {
  return connection < 0 ? undefined : table.byConnection[connection];
}

/** True when requests can be sent now; otherwise starts an attempt to connect, unless backoff forbids it. */
export function connectIfNeeded(table: ChannelTable, channel: Channel, step: Step, out: Out): boolean {
  if (channel.state === 'ready') return true;
  if (channel.state === 'connecting' || step.wallMs < channel.nextAttemptMs) return false;
  channel.connection = table.nextConnection++;
  channel.state = 'connecting';
  channel.attempts++;
  channel.setupDeadlineMs = step.wallMs + setupTimeoutMs(table, channel, step.choices);
  table.byConnection[channel.connection] = channel;
  out.connect(channel.connection, channel.node);
  return false;
}

/** The connection is up. */
export function channelConnected(channel: Channel): void {
  channel.state = 'ready';
  channel.failures = 0;
  channel.failedSetups = 0;
}

/**
 * Sends a request on a ready channel. `api` is that of the body, which comes in many shapes, so that reading it there is slow. Without a
 * response it is not kept in flight but answered by the input `sent`.
 */
export function sendRequest(
  table: ChannelTable,
  channel: Channel,
  api: ApiKey,
  body: RequestBody,
  timeoutMs: Millis,
  expectResponse: boolean,
  context: unknown,
  step: Step,
  out: Out,
): number {
  assert(channel.state === 'ready', 'requests are sent on ready channels');
  const correlationId = table.nextCorrelationId++;
  channel.inFlight.push({ correlationId, api, sentAtMs: step.wallMs, timeoutMs, context });
  out.send(
    channel.connection,
    { api, apiVersion: apiVersions[api]!, correlationId, clientId: table.clientId },
    body,
    expectResponse,
  );
  return correlationId;
}

/**
 * The request that a response belongs to. Responses of a connection arrive in order; one that does not fit the oldest request
 * (a response was lost on a living connection, which TCP does not do) gives null, and the caller closes the connection.
 */
export function takeInFlight(channel: Channel, correlationId: number): InFlightRequest | null {
  const head = channel.inFlight[0];
  if (head === undefined || head.correlationId !== correlationId) return null;
  return takeFirst(channel.inFlight);
}

/**
 * The request whose bytes have been handed to the socket and that expects no response: it may be behind others that wait for theirs
 * (NetworkClient.handleCompletedSends completes the request that was sent last).
 */
export function takeSent(channel: Channel, correlationId: number): InFlightRequest | null {
  const at = channel.inFlight.findIndex((request) => request.correlationId === correlationId);
  return at < 0 ? null : channel.inFlight.splice(at, 1)[0]!;
}

/**
 * The connection is gone or never came up. Returns the requests that will not be answered, oldest first: the order in which
 * Kafka's client cancels them (InFlightRequests.clearAll). A producer without idempotence puts each of them back at the head of its
 * queue, and so reverses them.
 */
export function dropChannel(table: ChannelTable, channel: Channel, step: Step): InFlightRequest[] {
  if (channel.connection >= 0) table.byConnection[channel.connection] = undefined;
  if (channel.state === 'connecting') channel.failedSetups++;
  channel.connection = -1;
  channel.state = 'disconnected';
  channel.nextAttemptMs = step.wallMs + backoffMs(table, channel, step.choices);
  channel.failures++;
  const lost = channel.inFlight;
  channel.inFlight = emptyList();
  return lost;
}

/** `baseMs` doubled so many times, at most `maxMs`, but never below `baseMs` (ExponentialBackoff.java). */
export function exponentialMs(baseMs: Millis, maxMs: Millis, doublings: number): Millis {
  const most = Math.max(baseMs, maxMs);
  let backoff = baseMs;
  for (let i = 0; i < doublings && backoff < most; i++) backoff *= 2;
  return Math.min(backoff, most);
}

/**
 * Labels of choices by client, and by node where there is one, each made once: a text that is built anew has to be hashed anew, and that
 * takes longer than the choice itself.
 */
export function labels(purpose: string): (clientId: string, node?: HostId) => string {
  const byClient = new Map<string, string[]>();
  return (clientId, node) => {
    let known = byClient.get(clientId);
    if (known === undefined) {
      known = [`${purpose} ${clientId}`];
      byClient.set(clientId, known);
    }
    if (node === undefined) return known[0]!;
    while (known.length <= node + 1) known.push(`${purpose} ${clientId}→${known.length - 1}`);
    return known[node + 1]!;
  };
}

const reconnectBackoff = labels('reconnect backoff');
const setupTimeout = labels('setup timeout');

/** reconnect.backoff.ms doubled for each failure in a row, at most reconnect.backoff.max.ms, with 20 % jitter (KIP-144). */
function backoffMs(table: ChannelTable, channel: Channel, choices: Choices): Millis {
  const { reconnectBackoffMs, reconnectBackoffMaxMs } = table.settings;
  const exact = exponentialMs(reconnectBackoffMs, reconnectBackoffMaxMs, channel.failures);
  return jittered(exact, choices, reconnectBackoff(table.clientId, channel.node), channel.attempts);
}

/** socket.connection.setup.timeout.ms doubled for each setup in a row that failed, up to its maximum, with 20 % jitter (KIP-601). */
function setupTimeoutMs(table: ChannelTable, channel: Channel, choices: Choices): Millis {
  const { socketConnectionSetupTimeoutMs, socketConnectionSetupTimeoutMaxMs } = table.settings;
  const exact = exponentialMs(socketConnectionSetupTimeoutMs, socketConnectionSetupTimeoutMaxMs, channel.failedSetups);
  return jittered(exact, choices, setupTimeout(table.clientId, channel.node), channel.attempts);
}

/** A duration that varies by one `share`th either way (20 % where nothing is said); the default choice is the exact duration. */
export function jittered(exactMs: Millis, choices: Choices, site: string, occurrence: number, share = 5): Millis {
  const spread = Math.floor(exactMs / share);
  if (spread === 0) return exactMs;
  const drawn = choices.below(choices.site(site), occurrence, 2 * spread + 1);
  return drawn <= spread ? exactMs + drawn : exactMs - (drawn - spread);
}

/** True when the oldest request has waited too long, or the connection did not come up in time. */
export function channelExpired(channel: Channel, nowMs: Millis): boolean {
  if (channel.state === 'connecting') return nowMs >= channel.setupDeadlineMs;
  const head = channel.inFlight[0];
  return head !== undefined && nowMs - head.sentAtMs > head.timeoutMs;
}

/**
 * When a timer that watches a channel should fire next, given when it is armed to fire (-1: not at all): -1 when it may stay as it
 * is. A timer that fires too early is harmless and arms itself again, so the common case, one request after the other, touches
 * no timer.
 */
export function channelAlarmUs(channel: Channel, armedUs: Micros, step: Step): Micros {
  const deadlineMs = channel.state === 'disconnected' ? channel.nextAttemptMs : channelDeadlineMs(channel);
  if (deadlineMs < 0) return -1;
  const atUs = step.monotonicUs + Math.max(1, deadlineMs - step.wallMs) * 1000;
  return armedUs >= step.monotonicUs && armedUs <= atUs ? -1 : atUs;
}

/** The earlier of two times, either of which may be -1 for never. */
export function earlier(a: Millis, b: Millis): Millis {
  return b >= 0 && (a < 0 || b < a) ? b : a;
}

/** Whether a request of this API waits for its response. */
export function hasInFlight(channel: Channel, api: ApiKey): boolean {
  const { inFlight } = channel;
  for (let i = 0; i < inFlight.length; i++) if (inFlight[i]!.api === api) return true;
  return false;
}

/** When {@link channelExpired} may become true, or when a new attempt to connect is allowed; -1 when there is nothing to wait for. */
export function channelDeadlineMs(channel: Channel): Millis {
  if (channel.state === 'connecting') return channel.setupDeadlineMs;
  const head = channel.inFlight[0];
  return head === undefined ? -1 : head.sentAtMs + head.timeoutMs + 1;
}
