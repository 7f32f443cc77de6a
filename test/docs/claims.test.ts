/** Every statement of `docs/claims.md` has its verdict, and every line in it runs as expected. */

import { shipped } from 'spillway-scenarios';
import { describe, expect, test } from 'vitest';
import { claimsMarkdown, replayLine } from '../../src/report/claims-markdown.ts';
import { claimSections, verdictWords } from '../../src/report/messages/claims.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { type LoadedScenario, parseScenarioData, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { caseNames } from '../../src/scenario/plan-of.ts';
import { expectGolden } from '../infra/golden.ts';

function scenarioNamed(name: string): LoadedScenario {
  const { file, definition, text } = shipped.find((one) => one.file.replace(/\.[^.]+$/, '').endsWith(name))!;
  const { scenario } = text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file);
  return scenario!;
}

const claims = claimSections.flatMap((section) => section.claims);

test('docs/claims.md is what the table says', () => expectGolden('docs/claims.md', claimsMarkdown()));

test('47 statements, each once, each in both languages', () => {
  expect(claims.map(({ id }) => id)).toEqual(Array.from({ length: 47 }, (_, i) => i + 1));
  for (const { id, statement, reason, verdict, version, scenario } of claims) {
    expect(verdictWords[verdict], String(id)).toBeDefined();
    for (const { en, zh } of [statement, reason]) {
      expect(en, String(id)).toMatch(/[.]$/);
      expect(zh, String(id)).toMatch(/。$/);
    }
    if (verdict === 'outdated') expect(version, String(id)).not.toBeNull();
    if (verdict !== 'open') expect(scenario, String(id)).not.toBeNull();
  }
});

describe.each([...new Set(claims.flatMap(({ scenario }) => scenario ?? []))])('%s', (name) => {
  test(`shows what it is named for: ${replayLine(name)}`, () => {
    const scenario = scenarioNamed(name);
    for (const caseName of caseNames(scenario)) {
      const { outcome } = evaluateCase(scenario, caseName, { seed: '1', trace: 'hash' });
      expect(outcome.outcome, `${name}/${caseName}`).toBe('as-expected');
    }
  });
});
