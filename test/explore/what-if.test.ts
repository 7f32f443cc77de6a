/** Single changes with the same dice: what ends a harm, what does not, what comes instead, and what shows nothing. */
import { shipped } from 'spillway-scenarios';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { mutantNamed } from '../../src/cluster/mutants.ts';
import { run } from '../../src/cluster/run.ts';
import { singleChanges } from '../../src/explore/single-changes.ts';
import { type Counted, type WhatIf, whatIf } from '../../src/explore/what-if.ts';
import { countHarms } from '../../src/oracle/counts.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { findCell } from '../../src/scenario/matrix/campaign.ts';
import { applySet, parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { definitionOf, planOf } from '../../src/scenario/plan-of.ts';
import { caseNamed, everyCase } from '../determinism/every-case.ts';

const changed = (plan: Plan, ...asked: Counted[]): Map<string, WhatIf> =>
  new Map(whatIf({ plan, seed: '1', asked }).map((one) => [`${one.setting}=${one.value}`, one]));

const ofCase = (name: string, ...asked: Counted[]): Map<string, WhatIf> => changed(caseNamed(name).plan, ...asked);

describe('acks=1 and a crash of the leader', () => {
  const tried = ofCase('acks-1-leader-crash/breaks', 'lost');

  test('acks=all ends the loss, alone', () => {
    expect(tried.get('acks=all')).toMatchObject({
      path: 'producers.*.config.acks',
      turnout: 'gone',
      moved: [{ harm: 'lost', before: 30, after: 0 }],
    });
  });
  test('min.insync.replicas does nothing: a produce request with acks=1 never reads it', () => {
    expect(tried.get('min.insync.replicas=1')).toMatchObject({ turnout: 'unchanged', unread: true, moved: [] });
  });
  test('idempotence alone is refused by Kafka', () => {
    expect(tried.get('enable.idempotence=true')).toMatchObject({
      turnout: 'refused',
      why: { code: 'idempotence-needs-acks-all', params: { acks: '1' } },
    });
  });
  test('what is in force already is not tried', () => {
    expect([...tried.keys()]).not.toContain('acks=1');
    expect([...tried.keys()]).not.toContain('min.insync.replicas=2');
    expect([...tried.keys()]).not.toContain('replicationFactor=3');
  });
});

describe('a change is told with what comes instead', () => {
  test('without retries nothing is written twice, and sends end in errors', () => {
    const tried = ofCase('in-flight-retry-reorders/breaks', 'duplicated').get('retries=0');
    expect(tried?.turnout).toBe('gone');
    expect(tried?.moved).toContainEqual({ harm: 'unavailable', before: 0, after: 5 });
  });
  test('a commit before processing repeats nothing and misses', () => {
    const tried = ofCase('commit-after-processing/breaks', 'reprocessed', 'appliedTwice').get('commit=before');
    expect(tried?.turnout).toBe('gone');
    expect(tried?.moved).toContainEqual({ harm: 'missed', before: 0, after: 10 });
  });
  test('a unique key ends the effect and not the repetition: fewer of what was asked about', () => {
    const tried = ofCase('commit-after-processing/breaks', 'reprocessed', 'appliedTwice').get('sink=unique-key');
    expect(tried).toMatchObject({ turnout: 'fewer', moved: [{ harm: 'appliedTwice', before: 10, after: 0 }] });
  });
  test('one request in flight ends the disorder and duplicates more', () => {
    const tried = ofCase('in-flight-retry-reorders/breaks', 'duplicated').get('max.in.flight.requests.per.connection=1');
    expect(tried?.turnout).toBe('more');
  });
});

test('a change after which the fault touches nothing shows nothing', () => {
  const tried = ofCase('idempotence-ends-with-the-process/breaks', 'duplicated').get('flush.messages=1');
  expect(tried).toMatchObject({ turnout: 'inconclusive', why: { code: 'a-fault-never-bit' } });
});

describe('a cell of the matrix', () => {
  const cellOf = (id: string) => findCell({ kafka: '3.9', full: true, own: null }, id)!.cell;

  test('is changed in the same way', () => {
    const tried = changed(cellOf('P3g').plans()[1]!, 'lost');
    expect(tried.get('acks=all')?.turnout).toBe('gone');
  });
  test('shows nothing where what it is about was not felt any more', () => {
    const { plans, bit } = cellOf('C1c');
    const plan = plans()[0]!;
    const asked = ['reprocessed'] as const;
    const without = whatIf({ plan, seed: '1', asked });
    const felt = whatIf({ plan, seed: '1', asked, felt: (_, { history }) => history.handling.count > 1_000_000 });
    expect(without.some(({ turnout }) => turnout === 'gone' || turnout === 'fewer')).toBe(true);
    // Nor was it felt before the change: then the change hides nothing.
    expect(felt).toEqual(without);
    const wanting = whatIf({ plan, seed: '1', asked, felt: (of) => of === plan });
    expect(wanting.every(({ turnout }) => turnout === 'inconclusive' || turnout === 'refused')).toBe(true);
    expect(whatIf({ plan, seed: '1', asked, felt: bit }).some(({ turnout }) => turnout === 'gone')).toBe(true);
  });
});

test('under a mutant the changed runs have it too', () => {
  const { plan } = caseNamed('acks-1-leader-crash/mends');
  const { rules } = mutantNamed('ack-before-isr')!;
  const before = run(compile(plan), { seed: '1', rules });
  expect(countHarms(before.history, before.faults).lost).toBeGreaterThan(0);
  const changes = new Map(singleChanges(plan).map((change) => [`${change.path}=${change.value}`, change]));
  for (const { path, value, turnout, unread, moved } of whatIf({ plan, seed: '1', asked: ['lost'], rules })) {
    if (turnout === 'refused') continue;
    const again = run(compile(changes.get(`${path}=${value}`)!.plan), { seed: '1', rules });
    const counts = countHarms(again.history, again.faults);
    expect(unread).toBe(again.traceHash === before.traceHash);
    for (const { harm, after } of moved) expect(counts[harm]).toBe(after);
  }
});

describe('the path of a change is that of --set', () => {
  const scenarios = shipped.map(({ file, definition, text }) => {
    const { scenario } = text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file);
    return scenario!;
  });

  test.each(everyCase)('$name', ({ name, plan }) => {
    const [scenarioName, caseName = null] = name.split('/') as [string, string?];
    const scenario = scenarios.find((one) => one.name === scenarioName)!;
    for (const { path, value, plan: change } of singleChanges(plan)) {
      const { scenario: set, problems } = applySet(definitionOf(scenario, caseName), { set: { [path]: value }, expect: {} });
      expect(problems, path).toEqual([]);
      // A file may ask for automatic commits in so many words; who commits by itself takes that back.
      if (path === 'groups.*.commit') continue;
      const asSet = planOf({ ...scenario, definition: set }, null);
      // A time to settle of the file's own stays where --set is used; a change gives a member that hangs for longer longer.
      const limits = set.limits?.settle === undefined ? asSet.limits : change.limits;
      expect({ ...asSet, name: plan.name, limits }, path).toEqual(change);
    }
  });
});
