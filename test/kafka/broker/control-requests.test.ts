/** What a broker of a cluster with ZooKeeper does with the controller's requests: late ones, repeated ones, those of another life. */
import { describe, expect, test } from 'vitest';
import { createZkBrokerState, ZkBroker } from '../../../src/kafka/broker/zk/zk-broker.ts';
import { resolveBroker, resolveTopic } from '../../../src/kafka/config/resolve.ts';
import type { LeaderAndIsrRequest, UpdateMetadataRequest } from '../../../src/kafka/protocol/control-messages.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import type { RequestBody, ResponseBody } from '../../../src/kafka/protocol/messages.ts';
import type { ZkBrokerState } from '../../../src/kafka/zk-controller/context.ts';
import { createTree, transact } from '../../../src/kafka/zookeeper/tree.ts';
import { MachineBench } from '../machine-bench.ts';

/** Broker 1 with a ZooKeeper that answers at once and has another controller. */
class LoneZkBroker extends MachineBench<ZkBrokerState> {
  private nextConnection = -1;
  private nextCorrelationId = 0;
  private readonly tree = createTree();

  constructor() {
    const { config } = resolveBroker({}, '3.9');
    super(new ZkBroker(createZkBrokerState(1, 0, config, resolveTopic({}, config, '3.9').config)));
    transact(this.tree, 9, [{ type: 'create', path: '/controller', data: 2, ephemeral: true }], []);
    this.autoAnswer = ({ body }) => {
      if (body.api === 100) return { api: 100, sessionId: 7, timeoutMs: 18_000 };
      if (body.api !== 102) return null;
      return { api: 102, expired: false, results: body.transactions.map((ops) => transact(this.tree, 7, ops, [])) };
    };
    this.start();
  }

  ask(body: RequestBody): ResponseBody | undefined {
    const connection = this.nextConnection--;
    const correlationId = this.nextCorrelationId++;
    this.feed({ kind: 'accepted', connection });
    const header = { api: body.api, apiVersion: 0, correlationId, clientId: 'controller' };
    this.feed({ kind: 'request', connection, header, body });
    return this.out.all('reply').find((one) => one.correlationId === correlationId)?.body ?? undefined;
  }

  /** The error of the request, and of its one partition, -1 without one. */
  roles(leader: number, leaderEpoch: number, changes: Partial<LeaderAndIsrRequest> = {}): [number, number] {
    const state = { partitionIndex: 0, leader, leaderEpoch, isr: [1, 2], partitionEpoch: leaderEpoch, replicas: [1, 2] };
    const answer = this.ask({
      api: 4,
      controllerId: 2,
      controllerEpoch: 5,
      brokerEpoch: this.state.brokerEpoch,
      topicStates: [{ topicName: 'orders', topicId: 0, config: {}, partitionStates: [{ ...state, leaderRecoveryState: 0 }] }],
      ...changes,
    });
    if (answer?.api !== 4) throw new Error('LeaderAndIsr is answered');
    return [answer.errorCode, answer.topics[0]?.partitionErrors[0]?.errorCode ?? -1];
  }

  alive(liveBrokers: readonly number[], changes: Partial<UpdateMetadataRequest> = {}): number {
    const { brokerEpoch } = this.state;
    const answer = this.ask({
      api: 6,
      controllerId: 2,
      controllerEpoch: 5,
      brokerEpoch,
      topicStates: [],
      liveBrokers,
      ...changes,
    });
    return answer?.api === 6 ? answer.errorCode : -1;
  }

  get role(): [string, number] {
    const { role, leaderEpoch } = this.state.partitions[0]![0]!;
    return [role, leaderEpoch];
  }
}

describe('LeaderAndIsr', () => {
  test('is done once: a leader epoch that is not new changes nothing (becomeLeaderOrFollower)', () => {
    const broker = new LoneZkBroker();
    broker.alive([1, 2]);
    expect(broker.roles(1, 3)).toEqual([0, 0]);
    expect(broker.roles(1, 3)).toEqual([0, ErrorCode.staleControllerEpoch]);
    expect(broker.roles(2, 2)).toEqual([0, ErrorCode.staleControllerEpoch]);
    expect(broker.role).toEqual(['leader', 3]);
    expect(broker.roles(2, 4)).toEqual([0, 0]);
    expect(broker.role).toEqual(['follower', 4]);
  });

  test('of a former controller is refused, whatever its leader epoch (STALE_CONTROLLER_EPOCH)', () => {
    const broker = new LoneZkBroker();
    broker.alive([1, 2]);
    broker.roles(1, 3);
    expect(broker.roles(2, 9, { controllerEpoch: 4, controllerId: 3 })).toEqual([ErrorCode.staleControllerEpoch, -1]);
    expect(broker.role).toEqual(['leader', 3]);
    expect(broker.state.controllerId).toBe(2);
  });

  test('that is meant for a former life is refused (KIP-380, STALE_BROKER_EPOCH)', () => {
    const broker = new LoneZkBroker();
    const { brokerEpoch } = broker.state;
    expect(brokerEpoch).toBeGreaterThan(0);
    expect(broker.roles(1, 3, { brokerEpoch: brokerEpoch - 1 })).toEqual([ErrorCode.staleBrokerEpoch, -1]);
    expect(broker.alive([1], { brokerEpoch: brokerEpoch - 1 })).toBe(ErrorCode.staleBrokerEpoch);
    expect(broker.state.hosted).toEqual([]);
  });

  test('names a leader that this broker takes for dead: it stays what it is (makeFollowers)', () => {
    const broker = new LoneZkBroker();
    broker.alive([1, 2]);
    broker.roles(1, 3);
    broker.alive([1]);
    expect(broker.roles(2, 4)).toEqual([0, 0]);
    expect(broker.role).toEqual(['leader', 3]);
  });
});

test('StopReplica ends the fetching of a follower, unless its leader epoch is old', () => {
  const broker = new LoneZkBroker();
  broker.alive([1, 2]);
  broker.roles(2, 3);
  const stop = (leaderEpoch: number): void => {
    const topicStates = [{ topicName: 'orders', topicId: 0, config: {}, partitionStates: [{ partitionIndex: 0, leaderEpoch }] }];
    broker.ask({ api: 5, controllerId: 2, controllerEpoch: 5, brokerEpoch: broker.state.brokerEpoch, topicStates });
  };
  stop(2);
  expect(broker.state.fetchers[2]?.partitions).toHaveLength(1);
  stop(3);
  expect(broker.state.fetchers[2]).toBeUndefined();
});

test('UpdateMetadata is what clients are told, and leaves roles alone', () => {
  const broker = new LoneZkBroker();
  broker.alive([1, 2]);
  broker.roles(1, 3);
  const partition = { partitionIndex: 0, leader: 2, leaderEpoch: 4, isr: [2], partitionEpoch: 4, replicas: [1, 2] };
  const topicStates = [
    { topicName: 'orders', topicId: 0, config: {}, partitionStates: [{ ...partition, leaderRecoveryState: 0 as const }] },
  ];
  broker.alive([1, 2], { topicStates });
  expect(broker.role).toEqual(['leader', 3]);
  expect(broker.ask({ api: 3, topics: ['orders'] })).toMatchObject({
    controllerId: 2,
    topics: [{ partitions: [{ leaderId: 2, leaderEpoch: 4 }] }],
  });
  // Its leader is not among the living any more: nobody leads, as far as clients are told.
  broker.alive([1]);
  expect(broker.ask({ api: 3, topics: ['orders'] })).toMatchObject({ topics: [{ partitions: [{ leaderId: -1 }] }] });
});
