/** The corpus: every witness goes on showing what it was kept for, is as small as it says, and stands under its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { root } from '../infra/sources.ts';

const files = readdirSync(`${root}/corpus`).filter((file) => file.endsWith('.yaml'));

test('there are many, and every harm that Kafka does is among them', () => {
  expect(files.length).toBeGreaterThanOrEqual(34);
  const harms = ['lost', 'swallowed', 'missed', 'duplicated', 'reprocessed', 'applied-twice', 'reordered', 'dirty-read', 'stuck'];
  for (const harm of harms)
    expect(
      files.some((file) => file.startsWith(`${harm}-`)),
      harm,
    ).toBe(true);
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(`${root}/corpus/${file}`, 'utf8');
  const { scenario, problems } = parseScenarioText(text, file);

  test('is sound, and says where it comes from', () => {
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(scenario!.definition.source).toMatch(/Spillway \d/);
    expect(scenario!.definition.choices).toBeDefined();
    const { because, ...harm } = scenario!.definition.expect!;
    const words = `${Object.keys(harm)[0]}-${String(because)}`.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(file).toBe(`${words}.yaml`);
  });

  test('shows what it was kept for, whatever the seed', () => {
    const [first, second] = ['1', 'other'].map((seed) => evaluateCase(scenario!, null, { seed, trace: 'hash' }));
    expect(first!.outcome.expect.filter(({ held }) => !held)).toEqual([]);
    expect(first!.outcome.outcome).toBe('as-expected');
    expect(second!.run.traceHash).toBe(first!.run.traceHash);
  });
});
