/** Reporters: each in its form, several at once, and in every one the command that has a failure again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { exploreVerb, soakVerb } from '../../../src/cli/campaign/explore-verb.ts';
import { matrixVerb } from '../../../src/cli/campaign/matrix-verb.ts';
import { runVerb } from '../../../src/cli/campaign/run-verb.ts';
import type { Engine } from '../../../src/cli/engine.ts';
import { exploreReporters, matrixReporters, runReporters } from '../../../src/cli/reporter-names.ts';
import type { Check } from '../../../src/report/checks.ts';
import { annotations, jobSummary } from '../../../src/report/github-text.ts';
import { junitXml } from '../../../src/report/junit-xml.ts';
import type { RunOutcome } from '../../../src/report/run-result.ts';
import { root } from '../../infra/sources.ts';
import { fixture } from '../../report/matrix-fixture.ts';
import { call, freshFolder, invented, showing } from '../harness.ts';

const schema = readFileSync(`${root}/test/cli/reporters/junit.xsd`, 'utf8');

/** What a schema has against a report. */
async function complaints(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents: xml }],
    schema: [{ fileName: 'junit.xsd', contents: schema }],
  });
  return errors.map(({ message }) => message);
}

/** An engine whose runs come out one after the other as listed, the last for ever. */
function ending(...outcomes: readonly RunOutcome[]): Pick<Engine, 'jobs'> {
  let run = 0;
  return {
    jobs: {
      case: ({ scenario, case: name, seed, again }: never) => {
        const outcome = outcomes[Math.min(run++, outcomes.length - 1)];
        return { ...invented(scenario, name, seed, outcome), replay: `${String(again)} --seed ${String(seed)}` };
      },
    },
  };
}

const three: readonly RunOutcome[] = ['as-expected', 'expectation-broken', 'inconclusive'];
const args = ['run', 'acks-1-leader-crash', 'acks-0-leader-crash'];

test('their names stand in the help as they are', () => {
  expect(Object.keys(runVerb.reporters)).toEqual([...runReporters]);
  expect(Object.keys(matrixVerb.reporters)).toEqual([...matrixReporters]);
  expect(Object.keys(exploreVerb.reporters)).toEqual([...exploreReporters]);
  for (const verb of [runVerb, matrixVerb, exploreVerb, soakVerb]) {
    const names = [...Object.keys(verb.reporters), 'junit', 'github'];
    expect([...Object.values(verb.forms), verb.json].filter((name) => !names.includes(name))).toEqual([]);
  }
});

describe('terse', () => {
  test('a mark a run, then what went wrong', async () => {
    const { out, code } = await call([...args, '--reporter', 'terse'], { engine: ending(...three) });
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('✓✗??');
    expect(out).toContain('\n acks-1-leader-crash/mends  EXPECTATION BROKEN\n');
    expect(out).toContain('   again     spillway run acks-1-leader-crash/mends --seed 1\n');
    expect(out.endsWith('\n 4 cases of 2 scenarios: 1 as expected, 1 broken, 2 inconclusive\n')).toBe(true);
  });

  test('eighty on a line, and of each case the first that went wrong', async () => {
    const { out } = await call(['run', 'acks-1-leader-crash', '-n', '50', '--reporter', 'terse'], {
      engine: ending('expectation-broken'),
    });
    expect(out.split('\n').slice(0, 3)).toEqual(['✗'.repeat(80), '✗'.repeat(20), '']);
    expect(out.match(/EXPECTATION BROKEN/g)).toHaveLength(2);
  });
});

describe('ndjson', () => {
  test('comes as results come, in the order of the tasks', async () => {
    const seen: number[] = [];
    let runs = 0;
    const engine: Pick<Engine, 'jobs'> = {
      jobs: {
        case: ({ scenario, case: name, seed }: never) => {
          runs++;
          return invented(scenario, name, seed);
        },
      },
    };
    const { out } = await call([...args, '--reporter', 'ndjson'], { engine, out: () => seen.push(runs) });
    expect(seen).toEqual([1, 2, 3, 4]);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).scenario)).toEqual([
      ...['acks-1-leader-crash', 'acks-1-leader-crash'],
      ...['acks-0-leader-crash', 'acks-0-leader-crash'],
    ]);
    expect((await call([...args, '--json'])).out).toBe(out);
  });
});

