/**
 * Which brokers there are, and in which state: registration, heartbeats, fencing, controlled shutdown. Source:
 * ClusterControlManager.registerBroker, BrokerHeartbeatManager.java, ReplicationControlManager.processBrokerHeartbeat.
 */
import type { Micros } from '../../base/units.ts';
import type { ConnectionId, RequestHeader } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { BrokerHeartbeatRequest, BrokerRegistrationRequest } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';
import { leaderAndIsrUpdates } from './partition-change.ts';
import { type BrokerRegistration, ControllerTimer } from './state.ts';

function sessionUs(c: ControllerContext): Micros {
  return c.state.config.brokerSessionTimeoutMs * 1000;
}

function hasValidSession(c: ControllerContext, broker: BrokerRegistration): boolean {
  return !broker.fenced && c.step.monotonicUs < broker.lastContactUs + sessionUs(c);
}

/** A broker starts. While its former life still has a session it is refused. */
export function registerBroker(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: BrokerRegistrationRequest,
): void {
  const { state, out } = c;
  const existing = state.brokers.get(request.brokerId);
  if (existing !== undefined && existing.incarnationId !== request.incarnationId && hasValidSession(c, existing)) {
    out.note('duplicate-registration-refused', request.brokerId);
    out.reply(connection, header.correlationId, { api: 62, errorCode: ErrorCode.duplicateBrokerRegistration, brokerEpoch: -1 });
    return;
  }
  if (existing !== undefined && existing.incarnationId === request.incarnationId) {
    existing.lastContactUs = c.step.monotonicUs;
    replyWhenCommitted(c, connection, header.correlationId, {
      api: 62,
      errorCode: ErrorCode.none,
      brokerEpoch: existing.brokerEpoch,
    });
    return;
  }
  // Incarnation ids of Kafka are random: its controller cannot tell which of two lives is the former one.
  if (existing !== undefined && request.incarnationId < existing.incarnationId)
    out.note('former-life-registered', request.brokerId, request.incarnationId, existing.incarnationId);
  // The epoch of a broker's life is the offset at which the records of its registration begin.
  const brokerEpoch = state.records.length;
  commit(c, [
    ...afterShutdown(c, existing, request),
    { kind: 'RegisterBrokerRecord', brokerId: request.brokerId, incarnationId: request.incarnationId, brokerEpoch, fenced: true },
  ]);
  state.brokers.get(request.brokerId)!.lastContactUs = c.step.monotonicUs;
  replyWhenCommitted(c, connection, header.correlationId, { api: 62, errorCode: ErrorCode.none, brokerEpoch });
}

/**
 * A broker proves that it stopped in order by the epoch of its former life, which it keeps in its clean shutdown file. One that cannot is
 * no eligible leader replica any more, for its page cache may be gone (KIP-966, ReplicationControlManager.handleBrokerShutdown).
 */
function afterShutdown(
  c: ControllerContext,
  existing: BrokerRegistration | undefined,
  { brokerId, previousBrokerEpoch }: BrokerRegistrationRequest,
): MetadataRecord[] {
  if (!c.state.eligibleLeaderReplicas || existing === undefined || existing.brokerEpoch === previousBrokerEpoch) return [];
  if (!c.rules.noticesUncleanShutdown()) return [];
  return leaderAndIsrUpdates(c, { brokerWithUncleanShutdown: brokerId });
}

/** A heartbeat: may unfence the broker, start its controlled shutdown, or grant it. */
export function brokerHeartbeat(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: BrokerHeartbeatRequest,
): void {
  const { state } = c;
  const broker = state.brokers.get(request.brokerId);
  if (broker === undefined || broker.brokerEpoch !== request.brokerEpoch) {
    c.out.reply(connection, header.correlationId, {
      api: 63,
      errorCode: ErrorCode.staleBrokerEpoch,
      isCaughtUp: false,
      isFenced: true,
      shouldShutDown: false,
    });
    return;
  }
  const caughtUp = request.currentMetadataOffset >= broker.brokerEpoch;
  let shouldShutDown = false;
  if (broker.fenced) {
    if (request.wantShutDown) shouldShutDown = true;
    else if (!request.wantFence && caughtUp) unfence(c, broker);
  } else if (broker.inControlledShutdown) {
    if (shutdownDone(c, broker)) {
      shouldShutDown = true;
      fence(c, broker);
    }
  } else if (request.wantFence) fence(c, broker);
  else if (request.wantShutDown) {
    if (leads(c, broker.brokerId)) startControlledShutdown(c, broker);
    else {
      shouldShutDown = true;
      fence(c, broker);
    }
  }
  broker.lastContactUs = c.step.monotonicUs;
  broker.metadataOffset = request.currentMetadataOffset;
  armSessionCheck(c);
  replyWhenCommitted(c, connection, header.correlationId, {
    api: 63,
    errorCode: ErrorCode.none,
    isCaughtUp: caughtUp,
    isFenced: broker.fenced,
    shouldShutDown,
  });
}

