/** Requests, answers, retries and deadlines. Sources: Sender.java, NetworkClient.java, RecordAccumulator.java, KIP-91, KIP-580. */
import { describe, expect, test } from 'vitest';
import { ClientError } from '../../../src/kafka/protocol/errors.ts';
import { record, records } from '../batches.ts';
import { LoneProducer } from '../lone-producer.ts';

/** One record fills a batch. */
const single = { 'batch.size': 182 };
const plain = { ...single, 'enable.idempotence': false };

function ids(list: readonly { readonly id: number }[]): number[][] {
  return list.map(({ id }) => [id]);
}

describe('requests in flight', () => {
  test('are at most five on a connection (max.in.flight.requests.per.connection)', () => {
    const producer = new LoneProducer(plain);
    const sent = producer.sendEach(7);
    expect(producer.idsOnTheWire).toEqual(ids(sent.slice(0, 5)));
    producer.respond();
    expect(producer.idsOnTheWire).toEqual(ids(sent.slice(1, 6)));
  });

  test('of one partition are one at a time with max.in.flight=1', () => {
    const producer = new LoneProducer({ ...plain, 'max.in.flight.requests.per.connection': 1 }, { leaders: [1, 2] });
    producer.sendEach(2);
    producer.sendEach(2, 1);
    expect(producer.onTheWire.map(({ partition }) => partition)).toEqual([0, 1]);
    producer.respond();
    expect(producer.onTheWire.map(({ partition }) => partition)).toEqual([1, 0]);
  });

  test('are acknowledged in order; each record is told its own offset’s base', () => {
    const producer = new LoneProducer({ 'linger.ms': 5 });
    const sent = records(3);
    producer.send(sent);
    producer.advanceMs(5);
    producer.respond({ baseOffset: 40 });
    expect(producer.outcomes).toEqual([{ ids: sent.map(({ id }) => id), errorCode: 0, baseOffset: 40, written: 0 }]);
  });
});

describe('a retriable error', () => {
  test('sends the same batch again, at the head of its queue, after retry.backoff.ms doubled up to its maximum', () => {
    const producer = new LoneProducer({ ...plain, 'max.in.flight.requests.per.connection': 1 });
    const [first] = producer.sendEach(2);
    const { batch } = producer.onTheWire[0]!;
    for (const backoffMs of [100, 200, 400, 800, 1000, 1000]) {
      producer.respond({ errorCode: 19 });
      producer.advanceMs(backoffMs - 1);
      expect(producer.produces).toEqual([]);
      producer.advanceMs(1);
      expect(producer.onTheWire[0]!.batch).toBe(batch);
      expect(producer.idsOnTheWire).toEqual([[first!.id]]);
    }
    expect(producer.outcomes).toEqual([]);
  });

  test('backs off by a constant in 2.8 (KIP-580 came with 3.7)', () => {
    const producer = new LoneProducer(plain, { version: '2.8' });
    producer.sendOne();
    for (let i = 0; i < 4; i++) {
      producer.respond({ errorCode: 19 });
      producer.advanceMs(99);
      expect(producer.produces).toEqual([]);
      producer.advanceMs(1);
      expect(producer.produces).toHaveLength(1);
    }
  });

  test('is the last one after `retries` of them', () => {
    const producer = new LoneProducer({ ...plain, retries: 2 });
    const sent = producer.sendOne();
    for (let i = 0; i < 3; i++) {
      expect(producer.outcomes).toEqual([]);
      producer.respond({ errorCode: 19 });
      producer.advanceMs(2000);
    }
    expect(producer.outcomes).toEqual([{ ids: [sent.id], errorCode: 19, baseOffset: -1, written: 0 }]);
  });

  test('of a leader that moved goes to the new one at once (KIP-951: the answer names it; KAFKA-15415: no backoff)', () => {
    const producer = new LoneProducer(plain);
    const sent = producer.sendOne();
    producer.respond({ errorCode: 6, currentLeader: 2, currentLeaderEpoch: 1 });
    expect(producer.produces.map(({ to }) => to)).toEqual([2]);
    expect(producer.idsOnTheWire).toEqual([[sent.id]]);
  });

  test('of a leader that moved makes the producer ask for metadata', () => {
    const producer = new LoneProducer(plain);
    producer.sendOne();
    producer.leaders[0] = 3;
    producer.leaderEpoch = 1;
    producer.advanceMs(1000);
    producer.respond({ errorCode: 6 });
    producer.advanceMs(100);
    expect(producer.produces.map(({ to }) => to)).toEqual([3]);
  });

  test('lets a later batch overtake: without idempotence, order is lost with more than one in flight', () => {
    const producer = new LoneProducer(plain);
    const [first, second] = producer.sendEach(2);
    producer.respond({ errorCode: 19 });
    producer.respond();
    producer.advanceMs(100);
    producer.respond();
    expect(producer.outcomes.map((outcome) => outcome.ids)).toEqual(ids([second!, first!]));
  });
});

