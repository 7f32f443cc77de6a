/** Bad input names its place, the key, what was found and the nearest right name, ends with 3, and leaves nothing half written. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture } from '../report/matrix-fixture.ts';
import { call, freshFolder, showing } from './harness.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = freshFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function refused(args: readonly string[], cwd?: string): Promise<string> {
  const { code, out, err } = await call(args, cwd === undefined ? {} : { cwd });
  expect(code).toBe(3);
  expect(out).toBe('');
  return err;
}

describe('flags', () => {
  test.each([
    [['matrx'], "error: unknown command 'matrx'\n(Did you mean matrix?)\n"],
    [['matrix', '--sede', '3'], "error: unknown option '--sede'\n(Did you mean --seed?)\n"],
    [['matrix', '--seeds', 'many'], 'error: --seeds "many" is no number of at least 1\n'],
    [['matrix', '--seeds', '0'], 'error: --seeds "0" is no number of at least 1\n'],
    [['matrix', '--table', 'way-out'], 'error: --table way-out is not known; known: publish, consume\n'],
    [['matrix', '--kafka', '3.8'], 'error: --kafka 3.8 is not known; known: 2.8, 3.9, 4.1\n'],
    [
      ['matrix', '--mutant', 'no-truncaton'],
      'error: --mutant no-truncaton is not known; known: no-truncation, no-dedup; did you mean no-truncation?\n',
    ],
    [
      ['run', '--seed', 'a seed'],
      'error: "a seed" is no seed; a seed is a word of letters, digits, - and _, at most 64 characters\n',
    ],
    [['run', '--seed', 'x', '-n', '3'], 'error: --seeds 3 needs a first seed that is a number, found "x"\n'],
    [
      ['run', 'acks-1-leader-crsh'],
      'error: no scenario is named acks-1-leader-crsh, and no such file exists; did you mean acks-1-leader-crash?\n',
    ],
    [
      ['run', 'acks-1-leader-crash/mend'],
      'error: scenario acks-1-leader-crash has no case mend; it has breaks, mends; did you mean mends?\n',
    ],
    [['run', '--grep', 'nothing like it'], 'error: no scenario matches --grep "nothing like it"\n'],
    [['run', 'acks-1-leader-crash', '--set', 'acks'], 'error: --set "acks" is not of the form path=value\n'],
    [['explain', 'C9a'], 'error: the matrix has no cell C9a; a cell is a row and a column, P3g for example\n'],
    [['explain', 'P99z'], 'error: the matrix has no cell P99z; a cell is a row and a column, P3g for example\n'],
    [
      ['new', 'leader-crsh'],
      'error: there is no template leader-crsh; there are leader-crash, lost-ack, power-loss; did you mean leader-crash?\n',
    ],
    [
      ['matrix', '--output-file', 'matrix.pdf'],
      'error: --output-file matrix.pdf: the ending must be one of .md, .json, .txt, .xml\n',
    ],
  ])('%j', async (args, text) => expect(await refused(args)).toBe(text));

  test('--set names the path and the nearest right one', async () => {
    const err = await refused(['run', 'acks-1-leader-crash', '--set', 'producers.p2.config.acks=1']);
    expect(err).toContain('--set');
    expect(err).toContain('producers.p2');
  });

  test('--set is held against Kafka as a scenario is', async () => {
    const err = await refused(['run', 'acks-1-leader-crash', '--set', 'producers.p1.config.acks=2']);
    expect(err).toMatch(/^--set: error: .*acks=2 is not allowed/);
  });
});

describe('.properties files', () => {
  test('an unknown setting, at its line and column, with the nearest right name', async () => {
    const cwd = folderWith({ 'producer.properties': '# ours\n\n  acs = 1\n' });
    const err = await refused(['matrix', '--producer.config', 'producer.properties'], cwd);
    expect(err).toBe('producer.properties:3:3: error: Kafka knows no setting acs; did you mean acks?\n');
  });

  test('a combination that Kafka refuses', async () => {
    const cwd = folderWith({ 'producer.properties': 'acks=1\nenable.idempotence=true\n' });
    const err = await refused(['matrix', '--producer.config', 'producer.properties'], cwd);
    expect(err).toBe(
      'producer.properties:1:6: error: enable.idempotence=true needs acks=all, you set acks=1 (Kafka: ConfigException)\n',
    );
  });

  test('a value that Kafka does not take, with those it takes', async () => {
    const cwd = folderWith({ 'producer.properties': 'acks=two\n' });
    const err = await refused(['matrix', '--producer.config', 'producer.properties'], cwd);
    expect(err).toMatch(/^producer\.properties:1:6: error: acks=two is not allowed; allowed: .*all/);
  });

  test('a malformed escape', async () => {
    const cwd = folderWith({ 'topic.properties': 'min.insync.replicas=\\u00zz\n' });
    const err = await refused(['matrix', '--topic.config', 'topic.properties'], cwd);
    expect(err).toContain('topic.properties:1:');
    expect(err).toContain('Java refuses the file');
  });

  test('every problem of every file at once', async () => {
    const cwd = folderWith({ 'a.properties': 'acs=1\nlinger=3\n', 'b.properties': 'min.insync.replica=2\n' });
    const err = await refused(['matrix', '--producer.config', 'a.properties', '--topic.config', 'b.properties'], cwd);
    expect(err.trimEnd().split('\n')).toHaveLength(3);
    expect(err).toContain('did you mean min.insync.replicas?');
  });

  test('of a consumer: unknown, ill-typed, not allowed and out of range, each at its place', async () => {
    const cwd = folderWith({
      'consumer.properties':
        'sesion.timeout.ms=3\nmax.poll.records=many\n auto.offset.reset = first\nheartbeat.interval.ms=50000\n',
    });
    const err = await refused(['matrix', '--consumer.config', 'consumer.properties'], cwd);
    expect(err.trimEnd().split('\n')).toEqual([
      'consumer.properties:1:1: error: Kafka knows no setting sesion.timeout.ms; did you mean session.timeout.ms?',
      'consumer.properties:2:18: error: max.poll.records=many is not of type int',
      'consumer.properties:3:22: error: auto.offset.reset=first is not allowed; allowed: latest, earliest, none',
      'consumer.properties:4:23: error: heartbeat.interval.ms=50000 is out of range, at most 44999',
    ]);
  });

  test('of a consumer: a session that no coordinator takes', async () => {
    const cwd = folderWith({ 'consumer.properties': 'session.timeout.ms=3000\nheartbeat.interval.ms=1000\n' });
    const err = await refused(['matrix', '--consumer.config', 'consumer.properties'], cwd);
    expect(err).toMatch(/^consumer\.properties:1:20: error: session\.timeout\.ms is 3000.*; allowed: 6000\.\.1800000\n$/);
  });

  test('of brokers: acknowledgements for offsets that no coordinator starts with, or that every append is refused for', async () => {
    const cwd = folderWith({
      'a.properties': 'offsets.commit.required.acks=5\n',
      'b.properties': 'offsets.commit.required.acks = 2\n',
    });
    expect(await refused(['matrix', '--broker.config', 'a.properties'], cwd)).toBe(
      'a.properties:1:30: error: offsets.commit.required.acks is 5, out of range, at most 3\n',
    );
    expect(await refused(['matrix', '--broker.config', 'b.properties'], cwd)).toMatch(/^b\.properties:1:32: error: .*-1, 0, 1/);
  });

  test('of a consumer without group.id: the program names the group, so it may commit by itself', async () => {
    const cwd = folderWith({ 'consumer.properties': 'enable.auto.commit=true\n' });
    expect((await call(['matrix', '--consumer.config', 'consumer.properties'], { cwd })).err).toBe('');
  });

  test('a file that is not there', async () => {
    expect(await refused(['matrix', '--broker.config', 'server.properties'], freshFolder())).toBe(
      'error: cannot read server.properties: there is no such file\n',
    );
  });

  test('what Kafka changes in silence is a warning, and the run goes on', async () => {
    const cwd = folderWith({ 'producer.properties': 'acks=1\n' });
    const { code, out, err } = await call(['matrix', '--producer.config', 'producer.properties'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('PUBLISH');
    expect(err).toBe('producer.properties:1:6: warning: acks=1 silently turns the default enable.idempotence off\n');
    expect((await call(['matrix', '-q', '--producer.config', 'producer.properties'], { cwd })).err).toBe('');
  });
});

describe('scenario files', () => {
  test('YAML that is none', async () => {
    const cwd = folderWith({ 'broken.yaml': 'claim: [one\ncases: {}\n' });
    const err = await refused(['run', 'broken.yaml'], cwd);
    expect(err).toMatch(/^broken\.yaml:\d+:\d+: error: this is no YAML: /);
  });

  test('a mistyped key, at its place', async () => {
    const cwd = folderWith({ 'one.yaml': 'claim: c\ntopics: { orders: { partitons: 1 } }\nexpect: { lost: 0 }\n' });
    const err = await refused(['run', 'one.yaml'], cwd);
    expect(err).toMatch(/^one\.yaml:2:21: error: .*partitons/);
    expect(err).toContain('did you mean partitions?');
  });

  test('a mistyped Kafka setting', async () => {
    const cwd = folderWith({ 'one.yaml': 'claim: c\nproducers: { p1: { config: { lingerMs: 5 } } }\nexpect: { lost: 0 }\n' });
    const err = await refused(['validate', 'one.yaml'], cwd);
    expect(err).toMatch(/^one\.yaml:2:30: error: Kafka knows no setting lingerMs; did you mean linger\.ms\?\n$/);
  });

  test('TypeScript that does not compile, throws, or exports nothing', async () => {
    const cwd = folderWith({
      'syntax.ts': 'export default {',
      'throws.ts': "throw new Error('no');",
      'nothing.ts': 'export const x = 1;',
    });
    expect(await refused(['run', 'syntax.ts'], cwd)).toMatch(/^syntax\.ts: error: the file does not load: /);
    expect(await refused(['run', 'throws.ts'], cwd)).toBe('throws.ts: error: the file does not load: no\n');
    expect(await refused(['run', 'nothing.ts'], cwd)).toContain('the file has no default export');
  });

  test('a file that is no scenario, and a folder without any', async () => {
    const cwd = folderWith({ 'notes.md': '# notes\n' });
    expect(await refused(['run', 'notes.md'], cwd)).toContain('notes.md is no scenario');
    expect(await refused(['run', '.'], cwd)).toContain('the folder . holds no scenario');
  });

  test('validate tells every problem of every file', async () => {
    const cwd = folderWith({ 'a.yaml': 'claim: c\n', 'b.yaml': 'clam: c\n', 'c.yaml': 'claim: c\nexpect: { lost: 0 }\n' });
    const { code, out, err } = await call(['validate', '.'], { cwd });
    expect(code).toBe(3);
    expect(out).toContain('c.yaml: valid, 1 case');
    expect(err).toContain('a.yaml');
    expect(err).toContain('b.yaml');
  });
});

describe('output that cannot be written', () => {
  test('is told before the run, and nothing is left behind', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'taken.md'));
    writeFileSync(join(cwd, 'file'), '');
    let asked = false;
    const engine = showing(fixture(), () => {
      asked = true;
    });
    for (const [file, why] of [
      ['taken.md', 'it is a folder'],
      ['file/matrix.md', 'a part of its path is no folder'],
    ] as const) {
      const { code, err } = await call(['matrix', '--output-file', file], { cwd, engine });
      expect(code).toBe(3);
      expect(err).toBe(`error: cannot write ${file}: ${why}\n`);
    }
    expect(asked).toBe(false);
    expect(readdirSync(cwd).toSorted()).toEqual(['file', 'taken.md']);
  });

  test.skipIf(process.getuid?.() === 0)('in a folder that may not be written', async () => {
    const cwd = freshFolder();
    chmodSync(cwd, 0o500);
    const { code, err } = await call(['matrix', '--output-file', 'matrix.md'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain('access is denied');
  });

  test('a file that exists stays as it is', async () => {
    const cwd = folderWith({ 'mine.ts': 'mine' });
    expect(await refused(['new', 'leader-crash', 'mine.ts'], cwd)).toBe('error: mine.ts exists; it stays as it is\n');
    expect(readFileSync(join(cwd, 'mine.ts'), 'utf8')).toBe('mine');
  });

  test('a folder is made where there is none, and the file is whole', async () => {
    const cwd = freshFolder();
    const { code } = await call(['matrix', '--output-file', 'reports/deep/matrix.json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'reports/deep/matrix.json'), 'utf8')).schema).toBe(1);
    expect(readdirSync(join(cwd, 'reports/deep'))).toEqual(['matrix.json']);
    expect(existsSync(join(cwd, 'reports'))).toBe(true);
  });
});
