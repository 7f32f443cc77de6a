/** A connection between two hosts, and what travels on it. Only data: `network.ts` moves it. */
import type { Micros } from '../base/units.ts';
import type { HostIndex } from './guest.ts';

/** `released` is no frame of a process: what a link held arrives with it. */
export type FrameType = 'data' | 'fin' | 'rst' | 'connected' | 'released';

export class Frame {
  readonly connection: Connection;
  readonly toServer: boolean;
  readonly type: FrameType;
  readonly payload: unknown;
  constructor(connection: Connection, toServer: boolean, type: FrameType, payload: unknown) {
    this.connection = connection;
    this.toServer = toServer;
    this.type = type;
    this.payload = payload;
  }
}

export class Connection {
  readonly client: HostIndex;
  readonly server: HostIndex;
  /** The number under which each end knows it. */
  readonly clientKey: number;
  serverKey = 0;
  readonly clientIncarnation: number;
  serverIncarnation = -1;
  clientOpen = true;
  serverOpen = false;
  /** Reset, or closed at both ends: nothing arrives any more. */
  dead = false;
  /** The server is busy with a request of this connection. */
  serving = false;
  readonly inbox: Frame[] = [];
  toServerFreeUs: Micros = 0;
  toClientFreeUs: Micros = 0;
  heldToServer: Frame[] | null = null;
  heldToClient: Frame[] | null = null;
  heldBytes = 0;
  heldTokens: number[] | null = null;
  /** Something was sent to a host without power; it will answer with a reset when it is back. */
  undelivered = false;

  constructor(client: HostIndex, server: HostIndex, clientKey: number, clientIncarnation: number) {
    this.client = client;
    this.server = server;
    this.clientKey = clientKey;
    this.clientIncarnation = clientIncarnation;
  }
}
