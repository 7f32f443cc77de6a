/**
 * The broker's connection to the controller: what goes out on it by itself (the registration, then heartbeats), and when it needs
 * a look. Source: BrokerLifecycleManager.scala, NodeToControllerChannelManager.
 *
 * Simplified: one connection carries heartbeats, AlterPartition and producer ids (Kafka: one each).
 */
import { channelAlarmUs, connectIfNeeded, sendRequest } from '../client/channel.ts';
import type { BrokerContext } from './context.ts';
import { BrokerTimer } from './state.ts';

/** Sends the registration or a heartbeat, unless one is under way. */
export function talkToController(b: BrokerContext): void {
  const state = b.state;
  if (state.life === 'stopped' || state.life === 'flushing') return;
  if (!connectIfNeeded(state.channels, state.controllerChannel, b.step, b.out)) {
    armControllerChannel(b);
    return;
  }
  if (!state.heartbeatInFlight) {
    state.heartbeatInFlight = true;
    const timeoutMs = state.config.brokerSessionTimeoutMs;
    if (state.brokerEpoch < 0) {
      const body = {
        api: 62,
        brokerId: state.id,
        incarnationId: state.incarnation,
        previousBrokerEpoch: state.previousBrokerEpoch,
      } as const;
      sendRequest(state.channels, state.controllerChannel, body.api, body, timeoutMs, true, null, b.step, b.out);
    } else {
      const body = {
        api: 63,
        brokerId: state.id,
        brokerEpoch: state.brokerEpoch,
        currentMetadataOffset: state.image.offset - 1,
        wantFence: state.life === 'starting',
        wantShutDown: state.life === 'shutting-down',
      } as const;
      sendRequest(state.channels, state.controllerChannel, body.api, body, timeoutMs, true, null, b.step, b.out);
    }
  }
  armControllerChannel(b);
}

/** Waits for the next moment at which the controller's channel needs a look. */
export function armControllerChannel(b: BrokerContext): void {
  const atUs = channelAlarmUs(b.state.controllerChannel, b.state.controllerArmedUs, b.step);
  if (atUs < 0) return;
  b.state.controllerArmedUs = atUs;
  b.out.setTimer(BrokerTimer.controllerChannel, atUs - b.step.monotonicUs);
}

/** The controller should hear of a change at once. */
export function heartbeatNow(b: BrokerContext): void {
  if (b.state.heartbeatInFlight) b.state.heartbeatAgain = true;
  else talkToController(b);
}
