/** How a leader changes its ISR: who is proposed to leave and to join, and what the controller's answers mean. */
import { describe, expect, test } from 'vitest';
import type { AlterPartitionResponseData } from '../../../src/kafka/protocol/messages.ts';
import { batch } from '../batches.ts';
import { LoneBroker } from '../lone-broker.ts';

function leader(isr: readonly number[], config: Readonly<Record<string, number>> = {}): LoneBroker {
  const broker = new LoneBroker({ config: { 'replica.lag.time.max.ms': 10_000, ...config } });
  broker.create({ leader: 1, leaderEpoch: 4, isr, partitionEpoch: 7 });
  return broker;
}

/** The ISR that is on its way to the controller, or null. */
function proposed(broker: LoneBroker): readonly number[] | null {
  const [request] = broker.waiting(56);
  return request === undefined ? null : request.body.topics[0]!.partitions[0]!.newIsrWithEpochs.map(({ brokerId }) => brokerId);
}

function controllerSays(broker: LoneBroker, data: Partial<AlterPartitionResponseData>): void {
  const answer: AlterPartitionResponseData = {
    partitionIndex: 0,
    errorCode: 0,
    leaderId: 1,
    leaderEpoch: 4,
    isr: proposed(broker)!,
    leaderRecoveryState: 0,
    partitionEpoch: 8,
    ...data,
  };
  broker.answer(broker.request(56), { api: 56, errorCode: 0, topics: [{ topicId: 0, partitions: [answer] }] });
}

describe('a member of the ISR', () => {
  // Partition.isFollowerOutOfSync, ReplicaManager.startup.
  test('is proposed to leave when it has not caught up for replica.lag.time.max.ms; that is looked at twice as often', () => {
    const broker = leader([1, 2, 3]);
    broker.produce(1, batch());
    // Whatever the phase of the periodic look: after 1 to 1.5 times the lag.
    broker.advanceMs(10_000);
    broker.fetch(3, 1);
    expect(proposed(broker)).toBeNull();
    broker.advanceMs(5_000);
    expect(proposed(broker)).toEqual([1, 3]);
    expect(broker.partition.isr).toEqual([1, 2, 3]);
  });

  test('at the end of the log is never out of sync, however long it has been silent', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch());
    broker.fetch(2, 1);
    broker.advanceMs(3_600_000);
    expect(proposed(broker)).toBeNull();
    // The next record makes it late at once: it caught up an hour ago.
    broker.produce(1, batch());
    broker.advanceMs(5_000);
    expect(proposed(broker)).toEqual([1]);
  });

  // Replica.updateFetchStateOrThrow.
  test('that always fetches what was the end at its fetch before has caught up then, though it never reaches the end', () => {
    const broker = leader([1, 2]);
    for (let end = 1; end <= 60; end++) {
      broker.produce(1, batch());
      broker.advanceMs(1_000);
      broker.fetch(2, end - 1);
      expect(broker.partition.remotes[0]!.logEndOffset).toBeLessThan(broker.partition.log.logEndOffset);
    }
    expect(proposed(broker)).toBeNull();
  });

  test('counts as caught up when its leader is elected; one that never fetches leaves after the lag', () => {
    const broker = new LoneBroker({ config: { 'replica.lag.time.max.ms': 10_000 } });
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.leaderSays({ records: [batch({ offset: 0, epoch: 0 })] });
    broker.advanceMs(60_000);
    broker.change({ leader: 1, isr: [1, 3] });
    broker.advanceMs(9_900);
    expect(proposed(broker)).toBeNull();
    broker.advanceMs(5_100);
    expect(proposed(broker)).toEqual([1]);
  });
});

describe('a replica outside the ISR', () => {
  test('may join when it has reached the high watermark; it need not have reached the log end (Partition.isFollowerInSync)', () => {
    const broker = leader([1, 2]);
    broker.produce(1, batch({ count: 2 }));
    broker.fetch(2, 2);
    broker.produce(1, batch({ count: 2 }));
    broker.fetch(3, 1);
    expect(proposed(broker)).toBeNull();
    broker.fetch(3, 2);
    expect(broker.partition.log).toMatchObject({ highWatermark: 2, logEndOffset: 4 });
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });

  test('must also have reached the start of this leader, which may lie beyond its high watermark', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.leaderSays({ highWatermark: 1, records: [batch({ offset: 0, epoch: 0 }), batch({ count: 2, offset: 1, epoch: 0 })] });
    broker.change({ leader: 1, isr: [1, 2] });
    broker.fetch(3, 1, { lastFetchedEpoch: 0 });
    expect(broker.partition).toMatchObject({ leaderEpochStartOffset: 3 });
    expect(broker.partition.log.highWatermark).toBe(1);
    expect(proposed(broker)).toBeNull();
    broker.fetch(3, 3, { lastFetchedEpoch: 0 });
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });

  test('may not join while it is fenced or shutting down (KIP-841)', () => {
    for (const change of [
      { fenced: 1, inControlledShutdown: 0 },
      { fenced: 0, inControlledShutdown: 1 },
    ] as const) {
      const broker = leader([1, 2]);
      broker.tell([{ kind: 'BrokerRegistrationChangeRecord', brokerId: 3, brokerEpoch: 2, ...change }]);
      broker.fetch(3, 0);
      expect(proposed(broker)).toBeNull();
    }
  });

  test('may not join with a fetch of a former life (KIP-903)', () => {
    const broker = leader([1, 2]);
    broker.tell([{ kind: 'RegisterBrokerRecord', brokerId: 3, incarnationId: 2, brokerEpoch: 20, fenced: false }]);
    expect(broker.fetch(3, 0)()).toMatchObject({ errorCode: 6 });
    expect(proposed(broker)).toBeNull();
    broker.fetch(3, 0, { replicaEpoch: 20 });
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });
});

