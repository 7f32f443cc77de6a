/** AlterPartition: what is checked, in which order, and what the records do. Source: ReplicationControlManager.alterPartition. */
import { describe, expect, test } from 'vitest';
import { LoneController } from '../lone-controller.ts';

/** Broker 1 leads orders-0 in leader epoch 1 and partition epoch 2, with all in the ISR; broker 4 has no replica. */
function bench(): LoneController {
  const controller = LoneController.withBrokers(4);
  controller.create([2, 1, 3]);
  controller.silence(2);
  controller.join(2, 2);
  controller.alter(1, [1, 3, 2]);
  expect(controller.partition).toMatchObject({ leader: 1, leaderEpoch: 1, partitionEpoch: 2, isr: [1, 3, 2] });
  return controller;
}

describe('a proposal is refused', () => {
  type Row = readonly [name: string, sender: number, isr: readonly number[], changes: object, errorCode: number];
  // Each row breaks its own rule and every one after it, so that the order shows.
  const rows: readonly Row[] = [
    ['of a newer leader epoch: this controller may be stale (NOT_CONTROLLER)', 3, [4], { leaderEpoch: 2, partitionEpoch: 1 }, 41],
    ['of a newer partition epoch, likewise', 3, [4], { leaderEpoch: 0, partitionEpoch: 3 }, 41],
    ['of an older leader epoch (FENCED_LEADER_EPOCH)', 3, [4], { leaderEpoch: 0, partitionEpoch: 1 }, 74],
    ['of a broker that does not lead (INVALID_REQUEST)', 3, [4], { partitionEpoch: 1 }, 42],
    ['of an older partition epoch (INVALID_UPDATE_VERSION)', 1, [4], { partitionEpoch: 1 }, 95],
    ['with a member that has no replica', 1, [1, 4], {}, 42],
    ['without the leader', 1, [2, 3], {}, 42],
    ['of several members while the leader recovers', 1, [1, 2], { leaderRecoveryState: 1 }, 42],
    ['that makes a recovered leader recover', 1, [1], { leaderRecoveryState: 1 }, 42],
  ];

  test.each(rows)('%s', (_name, sender, isr, changes, errorCode) => {
    const controller = bench();
    const before = { ...controller.partition };
    expect(controller.alter(sender, isr, changes)).toMatchObject({ errorCode, whole: 0 });
    expect(controller.partition).toEqual(before);
  });

  test('as a whole with the epoch of a former life (STALE_BROKER_EPOCH)', () => {
    const controller = bench();
    expect(controller.alter(1, [1], { brokerEpoch: 0 - 1 }).whole).toBe(77);
    expect(controller.alter(9, [1]).whole).toBe(77);
    expect(controller.partition.partitionEpoch).toBe(2);
  });

  test('for a topic or a partition that does not exist', () => {
    const controller = bench();
    const { brokerEpoch } = controller.state.brokers.get(1)!;
    const data = { partitionIndex: 5, leaderEpoch: 0, partitionEpoch: 0, newIsrWithEpochs: [], leaderRecoveryState: 0 } as const;
    const ask = (topicId: number): unknown =>
      controller.ask({ api: 56, brokerId: 1, brokerEpoch, topics: [{ topicId, partitions: [data] }] });
    expect(ask(7)).toMatchObject({ topics: [{ partitions: [{ errorCode: 100 }] }] });
    expect(ask(0)).toMatchObject({ topics: [{ partitions: [{ errorCode: 3 }] }] });
  });
});

describe('a member is ineligible', () => {
  test('while it is fenced (KIP-841)', () => {
    const controller = bench();
    controller.alter(1, [1, 3]);
    controller.silence(2);
    expect(controller.alter(1, [1, 3, 2])).toMatchObject({ errorCode: 107 });
  });

  test('while it is shutting down', () => {
    const controller = bench();
    controller.ask({ api: 19, topics: [{ name: 'other', assignments: [[3, 1]], configs: {} }] });
    controller.heartbeat(3, { wantShutDown: true });
    expect(controller.state.brokers.get(3)!.inControlledShutdown).toBe(true);
    expect(controller.alter(1, [1, 2, 3])).toMatchObject({ errorCode: 107 });
  });

  test('with the broker epoch of a former life: it may have lost data since (KIP-903)', () => {
    const controller = bench();
    const { brokerEpoch } = controller.state.brokers.get(2)!;
    controller.alter(1, [1, 3]);
    expect(controller.alter(1, [1, 3, [2, brokerEpoch - 1]])).toMatchObject({ errorCode: 107 });
    expect(controller.alter(1, [1, 3, [2, brokerEpoch]])).toMatchObject({ errorCode: 0, isr: [1, 3, 2] });
  });
});

describe('an accepted proposal', () => {
  test('moves the partition epoch, and not the leader epoch: since 3.6 not even a shrink does (KAFKA-15021)', () => {
    const controller = bench();
    expect(controller.alter(1, [1])).toMatchObject({ errorCode: 0, isr: [1], leaderEpoch: 1, partitionEpoch: 3, leaderId: 1 });
    expect(controller.partition).toMatchObject({ isr: [1], leaderEpoch: 1, partitionEpoch: 3 });
  });

  test('that changes nothing makes no record', () => {
    const controller = bench();
    const records = controller.state.records.length;
    expect(controller.alter(1, [1, 3, 2])).toMatchObject({ errorCode: 0, partitionEpoch: 2 });
    expect(controller.state.records).toHaveLength(records);
  });

  test('is answered when it is durable, and seen by brokers only then', () => {
    const controller = bench();
    controller.slowDisk = true;
    const from = controller.state.committedOffset;
    const { brokerEpoch } = controller.state.brokers.get(1)!;
    const data = {
      partitionIndex: 0,
      leaderEpoch: 1,
      partitionEpoch: 2,
      newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: -1 }],
      leaderRecoveryState: 0,
    } as const;
    const answer = controller.ask(
      { api: 56, brokerId: 1, brokerEpoch, topics: [{ topicId: 0, partitions: [data] }] },
      'broker 1',
    );
    expect(answer).toBeUndefined();
    expect(controller.fetchLog(from)).toBeUndefined();
    controller.out.said.length = 0;
    controller.fsynced();
    expect(
      controller.out
        .all('reply')
        .map(({ body }) => body!.api)
        .sort((a, b) => a - b),
    ).toEqual([56, 59]);
    expect(controller.fetchLog(from)).toEqual([
      expect.objectContaining({ kind: 'PartitionChangeRecord', isr: [1], leader: null }),
    ]);
  });
});
