/** CreatePartitions: what is refused, and what the new partitions are. Quoted are messages of ReplicationControlManager. */
import { expect, test } from 'vitest';
import type { CreatePartitionsResponse } from '../../../src/kafka/protocol/messages.ts';
import { LoneController } from '../lone-controller.ts';

function withTopic(): LoneController {
  const bench = LoneController.withBrokers(3);
  bench.create([1, 2]);
  return bench;
}

function add(bench: LoneController, count: number, assignments: readonly (readonly number[])[], name = 'orders'): number {
  const answer = bench.ask({ api: 37, topics: [{ name, count, assignments }] }) as CreatePartitionsResponse;
  return answer.results[0]!.errorCode;
}

test('new partitions have leaders of their own; the old one stays as it is', () => {
  const bench = withTopic();
  const before = { ...bench.partition };
  expect(
    add(bench, 3, [
      [2, 3],
      [3, 1],
    ]),
  ).toBe(0);
  expect(bench.partition).toEqual(before);
  const { partitions } = bench.state.topics[0]!;
  expect(partitions.map(({ leader, isr, leaderEpoch }) => [leader, isr, leaderEpoch])).toEqual([
    [1, [1, 2], 0],
    [2, [2, 3], 0],
    [3, [3, 1], 0],
  ]);
});

test('only active brokers enter the first ISR', () => {
  const bench = withTopic();
  bench.silence(2);
  expect(add(bench, 2, [[2, 3]])).toBe(0);
  expect(bench.state.topics[0]!.partitions[1]).toMatchObject({ replicas: [2, 3], isr: [3], leader: 3 });
});

test.each([
  ['"Topic already has 1 partition(s)."', 1, [], 37],
  ['"would not be an increase"', 0, [], 37],
  ['"only 1 assignment(s) were specified"', 3, [[1, 2]], 39],
  ['"no such broker is registered"', 2, [[1, 4]], 39],
  ['"includes the broker 1 more than once"', 2, [[1, 1]], 39],
  ['"not consistent with previous partitions, which have 2 replica(s)"', 2, [[1, 2, 3]], 39],
] as const)('refused: %s', (_why, count, assignments, errorCode) => {
  const bench = withTopic();
  expect(add(bench, count, assignments)).toBe(errorCode);
  expect(bench.state.topics[0]!.partitions).toHaveLength(1);
});

test('refused: "All brokers specified in the manual partition assignment … are fenced", and a topic that nobody knows', () => {
  const bench = withTopic();
  bench.silence(3);
  expect(add(bench, 2, [[3, 2]])).toBe(0);
  bench.silence(2, 3);
  expect(add(bench, 3, [[3, 2]])).toBe(39);
  expect(add(bench, 2, [[1, 2]], 'payments')).toBe(3);
});
