/**
 * `flush.messages=1` does not keep every acknowledged record. A process dies between an append and its flush; the next life recovers the
 * record from the page cache and flushes nothing (LogLoader.recoverLog); the producer's retry is recognised as a duplicate and
 * acknowledged without a flush (UnifiedLog.append); the machine loses power. Found in random plans, shrunk to one record and two faults.
 */
import { expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import type { FaultPlan } from '../../src/plan/faults.ts';
import { evaluate } from '../../src/scenario/evaluate-case.ts';
import { planOf } from '../cluster/plans.ts';

const crash: FaultPlan = {
  name: 'process-crash',
  when: { kind: 'batch-appended', partition: 'orders-0', nth: 1 },
  target: { kind: 'leader', partition: 'orders-0' },
  healAfterUs: 4_000_000,
};
const powerLoss: FaultPlan = {
  name: 'power-loss',
  when: { kind: 'acked', producer: 'p1', nth: 1 },
  target: { kind: 'broker', id: 1 },
};

function judged(faults: readonly FaultPlan[]) {
  const plan = planOf({
    brokers: 1,
    topic: { replicationFactor: 1, config: { 'flush.messages': 1 } },
    producer: { config: { acks: 'all' }, send: { count: 1 } },
    faults,
  });
  return evaluate(compile(plan), { seed: '', trace: 'hash', choices: new ReplayChoices([]) }).judgement;
}

test('a record that recovery found in the page cache is acknowledged as a duplicate, and dies with the power: permitted', () => {
  const { anomalies, unpermitted } = judged([crash, powerLoss]);
  expect(anomalies.map(({ kind, because }) => [kind, because.code])).toContainEqual([
    'lost',
    'replication-factor-1-lost-page-cache',
  ]);
  expect(unpermitted).toBe(0);
});

test('without the crash the flush keeps it', () => {
  expect(judged([powerLoss]).counts.lost).toBe(0);
});