test('an error that is not retriable fails the batch at once', () => {
  const producer = new LoneProducer(plain);
  producer.sendOne();
  producer.respond({ errorCode: 10 });
  expect(producer.outcomes).toMatchObject([{ errorCode: 10, written: 0 }]);
});

describe('what is known of a record that failed', () => {
  const noRetries = { ...plain, retries: 0 };
  const rows: readonly (readonly [name: string, errorCode: number, written: 0 | 1])[] = [
    ['NOT_ENOUGH_REPLICAS: certainly not written', 19, 0],
    ['MESSAGE_TOO_LARGE: certainly not written', 10, 0],
    ['UNKNOWN_TOPIC_OR_PARTITION: certainly not written', 3, 0],
    ['REQUEST_TIMED_OUT: perhaps written', 7, 1],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND: perhaps written', 20, 1],
    ['NOT_LEADER_OR_FOLLOWER: perhaps written, it may have waited in the purgatory', 6, 1],
  ];

  test.each(rows)('%s', (_name, errorCode, written) => {
    const producer = new LoneProducer(noRetries);
    producer.sendOne();
    producer.respond({ errorCode });
    expect(producer.outcomes).toMatchObject([{ errorCode, written }]);
  });

  test('is the sum of all attempts: one that may have been written is enough', () => {
    const producer = new LoneProducer({ ...plain, retries: 1 });
    producer.sendOne();
    producer.respond({ errorCode: 7 });
    producer.advanceMs(100);
    producer.respond({ errorCode: 19 });
    expect(producer.outcomes).toMatchObject([{ errorCode: 19, written: 1 }]);
  });
});

describe('a lost connection', () => {
  test('fails every request on it; without idempotence their batches go back to the head of the queue in reverse', () => {
    const producer = new LoneProducer(plain);
    const sent = producer.sendEach(4);
    producer.disconnect(1);
    producer.advanceMs(200);
    expect(producer.idsOnTheWire).toEqual(ids(sent.toReversed()));
  });

  test('keeps the order with one in flight, and duplicates what was written before it broke', () => {
    const producer = new LoneProducer({ ...plain, 'max.in.flight.requests.per.connection': 1 });
    const sent = producer.sendEach(3);
    producer.disconnect(1);
    producer.advanceMs(200);
    for (const one of sent) {
      expect(producer.idsOnTheWire).toEqual([[one.id]]);
      producer.respond();
    }
    expect(producer.outcomes.map((outcome) => [outcome.ids[0], outcome.written])).toEqual(
      sent.map(({ id }, i) => [id, i === 0 ? 1 : 0]),
    );
  });

  test('without retries tells NETWORK_EXCEPTION: perhaps written', () => {
    const producer = new LoneProducer({ ...plain, retries: 0 });
    producer.sendEach(2);
    producer.disconnect(1);
    expect(producer.outcomes).toMatchObject([
      { errorCode: 13, written: 1 },
      { errorCode: 13, written: 1 },
    ]);
  });

  test('is what request.timeout.ms makes of a slow answer: all that is in flight on the connection fails with it', () => {
    const producer = new LoneProducer({ ...plain, 'request.timeout.ms': 1000, 'delivery.timeout.ms': 10_000, retries: 0 });
    producer.sendOne();
    producer.advanceMs(500);
    producer.sendOne();
    producer.advanceMs(500);
    expect(producer.outcomes).toEqual([]);
    producer.advanceMs(1);
    expect(producer.outcomes).toMatchObject([
      { errorCode: 7, written: 1 },
      { errorCode: 7, written: 1 },
    ]);
  });
});

describe('delivery.timeout.ms', () => {
  const quick = { ...plain, 'delivery.timeout.ms': 3000, 'request.timeout.ms': 2000, 'linger.ms': 0 };

  test('ends the waiting of a batch that was never sent: certainly not written', () => {
    const producer = new LoneProducer(quick, { leaders: [-1] });
    const sent = producer.sendOne();
    producer.advanceMs(2999);
    expect(producer.outcomes).toEqual([]);
    producer.advanceMs(1);
    expect(producer.outcomes).toEqual([{ ids: [sent.id], errorCode: ClientError.deliveryTimeout, baseOffset: -1, written: 0 }]);
  });

  test('ends the waiting for an answer: perhaps written; the answer that comes late changes nothing', () => {
    const producer = new LoneProducer({ ...quick, 'request.timeout.ms': 3000 });
    producer.sendOne();
    producer.advanceMs(3000);
    expect(producer.outcomes).toMatchObject([{ errorCode: ClientError.deliveryTimeout, written: 1 }]);
    producer.respond({ baseOffset: 5 });
    expect(producer.outcomes).toHaveLength(1);
  });

  test('counts from the first record of the batch: linger, retries and backoff are part of it', () => {
    const producer = new LoneProducer({ ...quick, 'batch.size': 16384, 'linger.ms': 1000 });
    producer.sendOne();
    producer.advanceMs(900);
    producer.sendOne();
    producer.advanceMs(100);
    expect(producer.idsOnTheWire.map((list) => list.length)).toEqual([2]);
    while (producer.outcomes.length === 0) {
      if (producer.produces.length > 0) producer.respond({ errorCode: 19 });
      producer.advanceMs(1);
    }
    expect(producer.nowUs).toBe(3_000_000);
  });

  test('sends what is due at that very moment once more before giving up on it (Sender.sendProducerData)', () => {
    const producer = new LoneProducer({ ...quick, 'retry.backoff.ms': 2000, 'retry.backoff.max.ms': 2000 });
    producer.sendOne();
    producer.advanceMs(1000);
    producer.respond({ errorCode: 19 });
    producer.advanceMs(2000);
    expect(producer.outcomes).toMatchObject([{ errorCode: ClientError.deliveryTimeout, written: 1 }]);
    expect(producer.produces).toHaveLength(1);
  });
});