describe('junit', () => {
  test('is valid, and carries the command that does a failure again', async () => {
    const { out, code } = await call([...args, '--reporter', 'junit'], { engine: ending(...three) });
    expect(code).toBe(1);
    expect(await complaints(out)).toEqual([]);
    expect(out).toContain('<testsuites name="spillway" tests="4" failures="1" errors="2">');
    expect(out).toContain('<testcase classname="acks-1-leader-crash" name="breaks, seed 1"/>');
    expect(out).toContain('<failure message="lost &gt;= 1: BROKEN, found 0" type="expectation-broken">');
    expect(out).toMatch(/again {5}spillway run acks-1-leader-crash\/mends --seed 1<\/failure>/);
    expect(out).toMatch(
      /<error message="a fault never bit[^>]*>[\s\S]*spillway run acks-0-leader-crash\/mends --seed 1<\/error>/,
    );
  });

  test('of a matrix', async () => {
    const { out, code } = await call(['matrix', '--reporter', 'junit'], { engine: showing(fixture({ P6a: 'L3!' })) });
    expect(code).toBe(1);
    expect(await complaints(out)).toEqual([]);
    expect(out).toMatch(/<testcase classname="publish" name="P6a [a-z-]+">\n +<failure message="DISAGREES with the truth table/);
    expect(out).toMatch(/\nspillway replay P6a --seed 17<\/failure>/);
  });

  test('is valid whatever texts there are', { timeout: 120_000 }, async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const outcome = fc.constantFrom<RunOutcome>('as-expected', 'expectation-broken', 'inconclusive');
    const nullable = fc.option(text, { nil: null });
    const check: fc.Arbitrary<Check> = fc.record({
      ...{ group: text, name: text, outcome, message: text, details: text, again: text, file: nullable },
      line: fc.constant(null),
    });
    for (const checks of fc.sample(fc.array(check, { maxLength: 20 }), { numRuns: 60, seed: 1 }))
      expect(await complaints(junitXml(checks))).toEqual([]);
    const nasty = ['\u0000\u001b[31m', ']]>', '<&>"\'', '\ud800', '\r\n\t', '\ufffe', '中文 😀'].map((name) => {
      return {
        group: name,
        name,
        outcome: 'inconclusive',
        message: name,
        details: name,
        again: name,
        file: name,
        line: 1,
      } as const;
    });
    expect(await complaints(junitXml(nasty))).toEqual([]);
  });

  test('and the check bites', async () => {
    expect(await complaints('<testsuites><testsuite name="a" tests="1" failures="0"/></testsuites>')).not.toEqual([]);
    expect(await complaints('<testsuites name="a" tests="one"/>')).not.toEqual([]);
  });
});

