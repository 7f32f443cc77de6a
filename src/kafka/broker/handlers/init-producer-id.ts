/**
 * InitProducerId without a transactional id: a fresh producer id with epoch 0, from the broker's block of 1,000, which it gets from the
 * controller. Source: TransactionCoordinator.handleInitProducerId, RPCProducerIdManager.java.
 */
import { connectIfNeeded, sendRequest } from '../../client/channel.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { AllocateProducerIdsResponse } from '../../protocol/messages.ts';
import type { BrokerContext } from '../context.ts';
import { armControllerChannel } from '../controller-channel.ts';

/** A producer wants an id. */
export function handleInitProducerId(b: BrokerContext, connection: ConnectionId, header: RequestHeader): void {
  b.state.producerIdsWaiting.push({ connection, correlationId: header.correlationId });
  answerWaiting(b);
}

function answerWaiting(b: BrokerContext): void {
  const state = b.state;
  while (state.producerIdsWaiting.length > 0 && state.nextProducerId < state.producerIdsEnd) {
    const { connection, correlationId } = state.producerIdsWaiting.shift()!;
    const producerId = state.nextProducerId++;
    b.out.reply(connection, correlationId, { api: 22, errorCode: ErrorCode.none, producerId, producerEpoch: 0 });
  }
  requestProducerIds(b);
}

/** Asks the controller for a block, when one is needed and none is on its way. */
export function requestProducerIds(b: BrokerContext): void {
  const state = b.state;
  if (state.producerIdsWaiting.length === 0 || state.producerIdsInFlight || state.brokerEpoch < 0) return;
  if (!connectIfNeeded(state.channels, state.controllerChannel, b.step, b.out)) {
    armControllerChannel(b);
    return;
  }
  state.producerIdsInFlight = true;
  const body = { api: 67, brokerId: state.id, brokerEpoch: state.brokerEpoch } as const;
  sendRequest(state.channels, state.controllerChannel, body.api, body, state.config.requestTimeoutMs, true, null, b.step, b.out);
  armControllerChannel(b);
}

/** The controller answered with a block, or refused: then the clients are told to try again. */
export function onProducerIds(b: BrokerContext, response: AllocateProducerIdsResponse): void {
  b.state.producerIdsInFlight = false;
  if (response.errorCode === ErrorCode.none) {
    b.state.nextProducerId = response.producerIdStart;
    b.state.producerIdsEnd = response.producerIdStart + response.producerIdLen;
    answerWaiting(b);
    return;
  }
  producerIdsLost(b);
}

/** No block: COORDINATOR_LOAD_IN_PROGRESS in Kafka, a retriable answer; the client asks again. */
export function producerIdsLost(b: BrokerContext): void {
  b.state.producerIdsInFlight = false;
  for (const { connection, correlationId } of b.state.producerIdsWaiting.splice(0)) {
    b.out.reply(connection, correlationId, { api: 22, errorCode: ErrorCode.requestTimedOut, producerId: -1, producerEpoch: -1 });
  }
}
