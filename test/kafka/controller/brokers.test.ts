/** Sessions, fencing, controlled shutdown. Sources: ClusterControlManager.java, BrokerHeartbeatManager.java. */
import { describe, expect, test } from 'vitest';
import { LoneController } from '../lone-controller.ts';

describe('a registration', () => {
  test('gives the offset of its record as the broker’s epoch, and leaves the broker fenced', () => {
    const controller = LoneController.withBrokers(2);
    const offset = controller.state.records.length;
    expect(controller.register(3)).toMatchObject({ errorCode: 0, brokerEpoch: offset });
    expect(controller.state.brokers.get(3)).toMatchObject({ fenced: true, brokerEpoch: offset });
  });

  test('of another incarnation is refused while the former one has a session: nine seconds (DUPLICATE_BROKER_REGISTRATION)', () => {
    const controller = LoneController.withBrokers(2);
    controller.create([1, 2]);
    expect(controller.register(1, 2)).toMatchObject({ errorCode: 101 });
    controller.advanceMs(8_999);
    expect(controller.register(1, 2)).toMatchObject({ errorCode: 101 });
    controller.advanceMs(1);
    expect(controller.register(1, 2)).toMatchObject({ errorCode: 0 });
  });

  test('of the same incarnation is answered with the epoch it has', () => {
    const controller = LoneController.withBrokers(1);
    const { brokerEpoch } = controller.state.brokers.get(1)!;
    const records = controller.state.records.length;
    expect(controller.register(1, 1)).toMatchObject({ errorCode: 0, brokerEpoch });
    expect(controller.state.records).toHaveLength(records);
  });

  test('after an orderly stop need not wait', () => {
    const controller = LoneController.withBrokers(2);
    expect(controller.heartbeat(2, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(controller.register(2, 2)).toMatchObject({ errorCode: 0 });
  });
});

describe('a heartbeat', () => {
  test('unfences a broker that knows its own registration', () => {
    const controller = new LoneController();
    const { brokerEpoch } = controller.register(1);
    expect(controller.heartbeat(1, { currentMetadataOffset: brokerEpoch - 1 })).toMatchObject({
      isFenced: true,
      isCaughtUp: false,
    });
    expect(controller.heartbeat(1, { wantFence: true })).toMatchObject({ isFenced: true, isCaughtUp: true });
    expect(controller.heartbeat(1)).toMatchObject({ isFenced: false });
  });

  test('with the epoch of a former life is refused (STALE_BROKER_EPOCH)', () => {
    const controller = LoneController.withBrokers(1);
    const { brokerEpoch } = controller.state.brokers.get(1)!;
    controller.silence(1);
    controller.join(1, 2);
    expect(controller.heartbeat(1, { brokerEpoch })).toMatchObject({ errorCode: 77 });
    expect(controller.heartbeat(7)).toMatchObject({ errorCode: 77 });
  });

  test('keeps the session; without one for broker.session.timeout.ms the broker is fenced', () => {
    const controller = LoneController.withBrokers(2);
    for (let i = 0; i < 20; i++) {
      controller.advanceMs(2_000);
      controller.heartbeat(1);
      controller.heartbeat(2);
    }
    expect(controller.state.brokers.get(1)!.fenced).toBe(false);
    controller.advanceMs(8_000);
    controller.heartbeat(2);
    controller.advanceMs(999);
    expect(controller.state.brokers.get(1)!.fenced).toBe(false);
    controller.advanceMs(1);
    expect(controller.state.brokers.get(1)!.fenced).toBe(true);
    expect(controller.state.brokers.get(2)!.fenced).toBe(false);
  });

  test('of a broker that was fenced for its silence unfences it again; it is not in the ISR any more', () => {
    const controller = LoneController.withBrokers(3);
    controller.create([1, 2, 3]);
    controller.silence(3);
    expect(controller.partition.isr).toEqual([1, 2]);
    expect(controller.heartbeat(3)).toMatchObject({ isFenced: false });
    expect(controller.partition.isr).toEqual([1, 2]);
  });
});

test('a controller that stood still fences whom it has not heard of before it listens to anybody (KafkaEventQueue)', () => {
  const controller = LoneController.withBrokers(3);
  controller.create([1, 2, 3]);
  controller.advanceMs(5_000);
  controller.heartbeat(2);
  controller.heartbeat(3);
  // Nothing is handled for six seconds; then the next life of broker 1, which may have lost data, is the first to be heard.
  controller.nowUs += 6_000_000;
  expect(controller.register(1, 2)).toMatchObject({ errorCode: 0 });
  expect(controller.partition).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 });
});