function unfence(c: ControllerContext, broker: BrokerRegistration): void {
  const change: MetadataRecord = {
    kind: 'BrokerRegistrationChangeRecord',
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    fenced: -1,
    inControlledShutdown: 0,
  };
  commit(c, [change, ...leaderAndIsrUpdates(c, { brokerToAdd: broker.brokerId })]);
}

/** The broker leaves every ISR and loses its leaderships, in one go with being fenced. */
export function fence(c: ControllerContext, broker: BrokerRegistration): void {
  const change: MetadataRecord = {
    kind: 'BrokerRegistrationChangeRecord',
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    fenced: 1,
    inControlledShutdown: 0,
  };
  commit(c, [...leaderAndIsrUpdates(c, { brokerToRemove: broker.brokerId }), change]);
  broker.controlledShutdownOffset = -1;
}

function startControlledShutdown(c: ControllerContext, broker: BrokerRegistration): void {
  const change: MetadataRecord = {
    kind: 'BrokerRegistrationChangeRecord',
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    fenced: 0,
    inControlledShutdown: 1,
  };
  commit(c, [change, ...leaderAndIsrUpdates(c, { brokerToRemove: broker.brokerId })]);
  broker.controlledShutdownOffset = c.state.records.length - 1;
}

/** It leads nothing any more, and every active broker knows who does. */
function shutdownDone(c: ControllerContext, broker: BrokerRegistration): boolean {
  if (leads(c, broker.brokerId)) return false;
  for (const other of c.state.brokers.values()) {
    if (other === broker || other.fenced || other.inControlledShutdown) continue;
    if (other.metadataOffset < broker.controlledShutdownOffset) return false;
  }
  return true;
}

function leads(c: ControllerContext, brokerId: number): boolean {
  return c.state.topics.some((topic) => topic.partitions.some((p) => p.leader === brokerId));
}

/** Looks again when the oldest session may end. */
export function armSessionCheck(c: ControllerContext): void {
  let next = -1;
  for (const broker of c.state.brokers.values()) {
    if (broker.fenced) continue;
    const endsUs = broker.lastContactUs + sessionUs(c);
    if (next < 0 || endsUs < next) next = endsUs;
  }
  if (next < 0) return;
  const armed = c.state.sessionCheckArmedUs;
  if (armed >= 0 && armed <= next) return;
  c.state.sessionCheckArmedUs = next;
  c.out.setTimer(ControllerTimer.sessionCheck, Math.max(0, next - c.step.monotonicUs));
}

/** Fences the broker that has been silent longest, one a pass, so that each fencing is seen by the next. */
export function onSessionCheck(c: ControllerContext): void {
  c.state.sessionCheckArmedUs = -1;
  let stale: BrokerRegistration | null = null;
  for (const broker of c.state.brokers.values()) {
    if (broker.fenced || hasValidSession(c, broker)) continue;
    if (stale === null || broker.lastContactUs < stale.lastContactUs) stale = broker;
  }
  if (stale !== null) fence(c, stale);
  armSessionCheck(c);
}

/**
 * Events whose time has come go before what is queued (KafkaEventQueue.handleEvents): a controller that stood still fences whom it has not
 * heard of before it listens to anybody again.
 */
export function fenceOverdue(c: ControllerContext): void {
  for (let due = c.state.sessionCheckArmedUs; due >= 0 && due <= c.step.monotonicUs; due = c.state.sessionCheckArmedUs)
    onSessionCheck(c);
}
