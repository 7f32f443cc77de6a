/** The story of what is about no single record: deaths, elections and what groups went through, and nothing of other partitions. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ClusterPart, clusterStoryOf } from '../../src/report/cluster-story.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { root } from '../infra/sources.ts';

/** Who did what in a run of the corpus, and whether it was a turn. */
function storyOf(name: string, part: ClusterPart): string[] {
  const file = `corpus/${name}.yaml`;
  const { scenario } = parseScenarioText(readFileSync(`${root}/${file}`, 'utf8'), file);
  const { run, compiled } = evaluateCase(scenario!, null, { seed: '1', trace: 'full' });
  const source = {
    hosts: compiled.hostNames,
    topics: compiled.topics.map(({ plan }) => plan.name),
    groups: compiled.groups.map(({ plan }) => plan.name),
    faults: compiled.plan.faults.map(({ name: fault }) => fault),
    history: run.history,
    notes: run.trace,
    startedAtUs: run.startedAtUs,
  };
  return clusterStoryOf(source, part).map(({ host, code, weight }) => `${host} ${code}${weight === undefined ? '' : ' !'}`);
}

test('a broker whose former life is registered over the present one', () => {
  const story = storyOf('stuck-broker-deposed', { partition: null, groups: false });
  expect(story.filter((step) => step.includes('broker-2') || step.endsWith('!'))).toEqual([
    'broker-2 process-crashed !',
    'broker-2 host-started',
    'broker-2 power-lost !',
    'broker-2 host-started',
    'controller partition-offline !',
    'controller former-life-registered !',
  ]);
  // Of no partition of that name anything is told, of the cluster all the same.
  const elsewhere = storyOf('stuck-broker-deposed', { partition: 'orders-7', groups: false });
  expect(elsewhere).toEqual(
    story.filter((step) => !/partition-offline|leader-elected|became-leader|isr-changed|log-recovered/.test(step)),
  );
  expect(elsewhere.length).toBeLessThan(story.length);
});

test('a group that cannot keep up; what repeats is folded', () => {
  const part = { partition: 'orders-0', groups: true };
  const story = storyOf('stuck-group-lags', part);
  expect(story.filter((step) => step === 'billing-1 poll-interval-exceeded')).toHaveLength(2);
  expect(story).toContain('billing-1 and-again');
  expect(storyOf('stuck-group-lags', { ...part, groups: false }).join()).not.toContain('poll-interval-exceeded');
});
