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
import type { Choices } from '../base/choices.ts';
import type { Bytes, Micros } from '../base/units.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Connection, Frame } from './connection.ts';
import { WorldEvent } from './events.ts';
import type { Guest, HostIndex } from './guest.ts';
import type { Host } from './host.ts';
import { type Link, Links, type NetworkShape } from './links.ts';

/** SO_SNDBUF of Kafka's clients (`send.buffer.bytes`). */
const sendBufferBytes: Bytes = 131072;

export class Network {
  private readonly kernel: Kernel;
  private readonly hosts: readonly Host[];
  private readonly guest: Guest;
  private readonly links: Links;
  private readonly stallUs: Micros;
  /** Connections whose server is ready for the next request; served when the present handler has returned. */
  private readonly ready: Connection[] = [];
  /** Connections with frames that wait for a held link. */
  private readonly holding: Connection[] = [];
  /** Data frames that the kernel has yet to bring. */
  private framesScheduled = 0;
  /** Frames lost or held by faults, for {@link FaultReport.bit}. */
  framesTouched = 0;
  /** Discard the next response from server to client: the teaching shortcut `drop-response`. */
  dropResponseFrom: HostIndex = -1;

  constructor(kernel: Kernel, choices: Choices, shape: NetworkShape, hosts: readonly Host[], guest: Guest) {
    this.kernel = kernel;
    this.hosts = hosts;
    this.guest = guest;
    this.links = new Links(choices, shape);
    this.stallUs = shape.plan.stallUs;
  }

  /** Frames that were sent and have neither arrived nor been lost; with those that wait for a held link. */
  get framesUnderWay(): number {
    let frames = this.framesScheduled;
    for (const { dead, heldToServer, heldToClient } of this.holding) {
      if (!dead) frames += (heldToServer?.length ?? 0) + (heldToClient?.length ?? 0);
    }
    return frames;
  }

  /** The directed link between two hosts, for faults. */
  link(from: HostIndex, to: HostIndex): Link {
    return this.links.between(from, to);
  }

  /** A process opens a connection. */
  connect(client: HostIndex, clientKey: number, server: HostIndex): void {
    const host = this.hosts[client]!;
    const connection = new Connection(client, server, clientKey, host.incarnation);
    host.outbound[clientKey] = connection;
    const arrivalUs = this.departureUs(host) + this.links.latencyUs(this.link(client, server), 0);
    connection.toServerFreeUs = arrivalUs;
    this.kernel.schedule(arrivalUs, WorldEvent.syn, server, 0, connection);
  }

  /** Sends a frame from a host on one of its connections; a frame on a connection that is gone disappears. */
  send(from: HostIndex, key: number, lane: number, payload: unknown, bytes: Bytes, sentToken: number): void {
    const host = this.hosts[from]!;
    const connection = host.connection(key);
    if (connection === undefined || connection.dead) return;
    const toServer = key >= 0;
    if (!(toServer ? connection.clientOpen : connection.serverOpen)) return;
    if (sentToken >= 0) this.handOver(connection, bytes, sentToken);
    if (!toServer && this.dropResponseFrom === from) {
      this.dropResponseFrom = -1;
      this.framesTouched++;
      return;
    }
    this.transmit(connection, toServer, lane, new Frame(connection, toServer, 'data', payload));
  }

  /** The server has answered the present request of a connection: the next one may come. */
  served(from: HostIndex, key: number): void {
    const connection = this.hosts[from]!.connection(key);
    if (connection === undefined) return;
    connection.serving = false;
    if (connection.inbox.length > 0) this.ready.push(connection);
  }

  /** Requests that have reached their server and wait for their turn. */
  get requestsWaiting(): number {
    let waiting = 0;
    for (const host of this.hosts) for (const connection of host.inbound) waiting += connection?.inbox.length ?? 0;
    return waiting;
  }

  /** Hands over requests that waited for their turn; called when a handler has returned. */
  drainReady(): void {
    while (this.ready.length > 0) {
      const connection = this.ready.shift()!;
      while (!connection.serving && connection.inbox.length > 0) this.serve(connection, connection.inbox.shift()!);
    }
  }

  /** One end closes; the other learns of it after what was sent before. */
  close(from: HostIndex, key: number): void {
    const host = this.hosts[from]!;
    const connection = host.connection(key);
    if (connection === undefined || connection.dead) return;
    this.forget(host, key);
    const toServer = key >= 0;
    if (toServer) {
      if (!connection.clientOpen) return;
      connection.clientOpen = false;
    } else {
      if (!connection.serverOpen) return;
      connection.serverOpen = false;
    }
    this.transmit(connection, toServer, 1, new Frame(connection, toServer, 'fin', null));
  }

