/** The end of a record's life: what the members of a group did with it, and where their group would read on. */
import { shipped } from 'spillway-scenarios';
import { expect, test } from 'vitest';
import { lifeOf } from '../../src/report/life-story.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { type LoadedScenario, parseScenarioData } from '../../src/scenario/parse-scenario.ts';

function scenarioNamed(name: string): LoadedScenario {
  const { file, definition } = shipped.find((one) => one.file.endsWith(`${name}.ts`))!;
  return parseScenarioData(definition, file).scenario!;
}

/** Who did what to the first record with such an anomaly. */
function storyOf(scenario: string, kind: string): (readonly [string, string])[] {
  const { run, judgement, compiled } = evaluateCase(scenarioNamed(scenario), 'breaks', { seed: '1', trace: 'full' });
  const harmed = judgement.anomalies.find((anomaly) => anomaly.kind === kind)!;
  const { steps } = lifeOf(
    {
      hosts: compiled.hostNames,
      topics: compiled.topics.map(({ plan }) => plan.name),
      groups: compiled.groups.map(({ plan }) => plan.name),
      faults: compiled.plan.faults.map(({ name }) => name),
      history: run.history,
      notes: run.trace,
      startedAtUs: run.startedAtUs,
    },
    harmed.recordId,
  );
  const from = steps.findIndex(({ code }) => code === 'handed' || code === 'commit-sent');
  return steps.slice(from).map(({ host, code }) => [host, code]);
}

test('a member that is paused, replaced, and finishes late', () => {
  expect(storyOf('paused-past-its-session', 'appliedTwice')).toEqual([
    ['billing-1', 'handed'],
    ['billing-1', 'host-paused'],
    ['broker-1', 'member-removed'],
    ['billing-2', 'position-from-commit'],
    ['billing-2', 'handed'],
    ['billing-2', 'applied'],
    ['billing-2', 'commit-sent'],
    ['broker-1', 'offset-committed'],
    ['billing-1', 'host-resumed'],
    ['billing-1', 'applied'],
    ['billing-1', 'commit-sent'],
    ['broker-1', 'offset-commit-refused'],
    ['billing-1', 'commit-failed'],
    ['broker-1', 'in-log'],
    ['billing', 'committed-at-the-end'],
  ]);
});

test('a record that is committed, in hand, and gone with its member', () => {
  const story = storyOf('commit-before-processing', 'missed');
  expect(story).toEqual([
    ['billing-1', 'commit-sent'],
    ['broker-1', 'offset-committed'],
    ['billing-1', 'handed'],
    ['billing-1', 'process-crashed'],
    ['broker-1', 'member-removed'],
    ['billing-1', 'host-started'],
    ['broker-1', 'group-rebalancing'],
    // At an offset behind the record: nobody will ever read it.
    ['billing-1', 'position-from-commit'],
    ['broker-1', 'in-log'],
    ['billing', 'committed-at-the-end'],
  ]);
});

test('a member that is late for ever: two rounds are told, then how many more there were', () => {
  const round = [
    ['billing-1', 'handed'],
    ['billing-1', 'applied'],
    ['billing-1', 'poll-interval-exceeded'],
    ['broker-1', 'member-removed'],
    ['billing-1', 'commit-failed'],
    ['broker-1', 'group-rebalancing'],
  ];
  expect(storyOf('handler-past-max-poll-interval', 'reprocessed')).toEqual([
    ...round,
    ['billing-1', 'offset-reset'],
    ...round,
    ['billing-1', 'and-again'],
    ['broker-1', 'and-again'],
    ['broker-1', 'in-log'],
    ['billing', 'nothing-committed'],
  ]);
});

test('a committed offset that is lost with the power', () => {
  const story = storyOf('committed-offset-goes-back', 'reprocessed').map(([, code]) => code);
  const told = ['offset-committed', 'power-lost', 'coordinator-loaded', 'position-from-commit', 'handed'];
  let from = -1;
  for (const code of told) {
    const at = story.indexOf(code, from + 1);
    expect(at, code).toBeGreaterThan(from);
    from = at;
  }
});
