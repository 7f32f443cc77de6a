/**
 * All that a process knows is in its state: a run in which every machine is replaced by one made of a clone of its state, again and
 * again, is the same run. And no state holds a function.
 */
import { describe, expect, test } from 'vitest';
import { cloneState, type IsShared } from '../../src/base/state.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { type CompiledPlan, compile } from '../../src/cluster/compile.ts';
import { kafkaRules } from '../../src/cluster/rules.ts';
import { Admin } from '../../src/kafka/admin/admin.ts';
import { Broker } from '../../src/kafka/broker/broker.ts';
import { QuorumBroker } from '../../src/kafka/broker/quorum/quorum-broker.ts';
import { ZkBroker } from '../../src/kafka/broker/zk/zk-broker.ts';
import { Consumer } from '../../src/kafka/consumer/consumer.ts';
import { GroupConsumer } from '../../src/kafka/consumer/group-consumer.ts';
import { Controller } from '../../src/kafka/controller/controller.ts';
import { QuorumController } from '../../src/kafka/controller/quorum-controller.ts';
import type { Machine } from '../../src/kafka/machine.ts';
import { Producer } from '../../src/kafka/producer/producer.ts';
import { RecordBatch } from '../../src/kafka/protocol/records.ts';
import { ZooKeeper } from '../../src/kafka/zookeeper/zookeeper.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { Trace } from '../../src/kernel/trace.ts';
import { everyCase } from './every-case.ts';

const isBatch: IsShared = (value) => value instanceof RecordBatch;

function cloned(machine: Machine<object>): Machine<object> {
  if (machine instanceof ZooKeeper) return new ZooKeeper(cloneState(machine.state, isBatch));
  if (machine instanceof ZkBroker) return new ZkBroker(cloneState(machine.state, isBatch));
  if (machine instanceof QuorumBroker) return new QuorumBroker(cloneState(machine.state, isBatch));
  if (machine instanceof QuorumController) return new QuorumController(cloneState(machine.state, isBatch));
  if (machine instanceof Broker) return new Broker(cloneState(machine.state, isBatch));
  if (machine instanceof Controller) return new Controller(cloneState(machine.state, isBatch));
  if (machine instanceof Producer) return new Producer(cloneState(machine.state, isBatch));
  if (machine instanceof Consumer) return new Consumer(cloneState(machine.state, isBatch));
  if (machine instanceof GroupConsumer) return new GroupConsumer(cloneState(machine.state, isBatch));
  if (machine instanceof Admin) return new Admin(cloneState(machine.state, isBatch));
  throw new Error('every machine can be cloned');
}

/** Digest of a run; `everyEvents` says how often machines are replaced, 0 for never. */
function digest(compiled: CompiledPlan, everyEvents: number): { hash: string; clones: number } {
  const trace = new Trace('hash');
  const cluster = new Cluster(compiled, new RandomChoices('1'), trace, kafkaRules, new Kernel());
  let clones = 0;
  for (let event = 1; cluster.step(); event++) {
    if (everyEvents === 0 || event % everyEvents !== 0) continue;
    for (const [host, machine] of cluster.machines.entries()) {
      if (machine === null) continue;
      cluster.machines[host] = cloned(machine);
      clones++;
    }
  }
  return { hash: trace.digest(), clones };
}

describe.each(everyCase)('$name', ({ plan }) => {
  test('is the same run with clones', () => {
    const compiled = compile(plan);
    const replaced = digest(compiled, 41);
    expect(replaced.hash).toBe(digest(compiled, 0).hash);
    expect(replaced.clones).toBeGreaterThan(30);
  });
});
