/**
 * The port through which the world speaks to the processes that run on its hosts. The world knows no Kafka: frames are opaque.
 */
import type { Micros } from '../base/units.ts';

/** Index of a host in the world's table. */
export type HostIndex = number;

export interface Guest {
  /** The process on this host starts; its disk is as it was left. */
  started(host: HostIndex, incarnation: number): void;
  /** Asked to stop in an orderly way. */
  stopRequested(host: HostIndex): void;
  accepted(host: HostIndex, connection: number): void;
  connected(host: HostIndex, connection: number): void;
  connectFailed(host: HostIndex, connection: number): void;
  disconnected(host: HostIndex, connection: number): void;
  /** A frame arrived on a connection; `toServer` tells a request from a response. */
  frame(host: HostIndex, connection: number, toServer: boolean, payload: unknown): void;
  /** The bytes of a frame that asked for it were handed to the socket. */
  frameSent(host: HostIndex, connection: number, token: number): void;
  timer(host: HostIndex, key: number): void;
  fsynced(host: HostIndex, token: number): void;
  ioFailed(host: HostIndex, token: number): void;
  /** An event that the guest's own side scheduled (an application's tick, a fault's trigger). */
  own(kind: number, target: number, arg: number): void;
  /** The world says something about itself, as notes of `kafka/notes.ts` are shaped. */
  noted(host: HostIndex, code: string, a: number, b: number, c: number, d: number): void;
  /** The process on this host is gone (crash, power loss, or its own halt). */
  died(host: HostIndex, atUs: Micros): void;
}
