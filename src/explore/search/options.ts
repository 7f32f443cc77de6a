/**
 * What may happen next in a state of a scope. Every behaviour made of these steps is one that the cluster can show, with some latencies,
 * stalls and pauses: frames of a connection arrive in order, and late or at once; fsyncs of a disk end in order; of a host's timers the
 * earliest is first; between hosts and connections any order is possible.
 */
import { controllerHost } from '../../cluster/compile.ts';
import { Purpose } from '../../cluster/director.ts';
import { apiOf } from '../../cluster/inputs.ts';
import { OwnEvent } from '../../cluster/phases.ts';
import type { Broker } from '../../kafka/broker/broker.ts';
import { BrokerTimer, type Partition } from '../../kafka/broker/state.ts';
import type { Input } from '../../kafka/machine.ts';
import type { Producer } from '../../kafka/producer/producer.ts';
import { ApiKey } from '../../kafka/protocol/messages.ts';
import type { ScheduledEvent } from '../../kernel/kernel.ts';
import type { OpenKernel } from '../../kernel/open-kernel.ts';
import type { Direction, End, Frame } from '../../world/connection.ts';
import { WorldEvent } from '../../world/events.ts';
import { argRoom } from '../../world/world.ts';
import { pauseUs, type Scope } from './scope.ts';
import type { SearchedCluster } from './searched-cluster.ts';

/** One thing that may happen next. */
export interface Option {
  /** Null for what nothing waits for: the end of a session, a leadership that the operator moves. */
  readonly event: ScheduledEvent | null;
  /** The broker whose session ends, or who is to lead. */
  readonly broker: number;
  /** A timer, or the scope's own doing: a send, a fault, a decision. Where nothing else is left, nothing is under way. */
  readonly isWait: boolean;
  /** Time has to pass before. */
  readonly pauses: boolean;
  /** What of the bounds it uses up. */
  readonly costs: keyof Spent | null;
}

/** How much of the bounds was used. */
export interface Spent {
  lags: number;
  moves: number;
  crashes: number;
  powerLosses: number;
}

/**
 * What follows at once, if anything. With `partialOrder` that is every step which commutes with all that may happen before it, so that
 * its moment plays no role; otherwise only what a decision consists of.
 */
export function forcedEvent(
  cluster: SearchedCluster,
  { waiting, nowUs }: OpenKernel,
  scope: Scope,
  spent: Spent,
  partialOrder: boolean,
): ScheduledEvent | null {
  // Ways of connections on which something comes first that is not forced.
  const taken: Direction[] = [];
  for (const event of waiting) {
    if (event.kind === OwnEvent.fault && event.arg === Purpose.inject) return event;
    if (!partialOrder) continue;
    const way = event.kind === WorldEvent.frame ? (event.payload as Frame).direction : null;
    if (way !== null && taken.includes(way)) continue;
    if (isForced(cluster, event, nowUs, scope, spent)) return event;
    if (way !== null) taken.push(way);
  }
  return null;
}

function isForced(cluster: SearchedCluster, event: ScheduledEvent, nowUs: number, scope: Scope, spent: Spent): boolean {
  switch (event.kind) {
    case WorldEvent.syn:
    case WorldEvent.refused:
    case WorldEvent.sent:
    case WorldEvent.start:
      return true;
    case WorldEvent.fsync:
      return event.target === controllerHost;
    case WorldEvent.timer:
      // A client is never slow: whatever it sends may be.
      return event.target > cluster.compiled.adminHost && event.atUs <= nowUs;
    case WorldEvent.frame: {
      const frame = event.payload as Frame;
      const { connection, from, to, toServer } = frame.direction;
      // Nobody is there to take it, or nobody on that side does anything when its client is gone.
      if (connection.dead || !to.open || (toServer && frame.type !== 'data')) return true;
      // What the operator asks for happens when it is asked for, which may be at any time.
      if (to.host.index === cluster.compiled.adminHost || from.host.index === cluster.compiled.adminHost) return true;
      if (frame.type !== 'data') return frame.type === 'connected';
      return isAside(frame) || (!toServer && isLastWord(cluster, frame.direction.to, scope, spent));
    }
    case OwnEvent.tick:
      // To send now and to arrive late is to send late, while nothing can be learnt in between.
      return isDeafBut(cluster, cluster.clients.applications[event.target]!.producer.host, -1, scope, spent);
    default:
      return false;
  }
}

/**
 * An answer to a client that waits for no other connection, and for no timer, and has nothing more to be told: whatever brokers do
 * meanwhile, this is the next thing that the client learns, and it does nothing before. A crash would be another thing to learn.
 */
function isLastWord(cluster: SearchedCluster, { host, key }: End, scope: Scope, spent: Spent): boolean {
  if (host.index <= cluster.compiled.adminHost || cluster.clients.applicationOn(host.index)?.hasMore !== false) return false;
  return isDeafBut(cluster, host.index, key, scope, spent);
}

