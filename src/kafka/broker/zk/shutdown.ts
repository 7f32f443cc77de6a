/**
 * An orderly stop in a cluster with ZooKeeper: the broker asks the controller to move its leaderships, some times if need be, and then
 * stops, whatever came of it. Its session ends last. Source: KafkaServer.controlledShutdown, KafkaServer.shutdown.
 */
import { type Channel, channelExpired, connectIfNeeded, createChannel, dropChannel, sendRequest } from '../../client/channel.ts';
import type { ControlledShutdownResponse } from '../../protocol/control-messages.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ZkBrokerContext } from '../../zk-controller/context.ts';
import { beginFlushing } from '../lifecycle.ts';

/** Timers of the next attempt, and of the connection. */
export const shutdownTimer = 1020;
export const shutdownChannelTimer = 1021;

/** SIGTERM. */
export function requestZkShutdown(b: ZkBrokerContext): void {
  const { state } = b;
  if (state.life === 'stopped' || state.life === 'flushing' || state.life === 'shutting-down') return;
  b.out.note('controlled-shutdown-requested', state.id);
  const registered = state.brokerEpoch >= 0;
  state.life = 'shutting-down';
  if (!registered || !state.config.controlledShutdownEnable) beginFlushing(b);
  else attempt(b);
}

function attempt(b: ZkBrokerContext): void {
  const { state } = b;
  if (state.shutdownAttempts >= state.config.controlledShutdownMaxRetries) {
    beginFlushing(b);
    return;
  }
  state.shutdownAttempts++;
  // Without a controller that is alive as far as it knows it waits and looks again.
  if (state.controllerId < 0) tryLater(b);
  else {
    state.shutdownChannel = createChannel(state.controllerId);
    runShutdown(b);
  }
}

/** Sends the request as soon as it can be sent. */
export function runShutdown(b: ZkBrokerContext): void {
  const { state, step, out } = b;
  const channel = state.shutdownChannel;
  if (channel === null || state.life !== 'shutting-down') return;
  if (connectIfNeeded(state.channels, channel, step, out) && channel.inFlight.length === 0) {
    const body = { api: 7, brokerId: state.id, brokerEpoch: state.brokerEpoch } as const;
    sendRequest(state.channels, channel, body.api, body, state.config.requestTimeoutMs, true, null, step, out);
  }
  out.setTimer(shutdownChannelTimer, state.config.requestTimeoutMs * 1000);
}

function tryLater(b: ZkBrokerContext): void {
  b.out.setTimer(shutdownTimer, b.state.config.controlledShutdownRetryBackoffMs * 1000);
}

export function onShutdownTimer(b: ZkBrokerContext): void {
  if (b.state.life === 'shutting-down') attempt(b);
}

export function onShutdownChannelTimer(b: ZkBrokerContext): void {
  const channel = b.state.shutdownChannel;
  if (channel === null || b.state.life !== 'shutting-down') return;
  if (channelExpired(channel, b.step.wallMs)) {
    b.out.close(channel.connection);
    shutdownChannelLost(b, channel);
  } else b.out.setTimer(shutdownChannelTimer, b.state.config.requestTimeoutMs * 1000);
}

export function shutdownChannelLost(b: ZkBrokerContext, channel: Channel): void {
  dropChannel(b.state.channels, channel, b.step);
  b.state.shutdownChannel = null;
  if (b.state.life === 'shutting-down') tryLater(b);
}

export function onControlledShutdown(b: ZkBrokerContext, response: ControlledShutdownResponse): void {
  if (b.state.life !== 'shutting-down') return;
  if (response.errorCode === ErrorCode.none && response.remainingPartitions === 0) beginFlushing(b);
  else tryLater(b);
}
