/**
 * ZooKeeper: one process that stands for the ensemble, with a transaction log on its own disk. A write is applied, appended and fsynced;
 * answers and events leave when it is durable, so that it is linearizable and forgets nothing that it has told. Source: ZooKeeper,
 * SyncRequestProcessor.java, SessionTrackerImpl.java, ExpiryQueue.java.
 *
 * Simplified: one process, so no elections and no server that lags behind; no snapshots.
 */
import { assert, unreachable } from '../../base/assert.ts';
import type { Micros, Millis } from '../../base/units.ts';
import { openMetadataFile } from '../log/metadata-file.ts';
import type { ConnectionId, Input, Machine, Out, RecoveredFile, RequestHeader, Step } from '../machine.ts';
import type { RequestBody, ResponseBody } from '../protocol/messages.ts';
import {
  ZkCode,
  type ZkEvent,
  type ZkEventsRequest,
  type ZkOp,
  type ZkSessionRequest,
  type ZkTransactionsRequest,
} from '../protocol/zookeeper-messages.ts';
import type { ZkSession, ZkTxn, ZooKeeperState } from './state.ts';
import { isWrite, transact } from './tree.ts';

const logName = 'version-2/log';
const txnBytes = 200;
/** tickTime of ZooKeeper's sample configuration: sessions expire in steps of it, and last 2 to 20 of them. */
const tickMs: Millis = 2000;
const expiryTimer = 0;

export class ZooKeeper implements Machine<ZooKeeperState> {
  readonly state: ZooKeeperState;
  private step!: Step;
  private out!: Out;

  constructor(state: ZooKeeperState) {
    this.state = state;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    switch (input.kind) {
      case 'request':
        this.onRequest(input.connection, input.header, input.body);
        break;
      case 'fsynced':
        this.onFsynced(input.token);
        break;
      case 'ioFailed':
        out.note('log-directory-failed');
        out.halt();
        break;
      case 'timer':
        this.state.armedUs = -1;
        this.onTimer();
        break;
      case 'start':
        this.onStart(input.recovered);
        break;
      case 'stop':
        out.halt();
        break;
      case 'disconnected':
        for (const session of this.state.sessions.values())
          if (session.waiting?.connection === input.connection) session.waiting = null;
        break;
      case 'accepted':
      case 'connected':
      case 'connectFailed':
      case 'response':
      case 'sent':
      case 'call':
        break;
      default:
        unreachable(input);
    }
  }

  private onStart(recovered: readonly RecoveredFile[]): void {
    const { state, out } = this;
    const { file, appends } = openMetadataFile(recovered, logName, out, (payload) => this.apply(payload as ZkTxn));
    state.logFile = file;
    state.logEnd = appends;
    state.durableEnd = appends;
    // Every session that is left begins anew.
    for (const session of state.sessions.values()) this.touch(session);
    this.arm();
    out.listen();
  }

  private onRequest(connection: ConnectionId, { correlationId }: RequestHeader, body: RequestBody): void {
    // Whoever has missed its time is expired before it is heard: the tracker's thread does not wait for requests.
    this.expire();
    switch (body.api) {
      case 100:
        this.onSession(connection, correlationId, body);
        break;
      case 101:
        this.onEvents(connection, correlationId, body);
        break;
      case 102:
        this.onTransactions(connection, correlationId, body);
        break;
      default:
        this.out.close(connection);
    }
    this.arm();
  }

  private onSession(connection: ConnectionId, correlationId: number, { sessionId, timeoutMs, close }: ZkSessionRequest): void {
    const { state } = this;
    if (close) {
      if (state.sessions.has(sessionId)) this.commit({ kind: 'closeSession', sessionId });
      this.reply(connection, correlationId, { api: 100, sessionId: 0, timeoutMs: 0 });
      return;
    }
    let session = state.sessions.get(sessionId);
    if (session === undefined && sessionId === 0) {
      const negotiated = Math.min(Math.max(timeoutMs, 2 * tickMs), 20 * tickMs);
      const created = state.nextSessionId;
      this.commit({ kind: 'createSession', sessionId: created, timeoutMs: negotiated });
      session = state.sessions.get(created)!;
    }
    if (session !== undefined) this.touch(session);
    this.reply(connection, correlationId, {
      api: 100,
      sessionId: session?.sessionId ?? 0,
      timeoutMs: session?.timeoutMs ?? 0,
    });
  }

  private onEvents(connection: ConnectionId, correlationId: number, { sessionId, after }: ZkEventsRequest): void {
    const session = this.state.sessions.get(sessionId);
    if (session === undefined) {
      this.reply(connection, correlationId, { api: 101, expired: true, last: 0, events: [] });
      return;
    }
    this.touch(session);
    const unconfirmed = Math.max(0, session.lastEvent - after);
    if (unconfirmed < session.events.length) session.events.splice(0, session.events.length - unconfirmed);
    const untilUs = this.step.monotonicUs + Math.floor(session.timeoutMs / 3) * 1000;
    session.waiting = { connection, correlationId, untilUs };
    if (session.events.length > 0) this.tell(session);
  }

  private onTransactions(connection: ConnectionId, correlationId: number, request: ZkTransactionsRequest): void {
    const { state } = this;
    const { sessionId, transactions } = request;
    const session = state.sessions.get(sessionId);
    if (session === undefined) {
      this.reply(connection, correlationId, { api: 102, expired: true, results: [] });
      return;
    }
    this.touch(session);
    const results = transactions.map((ops) => {
      if (ops.some(isWrite)) return this.commit({ kind: 'transaction', sessionId, ops });
      const result = transact(state.tree, sessionId, ops, []);
      for (const op of ops) this.watch(sessionId, op);
      return result;
    });
    this.reply(connection, correlationId, { api: 102, expired: false, results });
  }

