/** `--lang` chooses the language of what people read, and of nothing else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engine as liveEngine } from '../../src/cli/live-engine.ts';
import { widthOf } from '../../src/report/width.ts';
import { fixture } from '../report/matrix-fixture.ts';
import { type Called, type CallOptions, call, freshFolder, showing } from './harness.ts';

const han = /\p{Script=Han}/u;

function folder(): string {
  const cwd = freshFolder();
  writeFileSync(join(cwd, 'broken.yaml'), 'claim: c\ntopics: { orders: { partitons: 1 } }\nexpect: { lost: many }\n');
  writeFileSync(join(cwd, 'producer.properties'), 'acks=1\ncompression.type=lz4\n');
  return cwd;
}

function inChinese(args: readonly string[], options: CallOptions = {}): Promise<Called> {
  return call([...args, '--lang', 'zh'], { engine: liveEngine, ...options });
}

/** Lines wider than a terminal, but for a command to be pasted. */
function tooWide({ out }: Called): string[] {
  return out.split('\n').filter((line) => widthOf(line) > 80 && !/spillway (run|replay|explain) /.test(line));
}

describe('which language', () => {
  test('is English unless somebody asks, whatever the environment says', async () => {
    const env = { LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8', LANGUAGE: 'zh' };
    expect((await call(['matrix'], { env })).out).toBe((await call(['matrix'])).out);
    expect((await call(['matrix', '--lang', 'en'])).out).toBe((await call(['matrix'])).out);
  });

  test('is taken before and after the verb, and with an equals sign', async () => {
    const after = await call(['matrix', '--lang', 'zh']);
    expect(after.out).toMatch(han);
    expect(await call(['--lang', 'zh', 'matrix'])).toEqual(after);
    expect(await call(['matrix', '--lang=zh'])).toEqual(after);
    expect(await call(['--lang', 'en', 'matrix', '--lang', 'zh'])).toEqual(after);
  });

  test('does not outlive the call, however it ends', async () => {
    await call(['run', 'no-such-scenario', '--lang', 'zh']);
    expect((await call(['matrix'])).out).not.toMatch(han);
  });

  test.each([
    [['matrix', '--lang', 'fr'], 'error: --lang fr is not known; known: en, zh\n'],
    [['--lang', 'zn', '--help'], 'error: --lang zn is not known; known: en, zh; did you mean en?\n'],
    [['matrix', '--lang'], "error: option '--lang <language>' argument missing\n"],
  ])('%j is refused', async (args, text) => expect(await call(args)).toEqual({ code: 3, out: '', err: text }));
});

describe('in Chinese', () => {
  const verbs = ['matrix', 'run', 'list', 'replay', 'explain', 'validate', 'new'];

  test.each([[[]], ...verbs.map((verb) => [[verb]])])('help of %j', async (args) => {
    const help = await inChinese([...args, '--help']);
    expect(help.code).toBe(0);
    expect(tooWide(help)).toEqual([]);
    // What is left of English are words of the command line itself.
    const lines = help.out.split('\n').filter((line) => /[A-Za-z]{2,} [A-Za-z]{2,}/.test(line) && !han.test(line));
    expect(lines.filter((line) => !/spillway|^ {2}/.test(line))).toEqual([]);
  });

  test.each([
    [['matrx'], "错误: 没有命令 'matrx'\n（是不是想写 matrix？）\n"],
    [['matrix', '--sede', '3'], "错误: 没有选项 '--sede'\n（是不是想写 --seed？）\n"],
    [['explain'], "错误: 缺少必需的参数 'run'\n"],
    [['explain', 'P3g', 'p1#1', 'x'], "错误: 命令 'explain' 的参数过多：应为 2 个，实际为 3 个\n"],
    [['matrix', '--seeds', '0'], '错误: --seeds "0" 不是不小于 1 的数字\n'],
    [
      ['run', 'acks-1-leader-crsh'],
      '错误: 没有名为 acks-1-leader-crsh 的场景，也没有这个文件；是不是想写 acks-1-leader-crash？\n',
    ],
    [['matrix', '--broker.config', 'none.properties'], '错误: 无法读取 none.properties：没有这个文件\n'],
    [['matrix', '--output-file', 'src'], '错误: --output-file src：扩展名必须是 .md, .json, .txt, .xml 之一\n'],
  ])('%j', async (args, text) => expect(await inChinese(args)).toEqual({ code: 3, out: '', err: text }));

  test('what is wrong with files, at its place', async () => {
    const cwd = folder();
    const { code, err } = await inChinese(['validate', 'broken.yaml'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain('broken.yaml:2:21: 错误: 没有 topics.orders.partitons 这个键；是不是想写 partitions？\n');
    expect(err).toContain('broken.yaml:3:17: 错误: expect.lost 为 many，不是比较式');
    const warned = await inChinese(['matrix', '--producer.config', 'producer.properties'], { cwd, engine: {} });
    expect(warned.err).toContain('producer.properties:1:6: 警告: acks=1 会悄悄关闭默认开启的 enable.idempotence\n');
  });

  test('every scenario with seed 1 in 80 columns', { timeout: 240_000 }, async () => {
    const names = (await call(['list'])).out.match(/^ \S+$/gm) ?? [];
    for (const name of names) {
      const told = await inChinese(['run', name.trim()]);
      expect(tooWide(told), name).toEqual([]);
      expect(told.out, name).toMatch(han);
    }
  });

  test.each(['P1a', 'P3g', 'P3c', 'P5f', 'P6e', 'P6h'])('the life stories of %s in 80 columns', async (cell) => {
    const told = await inChinese(['explain', cell, '--seed', '1']);
    expect(tooWide(told)).toEqual([]);
    const replayed = await inChinese(['replay', cell, '--seed', '1', '-q']);
    expect(tooWide(replayed)).toEqual([]);
    expect(replayed.out).toContain('同一次运行做了两遍');
  });

  test('a bug of ours', async () => {
    const engine = showing(fixture(), () => {
      throw new Error('an extent is gone');
    });
    const { code, err } = await inChinese(['matrix'], { engine });
    expect(code).toBe(5);
    expect(err).toContain('内部错误：an extent is gone');
  });
});

describe('machine-readable output', () => {
  test.each([
    [['run', 'acks-1-leader-crash', '--json']],
    [['list', '--json']],
    [['replay', 'P3g', '--seed', '1', '--json']],
    [['explain', 'P3g', '--seed', '1', '--json']],
    [['validate', 'broken.yaml', '--json']],
  ])('%j is the same in every language', async (args) => {
    const cwd = folder();
    expect(await inChinese(args, { cwd })).toEqual(await call(args, { engine: liveEngine, cwd }));
  });

  test('so is that of the matrix', async () => {
    expect(await call(['matrix', '--json', '--lang', 'zh'])).toEqual(await call(['matrix', '--json']));
  });
});
