/**
 * The network: TCP-like connections between hosts. A connection is FIFO in each direction; inside it nothing is lost, duplicated or
 * reordered, because Kafka can have no such histories. What can happen: latency, a stall (retransmission), a reset, a held
 * direction (partition: frames wait until it heals), a silent peer (half-open).
 *
 * A server is given one request of a connection at a time: the next one waits until the present one was answered, as Kafka's
 * SocketServer mutes a channel. Requests that have reached the server are executed even when the client has closed in between.
 *
 * Simplified: socket buffers bound only what a sender may hand over while its direction is held; on healing, held frames arrive after one
 * latency instead of after TCP's backed-off retransmission.
 */

import { assert } from '../base/assert.ts';
import { emptyList, takeFirst } from '../base/lists.ts';
import type { Bytes, Micros } from '../base/units.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Connection, type Direction, type End, Frame } from './connection.ts';
import { WorldEvent } from './events.ts';
import type { Guest, HostIndex } from './guest.ts';
import type { Host } from './host.ts';
import type { Link, Links } from './links.ts';

/** SO_SNDBUF of Kafka's clients (`send.buffer.bytes`). */
const sendBufferBytes: Bytes = 131072;

export class Network {
  private readonly kernel: Kernel;
  private readonly hosts: readonly Host[];
  private readonly guest: Guest;
  private readonly links: Links;
  private readonly stallUs: Micros;
  /** Connections whose server is ready for the next request; served when the present handler has returned. */
  private readonly ready: Connection[] = emptyList();
  /** Connections with frames that wait for a held link. */
  private readonly holding: Connection[] = [];
  /** Frames lost or held by faults, for {@link FaultReport.bit}. */
  framesTouched = 0;
  /** Discard the next response from server to client: the teaching shortcut `drop-response`. */
  dropResponseFrom: HostIndex = -1;

  constructor(kernel: Kernel, links: Links, stallUs: Micros, hosts: readonly Host[], guest: Guest) {
    this.kernel = kernel;
    this.hosts = hosts;
    this.guest = guest;
    this.links = links;
    this.stallUs = stallUs;
  }

  /**
   * A network that goes on from here on its own, between hosts that are copies of this one's. Links are shared: only for networks whose
   * latencies are not drawn and whose links nobody holds.
   */
  fork(kernel: Kernel, hosts: readonly Host[], guest: Guest): Network {
    assert(this.holding.length === 0 && this.ready.length === 0, 'a network is forked between events, and while no link is held');
    const fork = new Network(kernel, this.links, this.stallUs, hosts, guest);
    fork.framesTouched = this.framesTouched;
    fork.dropResponseFrom = this.dropResponseFrom;
    return fork;
  }

  /** Frames whose payload is wanted that were sent and have neither arrived nor been lost; with those that wait for a held link. */
  framesUnderWay(wanted: (payload: unknown) => boolean): number {
    const counts = ({ type, payload }: Frame): boolean => type === 'data' && wanted(payload);
    let frames = this.kernel.count(({ kind, payload }) => kind === WorldEvent.frame && counts(payload as Frame));
    for (const { dead, toServer, toClient } of this.holding) {
      if (!dead) frames += (toServer.held?.filter(counts).length ?? 0) + (toClient.held?.filter(counts).length ?? 0);
    }
    return frames;
  }

  /** From now on the network's own dice stall and reset nothing. */
  calm(): void {
    this.links.calm();
  }

  /** The directed link between two hosts, for faults. */
  link(from: HostIndex, to: HostIndex): Link {
    return this.links.between(from, to);
  }

  /** A process opens a connection. */
  connect(client: HostIndex, clientKey: number, server: HostIndex): void {
    const host = this.hosts[client]!;
    const { links } = this;
    const connection = new Connection(
      host,
      clientKey,
      this.hosts[server]!,
      links.between(client, server),
      links.between(server, client),
    );
    host.outbound[clientKey] = connection;
    const { toServer } = connection;
    toServer.freeUs = this.departureUs(host) + links.latencyUs(toServer.link, links.lane(toServer.link, 0));
    this.kernel.schedule(toServer.freeUs, WorldEvent.syn, server, 0, connection);
  }

  /** A client sends a request on one of its connections; a frame on a connection that is gone disappears. */
  send(from: HostIndex, key: number, lane: number, payload: unknown, bytes: Bytes, sentToken: number): void {
    const connection = this.hosts[from]!.outbound[key];
    if (connection === undefined || connection.dead || !connection.client.open) return;
    if (sentToken >= 0) this.handOver(connection, bytes, sentToken);
    const { toServer } = connection;
    this.transmit(toServer, lane, new Frame(toServer, 'data', payload));
  }

