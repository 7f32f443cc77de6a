/** Nothing banned is written, names say what they hold, files stay short. Each ban is shown to bite. */
import { describe, expect, test } from 'vitest';
import { readSources } from '../infra/sources.ts';
import { type Ban, bans, emptyNames, longFiles, mostLines } from './bans.ts';
import { codeOnly } from './code-only.ts';

const synchronous = [
  ...['base', 'kernel', 'plan', 'history', 'world', 'kafka', 'cluster', 'oracle', 'scenario'].map((folder) => `src/${folder}`),
  'scenarios',
];
const places: Readonly<Record<Ban['where'], readonly string[]>> = {
  synchronous,
  engine: [...synchronous, 'src/explore'],
  source: ['src', 'scenarios'],
  everything: [
    ...[
      'src',
      'scenarios',
      'test',
      'bench',
      'scripts',
      'docs',
      'reports',
      '.ci/run',
      '.gitignore',
      'biome.json',
      'tsconfig.json',
    ],
    ...[
      'package.json',
      'package-lock.json',
      'vitest.config.ts',
      'README.md',
      'README.zh.md',
      'MODEL.md',
      'CHANGELOG.md',
      'tsconfig.engine.json',
    ],
  ],
};
const texts = ['.ts', '.tsx', '.mjs', '.md', '.yaml', '.yml', '.json', '.txt', '.properties', '.ci/run', '.gitignore'];
const code = ['.ts', '.tsx', '.mjs'];

/** This folder names what it bans. */
const exempt = 'test/tidy/';

const blanked = new Map<string, string>();

function onlyCode(text: string): string {
  const known = blanked.get(text) ?? codeOnly(text);
  blanked.set(text, known);
  return known;
}

function findings(ban: Ban, path: string, text: string): string[] {
  const seen = ban.sees === 'code' ? onlyCode(text) : text;
  const at = new RegExp(ban.pattern.source, `${ban.pattern.flags.replace('g', '')}g`);
  return [...seen.matchAll(at)].map((match) => {
    const line = seen.slice(0, match.index).split('\n').length;
    return `${path}:${line} ${ban.name}: '${match[0].trim().slice(0, 40)}'; instead: ${ban.instead}`;
  });
}

describe.each(bans)('$name', (ban) => {
  test('nowhere', { timeout: 60_000 }, () => {
    const files = Object.entries(readSources(places[ban.where], ban.sees === 'code' ? code : texts));
    expect(
      files.flatMap(([path, text]) =>
        path.startsWith(exempt) || path.startsWith(ban.except ?? exempt) ? [] : findings(ban, path, text),
      ),
    ).toEqual([]);
  });

  test('the ban bites', () => {
    expect(findings(ban, 'x.ts', ban.breaks)).not.toEqual([]);
  });

  test.runIf(ban.passes !== undefined)('and does not bite too much', () => {
    expect(findings(ban, 'x.ts', ban.passes ?? '')).toEqual([]);
  });
});

/** What is wrong with the name or the length of a file. */
function shape(path: string, text: string): string[] {
  const found: string[] = [];
  const name = path.split('/').at(-1) ?? '';
  if (!/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name)) found.push(`${path}: names are kebab-case`);
  const words = name.split('.')[0]?.split('-') ?? [];
  for (const word of words)
    if (emptyNames.includes(word)) found.push(`${path}: '${word}' says nothing about what the file holds`);
  const lines = text.split('\n').length - 1;
  const most = path.startsWith('test/') ? mostLines.test : mostLines.source;
  if (lines > most && longFiles[path] === undefined) found.push(`${path}: ${lines} lines, at most ${most}`);
  return found;
}

/** A source file opens with what it promises, unless its one export does. */
function opening(path: string, text: string): string[] {
  return /^(#!.*\n)?(\/\*\*|\/\/|import )/.test(text) ? [] : [`${path}: opens without a word about what it promises`];
}

describe('files', () => {
  const sources = readSources(['src', 'scenarios', 'test', 'bench', 'scripts'], code);

  test('have names that say what they hold, and are not too long', () => {
    expect(Object.entries(sources).flatMap(([path, text]) => shape(path, text))).toEqual([]);
  });

  test('open with what they promise', () => {
    const ours = Object.entries(sources).filter(([path]) => path.startsWith('src/') && !path.endsWith('.d.ts'));
    expect(ours.flatMap(([path, text]) => opening(path, text))).toEqual([]);
  });

  test('the rules bite', () => {
    expect(shape('src/kafka/log-utils.ts', '')).toHaveLength(1);
    expect(shape('src/kafka/LogSegment.ts', '')).toHaveLength(1);
    expect(shape('src/kafka/log.ts', 'x\n'.repeat(401))).toHaveLength(1);
    expect(shape('src/kafka/log-segment.ts', 'x\n'.repeat(400))).toEqual([]);
    expect(opening('src/kafka/log.ts', 'export const log = 1;\n')).toHaveLength(1);
  });
});

test('the lockfile names no host to fetch from', () => {
  const [lock] = Object.values(readSources(['package-lock.json'], ['.json']));
  expect(lock).not.toContain('"resolved"');
});
