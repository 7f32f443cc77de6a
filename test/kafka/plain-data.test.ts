/**
 * A machine is a function of its state: a clone taken at any moment and the original, fed the same inputs, say the same and end
 * equal. So a machine can be copied, hashed, rewound and searched.
 */
import { describe, expect, test } from 'vitest';
import { cloneState, equalState, hashState, type IsShared } from '../../src/base/state.ts';
import { Broker } from '../../src/kafka/broker/broker.ts';
import type { BrokerState } from '../../src/kafka/broker/state.ts';
import { Controller } from '../../src/kafka/controller/controller.ts';
import type { Input, Machine, Step } from '../../src/kafka/machine.ts';
import { Producer } from '../../src/kafka/producer/producer.ts';
import { RecordBatch } from '../../src/kafka/protocol/records.ts';
import { batch, records } from './batches.ts';
import { LoneBroker } from './lone-broker.ts';
import { LoneController } from './lone-controller.ts';
import { LoneProducer } from './lone-producer.ts';
import type { MachineBench } from './machine-bench.ts';
import { RecordingOut } from './recording-out.ts';

const isBatch: IsShared = (value) => value instanceof RecordBatch;

/** Listens to a bench from now on. */
function listen(bench: MachineBench<object>): { readonly inputs: { input: Input; step: Step }[]; readonly out: RecordingOut } {
  const inputs: { input: Input; step: Step }[] = [];
  const out = bench.out;
  out.said.length = 0;
  const machine = bench.machine;
  bench.machine = {
    state: machine.state,
    on(input, step, to) {
      inputs.push({ input, step: { ...step } });
      machine.on(input, step, to);
    },
  };
  return { inputs, out };
}

/** Feeds what the original was fed, and compares. */
function replayed<S extends object>(heard: ReturnType<typeof listen>, clone: Machine<S>, original: S): void {
  const out = new RecordingOut();
  // Files that were there before are of no interest: effects are only written down.
  out.create = (file, name) => out.said.push({ say: 'create', file, name });
  out.append = (file, payload, bytes) => out.said.push({ say: 'append', file, payload, bytes });
  out.truncate = (file, extents) => out.said.push({ say: 'truncate', file, extents });
  for (const { input, step } of heard.inputs) clone.on(input, step, out);
  expect(heard.inputs.length).toBeGreaterThan(3);
  expect(out.said).toEqual(heard.out.said);
  expect(hashState(clone.state)).toBe(hashState(original));
  expect(equalState(clone.state, original)).toBe(true);
}

describe('a broker', () => {
  /** In the middle of everything: requests wait, a fetch is under way, an ISR change is pending, an fsync is not done. */
  function busy(): LoneBroker {
    const broker = new LoneBroker({ topic: { 'flush.messages': 3 } });
    broker.create({ leader: 1, leaderEpoch: 0, isr: [1, 2] });
    broker.slowDisk = true;
    broker.produce(-1, batch({ count: 2, producerId: 7 }));
    broker.produce(-1, batch({ count: 2, producerId: 7, sequence: 2 }));
    broker.fetch(2, 2);
    broker.fetch(3, 0);
    broker.fetch(-1, 0, { minBytes: 5000 });
    return broker;
  }

  test('goes on from a clone as the original does', () => {
    const broker = busy();
    const state: BrokerState = cloneState(broker.state, isBatch);
    expect(hashState(state)).toBe(hashState(broker.state));
    const heard = listen(broker);
    broker.fetch(2, 4);
    broker.fsynced();
    broker.advanceMs(20_000);
    broker.change({ leader: 2 });
    broker.leaderSays({ divergingEpoch: { epoch: 0, endOffset: 2 } });
    broker.leaderSays({ records: [batch({ offset: 2, epoch: 1 })], highWatermark: 3 });
    replayed(heard, new Broker(state), broker.state);
  });

  test('is not moved by what happens to its clone', () => {
    const broker = busy();
    const before = hashState(broker.state);
    const clone = new LoneBroker();
    clone.out.load(broker.out.recovered());
    clone.machine = new Broker(cloneState(broker.state, isBatch));
    clone.produce(-1, batch());
    clone.advanceMs(60_000);
    expect(hashState(broker.state)).toBe(before);
    expect(hashState(clone.state)).not.toBe(before);
  });
});

test('a controller goes on from a clone as the original does', () => {
  const controller = LoneController.withBrokers(3);
  controller.create([1, 2, 3]);
  controller.slowDisk = true;
  controller.fetchLog(controller.state.committedOffset);
  controller.heartbeat(1, { wantShutDown: true });
  const state = cloneState(controller.state);
  const heard = listen(controller);
  controller.fsynced();
  controller.slowDisk = false;
  controller.heartbeat(2);
  controller.alter(2, [2]);
  controller.advanceMs(30_000);
  replayed(heard, new Controller(state), controller.state);
});

test('a producer goes on from a clone as the original does', () => {
  const producer = new LoneProducer({ 'batch.size': 400, 'buffer.memory': 2000, 'linger.ms': 5 }, { leaders: [1, 2] });
  producer.send([...records(6), ...records(4, { partition: 1 }), ...records(3, { partition: -1 })]);
  producer.respond({ errorCode: 19 });
  expect(producer.state.blocked.length).toBeGreaterThan(0);
  const state = cloneState(producer.state, isBatch);
  const heard = listen(producer);
  producer.respond({ errorCode: 45 });
  producer.disconnect(1);
  producer.advanceMs(500);
  while (producer.produces.length > 0) producer.respond();
  producer.advanceMs(5000);
  expect(producer.outcomes.length).toBeGreaterThan(0);
  replayed(heard, new Producer(state), producer.state);
});
