/**
 * What clients say to ZooKeeper. Its own operations, not Kafka's; their numbers follow those of Kafka's APIs. A session has two
 * connections: on one it asks, on the other it waits for events, which are told in order and until they are confirmed. That second request
 * is the session's sign of life as well, as ZooKeeper's ping is.
 *
 * Simplified: transactions that ZooKeeper's client would send one behind the other travel as one message; a list of children comes with
 * their data. Source: ZooKeeper, zookeeper.jute; Kafka, ZooKeeperClient.scala.
 */
import type { NoteCode } from '../notes.ts';

/** `ephemeral`: gone with the session. A `version` of -1 fits any. `watch`: tell me once when this changes. `says`: see {@link Saying}. */
export type ZkOp =
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data: ZkData;
      readonly ephemeral: boolean;
      readonly says?: readonly Saying[];
    }
  | {
      readonly type: 'setData';
      readonly path: string;
      readonly data: ZkData;
      readonly version: number;
      readonly says?: readonly Saying[];
    }
  | { readonly type: 'delete'; readonly path: string; readonly version: number }
  | { readonly type: 'check'; readonly path: string; readonly version: number }
  | { readonly type: 'getData'; readonly path: string; readonly watch: boolean }
  | { readonly type: 'getChildren'; readonly path: string; readonly watch: boolean };

/**
 * What a write means to those who watch a run. It is said when ZooKeeper takes the write, for from then on it holds, whether or not its
 * author lives to hear of it.
 */
export interface Saying {
  readonly code: NoteCode;
  readonly values: readonly number[];
}

/** Data of a znode: whoever writes it knows its shape. Never changed in place. */
export type ZkData = object | number | null;

export const ZkCode = { ok: 0, noNode: -101, badVersion: -103, nodeExists: -110, sessionExpired: -112 } as const;
export type ZkCode = (typeof ZkCode)[keyof typeof ZkCode];

export interface ZkStat {
  readonly version: number;
  /** Number of the transaction that created the znode. */
  readonly czxid: number;
  /** Session that it goes with, 0 for none. */
  readonly ephemeralOwner: number;
}
export interface ZkOpResult {
  readonly code: ZkCode;
  readonly data: ZkData;
  readonly stat: ZkStat | null;
  readonly children: readonly { readonly name: string; readonly data: ZkData; readonly stat: ZkStat }[];
}
export interface ZkEvent {
  readonly type: 'created' | 'deleted' | 'dataChanged' | 'childrenChanged';
  readonly path: string;
}

/** Opens a session, goes on with one, or closes it. */
export interface ZkSessionRequest {
  readonly api: 100;
  /** 0: a new one. */
  readonly sessionId: number;
  readonly timeoutMs: number;
  readonly close: boolean;
}
export interface ZkSessionResponse {
  readonly api: 100;
  /** 0: the session is expired. */
  readonly sessionId: number;
  readonly timeoutMs: number;
}
/** Waits for what watches saw after the event with this number; answered with nothing after a third of the session timeout. */
export interface ZkEventsRequest {
  readonly api: 101;
  readonly sessionId: number;
  readonly after: number;
}
export interface ZkEventsResponse {
  readonly api: 101;
  readonly expired: boolean;
  /** Number of the last event. */
  readonly last: number;
  readonly events: readonly ZkEvent[];
}
/** Transactions, one after the other; each is done as a whole or not at all. */
export interface ZkTransactionsRequest {
  readonly api: 102;
  readonly sessionId: number;
  readonly transactions: readonly (readonly ZkOp[])[];
}
export interface ZkTransactionsResponse {
  readonly api: 102;
  readonly expired: boolean;
  /** Of each operation of each transaction; of one that failed only the first error. */
  readonly results: readonly ZkTransactionResult[];
}
export interface ZkTransactionResult {
  /** That of the first operation that failed. */
  readonly code: ZkCode;
  /** The operation that failed, -1 when none did. */
  readonly failedAt: number;
  readonly results: readonly ZkOpResult[];
}

export type ZkRequest = ZkSessionRequest | ZkEventsRequest | ZkTransactionsRequest;
export type ZkResponse = ZkSessionResponse | ZkEventsResponse | ZkTransactionsResponse;
