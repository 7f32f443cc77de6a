/** Every case of the canon is shown or says what is missing, and `docs/canon.md` is what the runs give. */
import { shipped } from 'spillway-scenarios';
import { expect, test } from 'vitest';
import { evidences } from '../../src/report/canon/canon-case.ts';
import { canonMarkdown, isShown } from '../../src/report/canon/canon-markdown.ts';
import { canonSeeds, runAsItWas, runCanonCase, runCanonScenario } from '../../src/report/canon/canon-runs.ts';
import { canonCases, canonSections } from '../../src/report/canon/cases.ts';
import { chaosRows } from '../../src/report/canon/chaos-table.ts';
import { shippedScenario } from '../determinism/every-case.ts';
import { expectGolden } from '../infra/golden.ts';

const named = [...new Set([...canonCases.flatMap(({ shownBy }) => shownBy), ...chaosRows.map(({ scenario }) => scenario)])];
const runs = new Map(named.map((name) => [name, runCanonScenario(shippedScenario(name))]));
const asItWas = new Map(
  canonCases.flatMap(({ number, asItWas: form }) =>
    form === null ? [] : [[number, runAsItWas(shippedScenario(form.scenario), form)] as const],
  ),
);

test('docs/canon.md is what the runs give', () =>
  expectGolden('docs/canon.md', canonMarkdown({ sections: canonSections, runs, asItWas })));

test('every case, in the order of its number', () => {
  // 11, 13, 17, 26, 31, 33, 39, 42, 44, 45, 47, 76, 86, 91 and 107 were struck out when the canon was made.
  const struck = [11, 13, 17, 26, 31, 33, 39, 42, 44, 45, 47, 76, 86, 91, 107];
  const all = Array.from({ length: 112 }, (_, i) => i + 1).filter((number) => !struck.includes(number));
  expect(canonCases.map(({ number }) => number)).toEqual(all);
});

test.each(canonCases)('$number says where it comes from, and is shown or says what is missing', (one) => {
  expect(evidences).toContain(one.evidence);
  for (const text of [one.title, one.source, one.versions, one.expected]) expect(text).not.toBe('');
  expect(isShown(one) || one.lacks !== null).toBe(true);
  for (const scenario of one.shownBy) expect(runs.get(scenario)!.length).toBeGreaterThan(1);
});

test('a scenario of the canon carries the number of its case, and its case names it', () => {
  const files = shipped.map(({ file }) => file).filter((file) => file.startsWith('scenarios/canon/'));
  for (const file of files) {
    const [, name, number] = /^scenarios\/canon\/((\d+)-[a-z0-9-]+)\.(?:ts|yaml)$/.exec(file)!;
    const one = canonCases.find((candidate) => candidate.number === Number(number))!;
    expect(one.shownBy, file).toContain(name);
    expect(shippedScenario(name!).definition.source, file).toMatch(new RegExp(`^canon ${Number(number)}\\b`));
    expect(shippedScenario(name!).definition.tags, file).toContain('canon');
  }
});

test('what is shown as it was, Kafka does not do any more', () => {
  for (const { number, asItWas: form } of canonCases) {
    if (form === null) continue;
    expect(asItWas.get(number)!.unexpected.length, String(number)).toBe(canonSeeds);
    expect(runCanonCase(shippedScenario(form.scenario), form.caseName).unexpected, form.scenario).toEqual([]);
  }
});

test(`every case of every scenario is as expected with the seeds 1 to ${canonSeeds}`, () => {
  const wrong = [...runs].flatMap(([name, cases]) =>
    cases.flatMap(({ caseName, unexpected }) => unexpected.map((seed) => `${name}/${caseName} --seed ${seed}`)),
  );
  expect(wrong).toEqual([]);
});