  /** A watch on a path that is not there yet waits for its creation. */
  private watch(sessionId: number, op: ZkOp): void {
    if ((op.type !== 'getData' && op.type !== 'getChildren') || !op.watch) return;
    const watches = op.type === 'getData' ? this.state.dataWatches : this.state.childWatches;
    const watchers = watches.get(op.path) ?? [];
    if (!watchers.includes(sessionId)) watches.set(op.path, [...watchers, sessionId]);
  }

  // ---- writing

  /** Applies a transaction, and appends it when it has changed something. */
  private commit(txn: ZkTxn): ReturnType<typeof transact> {
    const { state, out } = this;
    const events: ZkEvent[] = [];
    const result = this.apply(txn, events);
    if (result.code !== ZkCode.ok) return result;
    out.append(state.logFile, txn, txnBytes);
    state.logEnd++;
    const token = state.nextFsyncToken++;
    state.fsyncs.set(token, state.logEnd);
    out.fsync([state.logFile], token);
    if (txn.kind === 'transaction') {
      for (const op of txn.ops) {
        if (op.type !== 'create' && op.type !== 'setData') continue;
        for (const { code, values } of op.says ?? []) out.note(code, ...values);
      }
    }
    for (const event of events) this.fire(event);
    return result;
  }

  /** The same when it is made and when the log is read at a start. */
  private apply(txn: ZkTxn, events: ZkEvent[] = []): ReturnType<typeof transact> {
    const { state } = this;
    const { sessionId } = txn;
    switch (txn.kind) {
      case 'createSession':
        state.nextSessionId = sessionId + 1;
        state.sessions.set(sessionId, {
          sessionId,
          timeoutMs: txn.timeoutMs,
          expiresUs: 0,
          events: [],
          lastEvent: 0,
          waiting: null,
        });
        return transact(state.tree, sessionId, [], events);
      case 'closeSession': {
        state.sessions.delete(sessionId);
        const own = [...state.tree.nodes].filter(([, { ephemeralOwner }]) => ephemeralOwner === sessionId);
        return transact(
          state.tree,
          sessionId,
          own.map(([path]) => ({ type: 'delete', path, version: -1 })),
          events,
        );
      }
      case 'transaction':
        return transact(state.tree, sessionId, txn.ops, events);
      default:
        return unreachable(txn);
    }
  }

  /** Tells those who watch, and forgets that they did. */
  private fire(event: ZkEvent): void {
    const { state } = this;
    const watches = event.type === 'childrenChanged' ? state.childWatches : state.dataWatches;
    const watchers = watches.get(event.path);
    if (watchers === undefined) return;
    watches.delete(event.path);
    for (const sessionId of watchers) {
      const session = state.sessions.get(sessionId);
      if (session === undefined) continue;
      session.events.push(event);
      session.lastEvent++;
      if (session.waiting !== null) this.tell(session);
    }
  }

  // ---- answering

  private tell(session: ZkSession): void {
    const { connection, correlationId } = session.waiting!;
    session.waiting = null;
    this.reply(connection, correlationId, {
      api: 101,
      expired: false,
      last: session.lastEvent,
      events: session.events.slice(),
    });
  }

  /** When everything so far is durable: at once, if it is already. */
  private reply(connection: ConnectionId, correlationId: number, body: ResponseBody): void {
    const { state } = this;
    if (state.durableEnd >= state.logEnd) this.out.reply(connection, correlationId, body);
    else state.deferred.push({ connection, correlationId, body, atEnd: state.logEnd });
  }

  private onFsynced(token: number): void {
    const { state, out } = this;
    const end = state.fsyncs.get(token);
    assert(end !== undefined, 'an fsync that ended had begun');
    state.fsyncs.delete(token);
    if (end <= state.durableEnd) return;
    state.durableEnd = end;
    let kept = 0;
    for (const reply of state.deferred) {
      if (reply.atEnd <= end) out.reply(reply.connection, reply.correlationId, reply.body);
      else state.deferred[kept++] = reply;
    }
    state.deferred.length = kept;
  }

  // ---- time

  /** ExpiryQueue: the end of a session is rounded up to the next tick. */
  private touch(session: ZkSession): void {
    const tickUs = tickMs * 1000;
    const untilUs = this.step.monotonicUs + session.timeoutMs * 1000;
    session.expiresUs = Math.max(session.expiresUs, (Math.floor(untilUs / tickUs) + 1) * tickUs);
  }

  private expire(): void {
    const { state, step, out } = this;
    for (const { sessionId, timeoutMs, expiresUs, waiting } of [...state.sessions.values()]) {
      if (expiresUs > step.monotonicUs) continue;
      out.note('session-expired', sessionId, timeoutMs);
      this.commit({ kind: 'closeSession', sessionId });
      if (waiting !== null)
        this.reply(waiting.connection, waiting.correlationId, { api: 101, expired: true, last: 0, events: [] });
    }
  }

  private onTimer(): void {
    this.expire();
    for (const session of this.state.sessions.values()) {
      if (session.waiting !== null && session.waiting.untilUs <= this.step.monotonicUs) this.tell(session);
    }
    this.arm();
  }

  private arm(): void {
    const { state, step, out } = this;
    let next: Micros = -1;
    for (const { expiresUs, waiting } of state.sessions.values()) {
      const atUs = waiting === null ? expiresUs : Math.min(expiresUs, waiting.untilUs);
      if (next < 0 || atUs < next) next = atUs;
    }
    if (next < 0 || (state.armedUs >= 0 && state.armedUs <= next)) return;
    state.armedUs = next;
    out.setTimer(expiryTimer, Math.max(0, next - step.monotonicUs));
  }
}