describe('github', () => {
  const scenario = [
    'claim: nothing is lost',
    'topics: { orders: {} }',
    'cases:',
    '  calm: { expect: { lost: 0 } }',
    '  stormy:',
    '    expect: { lost: 0 }',
    '',
  ].join('\n');

  function project(): string {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'scenarios'));
    writeFileSync(join(cwd, 'scenarios', 'mine.yaml'), scenario);
    return cwd;
  }

  test('puts a problem beside the line of the case', async () => {
    const { out } = await call(['run', 'scenarios/mine.yaml', '--reporter', 'github'], {
      engine: ending('inconclusive', 'expectation-broken'),
      cwd: project(),
    });
    const [error = '', warning = '', ...rest] = out.split('\n');
    expect(rest).toEqual(['']);
    expect(error).toMatch(
      /^::error file=scenarios\/mine\.yaml,line=5,title=mine stormy%2C seed 1:: mine\/stormy {2}EXPECTATION BROKEN%0A.*%0A {3}again {5}spillway run scenarios\/mine\.yaml\/stormy --seed 1$/,
    );
    expect(warning).toMatch(/^::warning file=scenarios\/mine\.yaml,line=4,title=mine calm%2C seed 1::/);
  });

  test('shows no more than GitHub does', async () => {
    const { out } = await call([...args, '-n', '30', '--reporter', 'github'], { engine: ending('expectation-broken') });
    expect(out.trimEnd().split('\n')).toHaveLength(10);
  });

  test('is there by itself on its machines, beside the text, with a summary of the job', async () => {
    const cwd = project();
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' };
    writeFileSync(join(cwd, 'summary.md'), 'what stood there\n');
    const engine = ending(...three);
    const { out } = await call(['run', 'scenarios/mine.yaml', 'acks-0-leader-crash'], { engine, env, cwd });
    const { out: alone } = await call(['run', 'scenarios/mine.yaml', 'acks-0-leader-crash'], { engine: ending(...three), cwd });
    expect(out.startsWith(alone)).toBe(true);
    expect(out.slice(alone.length).match(/^::(error|warning) /gm)).toHaveLength(3);
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(summary).toContain('what stood there\n### spillway run\n\n4 checked: 1 as expected, 1 broken, 2 inconclusive\n');
    expect(summary).toContain(
      '| mine stormy, seed 1 | lost >= 1: BROKEN, found 0 | `spillway run scenarios/mine.yaml/stormy --seed 1` |',
    );
    expect(summary).toContain(alone.trimEnd());
  });

  test('not where machines read, nor where other reporters are named', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' };
    for (const flags of [['--json'], ['--reporter', 'text']]) {
      const cwd = project();
      const { out } = await call([...args, ...flags], { engine: ending(...three), env, cwd });
      expect(out).not.toContain('::error');
      expect(existsSync(join(cwd, 'summary.md'))).toBe(false);
    }
  });

  const check: Check = {
    ...{ group: 'a', name: 'b', outcome: 'expectation-broken', message: 'm', details: '', again: 'spillway run a' },
    ...{ file: 'x,y: z%.yaml', line: 3 },
  };

  test('escapes what would end a command or a cell of a table', () => {
    const found = annotations([{ ...check, name: 'b\n::error::c', message: '50 %\r\n::stop::' }]);
    expect(found).toBe(
      '::error file=x%2Cy%3A z%25.yaml,line=3,title=a b%0A%3A%3Aerror%3A%3Ac::50 %25%0D%0A::stop::%0Aspillway run a\n',
    );
    const summary = jobSummary('t', [{ ...check, message: 'a | b\n<script>' }], 'text with ``` in it');
    expect(summary).toContain('| a b | a \\| b &lt;script> | `spillway run a` |');
    expect(summary).toContain('````text\ntext with ``` in it\n````');
  });
});

describe('several at once', () => {
  test('one on stdout, the others in files', async () => {
    const cwd = freshFolder();
    const flags = ['--reporter', 'terse,junit=out/report.xml', '--reporter', 'ndjson=runs.ndjson', '--output-file', 'r.json'];
    const { out, err, code } = await call([...args, ...flags], { engine: ending(...three), cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^✓✗\?\?\n/);
    expect(err).toBe('wrote out/report.xml\nwrote runs.ndjson\nwrote r.json\n');
    expect(await complaints(readFileSync(join(cwd, 'out/report.xml'), 'utf8'))).toEqual([]);
    expect(readFileSync(join(cwd, 'runs.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toHaveLength(4);
  });

  test.each([
    [['--reporter', 'junti'], /^error: --reporter junti is not known; known: text, .*, junit, github; did you mean junit\?\n$/],
    [['--reporter', 'text,json'], /^error: only one reporter can have stdout, and text, json would; give the others a file/],
    [['--reporter', 'junit='], /^error: --reporter junit= names no file\n$/],
    [['--json', '--reporter', 'text'], /^error: --json is a reporter too/],
    [['--reporter', 'junit=taken'], /^error: cannot write taken: it is a folder\n$/],
  ])('%j is refused', async (flags, text) => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'taken'));
    const { out, err, code } = await call([...args, ...flags], { cwd });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(text);
  });
});
