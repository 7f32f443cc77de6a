/** ZooKeeper alone: transactions, versions, sessions, watches, and what a crash leaves of them. Clients are the test's. */
import { describe, expect, test } from 'vitest';
import type { RequestBody, ResponseBody } from '../../../src/kafka/protocol/messages.ts';
import { ZkCode, type ZkOp } from '../../../src/kafka/protocol/zookeeper-messages.ts';
import { createZooKeeperState, type ZooKeeperState } from '../../../src/kafka/zookeeper/state.ts';
import { ZooKeeper } from '../../../src/kafka/zookeeper/zookeeper.ts';
import { MachineBench } from '../machine-bench.ts';

class LoneZooKeeper extends MachineBench<ZooKeeperState> {
  private nextConnection = -1;
  private nextCorrelationId = 0;

  constructor() {
    super(new ZooKeeper(createZooKeeperState()));
    this.start();
  }

  /** Sends on a connection of its own; the answer, or undefined while it waits. */
  ask(body: RequestBody): { readonly answer: () => ResponseBody | undefined } {
    const connection = this.nextConnection--;
    const correlationId = this.nextCorrelationId++;
    this.feed({ kind: 'accepted', connection });
    const header = { api: body.api, apiVersion: 0, correlationId, clientId: 'test' };
    this.feed({ kind: 'request', connection, header, body });
    return { answer: () => this.out.all('reply').find((one) => one.correlationId === correlationId)?.body ?? undefined };
  }

  session(timeoutMs = 18_000): number {
    const opened = this.ask({ api: 100, sessionId: 0, timeoutMs, close: false }).answer();
    return opened?.api === 100 ? opened.sessionId : -1;
  }

  /** Codes of transactions. */
  codes(sessionId: number, ...transactions: ZkOp[][]): number[] {
    const answer = this.ask({ api: 102, sessionId, transactions }).answer();
    return answer?.api === 102 && !answer.expired ? answer.results.map(({ code }) => code) : [ZkCode.sessionExpired];
  }
}

const create = (path: string, ephemeral = false): ZkOp => ({ type: 'create', path, data: 1, ephemeral });
const set = (path: string, version: number): ZkOp => ({ type: 'setData', path, data: 2, version });
const watch = (path: string): ZkOp => ({ type: 'getData', path, watch: true });

describe('a transaction', () => {
  test('compares and sets: the version that was read, or none', () => {
    const zk = new LoneZooKeeper();
    const id = zk.session();
    expect(zk.codes(id, [create('/a')], [set('/a', 0)], [set('/a', 0)], [set('/a', 1)])).toEqual([0, 0, ZkCode.badVersion, 0]);
    expect(zk.codes(id, [create('/a')], [set('/b', -1)])).toEqual([ZkCode.nodeExists, ZkCode.noNode]);
  });

  test('is done as a whole or not at all', () => {
    const zk = new LoneZooKeeper();
    const id = zk.session();
    zk.codes(id, [create('/epoch')]);
    expect(zk.codes(id, [{ type: 'check', path: '/epoch', version: 3 }, create('/a')])).toEqual([ZkCode.badVersion]);
    expect(zk.state.tree.nodes.has('/a')).toBe(false);
  });

  test('is answered when it is durable, and so is what is read after it', () => {
    const zk = new LoneZooKeeper();
    const id = zk.session();
    zk.slowDisk = true;
    const written = zk.ask({ api: 102, sessionId: id, transactions: [[create('/a')]] });
    const read = zk.ask({ api: 102, sessionId: id, transactions: [[watch('/a')]] });
    expect([written.answer(), read.answer()]).toEqual([undefined, undefined]);
    zk.fsynced();
    expect(written.answer()).toMatchObject({ results: [{ code: ZkCode.ok }] });
    expect(read.answer()).toMatchObject({ results: [{ code: ZkCode.ok }] });
  });

  test('survives a crash once it is durable, with the sessions and their ephemeral znodes', () => {
    const zk = new LoneZooKeeper();
    const id = zk.session();
    zk.codes(id, [create('/kept')], [create('/here', true)]);
    zk.machine = new ZooKeeper(createZooKeeperState());
    zk.start(2, zk.out.recovered());
    expect([...zk.state.tree.nodes.keys()]).toEqual(['/kept', '/here']);
    expect(zk.codes(id, [set('/kept', 0)])).toEqual([0]);
  });
});

describe('a session', () => {
  test('ends when nothing was heard of it, at the next tick, and takes its ephemeral znodes along', () => {
    const zk = new LoneZooKeeper();
    const silent = zk.session(6_000);
    const alive = zk.session(6_000);
    zk.codes(silent, [create('/controller', true)]);
    zk.advanceMs(5_900);
    expect(zk.codes(alive, [watch('/controller')])).toEqual([0]);
    zk.advanceMs(2_200);
    expect(zk.out.notes('session-expired').map(([session]) => session)).toEqual([silent]);
    expect(zk.state.tree.nodes.has('/controller')).toBe(false);
    expect(zk.codes(silent, [create('/late')])).toEqual([ZkCode.sessionExpired]);
    expect(zk.codes(alive, [create('/controller', true)])).toEqual([0]);
  });

  test('is as long as ZooKeeper lets it be: two to twenty ticks', () => {
    const zk = new LoneZooKeeper();
    expect([1, 18_000, 900_000].map((ms) => zk.state.sessions.get(zk.session(ms))!.timeoutMs)).toEqual([4_000, 18_000, 40_000]);
  });

  test('ends at once when its client closes it', () => {
    const zk = new LoneZooKeeper();
    const id = zk.session();
    zk.codes(id, [create('/broker', true)]);
    zk.ask({ api: 100, sessionId: id, timeoutMs: 0, close: true });
    expect(zk.state.tree.nodes.size).toBe(0);
  });
});

describe('a watch', () => {
  test('tells once: of the creation, the change, the end of a znode, of its children', () => {
    const zk = new LoneZooKeeper();
    const [me, other] = [zk.session(), zk.session()];
    const events = zk.ask({ api: 101, sessionId: me, after: 0 });
    zk.codes(me, [watch('/brokers/1')], [{ type: 'getChildren', path: '/brokers', watch: true }]);
    expect(events.answer()).toBeUndefined();
    zk.codes(other, [create('/brokers/1')], [create('/brokers/2')]);
    expect(events.answer()).toMatchObject({ last: 1, events: [{ type: 'created', path: '/brokers/1' }] });
    const more = zk.ask({ api: 101, sessionId: me, after: 1 });
    expect(more.answer()).toMatchObject({ last: 2, events: [{ type: 'childrenChanged', path: '/brokers' }] });
    // Neither watch was set anew.
    zk.codes(other, [set('/brokers/1', 0)], [create('/brokers/3')]);
    expect(zk.ask({ api: 101, sessionId: me, after: 2 }).answer()).toBeUndefined();
  });

  test('is told again until the client has confirmed it', () => {
    const zk = new LoneZooKeeper();
    const [me, other] = [zk.session(), zk.session()];
    zk.codes(me, [watch('/a')]);
    zk.codes(other, [create('/a')]);
    const once = zk.ask({ api: 101, sessionId: me, after: 0 }).answer();
    expect(zk.ask({ api: 101, sessionId: me, after: 0 }).answer()).toEqual(once);
    expect(zk.ask({ api: 101, sessionId: me, after: 1 }).answer()).toBeUndefined();
  });
});
