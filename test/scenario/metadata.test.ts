/** Who keeps the metadata of a cluster, as scenarios say it. */
import { expect, test } from 'vitest';
import { parseScenarioData } from '../../src/scenario/parse-scenario.ts';
import { planOf } from '../../src/scenario/plan-of.ts';
import { scenarioOf } from '../../src/scenario/scenario-of.ts';
import type { Scenario } from '../../src/scenario/schema.ts';

function parsed(definition: Omit<Scenario, 'claim' | 'expect'>): ReturnType<typeof parseScenarioData> {
  return parseScenarioData({ claim: 'x', ...definition, expect: {} }, 'x.yaml');
}
const codes = (definition: Omit<Scenario, 'claim' | 'expect'>): string[] => parsed(definition).problems.map(({ code }) => code);
const model = (definition: Omit<Scenario, 'claim' | 'expect'>): string =>
  planOf(parsed(definition).scenario!, null).metadata ?? 'kraft';

test('2.8 keeps it in ZooKeeper, later versions in KRaft, unless the scenario says otherwise', () => {
  expect([model({ kafka: '2.8' }), model({ kafka: '3.9' }), model({ kafka: '4.1' }), model({})]).toEqual([
    'zookeeper',
    'kraft',
    'kraft',
    'kraft',
  ]);
  expect(model({ kafka: '2.8', cluster: { metadata: 'kraft' } })).toBe('kraft');
  expect(model({ kafka: '3.9', cluster: { metadata: 'zookeeper' } })).toBe('zookeeper');
});

test('4.0 removed ZooKeeper, so that 4.1 refuses it', () => {
  expect(codes({ kafka: '4.1', cluster: { metadata: 'zookeeper' } })).toEqual(['zookeeper-removed']);
});

test('faults on ZooKeeper need one', () => {
  const faults: Scenario['faults'] = [
    { crash: 'zookeeper', when: { at: '1s' } },
    { isolate: { leader: 'orders-0' }, from: 'zookeeper', when: { at: '1s' } },
  ];
  expect(codes({ faults })).toEqual(['no-zookeeper', 'no-zookeeper']);
  expect(codes({ faults, cluster: { metadata: 'zookeeper' } })).toEqual([]);
});

test('its host has a name that links may use', () => {
  const links = { 'broker-1 -> zookeeper': '40ms' } as const;
  expect(codes({ cluster: { links, metadata: 'zookeeper' } })).toEqual([]);
  expect(codes({ cluster: { links } })).toEqual(['no-such-host']);
});

test('a plan written as a scenario keeps it', () => {
  for (const kafka of ['2.8', '3.9'] as const) {
    for (const metadata of ['kraft', 'zookeeper'] as const) {
      const plan = planOf(parsed({ kafka, cluster: { metadata } }).scenario!, null);
      const again = parseScenarioData(scenarioOf(plan, { claim: 'x', expect: {} }), 'x.yaml').scenario!;
      expect(planOf(again, null).metadata).toBe(plan.metadata);
    }
  }
});
