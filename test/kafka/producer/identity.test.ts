/** Idempotence at the client: ids, epochs and sequences. Sources: TransactionManager.java, TxnPartitionEntry.java, KIP-98, KIP-360. */
import { describe, expect, test } from 'vitest';
import { ClientError } from '../../../src/kafka/protocol/errors.ts';
import { records } from '../batches.ts';
import { LoneProducer } from '../lone-producer.ts';

const single = { 'batch.size': 182 };
const outOfOrder = 45;

/** `[producer epoch, first sequence, records]` of the batches on the wire. */
function wire(producer: LoneProducer): (readonly [epoch: number, sequence: number, count: number])[] {
  return producer.onTheWire.map(({ batch }) => [batch.producerEpoch, batch.baseSequence, batch.records.length] as const);
}

describe('sequences', () => {
  test('count records of a partition from 0; each partition counts for itself', () => {
    const producer = new LoneProducer({ 'linger.ms': 5 }, { leaders: [1, 2] });
    producer.send(records(3));
    producer.send(records(2, { partition: 1 }));
    producer.advanceMs(5);
    producer.send(records(1));
    producer.advanceMs(5);
    const seen = producer.onTheWire.map(({ partition, batch }) => [partition, batch.baseSequence, batch.producerId]);
    expect(seen).toEqual([
      [0, 0, 1000],
      [1, 0, 1000],
      [0, 3, 1000],
    ]);
  });

  test('are given out at the first sending, and not before there is a producer id', () => {
    const late = new LoneProducer(single, { withoutId: true });
    late.sendOne();
    expect(late.produces).toEqual([]);
    late.answer(late.request(22), { api: 22, errorCode: 0, producerId: 5, producerEpoch: 0 });
    expect(late.onTheWire.map(({ batch }) => [batch.producerId, batch.baseSequence])).toEqual([[5, 0]]);
  });

  test('stay the same in every attempt: the broker can recognise the batch', () => {
    const producer = new LoneProducer(single);
    producer.sendEach(2);
    const { batch } = producer.onTheWire[0]!;
    producer.respond({ errorCode: 7 });
    producer.respond({ errorCode: outOfOrder });
    producer.advanceMs(100);
    expect(producer.onTheWire[0]!.batch).toBe(batch);
  });

  test('pass on to the pieces of a batch that was split (ProducerBatch.split)', () => {
    const producer = new LoneProducer({ 'batch.size': 1000, 'linger.ms': 5 });
    producer.send(records(2));
    producer.advanceMs(5);
    producer.send(records(5));
    producer.advanceMs(5);
    producer.respond();
    (producer.state.config as { batchSize: number }).batchSize = 400;
    producer.respond({ errorCode: 10 });
    // Lowest sequence first, one at a time: they count as sent before.
    expect(wire(producer)).toEqual([[0, 2, 2]]);
    producer.respond();
    expect(wire(producer)).toEqual([[0, 4, 2]]);
    producer.respond();
    expect(wire(producer)).toEqual([[0, 6, 1]]);
    producer.respond();
    producer.sendOne();
    producer.advanceMs(5);
    expect(wire(producer)).toEqual([[0, 7, 1]]);
  });
});

describe('retries', () => {
  test('keep the order: batches go back to where their sequence belongs, and only the lowest one is sent', () => {
    const producer = new LoneProducer(single);
    const sent = producer.sendEach(4);
    producer.disconnect(1);
    producer.advanceMs(200);
    for (const one of sent) {
      expect(producer.idsOnTheWire).toEqual([[one.id]]);
      producer.respond();
    }
    expect(producer.outcomes.map(({ ids }) => ids[0])).toEqual(sent.map(({ id }) => id));
  });

  test('of what a failed predecessor put out of order wait for it: no epoch is needed', () => {
    const producer = new LoneProducer(single);
    const sent = producer.sendEach(3);
    producer.respond({ errorCode: 19 });
    producer.respond({ errorCode: outOfOrder });
    producer.respond({ errorCode: outOfOrder });
    for (let i = 0; i < 3; i++) {
      producer.advanceMs(300);
      producer.respond();
    }
    expect(producer.outcomes.map(({ ids, errorCode }) => [ids[0], errorCode])).toEqual(sent.map(({ id }) => [id, 0]));
    expect(producer.state.producerEpoch).toBe(0);
  });

  test('of a partition that must wait end the drain of its broker: others behind it wait, too (RecordAccumulator)', () => {
    const producer = new LoneProducer(single, { leaders: [1, 1] });
    producer.sendEach(2, 0);
    producer.respond({ errorCode: 19 }, producer.produces[1]!);
    // The second batch waits for the first, which is in flight.
    producer.advanceMs(100);
    producer.sendOne({ partition: 1 });
    expect(producer.onTheWire.map(({ partition }) => partition)).toEqual([0]);
  });
});

