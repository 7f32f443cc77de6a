/** IncrementalAlterConfigs: what a controller records, and what it decides by from then on. */
import { expect, test } from 'vitest';
import { resolveBroker } from '../../../src/kafka/config/resolve.ts';
import { replay } from '../../../src/kafka/controller/replay.ts';
import { createControllerState } from '../../../src/kafka/controller/state.ts';
import type { IncrementalAlterConfigsResponse } from '../../../src/kafka/protocol/messages.ts';
import { LoneController } from '../lone-controller.ts';

function alter(bench: LoneController, configs: Readonly<Record<string, string>>, name = 'orders'): number {
  const answer = bench.ask({ api: 44, topics: [{ name, configs }] }) as IncrementalAlterConfigsResponse;
  return answer.responses[0]!.errorCode;
}

test('a setting counts from then on; one of a topic that nobody knows is refused', () => {
  const bench = LoneController.withBrokers(3);
  bench.create([1, 2, 3], { 'min.insync.replicas': '2' });
  expect(alter(bench, { 'min.insync.replicas': '1' })).toBe(0);
  expect(bench.state.topics[0]!.config.get('min.insync.replicas')).toBe('1');
  expect(alter(bench, { 'min.insync.replicas': '1' }, 'payments')).toBe(3);
});

test('unclean elections that are allowed now happen with the next look at partitions without a leader', () => {
  const bench = LoneController.withBrokers(2, { 'broker.session.timeout.ms': 9000 });
  bench.create([1, 2]);
  bench.alter(1, [1]);
  bench.silence(1);
  expect(bench.partition).toMatchObject({ leader: -1, isr: [1] });
  alter(bench, { 'unclean.leader.election.enable': 'true' });
  expect(bench.partition.leader).toBe(-1);
  // unclean.leader.election.interval.ms: the brokers heartbeat until it is over.
  for (let second = 0; second < 300 && bench.partition.leader < 0; second++) {
    bench.heartbeat(2);
    bench.advanceMs(1000);
  }
  expect(bench.partition).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 });
});

test('another minimum forgets who was eligible by the last one (ClearElrRecord), and no partition epoch grows', () => {
  const state = createControllerState(resolveBroker({}, '4.1').config, true);
  replay(state, { kind: 'TopicRecord', name: 'orders', topicId: 0 });
  const of = { topicId: 0, partitionId: 0 };
  replay(state, { kind: 'PartitionRecord', ...of, replicas: [1, 2], isr: [1], leader: 1, leaderEpoch: 0, partitionEpoch: 0 });
  Object.assign(state.topics[0]!.partitions[0]!, { elr: [2], lastKnownElr: [1] });
  replay(state, { kind: 'ClearElrRecord', topicId: 0 });
  expect(state.topics[0]!.partitions[0]).toMatchObject({ elr: [], lastKnownElr: [], partitionEpoch: 0 });
});