  /** The server answers the present request of a connection. */
  reply(from: HostIndex, key: number, lane: number, payload: unknown): void {
    const connection = this.hosts[from]!.inbound[-key];
    if (connection === undefined) return;
    if (!connection.dead && connection.server.open) {
      if (this.dropResponseFrom === from) {
        this.dropResponseFrom = -1;
        this.framesTouched++;
      } else {
        const { toClient } = connection;
        this.transmit(toClient, lane, new Frame(toClient, 'data', payload));
      }
    }
    this.endService(connection);
  }

  /** The server is done with the present request of a connection and does not answer it. */
  served(from: HostIndex, key: number): void {
    const connection = this.hosts[from]!.inbound[-key];
    if (connection !== undefined) this.endService(connection);
  }

  private endService(connection: Connection): void {
    connection.serving = false;
    if (connection.inbox.length > 0) this.ready.push(connection);
  }

  /** Requests whose payload is wanted that have reached their server and wait for their turn. */
  requestsWaiting(wanted: (payload: unknown) => boolean): number {
    let waiting = 0;
    for (const host of this.hosts) {
      for (const connection of host.inbound)
        for (const { type, payload } of connection?.inbox ?? []) if (type === 'data' && wanted(payload)) waiting++;
    }
    return waiting;
  }

  /** Hands over requests that waited for their turn; called when a handler has returned. */
  drainReady(): void {
    while (this.ready.length > 0) {
      const connection = takeFirst(this.ready);
      while (!connection.serving && connection.inbox.length > 0) {
        this.serve(connection, connection.server, takeFirst(connection.inbox));
      }
    }
  }

  /** One end closes; the other learns of it after what was sent before. */
  close(from: HostIndex, key: number): void {
    const host = this.hosts[from]!;
    const connection = host.connection(key);
    if (connection === undefined || connection.dead) return;
    this.forget(host, key);
    this.leave(key >= 0 ? connection.toServer : connection.toClient, 'fin');
  }

  /** The near end of a direction is gone; its last frame says so. */
  private leave(direction: Direction, how: 'fin' | 'rst'): void {
    if (!direction.from.open) return;
    direction.from.open = false;
    this.transmit(direction, 1, new Frame(direction, how, null));
  }

  /** Resets every open connection between two hosts; frames on the way are lost. Returns how many connections it hit. */
  reset(a: HostIndex, b: HostIndex): number {
    let count = 0;
    for (const [client, server] of a === b ? [] : [[a, b] as const, [b, a] as const]) {
      for (const connection of this.hosts[client]!.outbound) {
        if (connection === undefined || connection.server.host.index !== server || connection.dead) continue;
        this.resetConnection(connection);
        count++;
      }
    }
    return count;
  }

  /** Holds or releases the frames of a directed link. */
  hold(from: HostIndex, to: HostIndex): void {
    this.link(from, to).held++;
  }

  release(from: HostIndex, to: HostIndex): void {
    const link = this.link(from, to);
    assert(link.held > 0, 'a released link was held');
    link.held--;
    if (link.held > 0) return;
    for (const { toServer, toClient } of this.holding) {
      if (toServer.link === link) this.releaseDirection(toServer);
      else if (toClient.link === link) this.releaseDirection(toClient);
    }
  }

  /** The process on a host died while its operating system lives: every socket closes, peers learn of it. */
  closeAll(host: Host): void {
    for (const connection of host.outbound) {
      if (connection !== undefined && !connection.dead) this.leave(connection.toServer, 'rst');
    }
    for (const connection of host.inbound) {
      if (connection === undefined || connection.dead || !connection.server.open) continue;
      connection.inbox.length = 0;
      this.leave(connection.toClient, 'rst');
    }
    host.outbound.length = 0;
    host.inbound.length = 1;
  }

  /** The host lost power: its connections stay open at the far end, which finds out by itself. */
  abandonAll(host: Host): void {
    for (const connection of host.outbound) {
      if (connection !== undefined) this.abandon(connection, connection.toServer);
    }
    for (const connection of host.inbound) {
      if (connection === undefined) continue;
      connection.inbox.length = 0;
      this.abandon(connection, connection.toClient);
    }
    host.outbound.length = 0;
    host.inbound.length = 1;
  }

  private abandon(connection: Connection, { from, held }: Direction): void {
    from.open = false;
    // What a link held was to be sent again from this host's memory.
    if (held !== null) held.length = 0;
    if (!connection.dead) from.host.abandoned.push(connection);
  }