/** Whether nothing can reach a client before it has acted, but on one connection (-1: nothing at all). */
function isDeafBut(cluster: SearchedCluster, client: number, key: number, scope: Scope, spent: Spent): boolean {
  if (spent.crashes < scope.crashes || spent.powerLosses < scope.powerLosses) return false;
  const { state } = cluster.machines[client] as Producer;
  if (state.senderArmedUs >= 0 && state.senderArmedUs <= cluster.kernel.nowUs + pauseUs) return false;
  for (const channel of state.nodes) {
    if (channel === undefined || channel.connection < 0 || channel.connection === key) continue;
    if (channel.state === 'connecting' || channel.inFlight.length > 0) return false;
  }
  return true;
}

/** Requests and answers that tell nothing of replication. */
function isAside({ payload }: Frame): boolean {
  switch (apiOf(payload as Input)) {
    case ApiKey.metadata:
    case ApiKey.initProducerId:
    case ApiKey.allocateProducerIds:
    case ApiKey.brokerHeartbeat:
    case ApiKey.brokerRegistration:
      return true;
    default:
      return false;
  }
}

/** Everything that may happen next, in an order that follows from the state. */
export function optionsIn(
  cluster: SearchedCluster,
  kernel: OpenKernel,
  scope: Scope,
  spent: Spent,
  partialOrder: boolean,
): Option[] {
  const options: Option[] = [];
  const { nowUs } = kernel;
  const seen = new Set<Direction>();
  const disks = new Set<number>();
  const timers: (ScheduledEvent | undefined)[] = [];
  const faults = new Set<string>();
  let ticks = 0;
  const mayPause = noSessionIsOver(cluster);
  for (const event of kernel.waiting) {
    switch (event.kind) {
      case WorldEvent.frame: {
        const { direction } = event.payload as Frame;
        if (seen.has(direction)) break;
        seen.add(direction);
        if (partialOrder && isEarly(cluster, event.payload as Frame)) break;
        options.push(plain(event, false, null));
        break;
      }
      case WorldEvent.reset:
      case WorldEvent.syn:
      case WorldEvent.refused:
      case WorldEvent.sent:
      case WorldEvent.start:
        options.push(plain(event, false, null));
        break;
      case WorldEvent.fsync:
        if (disks.has(event.target)) break;
        disks.add(event.target);
        options.push(plain(event, false, null));
        break;
      case WorldEvent.timer: {
        if (!playsRole(cluster, scope, spent, event.target, event.arg % argRoom, event.atUs - nowUs)) break;
        const other = timers[event.target];
        if (other === undefined || event.atUs < other.atUs) timers[event.target] = event;
        break;
      }
      case OwnEvent.tick:
        if (ticks++ === 0) options.push(plain(event, true, null));
        break;
      case OwnEvent.fault: {
        const { name, target } = cluster.compiled.plan.faults[event.target]!;
        if (event.arg === Purpose.heal) {
          options.push(plain(event, true, null));
          break;
        }
        if (event.arg !== Purpose.trigger || target.kind !== 'broker') break;
        const costs = name === 'power-loss' ? 'powerLosses' : 'crashes';
        const isDone = name === 'power-loss' ? !cluster.world.hosts[target.id]!.powered : !cluster.world.hosts[target.id]!.up;
        const key = `${name} ${target.id}`;
        if (isDone || spent[costs] >= scope[costs] || faults.has(key)) break;
        faults.add(key);
        options.push(plain(event, true, costs));
        break;
      }
      default:
        break;
    }
  }
  for (const event of timers) {
    if (event === undefined) continue;
    // In which moment of its period a frozen heartbeat comes nobody has counted.
    const isHeartbeat = event.target <= scope.replicas && event.arg % argRoom === BrokerTimer.heartbeat;
    const pauses = event.atUs > nowUs && !isHeartbeat;
    if (pauses && !mayPause) continue;
    const isLag = event.target !== controllerHost && event.arg % argRoom === BrokerTimer.isrExpiration;
    options.push({
      event,
      broker: -1,
      isWait: true,
      pauses,
      costs: isLag && event.target <= cluster.compiled.plan.brokers ? 'lags' : null,
    });
  }
  for (let broker = 1; broker <= scope.replicas; broker++) {
    const fencing = mayFence(cluster, scope, spent, broker);
    if (fencing !== null) options.push(fencing);
  }
  for (let broker = 1; broker <= scope.replicas; broker++) {
    if (mayLead(cluster, scope, spent, broker))
      options.push({ event: null, broker, isWait: true, pauses: false, costs: 'moves' });
  }
  return options;
}

function plain(event: ScheduledEvent, isWait: boolean, costs: keyof Spent | null): Option {
  return { event, broker: -1, isWait, pauses: false, costs };
}

/** While the controller has yet to notice that a broker is down, no more time passes: its session would end. */
function noSessionIsOver(cluster: SearchedCluster): boolean {
  for (const broker of cluster.controller.state.brokers.values()) {
    if (!broker.fenced && cluster.machines[broker.brokerId] === null) return false;
  }
  return true;
}