describe('OUT_OF_ORDER_SEQUENCE_NUMBER', () => {
  test('for the next expected batch means that the broker lost something: the epoch is bumped, sequences begin at 0', () => {
    const producer = new LoneProducer(single);
    producer.sendOne();
    producer.respond();
    const lost = producer.sendEach(2);
    producer.respond({ errorCode: outOfOrder });
    producer.advanceMs(100);
    expect(producer.state.producerEpoch).toBe(1);
    expect(producer.out.notes('producer-epoch-bumped')).toEqual([[1000, 1, 0, 0]]);
    producer.respond({ errorCode: outOfOrder });
    producer.advanceMs(300);
    expect(wire(producer)).toEqual([[1, 0, 1]]);
    expect(producer.idsOnTheWire).toEqual([[lost[0]!.id]]);
    producer.respond();
    producer.advanceMs(300);
    expect(wire(producer)).toEqual([[1, 1, 1]]);
  });

  test('is retried for ever, as long as delivery.timeout.ms allows', () => {
    const producer = new LoneProducer({ ...single, 'delivery.timeout.ms': 5000, 'request.timeout.ms': 2000 });
    producer.sendOne();
    producer.respond();
    producer.sendOne();
    while (producer.nowUs < 5_100_000) {
      if (producer.produces.length > 0) producer.respond({ errorCode: outOfOrder });
      producer.advanceMs(10);
    }
    expect(producer.outcomes.map(({ errorCode }) => errorCode)).toEqual([0, ClientError.deliveryTimeout]);
  });
});

describe('a batch that expires', () => {
  const quick = { ...single, 'delivery.timeout.ms': 3000, 'request.timeout.ms': 3000, 'linger.ms': 0 };

  test('without ever having been sent leaves no gap', () => {
    const producer = new LoneProducer(quick, { leaders: [-1] });
    producer.sendOne();
    producer.advanceMs(3000);
    producer.leaders[0] = 1;
    producer.advanceMs(2000);
    producer.sendOne();
    producer.advanceMs(1000);
    expect(wire(producer)).toEqual([[0, 0, 1]]);
  });

  test('in its first attempt is not waited for: later sequences go on', () => {
    const producer = new LoneProducer(quick);
    producer.sendOne();
    producer.advanceMs(3000);
    expect(producer.outcomes).toMatchObject([{ errorCode: ClientError.deliveryTimeout, written: 1 }]);
    producer.sendOne();
    expect(wire(producer)).toContainEqual([0, 1, 1]);
  });

  test('after a retry holds back new batches until nothing is in flight; unless a later one was acknowledged the epoch is bumped', () => {
    const producer = new LoneProducer(quick);
    producer.sendOne();
    producer.advanceMs(1000);
    producer.respond({ errorCode: 7 });
    producer.advanceMs(100);
    expect(wire(producer)).toEqual([[0, 0, 1]]);
    // In flight again when its time is over.
    producer.advanceMs(1900);
    expect(producer.outcomes).toMatchObject([{ errorCode: ClientError.deliveryTimeout, written: 1 }]);
    expect(producer.state.producerEpoch).toBe(1);
    producer.sendOne();
    expect(wire(producer).at(-1)).toEqual([1, 0, 1]);
  });

  test('after a retry, with later ones acknowledged, was written: sequences go on in the same epoch', () => {
    const producer = new LoneProducer(quick);
    producer.sendOne();
    producer.advanceMs(500);
    producer.respond({ errorCode: 7 });
    producer.advanceMs(2400);
    producer.sendOne();
    // The first one expires; the second, in flight, proves that its sequence was used.
    producer.advanceMs(100);
    expect(producer.outcomes).toHaveLength(1);
    const waiting = producer.sendOne();
    expect(producer.idsOnTheWire).not.toContainEqual([waiting.id]);
    producer.respond({ errorCode: 7 });
    producer.respond();
    producer.advanceMs(10);
    expect(producer.state.producerEpoch).toBe(0);
    expect(wire(producer).at(-1)).toEqual([0, 2, 1]);
  });
});

describe('a batch that fails', () => {
  test('for good, before its retries are used up, has not used its sequence: the epoch is bumped', () => {
    const producer = new LoneProducer(single);
    producer.sendOne();
    producer.respond({ errorCode: 10 });
    producer.sendOne();
    expect(wire(producer)).toEqual([[1, 0, 1]]);
  });

  test('after its last retry may have used it: nothing is bumped, and the next batch shows', () => {
    const producer = new LoneProducer({ ...single, retries: 1 });
    producer.sendOne();
    producer.respond({ errorCode: 19 });
    producer.advanceMs(100);
    producer.respond({ errorCode: 19 });
    expect(producer.outcomes).toMatchObject([{ errorCode: 19, written: 0 }]);
    producer.sendOne();
    expect(wire(producer)).toEqual([[0, 1, 1]]);
    expect(producer.state.producerEpoch).toBe(0);
  });
});

describe('a bumped epoch', () => {
  test('reaches other partitions when nothing of theirs is in flight', () => {
    const producer = new LoneProducer(single, { leaders: [1, 2] });
    producer.sendOne({ partition: 0 });
    producer.sendOne({ partition: 1 });
    producer.respond({ errorCode: 10 }, producer.produces.find(({ to }) => to === 1)!);
    expect(producer.state.producerEpoch).toBe(1);
    producer.sendOne({ partition: 1 });
    // The batch of the old epoch is in flight: nothing of the new one may overtake it.
    expect(wire(producer)).toEqual([[0, 0, 1]]);
    producer.respond();
    expect(wire(producer)).toEqual([[1, 0, 1]]);
  });

  test('beyond the last one needs a new producer id', () => {
    const producer = new LoneProducer(single);
    producer.sendOne();
    producer.respond();
    producer.state.producerEpoch = 32767;
    producer.state.allQueues[0]!.producerEpoch = 32767;
    producer.sendOne();
    producer.respond({ errorCode: 10 });
    producer.advanceMs(10);
    producer.sendOne();
    expect(producer.onTheWire.map(({ batch }) => [batch.producerId, batch.producerEpoch, batch.baseSequence])).toEqual([
      [1001, 0, 0],
    ]);
  });
});
