/**
 * Paths of `set`: into configs with dotted keys, topics with dots, faults by index, every entry at once; and where they go
 * wrong.
 */
import { describe, expect, test } from 'vitest';
import { defineScenario, leader, leaderElected, pause, when } from '../../src/scenario/define-scenario.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { setPath } from '../../src/scenario/set-path.ts';

const scenario = defineScenario({
  claim: 'x',
  topics: { orders: {}, 'orders.dead.letters': { partitions: 2 } },
  producers: { p1: {}, p2: { config: { acks: 1 } } },
  faults: [when(leaderElected('orders-0', 2), pause(leader('orders-0'), { for: '1s' }))],
  expect: {},
});

const set = (path: string, value: unknown): Scenario => {
  const result = setPath(scenario, path, value);
  if (!('scenario' in result)) throw new Error(JSON.stringify(result.problem));
  return result.scenario;
};

describe('reaches', () => {
  test('a setting, though its name is dotted and there was no config', () => {
    expect(set('producers.p1.config.max.in.flight.requests.per.connection', 1).producers!['p1']).toEqual({
      config: { 'max.in.flight.requests.per.connection': 1 },
    });
    expect(set('cluster.config.log.flush.interval.messages', 1).cluster).toEqual({
      config: { 'log.flush.interval.messages': 1 },
    });
  });

  test('the longest topic that the path begins with', () => {
    expect(set('topics.orders.dead.letters.partitions', 5).topics!['orders.dead.letters']).toEqual({ partitions: 5 });
    expect(set('topics.orders.partitions', 5).topics!['orders']).toEqual({ partitions: 5 });
  });

  test('every entry', () => {
    const { producers } = set('producers.*.config.acks', 0);
    expect(producers).toEqual({ p1: { config: { acks: 0 } }, p2: { config: { acks: 0 } } });
  });

  test('a fault by its index, whole or in part', () => {
    expect(set('faults.0.for', '9s').faults![0]).toMatchObject({ for: '9s', pause: { leader: 'orders-0' } });
    expect(set('faults.0.when.leaderElected.nth', 3).faults![0]!.when).toEqual({
      leaderElected: { partition: 'orders-0', nth: 3 },
    });
    expect(set('faults.0', { crash: 'controller', when: { at: '1s' } }).faults![0]).toEqual({
      crash: 'controller',
      when: { at: '1s' },
    });
  });

  test('what is not there yet', () => {
    expect(set('limits.heal', '5s').limits).toEqual({ heal: '5s' });
    expect(set('producers.p1.send.count', 5).producers!['p1']).toEqual({ send: { count: 5 } });
  });

  test('and leaves the scenario as it was', () => {
    const before = structuredClone(scenario);
    set('producers.p2.config.acks', 'all');
    expect(scenario).toEqual(before);
  });
});

describe('goes wrong at', () => {
  test.each([
    ['producrs.p1.config.acks', 'producrs', 'producers'],
    ['producers.p3.config.acks', 'p3', 'p1'],
    ['producers.p1.confg.acks', 'confg', 'config'],
    ['topics.order.partitions', 'order', 'orders'],
    ['faults.1.for', '1', null],
    ['faults.first', 'first', null],
    ['faults.0.restartAfter', 'restartAfter', null],
    ['claim.x', 'x', null],
    ['', '', null],
  ])('%s', (path, found, nearest) => {
    expect(setPath(scenario, path, 1)).toMatchObject({ problem: { found, nearest } });
  });
});
