/** A witness is kept as a scenario: read again, from either form, it is the same run and shows the same. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findScenarios } from '../../src/cli/scenario-files.ts';
import { shrink } from '../../src/explore/shrink.ts';
import { replayWitness, type Witness, witnessOf } from '../../src/explore/witness.ts';
import { scenarioTypeScript, scenarioYaml, witnessScenario } from '../../src/explore/witness-file.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { type LoadedScenario, parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { everyCase } from '../determinism/every-case.ts';

const libraryFile = fileURLToPath(new URL('../../dist/lib.js', import.meta.url));
const about = { claim: 'what was found', source: 'a test' };

function written(witness: Witness): { readonly yaml: string; readonly typescript: string; readonly hash: string } {
  const replayed = replayWitness(witness);
  const scenario = witnessScenario(witness, replayed, about);
  return { yaml: scenarioYaml(scenario), typescript: scenarioTypeScript(scenario), hash: replayed.run.traceHash };
}

function parsed(text: string): LoadedScenario {
  const { scenario, problems } = parseScenarioText(text, 'witness.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return scenario!;
}

const found = everyCase.flatMap(({ name, plan }) => {
  const witness = witnessOf(plan, '1');
  return witness === null ? [] : [{ name, witness }];
});

describe('as found, with its choices', () => {
  test.each(found)('$name', ({ witness }) => {
    const { yaml, hash } = written(witness);
    // Whatever the seed.
    for (const seed of ['1', '2']) {
      const { run, outcome } = evaluateCase(parsed(yaml), null, { seed, trace: 'hash' });
      expect(run.traceHash).toBe(hash);
      expect(outcome.expect.filter(({ held }) => !held)).toEqual([]);
    }
  });
});

describe('when it is small', { timeout: 60_000 }, () => {
  const chosen = found.filter((_, i) => i % 4 === 0);
  test.each(chosen)('$name, as YAML and as TypeScript', async ({ witness }) => {
    const { yaml, typescript, hash } = written(shrink(witness).witness);
    expect(yaml.split('\n').length).toBeLessThan(40);
    const folder = mkdtempSync(join(tmpdir(), 'spillway-witness-'));
    writeFileSync(join(folder, 'witness.ts'), typescript);
    const { chosen: files } = await findScenarios(['witness.ts'], folder, { libraryFile });
    for (const scenario of [parsed(yaml), files[0]!.scenario]) {
      const { run, outcome } = evaluateCase(scenario, null, { seed: 'any', trace: 'hash' });
      expect(run.traceHash).toBe(hash);
      expect(outcome.outcome).toBe('as-expected');
    }
  });
});

test('a choice that nothing asks for is told, and the run shows nothing', () => {
  const { yaml } = written(shrink(found[0]!.witness).witness);
  const stale = yaml.replace('choices: {}', 'choices: { "latency p1→broker-1 Produce#77": 40 }');
  expect(stale).not.toBe(yaml);
  const { outcome } = evaluateCase(parsed(stale), null, { seed: '1', trace: 'hash' });
  expect(outcome).toMatchObject({ outcome: 'inconclusive', inconclusive: 'a-choice-matched-nothing' });
  expect(outcome.expect.at(-1)).toEqual({
    that: 'every choice is asked for',
    held: false,
    found: 'latency p1→broker-1 Produce#77',
  });
});

test.each(['no number', 'latency#', '#3', 'latency p1→broker-1 Produce#-1'])('%j addresses no choice', (address) => {
  const text = `claim: x\nchoices: { ${JSON.stringify(address)}: 1 }\nexpect: {}\n`;
  const { scenario, problems } = parseScenarioText(text, 'witness.yaml');
  expect(scenario).toBeNull();
  expect(problems[0]).toMatchObject({ code: 'bad-choice', line: 2, found: address });
});
