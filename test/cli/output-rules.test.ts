/** Results on stdout, everything else on stderr; colour only where it was asked for or where a person looks; no ANSI byte in a pipe. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { colourLevel, showsProgress, type Terminal } from '../../src/cli/terminal.ts';
import { engineVersion } from '../../src/cli/version.ts';
import { matrixText } from '../../src/report/matrix-text.ts';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';
import { fixture } from '../report/matrix-fixture.ts';
import { call, freshFolder, showing } from './harness.ts';

const ansi = '\u001b';

function terminal(isTerminal: boolean, env: Record<string, string> = {}): Terminal {
  const nothing = (): void => undefined;
  return { out: nothing, err: nothing, outIsTerminal: isTerminal, errIsTerminal: isTerminal, env, cwd: root };
}

describe('colour', () => {
  test.each([
    [true, {}, true, 1],
    [false, {}, true, 0],
    [true, { NO_COLOR: '1' }, true, 0],
    [true, { NO_COLOR: '' }, true, 1],
    [false, { FORCE_COLOR: '1' }, true, 1],
    [true, { FORCE_COLOR: '0' }, true, 0],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, 1],
    [true, { FORCE_COLOR: '1' }, false, 0],
    [true, { TERM: 'dumb' }, true, 0],
  ])('terminal %s, environment %j, flag %s: level %d', (isTerminal, env, flag, level) => {
    expect(colourLevel(terminal(isTerminal, env as Record<string, string>), flag)).toBe(level);
  });

  test('decorates and says nothing of its own', async () => {
    const without = await call(['matrix'], { terminal: true, env: { NO_COLOR: '1' } });
    const with_ = await call(['matrix'], { terminal: true });
    expect(without.out).not.toContain(ansi);
    expect(with_.out).toContain(ansi);
    const bare = (text: string): string[] =>
      stripVTControlCharacters(text)
        .split('\n')
        .map((line) => line.trimEnd());
    expect(bare(with_.out)).toEqual(bare(without.out));
  });

  test('--no-color is obeyed before and after the verb', async () => {
    expect((await call(['--no-color', 'matrix'], { terminal: true })).out).not.toContain(ansi);
    expect((await call(['matrix', '--no-color'], { terminal: true })).out).not.toContain(ansi);
  });
});

describe('progress', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { CI: 'true' }, false],
    [true, { CI: 'false' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s, environment %j: %s', (isTerminal, env, shown) => {
    expect(showsProgress(terminal(isTerminal, env as Record<string, string>))).toBe(shown);
  });
});

describe('the built program in a pipe', () => {
  test.each([[['list']], [['--help']], [['new']], [['validate']], [['matrx']]])('%j has no ANSI byte', (args) => {
    const { out, err } = program(args);
    expect(out + err).not.toContain(ansi);
  });

  test('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    expect(engineVersion).toBe(version);
    expect(program(['--version']).out).toBe(`${version}\n`);
  });

  test('ends with 3 for bad input', () => {
    const { code, out, err } = program(['run', 'acks-1-leader-crsh']);
    expect(code).toBe(3);
    expect(out).toBe('');
    expect(err).toContain('did you mean acks-1-leader-crash?');
  });

  test('knows its scenarios without their folder', () => {
    expect(program(['list'], { cwd: freshFolder() }).out).toBe(program(['list']).out);
  });

  test('loads a scenario of the user that imports spillway', () => {
    const cwd = freshFolder();
    expect(program(['new', 'leader-crash', 'mine.ts'], { cwd }).code).toBe(0);
    const { code, out, err } = program(['validate', 'mine.ts'], { cwd });
    expect(err).toMatch(
      /^mine\.ts:\d+:\d+: warning: acks=1 silently turns the default enable\.idempotence off \(in case breaks\)\n$/,
    );
    expect(out).toBe(' ✓ mine.ts: valid, 2 cases\n');
    expect(code).toBe(0);
  });
});

describe('the line that does it again', () => {
  test('names the file of a scenario of the user, and every flag', async () => {
    const cwd = freshFolder();
    await call(['new', 'lost-ack', 'my own.yaml'], { cwd });
    const args = ['run', 'my own.yaml/mends', '--set', 'producers.p1.send.count=50', '--mutant', 'no-dedup', '--json'];
    const { out } = await call(args, { cwd });
    expect(JSON.parse(out).replay).toBe(
      "spillway run 'my own.yaml/mends' --set producers.p1.send.count=50 --mutant no-dedup --seed 1",
    );
  });

  test('of a cell has every flag too', async () => {
    const { out } = await call(['matrix', '--kafka', '2.8', '--mutant', 'no-dedup']);
    expect(out).toMatch(/npx spillway replay P\w+ --kafka 2\.8 --mutant no-dedup/);
    const json = JSON.parse((await call(['matrix', '--kafka', '2.8', '--json'])).out);
    expect(json.cells[0].witness).toBe('spillway replay P1a --kafka 2.8 --seed 17');
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'c.properties'), 'group.id=billing\n');
    const mine = JSON.parse((await call(['matrix', '--consumer.config', 'c.properties', '--json'], { cwd })).out);
    const cell = mine.cells.find(({ id }: { id: string }) => id === 'CYa');
    expect(cell.witness).toBe('spillway replay CYa --consumer.config c.properties --seed 17');
  });
});

describe('the matrix', () => {
  test('prints a table as soon as it is finished, and the legend after the last', async () => {
    const done: string[] = [];
    const seen: string[] = [];
    const out = (text: string): void => {
      seen.push(`${done.join(' ')}: ${text.trim().split(' ')[0]}`);
    };
    await call(['matrix'], { engine: showing(fixture(), (table) => done.push(table)), out });
    expect(seen).toEqual(['publish: PUBLISH', 'publish consume: CONSUME', 'publish consume: L']);
  });

  test('is the same in parts as whole', async () => {
    expect((await call(['matrix'])).out).toBe(matrixText(fixture()));
  });

  test.each(['publish', 'consume'] as const)('has the table %s alone where that is asked for', async (table) => {
    const { out } = await call(['matrix', '--table', table]);
    expect(out.match(/^ (PUBLISH|CONSUME)/gm)).toEqual([` ${table.toUpperCase()}`]);
    expect(out).toMatch(table === 'publish' ? /explain P\w+/ : /explain C\w+/);
  });
});

describe('machine-readable output', () => {
  test('one object a run, nothing else on stdout', async () => {
    const { out, err } = await call(['run', 'acks-1-leader-crash', '--json']);
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.map((result) => `${result.scenario}/${result.case}`)).toEqual([
      'acks-1-leader-crash/breaks',
      'acks-1-leader-crash/mends',
    ]);
    expect(results.every((result) => result.schema === 1)).toBe(true);
    expect(err).toBe('');
  });

  test('one object a scenario', async () => {
    const lines = (await call(['list', '--json'])).out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(Object.keys(JSON.parse(line))).toEqual(['name', 'file', 'claim', 'source', 'tags', 'cases']);
  });

  test('the matrix is one object', async () => {
    expect(JSON.parse((await call(['matrix', '--json'])).out).cells).toHaveLength(86);
    const { cells, tables } = JSON.parse((await call(['matrix', '--json', '--table', 'consume'])).out);
    expect(cells).toHaveLength(30);
    expect(tables.map(({ table }: { table: string }) => table)).toEqual(['consume']);
  });

  test('the file has the same as stdout', async () => {
    const cwd = freshFolder();
    const { out, err } = await call(['run', 'acks-1-leader-crash', '--json', '--output-file', 'runs.ndjson'], { cwd });
    expect(readFileSync(join(cwd, 'runs.ndjson'), 'utf8')).toBe(out);
    expect(err).toBe('wrote runs.ndjson\n');
  });
});

describe('many seeds', () => {
  test('are told as shares', async () => {
    const { out } = await call(['run', 'acks-1-leader-crash/breaks', '-n', '200']);
    expect(out).toContain('no anomaly in 200 of 200 runs (95 %: an anomaly in below 1.5 %)');
    expect(out).toContain('200 cases of 1 scenario: 200 as expected');
  });
});

describe('workers', () => {
  test('their number changes nothing', () => {
    const run = (workers: string): string =>
      program(['run', 'acks-1-leader-crash', '-n', '20', '--json', '--workers', workers]).out;
    const alone = run('1');
    expect(alone.trimEnd().split('\n')).toHaveLength(40);
    expect(run('2')).toBe(alone);
    expect(run('3')).toBe(alone);
  });
});
