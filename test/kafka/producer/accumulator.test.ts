/** From `send()` to requests: batching, partitioning, memory. Sources: KafkaProducer.java, RecordAccumulator.java, BuiltInPartitioner.java. */
import { describe, expect, test } from 'vitest';
import { murmur2 } from '../../../src/kafka/producer/murmur2.ts';
import { ClientError } from '../../../src/kafka/protocol/errors.ts';
import { batchOverheadBytes, recordOverheadBytes } from '../../../src/kafka/protocol/records.ts';
import { record, records } from '../batches.ts';
import { LoneProducer } from '../lone-producer.ts';

/** Size of a batch of that many records of 100 bytes. */
function sizeOf(count: number): number {
  return batchOverheadBytes + count * (recordOverheadBytes + 100);
}

describe('a batch', () => {
  test('takes what is sent in one go, up to batch.size', () => {
    const producer = new LoneProducer({ 'batch.size': sizeOf(3) });
    producer.send(records(7));
    expect(producer.idsOnTheWire.map((ids) => ids.length)).toEqual([3, 3, 1]);
    expect(producer.onTheWire[0]!.batch.sizeBytes).toBe(sizeOf(3));
  });

  test('goes out at once with linger.ms=0', () => {
    const producer = new LoneProducer({ 'linger.ms': 0 });
    producer.sendOne();
    producer.sendOne();
    expect(producer.idsOnTheWire.map((ids) => ids.length)).toEqual([1, 1]);
  });

  test('waits linger.ms for more records, from its first one on', () => {
    const producer = new LoneProducer({ 'linger.ms': 20 });
    producer.sendOne();
    producer.advanceMs(15);
    producer.sendOne();
    producer.advanceMs(4);
    expect(producer.produces).toEqual([]);
    producer.advanceMs(1);
    expect(producer.idsOnTheWire.map((ids) => ids.length)).toEqual([2]);
  });

  test('that is full does not wait', () => {
    const producer = new LoneProducer({ 'linger.ms': 1000, 'batch.size': sizeOf(2) });
    producer.send(records(3));
    expect(producer.idsOnTheWire.map((ids) => ids.length)).toEqual([2]);
    producer.advanceMs(1000);
    expect(producer.idsOnTheWire.map((ids) => ids.length)).toEqual([2, 1]);
  });

  test('of several partitions of one broker travels in one request, one batch a partition', () => {
    const producer = new LoneProducer({ 'batch.size': sizeOf(1) }, { leaders: [1, 1, 2] });
    producer.send([0, 0, 1, 2].map((partition) => record({ partition })));
    const perRequest = producer.produces.map(({ to, body }) => [to, body.topicData[0]!.partitionData.map(({ index }) => index)]);
    expect(perRequest.filter(([to]) => to === 1)).toEqual([
      [1, [0, 1]],
      [1, [0]],
    ]);
    expect(perRequest.filter(([to]) => to === 2)).toEqual([[2, [2]]]);
  });

  test('is not joined by others to a request that would exceed max.request.size', () => {
    const producer = new LoneProducer({ 'max.request.size': sizeOf(2) }, { leaders: [1, 1, 1] });
    producer.send([0, 1, 2].map((partition) => record({ partition })));
    expect(producer.produces.map(({ body }) => body.topicData[0]!.partitionData.map(({ index }) => index))).toEqual([
      [0],
      [1],
      [2],
    ]);
  });
});

describe('a record', () => {
  test('larger than max.request.size is refused by the client and never leaves', () => {
    const producer = new LoneProducer({ 'max.request.size': 1000 });
    const big = producer.sendOne({ sizeBytes: 1000 - batchOverheadBytes - recordOverheadBytes + 1 });
    expect(producer.outcomes).toEqual([{ ids: [big.id], errorCode: ClientError.recordTooLarge, baseOffset: -1, written: 0 }]);
    expect(producer.produces).toEqual([]);
    producer.sendOne({ sizeBytes: 1000 - batchOverheadBytes - recordOverheadBytes });
    expect(producer.produces).toHaveLength(1);
  });

  test('larger than all of buffer.memory likewise', () => {
    const producer = new LoneProducer({ 'buffer.memory': 900, 'batch.size': 100 });
    producer.sendOne({ sizeBytes: 900 });
    expect(producer.outcomes.map(({ errorCode }) => errorCode)).toEqual([ClientError.recordTooLarge]);
  });

  test('of an unknown topic waits for metadata, at most max.block.ms', () => {
    const producer = new LoneProducer({ 'max.block.ms': 3000 }, { unknownTopic: true });
    const lost = producer.sendOne();
    producer.advanceMs(2999);
    expect(producer.outcomes).toEqual([]);
    producer.advanceMs(1);
    expect(producer.outcomes).toEqual([{ ids: [lost.id], errorCode: ClientError.metadataTimeout, baseOffset: -1, written: 0 }]);
  });
});

