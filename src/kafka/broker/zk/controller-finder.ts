/**
 * The broker's channel to whoever is controller: it stays with one until that one says it is none, or is lost, and then goes to whom the
 * controller's own requests last named. Source: NodeToControllerChannelManager.scala.
 */
import { channelExpired, createChannel, dropChannel } from '../../client/channel.ts';
import type { ZkBrokerContext } from '../../zk-controller/context.ts';
import { sendAlterPartitions } from '../alter-partition.ts';
import { armControllerChannel } from '../controller-channel.ts';
import { requestProducerIds } from '../handlers/init-producer-id.ts';
import { controllerLost } from '../lifecycle.ts';

/** The connection is gone: what was on it is asked again, of whoever is controller by then. */
export function controllerChannelLost(b: ZkBrokerContext): void {
  const { state } = b;
  const channel = state.controllerChannel;
  const lost = dropChannel(state.channels, channel, b.step);
  if (state.controllerId >= 0 && state.controllerId !== channel.node) state.controllerChannel = createChannel(state.controllerId);
  controllerLost(b, lost);
}

/** NOT_CONTROLLER. */
export function leaveController(b: ZkBrokerContext): void {
  const { connection } = b.state.controllerChannel;
  if (connection < 0) return;
  b.out.close(connection);
  controllerChannelLost(b);
}

export function onZkControllerChannelTimer(b: ZkBrokerContext): void {
  const { state } = b;
  const channel = state.controllerChannel;
  state.controllerArmedUs = -1;
  if (channelExpired(channel, b.step.wallMs)) {
    b.out.note('request-timed-out', channel.inFlight[0]?.correlationId ?? -1, channel.node);
    b.out.close(channel.connection);
    controllerChannelLost(b);
  } else if (channel.state === 'disconnected') {
    sendAlterPartitions(b);
    requestProducerIds(b);
  } else armControllerChannel(b);
}