test('a replica in a life that this leader has not heard of yet may not join before it has (isBrokerEpochIsrEligible)', () => {
  const broker = leader([1, 2]);
  broker.fetch(3, 0, { replicaEpoch: 20 });
  expect(proposed(broker)).toBeNull();
  broker.tell([{ kind: 'RegisterBrokerRecord', brokerId: 3, incarnationId: 2, brokerEpoch: 20, fenced: false }]);
  broker.fetch(3, 0, { replicaEpoch: 20 });
  expect(proposed(broker)).toEqual([1, 2, 3]);
});

describe('a proposal', () => {
  test('names the epochs of leader, partition and members; -1 stands for a member that has not fetched', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    expect(broker.request(56).body).toMatchObject({
      brokerId: 1,
      brokerEpoch: 0,
      topics: [
        {
          topicId: 0,
          partitions: [
            {
              leaderEpoch: 4,
              partitionEpoch: 7,
              newIsrWithEpochs: [
                { brokerId: 1, brokerEpoch: 0 },
                { brokerId: 2, brokerEpoch: -1 },
                { brokerId: 3, brokerEpoch: 2 },
              ],
            },
          ],
        },
      ],
    });
  });

  test('is the only one: nothing else is proposed before it is answered', () => {
    const broker = leader([1]);
    broker.fetch(2, 0);
    broker.fetch(3, 0);
    expect(broker.waiting(56)).toHaveLength(1);
    expect(proposed(broker)).toEqual([1, 2]);
    controllerSays(broker, {});
    expect(broker.partition).toMatchObject({ isr: [1, 2], partitionEpoch: 8, pendingIsr: null });
    broker.fetch(3, 0);
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });

  test('is overridden by newer metadata; the answer to it is then ignored', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    const request = broker.request(56);
    broker.change({ isr: [1] });
    expect(broker.partition).toMatchObject({ isr: [1], partitionEpoch: 8, pendingIsr: null });
    broker.fetch(2, 0);
    const late = {
      partitionIndex: 0,
      errorCode: 0,
      leaderId: 1,
      leaderEpoch: 4,
      isr: [1, 2, 3],
      leaderRecoveryState: 0,
      partitionEpoch: 8,
    } as const;
    broker.answer(request, { api: 56, errorCode: 0, topics: [{ topicId: 0, partitions: [late] }] });
    expect(broker.partition.isr).toEqual([1]);
    expect(proposed(broker)).toEqual([1, 2]);
  });

  // Partition.handleAlterPartitionUpdate.
  test('that succeeded in another leader epoch, or before what is known, is not taken over', () => {
    for (const stale of [{ leaderEpoch: 5 }, { partitionEpoch: 6 }]) {
      const broker = leader([1, 2]);
      broker.fetch(3, 0);
      controllerSays(broker, stale);
      expect(broker.partition).toMatchObject({ isr: [1, 2], partitionEpoch: 7 });
    }
  });

  // Partition.handleAlterPartitionError.
  test('of an ineligible replica is dropped: the ISR is what was committed', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    controllerSays(broker, { errorCode: 107 });
    expect(broker.partition).toMatchObject({ isr: [1, 2], pendingIsr: null });
    expect(proposed(broker)).toBeNull();
    broker.fetch(3, 0);
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });

  test.each([
    ['FENCED_LEADER_EPOCH', 74],
    ['INVALID_UPDATE_VERSION', 95],
    ['INVALID_REQUEST', 42],
    ['UNKNOWN_TOPIC_ID', 100],
    ['UNKNOWN_TOPIC_OR_PARTITION', 3],
  ] as const)('refused with %s stays pending, and is not sent again, until newer metadata comes', (_name, errorCode) => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    controllerSays(broker, { errorCode });
    expect(broker.partition.pendingIsr).toMatchObject({ isr: [1, 2, 3] });
    broker.advanceMs(60_000);
    expect(proposed(broker)).toBeNull();
    // It still counts for the high watermark.
    broker.produce(1, batch());
    broker.fetch(2, 1);
    expect(broker.partition.log.highWatermark).toBe(0);
    broker.change({ isr: [1, 2] });
    expect(broker.partition.pendingIsr).toBeNull();
  });

  test('refused with anything else is sent again at once', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    controllerSays(broker, { errorCode: 41 });
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });

  test('that failed as a whole, or got lost, is sent again after 50 ms (AlterPartitionManager)', () => {
    const broker = leader([1, 2]);
    broker.fetch(3, 0);
    broker.answer(broker.request(56), { api: 56, errorCode: 77, topics: [] });
    expect(proposed(broker)).toBeNull();
    broker.advanceMs(49);
    expect(proposed(broker)).toBeNull();
    broker.advanceMs(1);
    expect(proposed(broker)).toEqual([1, 2, 3]);
    broker.disconnect(0);
    broker.advanceMs(200);
    expect(proposed(broker)).toEqual([1, 2, 3]);
  });
});