describe('acks=0', () => {
  const fireAndForget = { ...plain, acks: '0' };

  test('succeeds when the bytes are handed to the socket; no offset is known', () => {
    const producer = new LoneProducer(fireAndForget);
    const sent = producer.sendOne();
    expect(producer.request(0).body.acks).toBe(0);
    expect(producer.outcomes).toEqual([{ ids: [sent.id], errorCode: 0, baseOffset: -1, written: 0 }]);
  });

  test('is never sent again: a connection that breaks afterwards tells nobody', () => {
    const producer = new LoneProducer(fireAndForget);
    producer.sendEach(2);
    producer.disconnect(1);
    producer.advanceMs(5000);
    expect(producer.produces).toEqual([]);
    expect(producer.outcomes.map(({ errorCode }) => errorCode)).toEqual([0, 0]);
  });

  test('that the socket would not take is sent again after the connection broke', () => {
    const producer = new LoneProducer(fireAndForget);
    producer.socketFull = true;
    const sent = producer.sendOne();
    producer.disconnect(1);
    producer.socketFull = false;
    producer.advanceMs(200);
    expect(producer.outcomes).toMatchObject([{ ids: [sent.id], errorCode: 0 }]);
  });
});

describe('a batch that the broker finds too large', () => {
  test('is split into pieces of batch.size, sent in order and without backoff, its retries untouched', () => {
    const producer = new LoneProducer({ 'batch.size': 1000, 'enable.idempotence': false, retries: 0, 'linger.ms': 5 });
    const sent = records(7);
    producer.send(sent);
    producer.advanceMs(5);
    // A topic that takes less than a batch: the client learns it only now.
    producer.state.config satisfies { batchSize: number };
    (producer.state.config as { batchSize: number }).batchSize = 400;
    producer.respond({ errorCode: 10 });
    expect(producer.idsOnTheWire).toEqual(
      [sent.slice(0, 2), sent.slice(2, 4), sent.slice(4, 6), sent.slice(6)].map((part) => part.map(({ id }) => id)),
    );
    while (producer.produces.length > 0) producer.respond();
    expect(producer.outcomes.flatMap((outcome) => outcome.ids)).toEqual(sent.map(({ id }) => id));
    expect(producer.state.bufferUsed).toBe(0);
  });

  test('of one record fails', () => {
    const producer = new LoneProducer(plain);
    producer.sendOne();
    producer.respond({ errorCode: 10 });
    expect(producer.outcomes).toMatchObject([{ errorCode: 10 }]);
  });

  test('that batch.size does not cut is sent again as it is, until it expires (KAFKA-8350)', () => {
    const producer = new LoneProducer({
      'enable.idempotence': false,
      'delivery.timeout.ms': 1000,
      'request.timeout.ms': 500,
      'linger.ms': 5,
    });
    producer.send(records(3));
    producer.advanceMs(5);
    for (let i = 0; i < 20; i++) {
      expect(producer.idsOnTheWire.map((list) => list.length)).toEqual([3]);
      producer.respond({ errorCode: 10 });
      producer.advanceMs(10);
    }
    producer.advanceMs(1000);
    expect(producer.outcomes).toMatchObject([{ errorCode: ClientError.deliveryTimeout }]);
  });
});

test('an unexpected response closes the connection', () => {
  const producer = new LoneProducer(plain);
  producer.sendEach(2);
  const [, second] = producer.produces;
  producer.answer(second!, { api: 0, responses: [] });
  expect(producer.out.all('close')).toHaveLength(1);
  producer.advanceMs(500);
  expect(producer.idsOnTheWire).toHaveLength(2);
});

test('partitions of one broker take turns', () => {
  const producer = new LoneProducer(
    { ...plain, 'max.request.size': 190, 'max.in.flight.requests.per.connection': 1 },
    { leaders: [1, 1, 1] },
  );
  producer.send([0, 1, 2].map((partition) => record({ partition })));
  producer.send([0, 1, 2].map((partition) => record({ partition })));
  const turns: number[] = [];
  while (producer.produces.length > 0) {
    turns.push(producer.onTheWire[0]!.partition);
    producer.respond();
  }
  expect(turns).toEqual([0, 1, 2, 0, 1, 2]);
});