describe('buffer.memory', () => {
  /** Room for two batches; five in flight. */
  function full(maxBlockMs: number): LoneProducer {
    const producer = new LoneProducer({ 'buffer.memory': 2 * sizeOf(1), 'batch.size': sizeOf(1), 'max.block.ms': maxBlockMs });
    producer.sendEach(2);
    expect(producer.produces).toHaveLength(2);
    return producer;
  }

  test('that is used up blocks send() until a batch is done; the order is kept', () => {
    const producer = full(60_000);
    const late = producer.sendEach(2);
    expect(producer.produces).toHaveLength(2);
    producer.respond();
    expect(producer.idsOnTheWire.at(-1)).toEqual([late[0]!.id]);
    producer.respond();
    expect(producer.idsOnTheWire.at(-1)).toEqual([late[1]!.id]);
  });

  test('that stays used up fails a send after max.block.ms (BufferExhaustedException)', () => {
    const producer = full(1000);
    const late = producer.sendOne();
    producer.advanceMs(1000);
    expect(producer.outcomes).toEqual([{ ids: [late.id], errorCode: ClientError.bufferExhausted, baseOffset: -1, written: 0 }]);
  });

  test('is taken by a whole batch.size, however little is in the batch', () => {
    const producer = new LoneProducer({ 'buffer.memory': 40_000, 'batch.size': 16_384 });
    producer.sendEach(3);
    expect(producer.produces).toHaveLength(2);
    expect(producer.state.bufferUsed).toBe(2 * 16_384);
    producer.respond();
    producer.respond();
    producer.respond();
    expect(producer.state.bufferUsed).toBe(0);
  });

  test('is free again when batches expire, and what was blocked goes on', () => {
    const producer = new LoneProducer(
      {
        'buffer.memory': sizeOf(1),
        'batch.size': sizeOf(1),
        'delivery.timeout.ms': 5000,
        'request.timeout.ms': 2000,
        'linger.ms': 0,
      },
      { leaders: [-1] },
    );
    producer.sendOne();
    producer.advanceMs(4990);
    producer.leaders[0] = 1;
    const blocked = producer.sendOne();
    producer.advanceMs(1500);
    expect(producer.outcomes.map(({ errorCode }) => errorCode)).toEqual([ClientError.deliveryTimeout]);
    expect(producer.idsOnTheWire).toEqual([[blocked.id]]);
  });
});

describe('the partition of a record', () => {
  const eight = { leaders: [1, 2, 3, 1, 2, 3, 1, -1] };

  test('is the one it names, led or not', () => {
    const producer = new LoneProducer({}, eight);
    producer.sendOne({ partition: 7 });
    expect(producer.out.all('partitioned').map(({ partition }) => partition)).toEqual([7]);
  });

  test('is murmur2 of its key modulo the number of partitions, leaderless ones included', () => {
    // From Kafka's own UtilsTest.testMurmur2, sign bit taken off.
    expect(murmur2('21')).toBe(-973932308 & 0x7fffffff);
    expect(murmur2('foobar')).toBe(-790332482 & 0x7fffffff);
    expect(murmur2('a-little-bit-long-string')).toBe(-985981536 & 0x7fffffff);
    const producer = new LoneProducer({}, eight);
    for (const keyHash of [0, 7, 15, 8 * 5 + 3]) producer.sendOne({ partition: -1, keyHash });
    expect(producer.out.all('partitioned').map(({ partition }) => partition)).toEqual([0, 7, 7, 3]);
  });

  test('without a key is one that has a leader, and stays the same until enough was sent', () => {
    const producer = new LoneProducer({ 'batch.size': 1000 }, { leaders: [-1, 2, 3] });
    producer.send(records(10, { partition: -1 }));
    const chosen = producer.out.all('partitioned').map(({ partition }) => partition);
    expect(new Set(chosen).size).toBe(1);
    expect(chosen[0]).not.toBe(0);
  });

  test('changes after batch.size bytes where a batch is just full, and after twice as many in any case (KIP-794)', () => {
    const switches = (batchSize: number, count: number): number => {
      const producer = new LoneProducer({ 'batch.size': batchSize, 'linger.ms': 60_000 }, { leaders: [1, 2, 3] });
      producer.send(records(count, { partition: -1 }));
      return producer.state.topics.get('orders')!.sticky!.switches;
    };
    // Batches that are filled to the last byte.
    expect([switches(sizeOf(4), 4), switches(sizeOf(4), 5), switches(sizeOf(4), 9)]).toEqual([1, 2, 3]);
    // Batches that are never quite full: 4 records of 121 bytes and a header in 600 bytes.
    expect([switches(600, 5), switches(600, 9), switches(600, 10)]).toEqual([1, 1, 2]);
  });

  test('with partitioner.ignore.keys is sticky for records with keys, too', () => {
    const producer = new LoneProducer({ 'batch.size': sizeOf(2), 'partitioner.ignore.keys': true }, { leaders: [1, 2, 3] });
    for (let keyHash = 0; keyHash < 12; keyHash++) producer.sendOne({ partition: -1, keyHash });
    expect(producer.state.topics.get('orders')!.sticky!.switches).toBeGreaterThanOrEqual(3);
    // Neither keys that count nor explicit partitions move the sticky one.
    const plain = new LoneProducer({ 'batch.size': sizeOf(2) }, { leaders: [1, 2, 3] });
    plain.sendOne({ partition: -1 });
    for (let keyHash = 0; keyHash < 12; keyHash++) plain.sendOne({ partition: keyHash % 2 === 0 ? -1 : 1, keyHash });
    expect(plain.state.topics.get('orders')!.sticky).toMatchObject({ switches: 1, producedBytes: sizeOf(1) });
  });
});
