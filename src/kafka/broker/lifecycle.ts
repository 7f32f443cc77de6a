/**
 * The life of a broker: registration, heartbeats, being unfenced, an orderly stop. Source: BrokerLifecycleManager.scala,
 * BrokerServer.scala.
 */
import { channelExpired, dropChannel, type InFlightRequest, jittered } from '../client/channel.ts';
import { cleanShutdownMarker } from '../log/recovery.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { ApiKey, type BrokerHeartbeatResponse, type BrokerRegistrationResponse } from '../protocol/messages.ts';
import { retryAlterPartitions, sendAlterPartitions } from './alter-partition.ts';
import type { BrokerContext } from './context.ts';
import { armControllerChannel, heartbeatNow, talkToController } from './controller-channel.ts';
import { stopFetchers } from './fetcher.ts';
import { checkpointHighWatermarks, checkpointRecoveryPoints, flushForShutdown } from './flush.ts';
import { producerIdsLost, requestProducerIds } from './handlers/init-producer-id.ts';
import { publishFirst } from './metadata-log.ts';
import { checkpointLogStarts } from './retention.ts';
import { BrokerTimer } from './state.ts';

/** The channel's timer: a timeout, or the end of a backoff. */
export function onControllerChannelTimer(b: BrokerContext): void {
  const channel = b.state.controllerChannel;
  b.state.controllerArmedUs = -1;
  if (channelExpired(channel, b.step.wallMs)) {
    const connection = channel.connection;
    b.out.note('request-timed-out', channel.inFlight[0]?.correlationId ?? -1, channel.node);
    b.out.close(connection);
    controllerLost(b, dropChannel(b.state.channels, channel, b.step));
    return;
  }
  if (channel.state === 'disconnected') {
    talkToController(b);
    sendAlterPartitions(b);
    requestProducerIds(b);
  } else armControllerChannel(b);
}

/** The connection to the controller is gone, and these requests with it. */
export function controllerLost(b: BrokerContext, lost: readonly InFlightRequest[]): void {
  for (const request of lost) {
    if (request.api === ApiKey.alterPartition) retryAlterPartitions(b);
    else if (request.api === ApiKey.allocateProducerIds) producerIdsLost(b);
    else {
      b.state.heartbeatInFlight = false;
      if (request.api === ApiKey.brokerRegistration || request.api === ApiKey.brokerHeartbeat) scheduleHeartbeat(b, 50);
    }
  }
  armControllerChannel(b);
}

function scheduleHeartbeat(b: BrokerContext, delayMs: number): void {
  b.out.setTimer(BrokerTimer.heartbeat, delayMs * 1000);
}

/** A refusal is tried again ever more rarely, and never at once: 100 ms doubled up to the session timeout, with 2 % jitter. */
function retryLater(b: BrokerContext): void {
  const state = b.state;
  const exact = Math.min(100 * (1 << Math.min(state.failedAttempts, 10)), state.config.brokerSessionTimeoutMs);
  scheduleHeartbeat(b, jittered(exact, b.step.choices, `heartbeat backoff broker-${state.id}`, state.failedAttempts, 50));
  state.failedAttempts++;
  state.heartbeatAgain = false;
}

/** The registration was answered. After a crash it is refused until the session of the former life has ended. */
export function onRegistrationResponse(b: BrokerContext, response: BrokerRegistrationResponse): void {
  b.state.heartbeatInFlight = false;
  if (response.errorCode !== ErrorCode.none) {
    retryLater(b);
    return;
  }
  b.state.failedAttempts = 0;
  b.state.brokerEpoch = response.brokerEpoch;
  b.out.note('broker-registered', b.state.id, response.brokerEpoch);
  publishFirst(b);
  talkToController(b);
}

/** A heartbeat was answered: the controller says whether this broker is fenced, or may stop. */
export function onHeartbeatResponse(b: BrokerContext, response: BrokerHeartbeatResponse): void {
  const state = b.state;
  state.heartbeatInFlight = false;
  if (response.errorCode !== ErrorCode.none) {
    retryLater(b);
    return;
  }
  state.failedAttempts = 0;
  let nextMs = state.config.brokerHeartbeatIntervalMs;
  switch (state.life) {
    case 'starting':
      nextMs = 10;
      break;
    case 'recovery':
      if (!response.isFenced) state.life = 'running';
      break;
    case 'shutting-down':
      if (response.shouldShutDown) {
        beginFlushing(b);
        return;
      }
      // The first look comes soon, the later ones at the usual interval.
      if (!state.shutdownAnswered) nextMs = 50;
      state.shutdownAnswered = true;
      break;
    default:
      break;
  }
  if (state.heartbeatAgain) {
    state.heartbeatAgain = false;
    talkToController(b);
  } else scheduleHeartbeat(b, nextMs);
}

/** SIGTERM: asks the controller to move leaderships away first. */
export function requestShutdown(b: BrokerContext): void {
  const state = b.state;
  if (state.life === 'stopped' || state.life === 'flushing' || state.life === 'shutting-down') return;
  b.out.note('controlled-shutdown-requested', state.id);
  const registered = state.brokerEpoch >= 0;
  state.life = 'shutting-down';
  if (!registered || !state.config.controlledShutdownEnable) beginFlushing(b);
  else heartbeatNow(b);
}

/** Leaderships are gone, or are not waited for any longer: what is in memory goes to the platter. */
export function beginFlushing(b: BrokerContext): void {
  b.state.life = 'flushing';
  stopFetchers(b);
  checkpointHighWatermarks(b);
  if (!flushForShutdown(b)) finishShutdown(b);
}

/** Everything is on the platter: the marker goes last. */
export function finishShutdown(b: BrokerContext): void {
  checkpointRecoveryPoints(b);
  checkpointLogStarts(b);
  b.out.replace(cleanShutdownMarker, { clean: true, brokerEpoch: b.state.brokerEpoch });
  b.state.life = 'stopped';
  b.out.note('shut-down-cleanly', b.state.id);
  b.out.halt();
}
