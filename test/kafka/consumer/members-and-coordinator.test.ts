/** Members and a broker that speak with each other, without a network: both sides mean the same by what they say. */
import { expect, test } from 'vitest';
import type { MetadataRecord } from '../../../src/kafka/protocol/metadata-records.ts';
import { batch } from '../batches.ts';
import { LoneBroker } from '../lone-broker.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';
import type { Sent } from '../machine-bench.ts';

const apis = [1, 2, 3, 8, 9, 10, 11, 12, 13, 14] as const;

/** A member that polls without pause, and whose requests all go to the one broker. */
class Polling extends LoneGroupConsumer {
  private readonly broker: LoneBroker;
  private readonly asked = new Map<Sent, ReturnType<LoneBroker['ask']>>();

  constructor(broker: LoneBroker) {
    super({ 'max.poll.records': 3, 'auto.commit.interval.ms': 1000, 'heartbeat.interval.ms': 500 });
    this.autoAnswer = null;
    this.broker = broker;
  }

  live(ms: number): void {
    if (this.out.all('halt').length > 0) return;
    if (this.state.call === null) this.poll(200);
    this.exchange();
    this.advanceMs(ms);
    this.exchange();
  }

  exchange(): void {
    const waiting = apis.flatMap((api): Sent[] => this.waiting(api));
    for (const request of waiting) {
      if (!this.asked.has(request)) this.asked.set(request, this.broker.ask(request.body, request.header.clientId));
    }
    const inOrder = waiting.sort((a, b) => a.header.correlationId - b.header.correlationId);
    const unanswered = new Set<number>();
    for (const request of inOrder) {
      const answer = this.asked.get(request)!();
      // Answers keep the order of their connection.
      if (answer === undefined || answer === null) unanswered.add(request.connection);
      else if (!unanswered.has(request.connection)) this.answer(request, answer);
    }
  }
}

function letPass(ms: number, broker: LoneBroker, members: readonly Polling[]): void {
  for (let passed = 0; passed < ms; passed += 10) {
    for (const member of members) member.live(10);
    broker.advanceMs(10);
  }
}

test('one member reads all, two share, the one that is left goes on where the other has committed', () => {
  const broker = new LoneBroker();
  const led = (topicId: number, partitionId: number): MetadataRecord => ({
    kind: 'PartitionRecord',
    topicId,
    partitionId,
    replicas: [1],
    isr: [1],
    leader: 1,
    leaderEpoch: 0,
    partitionEpoch: 0,
  });
  broker.tell([
    { kind: 'TopicRecord', name: 'orders', topicId: 0 },
    ...[0, 1, 2].map((partition) => led(0, partition)),
    { kind: 'TopicRecord', name: '__consumer_offsets', topicId: 1 },
    led(1, 0),
  ]);
  const produce = (): unknown => broker.produceTo([0, 1, 2], 1, batch({ count: 4 }));
  const first = new Polling(broker);
  const second = new Polling(broker);

  produce();
  letPass(5000, broker, [first]);
  expect(first.callbacks).toEqual(['+[0,1,2]']);
  expect(first.polled.map(([, from, to]) => to! - from!).reduce((a, b) => a + b)).toBe(12);

  letPass(5000, broker, [first, second]);
  expect(first.callbacks).toEqual(['+[0,1,2]', '-[0,1,2]', '+[0,1]']);
  expect(second.callbacks).toEqual(['+[2]']);
  // What the first one had read was committed before it gave it up.
  expect(second.polled).toEqual([]);

  produce();
  letPass(500, broker, [first, second]);
  first.close();
  letPass(200, broker, [first, second]);
  expect(first.out.all('halt')).toHaveLength(1);

  letPass(3000, broker, [second]);
  produce();
  letPass(2000, broker, [second]);
  expect(second.callbacks).toEqual(['+[2]', '-[2]', '+[0,1,2]']);
  const read = (partition: number) =>
    [...first.polled, ...second.polled].filter(([of]) => of === partition).flatMap(([, from, to]) => [from, to]);
  // Every record once, in order.
  for (const partition of [0, 1, 2]) {
    const bounds = read(partition);
    expect([bounds[0], bounds.at(-1)]).toEqual([0, 12]);
    for (let i = 1; i + 1 < bounds.length; i += 2) expect(bounds[i + 1]).toBe(bounds[i]);
  }
});