test('brokers are fenced one after the other: the second fencing knows of the first', () => {
  const controller = LoneController.withBrokers(2);
  controller.create([1, 2]);
  controller.advanceMs(30_000);
  // Broker 2 led for a moment and is the last one in the ISR.
  expect(controller.partition).toMatchObject({ leader: -1, isr: [2], leaderEpoch: 2 });
  expect(controller.out.notes('broker-fenced').map(([id]) => id)).toEqual([1, 2]);
});

test('fencing is written after what follows from it, in one append', () => {
  const controller = LoneController.withBrokers(2);
  controller.create([1, 2]);
  const from = controller.state.records.length;
  controller.out.said.length = 0;
  controller.silence(1);
  expect(controller.state.records.slice(from).map(({ kind }) => kind)).toEqual([
    'PartitionChangeRecord',
    'BrokerRegistrationChangeRecord',
  ]);
  expect(controller.out.all('append')).toHaveLength(1);
});

describe('a controlled shutdown', () => {
  test('moves leaderships and leaves every ISR; it is granted when every active broker knows', () => {
    const controller = LoneController.withBrokers(3);
    controller.create([1, 2, 3]);
    const before = controller.state.records.length - 1;
    expect(controller.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false, isFenced: false });
    expect(controller.partition).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1 });
    expect(controller.state.brokers.get(1)).toMatchObject({ inControlledShutdown: true, fenced: false });
    controller.heartbeat(2);
    controller.heartbeat(3, { currentMetadataOffset: before });
    expect(controller.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
    controller.heartbeat(3);
    expect(controller.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(controller.state.brokers.get(1)!.fenced).toBe(true);
  });

  test('of a broker that leads nothing is granted at once', () => {
    const controller = LoneController.withBrokers(3);
    controller.create([1, 2, 3]);
    expect(controller.heartbeat(3, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(controller.partition.isr).toEqual([1, 2]);
  });

  test('of the only member of an ISR leaves the partition without a leader, and the broker in the ISR', () => {
    const controller = LoneController.withBrokers(2);
    controller.create([1, 2]);
    controller.alter(1, [1]);
    controller.heartbeat(1, { wantShutDown: true });
    expect(controller.partition).toMatchObject({ leader: -1, isr: [1] });
  });
});

describe('the controller', () => {
  test('starts anew from its log; everybody gets a fresh session', () => {
    const controller = LoneController.withBrokers(3);
    controller.create([1, 2, 3], { 'min.insync.replicas': '2' });
    controller.alter(1, [1, 2]);
    const again = new LoneController({}, controller.out.recovered());
    expect(again.partition).toEqual(controller.partition);
    expect([...again.state.topics[0]!.config]).toEqual([['min.insync.replicas', '2']]);
    expect(again.state.records).toEqual(controller.state.records);
    again.advanceMs(8_999);
    expect([...again.state.brokers.values()].map(({ fenced }) => fenced)).toEqual([false, false, false]);
    expect(again.alter(1, [1])).toMatchObject({ errorCode: 0, partitionEpoch: 2 });
  });

  test('gives out producer ids in blocks of 1,000, and never twice, not even after a restart', () => {
    const controller = LoneController.withBrokers(1);
    const ask = (bench: LoneController): unknown =>
      bench.ask({ api: 67, brokerId: 1, brokerEpoch: bench.state.brokers.get(1)!.brokerEpoch }, 'broker 1');
    expect(ask(controller)).toMatchObject({ errorCode: 0, producerIdStart: 0, producerIdLen: 1000 });
    expect(ask(controller)).toMatchObject({ producerIdStart: 1000 });
    expect(ask(new LoneController({}, controller.out.recovered()))).toMatchObject({ producerIdStart: 2000 });
    expect(controller.ask({ api: 67, brokerId: 1, brokerEpoch: 99 })).toMatchObject({ errorCode: 77 });
  });

  test('lets a fetch of its log that finds nothing wait', () => {
    const controller = LoneController.withBrokers(1);
    const end = controller.state.committedOffset;
    expect(controller.fetchLog(end)).toBeUndefined();
    controller.out.said.length = 0;
    controller.advanceMs(1000);
    expect(controller.out.all('reply').map(({ body }) => body)).toEqual([
      { api: 59, errorCode: 0, highWatermark: end, records: [], quorum: null },
    ]);
  });
});
