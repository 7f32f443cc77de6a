/** Rest: what goes on for ever may be under way, what would still change something may not. */
import { expect, test } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { committedOffsets } from '../../src/cluster/committed.ts';
import { compile, requestLane } from '../../src/cluster/compile.ts';
import { requestInput } from '../../src/cluster/inputs.ts';
import { atRest } from '../../src/cluster/rest.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import type { GroupConsumer } from '../../src/kafka/consumer/group-consumer.ts';
import { ApiKey, type RequestBody } from '../../src/kafka/protocol/messages.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { Trace } from '../../src/kernel/trace.ts';
import type { GroupPlan } from '../../src/plan/groups.ts';
import { planOf } from './plans.ts';

const billing: GroupPlan = {
  name: 'billing',
  topic: 'orders',
  memberStartsUs: [0],
  pollTimeoutMs: 100,
  commit: 'after-batch',
  sink: 'plain',
  config: { 'auto.offset.reset': 'earliest' },
  handler: {
    takes: { baseUs: 1000, jitterUs: 0 },
    where: 'poll-loop',
    workers: 1,
    keyed: false,
    throwsEvery: 0,
    onThrow: 'carry-on',
  },
};

/** A cluster at rest, whose one member has committed everything. */
function rested(): Cluster {
  const cluster = new Cluster(compile({ ...planOf(), groups: [billing] }), new RandomChoices('1'), new Trace('off'), kafkaRules);
  while (cluster.step()) expect(cluster.kernel.handled).toBeLessThan(100_000);
  expect(cluster.phases.settled).toBe(true);
  return cluster;
}

/** The member sends another request to its coordinator. */
function send(cluster: Cluster, body: RequestBody): void {
  const host = cluster.machines.findIndex((machine) => (machine as GroupConsumer | null)?.state.owned !== undefined);
  const key = cluster.world.hosts[host]!.outbound.findIndex((connection) => connection !== undefined && !connection.dead);
  const header = { api: body.api, apiVersion: 0, correlationId: 9999, clientId: 'billing-1' };
  cluster.world.network.send(host, key, requestLane(body.api), requestInput(key, header, body), 0, -1);
}

function commitOf(offset: number): RequestBody {
  return {
    api: ApiKey.offsetCommit,
    groupId: 'billing',
    generationId: 1,
    memberId: 'billing-1',
    groupInstanceId: null,
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: 0 }] }],
  };
}

test('a commit under way of what is committed is no unrest, one of anything else is', () => {
  const cluster = rested();
  const { offset } = committedOffsets(cluster)[0]!;
  expect(offset).toBe(50);
  expect(atRest(cluster)).toBe(true);
  send(cluster, commitOf(offset));
  expect(atRest(cluster)).toBe(true);
  send(cluster, commitOf(offset - 16));
  expect(atRest(cluster)).toBe(false);
});
