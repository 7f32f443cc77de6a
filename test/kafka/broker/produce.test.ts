/** Produce requests at a leader. Sources: ReplicaManager.appendRecords, Partition.appendRecordsToLeader, DelayedProduce.scala, KafkaApis. */
import { describe, expect, test } from 'vitest';
import { batch } from '../batches.ts';
import { type BrokerOptions, LoneBroker } from '../lone-broker.ts';

function leader(isr: readonly number[] = [1, 2, 3], options: Partial<BrokerOptions> = {}): LoneBroker {
  const broker = new LoneBroker(options);
  broker.create({ leader: 1, leaderEpoch: 0, isr });
  return broker;
}

const minIsr2 = { topic: { 'min.insync.replicas': 2 } };

describe('acks=1', () => {
  test('is answered when the leader has appended, without an fsync', () => {
    const broker = leader();
    expect(broker.produce(1, batch({ count: 2 }))()).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(broker.produce(1, batch({ count: 2 }))()).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(broker.out.all('fsync')).toEqual([]);
  });

  test('does not ask for min.insync.replicas', () => {
    expect(leader([1], minIsr2).produce(1, batch())()).toMatchObject({ errorCode: 0 });
  });
});

describe('acks=0', () => {
  test('is never answered; its service ends without a response', () => {
    const broker = leader();
    broker.out.said.length = 0;
    broker.produce(0, batch());
    expect(broker.out.all('reply').map(({ body }) => body)).toEqual([null]);
    expect(broker.partition.log.logEndOffset).toBe(1);
  });

  test('with an error closes the connection: the client learns no more than that', () => {
    const broker = leader([1], { topic: { 'max.message.bytes': 100 } });
    broker.out.said.length = 0;
    broker.produce(0, batch({ bytes: 101 }));
    expect(broker.out.all('reply')).toEqual([]);
    expect(broker.out.all('close')).toHaveLength(1);
    expect(broker.partition.log.logEndOffset).toBe(0);
  });
});

describe('acks=all', () => {
  test('waits until the high watermark has passed the batch', () => {
    const broker = leader([1, 2]);
    const first = broker.produce(-1, batch({ count: 2 }));
    const second = broker.produce(-1, batch({ count: 2 }));
    expect([first(), second()]).toEqual([undefined, undefined]);
    broker.fetch(2, 2);
    expect([first(), second()]).toEqual([expect.objectContaining({ errorCode: 0, baseOffset: 0 }), undefined]);
    broker.fetch(2, 4);
    expect(second()).toMatchObject({ errorCode: 0, baseOffset: 2 });
  });

  test('of an ISR of one is acks=1', () => {
    expect(leader([1]).produce(-1, batch())()).toMatchObject({ errorCode: 0 });
  });

  test('is refused before anything is appended while the ISR is below min.insync.replicas (NOT_ENOUGH_REPLICAS)', () => {
    const broker = leader([1], minIsr2);
    expect(broker.produce(-1, batch())()).toMatchObject({ errorCode: 19, baseOffset: -1 });
    expect(broker.partition.log.logEndOffset).toBe(0);
  });

  test('counts the confirmed ISR before the append: a member about to join does not help', () => {
    const broker = leader([1], minIsr2);
    broker.fetch(2, 0);
    expect(broker.partition.pendingIsr).toMatchObject({ isr: [1, 2] });
    expect(broker.produce(-1, batch())()).toMatchObject({ errorCode: 19 });
  });

  test('never asks for more than there are replicas (Partition.effectiveMinIsr)', () => {
    const broker = new LoneBroker({ topic: { 'min.insync.replicas': 3 } });
    broker.create({ leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] });
    const answer = broker.produce(-1, batch());
    broker.fetch(2, 1);
    expect(answer()).toMatchObject({ errorCode: 0 });
  });

  test('whose ISR shrank below min.insync.replicas after the high watermark had passed it is told so; the records stay', () => {
    const broker = leader([1, 2], minIsr2);
    // The other partition's fsync is awaited as well, so that this one is looked at only after its ISR has changed.
    const where = { replicas: [1, 2, 3], isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 0 };
    broker.tell([{ kind: 'PartitionRecord', topicId: 0, partitionId: 1, ...where }]);
    const other = broker.state.partitions[0]![1]!;
    other.config = { ...other.config, flushMessages: 1 };
    broker.slowDisk = true;
    const answers = broker.produceTo([0, 1], -1, batch());
    broker.fetch(2, 1);
    expect(broker.partition.log.highWatermark).toBe(1);
    broker.change({ isr: [1] });
    broker.fsynced();
    expect(answers()).toBeUndefined();
    broker.advanceMs(30_001);
    expect(answers()).toMatchObject([
      { index: 0, errorCode: 20, baseOffset: -1 },
      { index: 1, errorCode: 7 },
    ]);
    expect(broker.partition.log.logEndOffset).toBe(1);
  });

  test('times out after the request.timeout.ms that it names; what was appended stays appended (REQUEST_TIMED_OUT)', () => {
    const broker = leader([1, 2]);
    const answer = broker.produce(-1, batch({ count: 2 }), 1500);
    broker.advanceMs(1499);
    expect(answer()).toBeUndefined();
    broker.advanceMs(1);
    expect(answer()).toMatchObject({ errorCode: 7, baseOffset: -1 });
    expect(broker.partition.log.logEndOffset).toBe(2);
    broker.fetch(2, 2);
    expect(broker.partition.log.highWatermark).toBe(2);
    expect(broker.out.all('reply').filter(({ body }) => body?.api === 0)).toHaveLength(1);
  });

  test('that waits while the leadership leaves is told so, and who leads now (NOT_LEADER_OR_FOLLOWER, KIP-951)', () => {
    const broker = leader([1, 2]);
    const answer = broker.produce(-1, batch());
    broker.change({ leader: 2 });
    expect(answer()).toMatchObject({ errorCode: 6, baseOffset: -1, currentLeader: 2, currentLeaderEpoch: 1 });
    expect(broker.partition.log.logEndOffset).toBe(1);
  });
});

