/** Every scenario of the repository parses without an error, in every case becomes a Plan, and keeps the conventions. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectationOf } from '../../src/scenario/expectation.ts';
import { type ParsedScenario, parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { caseNames, planOf } from '../../src/scenario/plan-of.ts';
import { settingsOf } from '../../src/scenario/settings-of.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => /\.(ts|ya?ml)$/.test(file));

async function load(file: string): Promise<ParsedScenario> {
  const text = readFileSync(new URL(file, folder), 'utf8');
  if (!file.endsWith('.ts')) return parseScenarioText(text, file);
  const module = (await import(new URL(file, folder).href)) as { default: unknown };
  return parseScenarioData(module.default, file, text);
}

test('there are the scenarios that the claims need, some of them in YAML', () => {
  expect(files.length).toBeGreaterThanOrEqual(18);
  expect(files.filter((file) => !file.endsWith('.ts')).length).toBeGreaterThanOrEqual(3);
});

describe.each(files)('%s', (file) => {
  test('parses, and only warns of what it means to show', async () => {
    const { scenario, problems } = await load(file);
    expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
    for (const problem of problems) {
      expect(problem.code).toMatch(/^(idempotence-disabled-by-(acks|retries)|handler-outlasts-poll-interval)$/);
      expect(problem.line, JSON.stringify(problem)).toBeGreaterThan(1);
    }
    expect(scenario!.name).toBe(file.replace(/^.*\//, '').replace(/\.[^.]+$/, ''));
    expect(scenario!.name).toMatch(/^[a-z0-9-]+$/);
    expect(scenario!.definition.source).toBeTruthy();
  });

  test('has a case that breaks and one that mends, each with a Plan of its own', async () => {
    const { scenario } = await load(file);
    const names = caseNames(scenario!);
    expect(names).toContain('breaks');
    expect(names).toContain('mends');
    const plans = names.map((name) => planOf(scenario!, name));
    const different = plans.map((plan) => JSON.stringify({ ...plan, name: '' }));
    expect(new Set(different).size).toBe(plans.length);
    for (const [i, plan] of plans.entries()) {
      expect(plan).toEqual(planOf(scenario!, names[i]!));
      expect(structuredClone(plan)).toEqual(plan);
      expect(Object.keys(expectationOf(scenario!, names[i]!).expect).length).toBeGreaterThan(0);
      expect(Object.keys(settingsOf(plan))).toContain(`producers.${plan.producers[0]!.name}.acks`);
    }
  });
});