  /** Resets every open connection between two hosts; frames on the way are lost. Returns how many connections it hit. */
  reset(a: HostIndex, b: HostIndex): number {
    let count = 0;
    for (const [client, server] of a === b ? [] : [[a, b] as const, [b, a] as const]) {
      for (const connection of this.hosts[client]!.outbound) {
        if (connection === undefined || connection.server !== server || connection.dead) continue;
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
    for (const connection of this.holding) {
      if (connection.client === from && connection.server === to) this.releaseDirection(connection, true);
      else if (connection.server === from && connection.client === to) this.releaseDirection(connection, false);
    }
  }

  /** The process on a host died while its operating system lives: every socket closes, peers learn of it. */
  closeAll(host: Host): void {
    for (const connection of host.outbound) {
      if (connection === undefined || connection.dead || !connection.clientOpen) continue;
      connection.clientOpen = false;
      this.transmit(connection, true, 1, new Frame(connection, true, 'rst', null));
    }
    for (const connection of host.inbound) {
      if (connection === undefined || connection.dead || !connection.serverOpen) continue;
      connection.serverOpen = false;
      connection.inbox.length = 0;
      this.transmit(connection, false, 1, new Frame(connection, false, 'rst', null));
    }
    host.outbound.length = 0;
    host.inbound.length = 1;
  }

  /** The host lost power: its connections stay open at the far end, which finds out by itself. */
  abandonAll(host: Host): void {
    for (const connection of host.outbound) {
      if (connection === undefined) continue;
      connection.clientOpen = false;
      // What a link held was to be sent again from this host's memory.
      if (connection.heldToServer !== null) connection.heldToServer.length = 0;
    }
    for (const connection of host.inbound) {
      if (connection === undefined) continue;
      connection.serverOpen = false;
      connection.inbox.length = 0;
      if (connection.heldToClient !== null) connection.heldToClient.length = 0;
    }
    host.abandoned.push(...(host.outbound.filter((c) => c !== undefined && !c.dead) as Connection[]));
    host.abandoned.push(...(host.inbound.filter((c) => c !== undefined && !c.dead) as Connection[]));
    host.outbound.length = 0;
    host.inbound.length = 1;
  }

  /** The host is back: what was sent to its former life is answered with resets. */
  answerForFormerLife(host: Host): void {
    for (const connection of host.abandoned) {
      if (connection.undelivered && !connection.dead) this.resetPeer(connection, connection.client === host.index);
    }
    host.abandoned.length = 0;
  }

  /** A kernel event of this network. */
  onSyn(connection: Connection): void {
    if (connection.dead || !connection.clientOpen) return;
    if (this.link(connection.client, connection.server).held > 0) {
      this.framesTouched++;
      this.holdFrame(connection, new Frame(connection, true, 'connected', null));
      return;
    }
    const server = this.hosts[connection.server]!;
    if (!server.powered) return;
    if (!server.up || !server.listening) {
      connection.dead = true;
      const atUs = this.kernel.nowUs + this.links.latencyUs(this.link(connection.server, connection.client), 1);
      this.kernel.schedule(atUs, WorldEvent.refused, connection.client, 0, connection);
      return;
    }
    connection.serverIncarnation = server.incarnation;
    connection.serverOpen = true;
    connection.serverKey = -server.inbound.length;
    server.inbound.push(connection);
    this.transmit(connection, false, 0, new Frame(connection, false, 'connected', null));
    if (server.paused) server.backlog.push({ kind: 'accepted', key: connection.serverKey, payload: null });
    else this.guest.accepted(connection.server, connection.serverKey);
  }

  onRefused(connection: Connection): void {
    const client = this.hosts[connection.client]!;
    if (client.incarnation !== connection.clientIncarnation || !client.up) return;
    this.forget(client, connection.clientKey);
    if (client.paused) client.backlog.push({ kind: 'connectFailed', key: connection.clientKey, payload: null });
    else this.guest.connectFailed(connection.client, connection.clientKey);
  }

  onFrame(frame: Frame): void {
    if (frame.type === 'data') this.framesScheduled--;
    this.bring(frame);
  }

  private bring(frame: Frame): void {
    const connection = frame.connection;
    if (connection.dead) return;
    const toServer = frame.toServer;
    const from = toServer ? connection.client : connection.server;
    const to = toServer ? connection.server : connection.client;
    const heldFrames = toServer ? connection.heldToServer : connection.heldToClient;
    if (this.link(from, to).held > 0 || heldFrames !== null) {
      if (frame.type === 'released') this.arriveHeld(connection, toServer);
      else if (this.hosts[from]!.powered) {
        this.framesTouched++;
        this.holdFrame(connection, frame);
      }
      return;
    }
    if (frame.type === 'released') return;
    const host = this.hosts[to]!;
    if (!host.powered) {
      connection.undelivered = true;
      this.framesTouched++;
      return;
    }
    const open = toServer ? connection.serverOpen : connection.clientOpen;
    const incarnation = toServer ? connection.serverIncarnation : connection.clientIncarnation;
    if (host.incarnation !== incarnation) {
      if (host.up && frame.type === 'data') this.resetPeer(connection, !toServer);
      return;
    }
    if (!open || !host.up) {
      if (frame.type === 'rst' || frame.type === 'fin') connection.dead = true;
      return;
    }
    if (host.paused) {
      host.backlog.push({ kind: 'frame', key: 0, payload: frame });
      return;
    }
    this.arrive(frame);
  }

  /** A frame reaches a process that runs. */
  arrive(frame: unknown): void {
    const f = frame as Frame;
    const connection = f.connection;
    if (connection.dead) return;
    if (f.toServer) {
      if (!connection.serverOpen) return;
      if (connection.serving || connection.inbox.length > 0) connection.inbox.push(f);
      else this.serve(connection, f);
      return;
    }
    if (!connection.clientOpen) return;
    switch (f.type) {
      case 'data':
        this.guest.frame(connection.client, connection.clientKey, false, f.payload);
        break;
      case 'connected':
        this.guest.connected(connection.client, connection.clientKey);
        break;
      default:
        connection.clientOpen = false;
        this.forget(this.hosts[connection.client]!, connection.clientKey);
        this.guest.disconnected(connection.client, connection.clientKey);
    }
  }

  private serve(connection: Connection, frame: Frame): void {
    if (frame.type === 'data') {
      connection.serving = true;
      this.guest.frame(connection.server, connection.serverKey, true, frame.payload);
      return;
    }
    connection.serverOpen = false;
    this.forget(this.hosts[connection.server]!, connection.serverKey);
    this.guest.disconnected(connection.server, connection.serverKey);
  }

  private transmit(connection: Connection, toServer: boolean, lane: number, frame: Frame): void {
    const from = toServer ? connection.client : connection.server;
    const to = toServer ? connection.server : connection.client;
    const sender = this.hosts[from]!;
    const link = this.link(from, to);
    let arrivalUs = this.departureUs(sender) + this.links.latencyUs(link, lane);
    const fate = frame.type === 'data' ? this.links.fate(link, lane) : 'passes';
    if (fate === 'resets') {
      this.resetConnection(connection);
      return;
    }
    if (fate === 'stalls') {
      arrivalUs += this.stallUs;
      this.guest.noted(from, 'frame-stalled', from, to, this.stallUs, 0);
    }
    if (toServer) {
      if (arrivalUs < connection.toServerFreeUs) arrivalUs = connection.toServerFreeUs;
      connection.toServerFreeUs = arrivalUs;
    } else {
      if (arrivalUs < connection.toClientFreeUs) arrivalUs = connection.toClientFreeUs;
      connection.toClientFreeUs = arrivalUs;
    }
    if (frame.type === 'data') this.framesScheduled++;
    this.kernel.schedule(arrivalUs, WorldEvent.frame, to, 0, frame);
  }

  /** Work that the present handler did on its host (a slow append) delays what it sends. */
  private departureUs(sender: Host): Micros {
    const nowUs = this.kernel.nowUs;
    return sender.busyUntilUs > nowUs ? sender.busyUntilUs : nowUs;
  }

  /** acks=0: the socket takes the bytes at once unless its buffer is full because the direction is held. */
  private handOver(connection: Connection, bytes: Bytes, token: number): void {
    const held = connection.heldToServer !== null || this.link(connection.client, connection.server).held > 0;
    if (!held) connection.heldBytes = 0;
    else {
      connection.heldBytes += bytes;
      if (connection.heldBytes > sendBufferBytes) {
        (connection.heldTokens ??= []).push(token);
        return;
      }
    }
    this.kernel.schedule(this.departureUs(this.hosts[connection.client]!), WorldEvent.sent, connection.client, token, connection);
  }

  onSent(connection: Connection, token: number): void {
    const client = this.hosts[connection.client]!;
    if (client.incarnation !== connection.clientIncarnation || !client.up || !connection.clientOpen) return;
    if (client.paused) client.backlog.push({ kind: 'sent', key: connection.clientKey, payload: token });
    else this.guest.frameSent(connection.client, connection.clientKey, token);
  }

  private holdFrame(connection: Connection, frame: Frame): void {
    if (connection.heldToServer === null && connection.heldToClient === null) this.holding.push(connection);
    if (frame.toServer) (connection.heldToServer ??= []).push(frame);
    else (connection.heldToClient ??= []).push(frame);
  }

  /**
   * What was held arrives one latency from now, all of it before anything that is sent later; until then frames that were on their way
   * queue up behind it.
   */
  private releaseDirection(connection: Connection, toServer: boolean): void {
    if ((toServer ? connection.heldToServer : connection.heldToClient) === null) return;
    const { nowUs } = this.kernel;
    const from = toServer ? connection.client : connection.server;
    const to = toServer ? connection.server : connection.client;
    let arrivalUs = nowUs + this.links.latencyUs(this.link(from, to), 1);
    if (toServer) {
      if (arrivalUs < connection.toServerFreeUs) arrivalUs = connection.toServerFreeUs;
      connection.toServerFreeUs = arrivalUs;
      connection.heldBytes = 0;
      for (const token of connection.heldTokens ?? []) {
        this.kernel.schedule(nowUs, WorldEvent.sent, connection.client, token, connection);
      }
      connection.heldTokens = null;
    } else {
      if (arrivalUs < connection.toClientFreeUs) arrivalUs = connection.toClientFreeUs;
      connection.toClientFreeUs = arrivalUs;
    }
    this.kernel.schedule(arrivalUs, WorldEvent.frame, to, 0, new Frame(connection, toServer, 'released', null));
  }

  private arriveHeld(connection: Connection, toServer: boolean): void {
    const from = toServer ? connection.client : connection.server;
    const to = toServer ? connection.server : connection.client;
    const frames = toServer ? connection.heldToServer : connection.heldToClient;
    // Held anew since: the next release brings them.
    if (frames === null || this.link(from, to).held > 0) return;
    if (toServer) connection.heldToServer = null;
    else connection.heldToClient = null;
    if (connection.heldToServer === null && connection.heldToClient === null)
      this.holding.splice(this.holding.indexOf(connection), 1);
    for (const frame of frames) {
      if (toServer && frame.type === 'connected') this.onSyn(connection);
      else this.bring(frame);
    }
  }

  private resetConnection(connection: Connection): void {
    connection.dead = true;
    const lost = connection.inbox.length;
    connection.inbox.length = 0;
    const nowUs = this.kernel.nowUs;
    // An idle connection that is reset touches nothing.
    if (connection.serving || lost > 0 || connection.toServerFreeUs > nowUs || connection.toClientFreeUs > nowUs)
      this.framesTouched++;
    this.guest.noted(connection.client, 'connection-reset', connection.client, connection.server, lost, 0);
    if (connection.clientOpen) this.tellReset(connection, true);
    if (connection.serverOpen) this.tellReset(connection, false);
  }

  /** The living end of a connection learns that the other end knows nothing of it. */
  private resetPeer(connection: Connection, peerIsServer: boolean): void {
    connection.dead = true;
    if (peerIsServer ? connection.serverOpen : connection.clientOpen) this.tellReset(connection, !peerIsServer);
  }

  private tellReset(connection: Connection, client: boolean): void {
    const index = client ? connection.client : connection.server;
    const key = client ? connection.clientKey : connection.serverKey;
    this.kernel.schedule(this.kernel.nowUs, WorldEvent.reset, index, key, connection);
  }

  /** A reset reaches one end. */
  onReset(connection: Connection, index: HostIndex, key: number): void {
    const host = this.hosts[index]!;
    const client = key >= 0;
    if (client ? !connection.clientOpen : !connection.serverOpen) return;
    if (host.incarnation !== (client ? connection.clientIncarnation : connection.serverIncarnation) || !host.up) return;
    if (client) connection.clientOpen = false;
    else connection.serverOpen = false;
    this.forget(host, key);
    if (host.paused) host.backlog.push({ kind: 'disconnected', key, payload: null });
    else this.guest.disconnected(index, key);
  }

  private forget(host: Host, key: number): void {
    if (key >= 0) host.outbound[key] = undefined;
    else host.inbound[-key] = undefined;
  }
}
