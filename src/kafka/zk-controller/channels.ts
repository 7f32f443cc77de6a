/**
 * The controller's channels to brokers, its own broker among them: requests go out in order, one at a time, and one that got no answer is
 * sent again over a new connection, until the broker is gone. So a broker may be given a request late, or twice. Source: RequestSendThread
 * in ControllerChannelManager.scala.
 */
import {
  channelAlarmUs,
  channelConnected,
  channelExpired,
  connectIfNeeded,
  createChannel,
  dropChannel,
  sendRequest,
} from '../client/channel.ts';
import type { ControllerToBrokerRequest } from '../protocol/control-messages.ts';
import type { ZkBrokerContext } from './context.ts';
import type { BrokerChannel } from './state.ts';

/** Timer keys of these channels: this and the broker's id. */
export const controllerChannelTimer = 1024;

/** A broker is registered. */
export function addBroker({ state }: ZkBrokerContext, id: number): void {
  state.controllerRole.channels[id] = { channel: createChannel(id), queue: [], armedUs: -1 };
}

/** A broker is gone: what waits for it is forgotten. */
export function removeBroker(b: ZkBrokerContext, id: number): void {
  const { channels } = b.state.controllerRole;
  const known = channels[id];
  if (known === undefined) return;
  channels[id] = undefined;
  b.out.cancelTimer(controllerChannelTimer + id);
  if (known.channel.connection < 0) return;
  b.out.close(known.channel.connection);
  b.state.channels.byConnection[known.channel.connection] = undefined;
}

/** Queues a request for a broker. */
export function enqueue(b: ZkBrokerContext, id: number, request: ControllerToBrokerRequest): void {
  const to = b.state.controllerRole.channels[id];
  if (to === undefined) return;
  to.queue.push(request);
  if (to.queue.length === 1) run(b, to);
}

function run(b: ZkBrokerContext, to: BrokerChannel): void {
  const { state, step, out } = b;
  const { channel, queue } = to;
  const request = queue[0];
  if (request === undefined) return;
  if (connectIfNeeded(state.channels, channel, step, out) && channel.inFlight.length === 0)
    sendRequest(state.channels, channel, request.api, request, state.config.requestTimeoutMs, true, null, step, out);
  const atUs = channelAlarmUs(channel, to.armedUs, step);
  if (atUs < 0) return;
  to.armedUs = atUs;
  out.setTimer(controllerChannelTimer + channel.node, atUs - step.monotonicUs);
}

export function brokerConnected(b: ZkBrokerContext, to: BrokerChannel): void {
  channelConnected(to.channel);
  run(b, to);
}

/** The broker has answered; what it said of single partitions changes nothing. */
export function brokerAnswered(b: ZkBrokerContext, to: BrokerChannel): void {
  to.queue.shift();
  run(b, to);
}

/** The connection is gone, or did not come up. */
export function brokerLost(b: ZkBrokerContext, to: BrokerChannel): void {
  dropChannel(b.state.channels, to.channel, b.step);
  run(b, to);
}

export function onBrokerChannelTimer(b: ZkBrokerContext, id: number): void {
  const to = b.state.controllerRole.channels[id];
  if (to === undefined) return;
  to.armedUs = -1;
  if (channelExpired(to.channel, b.step.wallMs)) {
    b.out.close(to.channel.connection);
    brokerLost(b, to);
  } else run(b, to);
}