function registrationOf(cluster: SearchedCluster) {
  return cluster.controller.state.topics[0]!.partitions[0]!;
}

/** The controller may find any session over: of the leader while epochs are left, of a follower as often as followers may lag. */
function mayFence(cluster: SearchedCluster, scope: Scope, spent: Spent, broker: number): Option | null {
  const { state } = cluster.controller;
  const known = state.brokers.get(broker)!;
  if (known.fenced) return null;
  const { leader, leaderEpoch } = registrationOf(cluster);
  const isDown = cluster.machines[broker] === null;
  if (leader === broker) {
    if (leaderEpoch + 1 >= scope.epochs) return null;
    return { event: null, broker, isWait: true, pauses: false, costs: null };
  }
  if (!isDown && spent.lags >= scope.lags) return null;
  return { event: null, broker, isWait: true, pauses: false, costs: isDown ? null : 'lags' };
}

/** Whether the operator may make a broker the leader: one that is in sync and runs, as far as the controller knows. */
function mayLead(cluster: SearchedCluster, scope: Scope, spent: Spent, broker: number): boolean {
  if (spent.moves >= scope.moves) return false;
  const { leader, leaderEpoch, isr } = registrationOf(cluster);
  const { fenced, inControlledShutdown } = cluster.controller.state.brokers.get(broker)!;
  return broker !== leader && leaderEpoch + 1 < scope.epochs && isr.includes(broker) && !fenced && !inControlledShutdown;
}

/** Whether a client has sent everything and was told of everything: it plays no role any more. */
export function isDone(cluster: SearchedCluster, host: number): boolean {
  return cluster.clients.applicationOn(host)?.done === true;
}

/**
 * A fetch of the metadata log that would find nothing new: to wait at the controller, or on the way to it until there is something, is
 * the same.
 */
function isEarly(cluster: SearchedCluster, { direction, type, payload }: Frame): boolean {
  if (type !== 'data' || direction.to.host.index !== controllerHost) return false;
  const { body } = payload as Extract<Input, { kind: 'request' }>;
  return body.api === ApiKey.fetchMetadataLog && body.fetchOffset >= cluster.controller.state.committedOffset;
}

/** Whether a timer that fires would change anything that counts. */
export function playsRole(
  cluster: SearchedCluster,
  scope: Scope,
  spent: Spent,
  host: number,
  key: number,
  inUs: number,
): boolean {
  if (inUs > pauseUs || host === controllerHost || host === cluster.compiled.adminHost) return false;
  if (host > scope.replicas) return !isDone(cluster, host);
  const broker = cluster.machines[host] as Broker;
  const { state } = broker;
  switch (key) {
    case BrokerTimer.heartbeat: {
      const known = cluster.controller.state.brokers.get(host)!;
      if (state.brokerEpoch >= 0 && !known.fenced) return false;
      // A broker that starts registers once its former life's session is over.
      if (state.brokerEpoch < 0) return known.fenced;
      // One that is unfenced is elected where nobody leads.
      const { leader, leaderEpoch } = registrationOf(cluster);
      return leader >= 0 || leaderEpoch + 1 < scope.epochs;
    }
    case BrokerTimer.controllerChannel:
      return state.controllerChannel.state === 'disconnected';
    case BrokerTimer.metadataFetch:
      return state.metadataChannel.state === 'disconnected';
    case BrokerTimer.alterPartition:
      return state.hosted.some((p) => p.pendingIsr !== null && !p.pendingIsr.sent);
    case BrokerTimer.purgatory:
      return state.hosted.some((p) => hasNews(cluster, p));
    case BrokerTimer.isrExpiration:
      return spent.lags < scope.lags && state.hosted.some(someoneLags);
    default:
      return key >= BrokerTimer.fetcher && waits(state.fetchers[key - BrokerTimer.fetcher]);
  }
}

function waits(fetcher: { readonly channel: { readonly state: string }; readonly inFlight: unknown } | undefined): boolean {
  return fetcher !== undefined && fetcher.inFlight === null && fetcher.channel.state !== 'connecting';
}

/** An empty answer to a parked fetch would tell its follower a newer high watermark, or make it ask to join the ISR. */
function hasNews(cluster: SearchedCluster, p: Partition): boolean {
  for (const fetch of p.delayedFetch) {
    if (fetch.done) continue;
    const follower = fetch.request.replicaId;
    const replica = (cluster.machines[follower] as Broker | null)?.state.partitions[p.topicId]?.[p.index];
    if (replica === undefined || p.role !== 'leader') return true;
    if (replica.log.highWatermark < p.log.highWatermark || !p.isr.includes(follower)) return true;
  }
  return false;
}

function someoneLags(p: Partition): boolean {
  if (p.role !== 'leader' || p.pendingIsr !== null) return false;
  return p.remotes.some((replica) => p.isr.includes(replica.brokerId) && replica.logEndOffset !== p.log.logEndOffset);
}