describe('a batch is refused', () => {
  test('by a broker that does not lead, with the leader that it knows', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 3, leaderEpoch: 2 });
    expect(broker.produce(1, batch())()).toMatchObject({ errorCode: 6, currentLeader: 3, currentLeaderEpoch: 2 });
  });

  test('by a broker that has never heard of the topic', () => {
    expect(new LoneBroker().produce(1, batch())()).toMatchObject({ errorCode: 3 });
  });

  test('when it is larger than max.message.bytes, or than a segment', () => {
    const broker = leader([1], { topic: { 'max.message.bytes': 2000, 'segment.bytes': 1500 } });
    expect(broker.produce(1, batch({ bytes: 2001 }))()).toMatchObject({ errorCode: 10 });
    expect(broker.produce(1, batch({ bytes: 1600 }))()).toMatchObject({ errorCode: 18 });
    expect(broker.produce(1, batch({ bytes: 1500 }))()).toMatchObject({ errorCode: 0 });
  });

  test('for too few replicas before it is looked at any further', () => {
    const broker = leader([1], { topic: { ...minIsr2.topic, 'max.message.bytes': 100 } });
    expect(broker.produce(-1, batch({ bytes: 200 }))()).toMatchObject({ errorCode: 19 });
  });
});

describe('a batch of an idempotent producer', () => {
  const first = { producerId: 7, sequence: 0, count: 3 };

  test('that was there before is not appended, and answered as it was the first time', () => {
    const broker = leader([1]);
    broker.produce(-1, batch(first));
    broker.produce(-1, batch({ producerId: 7, sequence: 3, count: 2 }));
    expect(broker.produce(-1, batch(first))()).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(broker.partition.log.logEndOffset).toBe(5);
  });

  test('that was there before and is not yet replicated waits for the high watermark like the first one', () => {
    const broker = leader([1, 2]);
    const original = broker.produce(-1, batch(first));
    const again = broker.produce(-1, batch(first));
    expect([original(), again()]).toEqual([undefined, undefined]);
    broker.fetch(2, 3);
    expect([original(), again()]).toEqual([
      expect.objectContaining({ errorCode: 0, baseOffset: 0 }),
      expect.objectContaining({ errorCode: 0, baseOffset: 0 }),
    ]);
  });

  test('that leaves a gap is refused; a follower keeps the same state from what it copies', () => {
    const broker = new LoneBroker();
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.leaderSays({ records: [batch({ ...first, offset: 0, epoch: 0 })] });
    broker.change({ leader: 1, isr: [1] });
    expect(broker.produce(1, batch({ producerId: 7, sequence: 4 }))()).toMatchObject({ errorCode: 45 });
    expect(broker.produce(1, batch({ producerId: 7, sequence: 3 }))()).toMatchObject({ errorCode: 0, baseOffset: 3 });
    expect(broker.produce(1, batch(first))()).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  test('that the leader forgot with its log is accepted with any sequence: nobody can tell that something is missing', () => {
    const broker = leader([1]);
    expect(broker.produce(1, batch({ producerId: 7, sequence: 30 }))()).toMatchObject({ errorCode: 0 });
    // The batch before it comes too late for ever (KAFKA-14359).
    expect(broker.produce(1, batch({ producerId: 7, sequence: 25, count: 5 }))()).toMatchObject({ errorCode: 45 });
  });
});

describe('flush.messages=1', () => {
  const flushing = { topic: { 'flush.messages': 1 } };

  test('flushes in the append: the answer waits for it, with acks=1 too', () => {
    const broker = leader([1], flushing);
    broker.slowDisk = true;
    const answer = broker.produce(1, batch());
    expect(answer()).toBeUndefined();
    expect(broker.partition.log.recoveryPoint).toBe(0);
    broker.fsynced();
    expect(answer()).toMatchObject({ errorCode: 0 });
    expect(broker.partition.log.recoveryPoint).toBe(1);
  });

  test('does not hold back followers, but the high watermark: the log end offset has moved', () => {
    const broker = leader([1, 2], flushing);
    broker.slowDisk = true;
    const answer = broker.produce(-1, batch());
    expect(broker.fetch(2, 0)()).toMatchObject({ records: [expect.anything()] });
    broker.fetch(2, 1);
    expect(broker.partition.log.highWatermark).toBe(0);
    expect(answer()).toBeUndefined();
    broker.fsynced();
    expect(broker.partition.log.highWatermark).toBe(1);
    expect(answer()).toMatchObject({ errorCode: 0 });
  });

  test('by default never happens: an append is in the page cache, and a rolled segment is flushed in the background', () => {
    const broker = leader([1], { topic: { 'segment.bytes': 1000 } });
    broker.slowDisk = true;
    for (let i = 0; i < 4; i++) expect(broker.produce(-1, batch({ bytes: 400 }))()).toMatchObject({ errorCode: 0 });
    expect(broker.out.all('fsync')).toHaveLength(1);
    broker.fsynced();
    expect(broker.partition.log.recoveryPoint).toBe(2);
  });
});
