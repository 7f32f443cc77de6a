/**
 * A session with ZooKeeper as its client sees it: opened, kept alive, taken up again after a lost connection. What was asked is asked again
 * until it is answered, or until the client hears that the session has expired; it hears so from ZooKeeper alone, and so, cut off, never.
 * Source: ZooKeeper, ClientCnxn.java; Kafka, ZooKeeperClient.scala, KafkaZkClient.retryRequestsUntilConnected.
 */
import { assert } from '../../base/assert.ts';
import type { Micros, Millis } from '../../base/units.ts';
import {
  type Channel,
  type ChannelTable,
  channelAlarmUs,
  channelConnected,
  channelExpired,
  connectIfNeeded,
  createChannel,
  dropChannel,
  sendRequest,
} from '../client/channel.ts';
import type { HostId, Out, Step } from '../machine.ts';
import type { ResponseBody } from '../protocol/messages.ts';
import type { ZkEvent, ZkOp, ZkTransactionResult } from '../protocol/zookeeper-messages.ts';

export interface ZkClient {
  /** For the session and its events. */
  readonly events: Channel;
  /** For everything else. */
  readonly asks: Channel;
  /** 0: none. */
  sessionId: number;
  /** The session was taken up on the present connection. */
  taken: boolean;
  timeoutMs: Millis;
  lastEvent: number;
  /** What waits for its answer; null for nothing. One at a time. */
  asked: readonly (readonly ZkOp[])[] | null;
  closed: boolean;
  /** When the timers of the two channels will fire, -1 when they are not armed. */
  eventsArmedUs: Micros;
  asksArmedUs: Micros;
}

/** What a client of ZooKeeper works with. */
export interface ZkContext {
  readonly zk: ZkClient;
  readonly channels: ChannelTable;
  readonly step: Step;
  readonly out: Out;
  /** Timer keys of the two channels. */
  readonly timers: { readonly events: number; readonly asks: number };
}

/** What an answer of ZooKeeper's comes to. */
export type ZkNews =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'expired'; readonly sessionId: number }
  | { readonly kind: 'events'; readonly events: readonly ZkEvent[] }
  | { readonly kind: 'answer'; readonly results: readonly ZkTransactionResult[] };

const nothing: ZkNews = { kind: 'nothing' };

export function createZkClient(host: HostId, timeoutMs: Millis): ZkClient {
  return {
    events: createChannel(host),
    asks: createChannel(host),
    sessionId: 0,
    taken: false,
    timeoutMs,
    lastEvent: 0,
    asked: null,
    closed: false,
    eventsArmedUs: -1,
    asksArmedUs: -1,
  };
}

/** Whatever can be sent now is sent. */
export function runZk(c: ZkContext): void {
  const { zk, channels, step, out } = c;
  if (zk.closed) return;
  // A connection that is silent for two thirds of the session is given up.
  const patienceMs = Math.floor((zk.timeoutMs * 2) / 3);
  if (connectIfNeeded(channels, zk.events, step, out) && zk.events.inFlight.length === 0) {
    const body = zk.taken
      ? ({ api: 101, sessionId: zk.sessionId, after: zk.lastEvent } as const)
      : ({ api: 100, sessionId: zk.sessionId, timeoutMs: zk.timeoutMs, close: false } as const);
    sendRequest(channels, zk.events, body.api, body, patienceMs, true, zk.sessionId, step, out);
  }
  if (zk.taken && zk.asked !== null && connectIfNeeded(channels, zk.asks, step, out) && zk.asks.inFlight.length === 0) {
    const body = { api: 102, sessionId: zk.sessionId, transactions: zk.asked } as const;
    sendRequest(channels, zk.asks, body.api, body, patienceMs, true, zk.sessionId, step, out);
  }
  armZk(c);
}

function armZk({ zk, step, out, timers }: ZkContext): void {
  const eventsUs = channelAlarmUs(zk.events, zk.eventsArmedUs, step);
  if (eventsUs >= 0) {
    zk.eventsArmedUs = eventsUs;
    out.setTimer(timers.events, eventsUs - step.monotonicUs);
  }
  if (zk.asked === null) return;
  const asksUs = channelAlarmUs(zk.asks, zk.asksArmedUs, step);
  if (asksUs < 0) return;
  zk.asksArmedUs = asksUs;
  out.setTimer(timers.asks, asksUs - step.monotonicUs);
}

/** Asks, when nothing else is asked. */
export function askZk(c: ZkContext, transactions: readonly (readonly ZkOp[])[]): void {
  assert(c.zk.asked === null, 'one question at a time');
  c.zk.asked = transactions;
  runZk(c);
}

/** A connection is up. */
export function zkConnected(c: ZkContext, channel: Channel): void {
  channelConnected(channel);
  runZk(c);
}

/** A connection is gone: ZooKeeper's client has one, so both go. */
export function zkDisconnected(c: ZkContext): void {
  const { zk, channels, step, out } = c;
  for (const channel of [zk.events, zk.asks]) {
    if (channel.connection < 0) continue;
    out.close(channel.connection);
    dropChannel(channels, channel, step);
  }
  zk.taken = false;
  runZk(c);
}

/** A timer of one of the channels. */
export function onZkTimer(c: ZkContext, key: number): void {
  const { zk, step, timers } = c;
  if (key === timers.events) zk.eventsArmedUs = -1;
  else zk.asksArmedUs = -1;
  const late = channelExpired(zk.events, step.wallMs) || (zk.asked !== null && channelExpired(zk.asks, step.wallMs));
  if (late) zkDisconnected(c);
  else runZk(c);
}

/** An answer to what was asked in a session. */
export function onZkResponse(c: ZkContext, askedIn: unknown, body: ResponseBody): ZkNews {
  const { zk } = c;
  if (askedIn !== zk.sessionId) {
    runZk(c);
    return nothing;
  }
  switch (body.api) {
    case 100: {
      if (body.sessionId === 0) return expired(c);
      const opened = zk.sessionId === 0;
      zk.sessionId = body.sessionId;
      zk.timeoutMs = body.timeoutMs;
      zk.taken = true;
      // ZooKeeper may have forgotten events and watches with its memory: whoever goes on with a session looks again at what it watches.
      zk.lastEvent = 0;
      runZk(c);
      return opened ? { kind: 'opened' } : { kind: 'resumed' };
    }
    case 101:
      if (body.expired) return expired(c);
      zk.lastEvent = body.last;
      runZk(c);
      return { kind: 'events', events: body.events };
    case 102:
      if (body.expired) return expired(c);
      zk.asked = null;
      return { kind: 'answer', results: body.results };
    default:
      return nothing;
  }
}

/** The session is over, and with it whatever was asked; the next one is opened at once. */
function expired(c: ZkContext): ZkNews {
  const { zk } = c;
  const { sessionId } = zk;
  zk.sessionId = 0;
  zk.taken = false;
  zk.lastEvent = 0;
  zk.asked = null;
  runZk(c);
  return { kind: 'expired', sessionId };
}

/** An orderly stop: the session ends now instead of running out. */
export function closeZk({ zk, channels, step, out }: ZkContext): void {
  if (zk.closed) return;
  zk.closed = true;
  if (!zk.taken || zk.asks.state !== 'ready') return;
  const body = { api: 100, sessionId: zk.sessionId, timeoutMs: 0, close: true } as const;
  sendRequest(channels, zk.asks, body.api, body, zk.timeoutMs, true, null, step, out);
}
