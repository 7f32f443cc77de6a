/** A connection between two hosts, and what travels on it. Only data: `network.ts` moves it. */
import { emptyList } from '../base/lists.ts';
import type { Bytes, Micros } from '../base/units.ts';
import type { Host } from './host.ts';
import type { Link } from './links.ts';

/** `released` is no frame of a process: what a link held arrives with it. */
export type FrameType = 'data' | 'fin' | 'rst' | 'connected' | 'released';

export class Frame {
  readonly direction: Direction;
  readonly type: FrameType;
  readonly payload: unknown;
  constructor(direction: Direction, type: FrameType, payload: unknown) {
    this.direction = direction;
    this.type = type;
    this.payload = payload;
  }
}

/** What one of the two hosts has of a connection. */
export class End {
  readonly host: Host;
  /** The number under which its process knows the connection. */
  key: number;
  /** The life of the process that it belongs to; -1 while nobody has accepted the connection. */
  incarnation: number;
  open: boolean;

  constructor(host: Host, key: number, incarnation: number, open: boolean) {
    this.host = host;
    this.key = key;
    this.incarnation = incarnation;
    this.open = open;
  }
}

/** One of the two ways of a connection: frames on it stay in order. */
export class Direction {
  readonly connection: Connection;
  readonly toServer: boolean;
  readonly from: End;
  readonly to: End;
  readonly link: Link;
  /** Nothing that is sent now arrives before this. */
  freeUs: Micros = 0;
  /** What waits for the link, which is held or was until just now. */
  held: Frame[] | null = null;

  constructor(connection: Connection, toServer: boolean, from: End, to: End, link: Link) {
    this.connection = connection;
    this.toServer = toServer;
    this.from = from;
    this.to = to;
    this.link = link;
  }
}

/** Copies of connections between copies of hosts, and of the frames on them: what was one stays one. What frames carry is shared. */
export class ConnectionCopies {
  private readonly hosts: readonly Host[];
  private readonly copies = new Map<Connection, Connection>();

  constructor(hosts: readonly Host[]) {
    this.hosts = hosts;
  }

  /** The copy of a connection. */
  connection(original: Connection): Connection {
    const known = this.copies.get(original);
    if (known !== undefined) return known;
    const { client, server, toServer, toClient } = original;
    const { hosts } = this;
    const copy = new Connection(hosts[client.host.index]!, client.key, hosts[server.host.index]!, toServer.link, toClient.link);
    this.copies.set(original, copy);
    copy.dead = original.dead;
    copy.serving = original.serving;
    copy.heldBytes = original.heldBytes;
    copy.heldTokens = original.heldTokens?.slice() ?? null;
    copy.undelivered = original.undelivered;
    copyEnd(client, copy.client);
    copyEnd(server, copy.server);
    this.copyDirection(toServer, copy.toServer);
    this.copyDirection(toClient, copy.toClient);
    for (const frame of original.inbox) copy.inbox.push(this.frame(frame));
    return copy;
  }

  /** The copy of a frame. */
  frame({ direction, type, payload }: Frame): Frame {
    const { toServer, toClient } = this.connection(direction.connection);
    return new Frame(direction.toServer ? toServer : toClient, type, payload);
  }

  private copyDirection(from: Direction, to: Direction): void {
    to.freeUs = from.freeUs;
    to.held = from.held?.map((frame) => this.frame(frame)) ?? null;
  }
}

function copyEnd(from: End, to: End): void {
  to.key = from.key;
  to.incarnation = from.incarnation;
  to.open = from.open;
}

export class Connection {
  readonly client: End;
  readonly server: End;
  readonly toServer: Direction;
  readonly toClient: Direction;
  /** Reset, or closed at both ends: nothing arrives any more. */
  dead = false;
  /** The server is busy with a request of this connection. */
  serving = false;
  readonly inbox: Frame[] = emptyList();
  /** Bytes of acks=0 requests that wait in the client's socket, and whose sends wait for room in it. */
  heldBytes: Bytes = 0;
  heldTokens: number[] | null = null;
  /** Something was sent to a host without power; it will answer with a reset when it is back. */
  undelivered = false;

  constructor(client: Host, clientKey: number, server: Host, linkToServer: Link, linkToClient: Link) {
    this.client = new End(client, clientKey, client.incarnation, true);
    this.server = new End(server, 0, -1, false);
    this.toServer = new Direction(this, true, this.client, this.server, linkToServer);
    this.toClient = new Direction(this, false, this.server, this.client, linkToClient);
  }
}