  /** The host is back: what was sent to its former life is answered with resets. */
  answerForFormerLife(host: Host): void {
    for (const connection of host.abandoned) {
      if (connection.undelivered && !connection.dead) {
        this.resetPeer(connection, connection.client.host === host ? connection.server : connection.client);
      }
    }
    if (host.abandoned.length > 0) host.abandoned.length = 0;
  }

  /** A kernel event of this network. */
  onSyn(connection: Connection): void {
    const { client, server, toServer, toClient } = connection;
    if (connection.dead || !client.open) return;
    if (toServer.link.held > 0) {
      this.framesTouched++;
      this.holdFrame(new Frame(toServer, 'connected', null));
      return;
    }
    const { host } = server;
    if (!host.powered) return;
    if (!host.up || !host.listening) {
      connection.dead = true;
      const { links } = this;
      const atUs = this.kernel.nowUs + links.latencyUs(toClient.link, links.lane(toClient.link, 1));
      this.kernel.schedule(atUs, WorldEvent.refused, client.host.index, 0, connection);
      return;
    }
    server.incarnation = host.incarnation;
    server.open = true;
    server.key = -host.inbound.length;
    host.inbound.push(connection);
    this.transmit(toClient, 0, new Frame(toClient, 'connected', null));
    if (host.paused) host.backlog.push({ kind: 'accepted', key: server.key, payload: null });
    else this.guest.accepted(host.index, server.key);
  }

  onRefused({ client }: Connection): void {
    const { host } = client;
    if (host.incarnation !== client.incarnation || !host.up) return;
    this.forget(host, client.key);
    if (host.paused) host.backlog.push({ kind: 'connectFailed', key: client.key, payload: null });
    else this.guest.connectFailed(host.index, client.key);
  }

  onFrame(frame: Frame): void {
    this.bring(frame);
  }

  private bring(frame: Frame): void {
    const { direction, type } = frame;
    const { connection, to } = direction;
    if (connection.dead) return;
    if (direction.link.held > 0 || direction.held !== null) {
      if (type === 'released') this.arriveHeld(direction);
      else if (direction.from.host.powered) {
        this.framesTouched++;
        this.holdFrame(frame);
      }
      return;
    }
    if (type === 'released') return;
    const { host } = to;
    if (!host.powered) {
      connection.undelivered = true;
      this.framesTouched++;
      return;
    }
    if (host.incarnation !== to.incarnation) {
      if (host.up && type === 'data') this.resetPeer(connection, direction.from);
      return;
    }
    if (!to.open || !host.up) {
      if (type === 'rst' || type === 'fin') connection.dead = true;
      return;
    }
    if (host.paused) {
      host.backlog.push({ kind: 'frame', key: 0, payload: frame });
      return;
    }
    this.arriveAt(connection, direction, to, frame);
  }

  /** A frame reaches a process that runs. */
  arrive(frame: unknown): void {
    const f = frame as Frame;
    const { direction } = f;
    const { connection, to } = direction;
    if (!connection.dead && to.open) this.arriveAt(connection, direction, to, f);
  }

  private arriveAt(connection: Connection, direction: Direction, to: End, frame: Frame): void {
    if (direction.toServer) {
      if (connection.serving || connection.inbox.length > 0) connection.inbox.push(frame);
      else this.serve(connection, to, frame);
      return;
    }
    switch (frame.type) {
      case 'data':
        this.guest.frame(to.host.index, to.key, false, frame.payload);
        break;
      case 'connected':
        this.guest.connected(to.host.index, to.key);
        break;
      default:
        this.endedByPeer(to);
    }
  }

  private serve(connection: Connection, server: End, frame: Frame): void {
    if (frame.type === 'data') {
      connection.serving = true;
      this.guest.frame(server.host.index, server.key, true, frame.payload);
    } else this.endedByPeer(server);
  }

  private endedByPeer(end: End): void {
    end.open = false;
    this.forget(end.host, end.key);
    this.guest.disconnected(end.host.index, end.key);
  }

  private transmit(direction: Direction, lane: number, frame: Frame): void {
    const { from, to, link } = direction;
    const isData = frame.type === 'data';
    const { links } = this;
    const way = links.lane(link, lane);
    let arrivalUs = this.departureUs(from.host) + links.latencyUs(link, way);
    const fate = isData ? links.fate(way) : 'passes';
    if (fate === 'resets') {
      this.resetConnection(direction.connection);
      return;
    }
    const toIndex = to.host.index;
    if (fate === 'stalls') {
      const fromIndex = from.host.index;
      arrivalUs += this.stallUs;
      this.guest.noted(fromIndex, 'frame-stalled', fromIndex, toIndex, this.stallUs, 0);
    }
    if (arrivalUs < direction.freeUs) arrivalUs = direction.freeUs;
    direction.freeUs = arrivalUs;
    this.kernel.schedule(arrivalUs, WorldEvent.frame, toIndex, 0, frame);
  }

