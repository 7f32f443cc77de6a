/**
 * Replicas that are moved, back again and half-way, and topics that grow, while brokers crash, lose their power and are cut off: no
 * invariant breaks, no harm is left without a rule that allows it, and every run comes to rest.
 */
import { expect, test } from 'vitest';
import { mix32 } from '../../src/kernel/mix.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { parseScenarioData } from '../../src/scenario/parse-scenario.ts';

/** Numbers of a seed, one after the other. */
function dice(seed: number): (below: number) => number {
  let thrown = 0;
  return (below) => (mix32(seed * 1000 + ++thrown) >>> 0) % below;
}

function scenarioOf(seed: number): unknown {
  const below = dice(seed);
  const brokers = (): number[] => {
    const left = [1, 2, 3, 4, 5];
    return Array.from({ length: 1 + below(3) }, () => left.splice(below(left.length), 1)[0]!);
  };
  const faults = Array.from({ length: 4 + below(4) }, () => {
    const when = { at: `${100 + below(20_000)}ms` };
    const broker = 1 + below(5);
    const restartAfter = `${1 + below(20)}s`;
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        return { when, reassign: `orders-${below(2)}`, to: brokers() };
      case 3:
        return { when, cancelReassignment: `orders-${below(2)}` };
      case 4:
        return { when, crash: { broker }, restartAfter };
      case 5:
        return { when, isolate: { broker }, for: restartAfter };
      case 6:
        return { when, powerLoss: { broker }, restartAfter };
      default:
        return { when, addPartitions: 'orders', to: 3 + below(3) };
    }
  });
  return {
    claim: 'an operator is busy',
    cluster: { brokers: 5 },
    topics: {
      orders: {
        partitions: 2,
        replicationFactor: 3,
        config: { 'min.insync.replicas': 1 + below(2), 'unclean.leader.election.enable': below(2) === 1 },
      },
    },
    producers: {
      p1: {
        send: { count: 500, every: '40ms', keys: 7 },
        config: { acks: ['all', 'all', '1'][below(3)], 'metadata.max.age.ms': 1000 },
      },
    },
    consumers: { c1: { validatesPositions: below(2) === 1, config: { 'metadata.max.age.ms': 2000 } } },
    groups: {
      g: {
        members: 2,
        commit: 'after-batch',
        validatesPositions: below(2) === 1,
        config: { 'auto.offset.reset': 'earliest', 'metadata.max.age.ms': 2000 },
      },
    },
    faults,
    expect: { lost: '>= 0' },
  };
}

test.each(Array.from({ length: 40 }, (_, i) => i + 1))('seed %i', (seed) => {
  const { scenario, problems } = parseScenarioData(scenarioOf(seed), 'busy.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { breaches, judgement, run } = evaluateCase(scenario!, null, { seed: String(seed), trace: 'hash' });
  expect(breaches).toEqual([]);
  expect(judgement.anomalies.filter(({ permitted }) => !permitted)).toEqual([]);
  expect(run.ended).toBe('settled');
});
