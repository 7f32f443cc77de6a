/** The state of ZooKeeper: plain data, rebuilt from its transaction log when it starts. */
import type { Micros, Millis, Offset } from '../../base/units.ts';
import type { ConnectionId, FileId } from '../machine.ts';
import type { ResponseBody } from '../protocol/messages.ts';
import type { ZkEvent, ZkOp } from '../protocol/zookeeper-messages.ts';
import { createTree, type ZnodeTree } from './tree.ts';

/** What the log holds. */
export type ZkTxn =
  | { readonly kind: 'createSession'; readonly sessionId: number; readonly timeoutMs: Millis }
  | { readonly kind: 'closeSession'; readonly sessionId: number }
  | { readonly kind: 'transaction'; readonly sessionId: number; readonly ops: readonly ZkOp[] };

export interface ZkSession {
  readonly sessionId: number;
  readonly timeoutMs: Millis;
  /** It expires when nothing was heard of it by then. */
  expiresUs: Micros;
  /** Events that the client has not confirmed; the last one has the number `lastEvent`. */
  readonly events: ZkEvent[];
  lastEvent: number;
  /** The client waits for events; null while it does not. */
  waiting: { readonly connection: ConnectionId; readonly correlationId: number; readonly untilUs: Micros } | null;
}

/** A response that waits until the log is durable up to a point. */
export interface DeferredZkReply {
  readonly connection: ConnectionId;
  readonly correlationId: number;
  readonly body: ResponseBody;
  readonly atEnd: Offset;
}

export interface ZooKeeperState {
  readonly tree: ZnodeTree;
  readonly sessions: Map<number, ZkSession>;
  nextSessionId: number;
  /** Sessions that watch a path's data or existence, and its children: told once. */
  readonly dataWatches: Map<string, number[]>;
  readonly childWatches: Map<string, number[]>;
  logFile: FileId;
  /** Transactions in the log, and how many of them are durable. */
  logEnd: Offset;
  durableEnd: Offset;
  readonly deferred: DeferredZkReply[];
  nextFsyncToken: number;
  readonly fsyncs: Map<number, Offset>;
  /** When the timer will fire, -1 when it is not armed. */
  armedUs: Micros;
}

export function createZooKeeperState(): ZooKeeperState {
  return {
    tree: createTree(),
    sessions: new Map(),
    nextSessionId: 1,
    dataWatches: new Map(),
    childWatches: new Map(),
    logFile: -1,
    logEnd: 0,
    durableEnd: 0,
    deferred: [],
    nextFsyncToken: 0,
    fsyncs: new Map(),
    armedUs: -1,
  };
}