  /** Work that the present handler did on its host (a slow append) delays what it sends. */
  private departureUs(sender: Host): Micros {
    const nowUs = this.kernel.nowUs;
    return sender.busyUntilUs > nowUs ? sender.busyUntilUs : nowUs;
  }

  /** acks=0: the socket takes the bytes at once unless its buffer is full because the direction is held. */
  private handOver(connection: Connection, bytes: Bytes, token: number): void {
    const { client, toServer } = connection;
    const held = toServer.held !== null || toServer.link.held > 0;
    if (!held) connection.heldBytes = 0;
    else {
      connection.heldBytes += bytes;
      if (connection.heldBytes > sendBufferBytes) {
        (connection.heldTokens ??= []).push(token);
        return;
      }
    }
    this.kernel.schedule(this.departureUs(client.host), WorldEvent.sent, client.host.index, token, connection);
  }

  onSent({ client }: Connection, token: number): void {
    const { host } = client;
    if (host.incarnation !== client.incarnation || !host.up || !client.open) return;
    if (host.paused) host.backlog.push({ kind: 'sent', key: client.key, payload: token });
    else this.guest.frameSent(host.index, client.key, token);
  }

  private holdFrame(frame: Frame): void {
    const { direction } = frame;
    const { connection } = direction;
    if (connection.toServer.held === null && connection.toClient.held === null) this.holding.push(connection);
    (direction.held ??= []).push(frame);
  }

  /**
   * What was held arrives one latency from now, all of it before anything that is sent later; until then frames that were on their way
   * queue up behind it.
   */
  private releaseDirection(direction: Direction): void {
    if (direction.held === null) return;
    const { nowUs } = this.kernel;
    const { connection, link, to } = direction;
    let arrivalUs = nowUs + this.links.latencyUs(link, this.links.lane(link, 1));
    if (arrivalUs < direction.freeUs) arrivalUs = direction.freeUs;
    direction.freeUs = arrivalUs;
    if (direction.toServer) {
      connection.heldBytes = 0;
      for (const token of connection.heldTokens ?? []) {
        this.kernel.schedule(nowUs, WorldEvent.sent, connection.client.host.index, token, connection);
      }
      connection.heldTokens = null;
    }
    this.kernel.schedule(arrivalUs, WorldEvent.frame, to.host.index, 0, new Frame(direction, 'released', null));
  }

  private arriveHeld(direction: Direction): void {
    const { connection, held } = direction;
    // Held anew since: the next release brings them.
    if (held === null || direction.link.held > 0) return;
    direction.held = null;
    if (connection.toServer.held === null && connection.toClient.held === null)
      this.holding.splice(this.holding.indexOf(connection), 1);
    for (const frame of held) {
      if (direction.toServer && frame.type === 'connected') this.onSyn(connection);
      else this.bring(frame);
    }
  }

  private resetConnection(connection: Connection): void {
    connection.dead = true;
    const { client, server, inbox } = connection;
    const lost = inbox.length;
    inbox.length = 0;
    const nowUs = this.kernel.nowUs;
    // An idle connection that is reset touches nothing.
    if (connection.serving || lost > 0 || connection.toServer.freeUs > nowUs || connection.toClient.freeUs > nowUs)
      this.framesTouched++;
    this.guest.noted(client.host.index, 'connection-reset', client.host.index, server.host.index, lost, 0);
    if (client.open) this.tellReset(connection, client);
    if (server.open) this.tellReset(connection, server);
  }

  /** The living end of a connection learns that the other end knows nothing of it. */
  private resetPeer(connection: Connection, peer: End): void {
    connection.dead = true;
    if (peer.open) this.tellReset(connection, peer);
  }

  private tellReset(connection: Connection, end: End): void {
    this.kernel.schedule(this.kernel.nowUs, WorldEvent.reset, end.host.index, end.key, connection);
  }

  /** A reset reaches one end. */
  onReset(connection: Connection, key: number): void {
    const end = key >= 0 ? connection.client : connection.server;
    const { host } = end;
    if (!end.open || host.incarnation !== end.incarnation || !host.up) return;
    end.open = false;
    this.forget(host, key);
    if (host.paused) host.backlog.push({ kind: 'disconnected', key, payload: null });
    else this.guest.disconnected(host.index, key);
  }

  private forget(host: Host, key: number): void {
    if (key >= 0) host.outbound[key] = undefined;
    else host.inbound[-key] = undefined;
  }
}
