/**
 * What documents show is true. In README.md, README.zh.md, MODEL.md, CHANGELOG.md and docs/: every `console` block is run and its output
 * compared; every `ts` block compiles; every YAML block with a claim is a valid scenario; every `npm` command exists; every link within the
 * repository leads somewhere. A block whose first line is a comment with a file's name (`# mine.yaml`, `// mine.ts`) is that file for the
 * commands after it. `npm run golden` rewrites the outputs.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { rewriting } from '../infra/golden.ts';
import { program, type Ran, words } from '../infra/program.ts';
import { readSources, root } from '../infra/sources.ts';
import { agrees, type Block, blocksOf, commandsOf, printCommands } from './markdown.ts';

const documents = readSources(['README.md', 'README.zh.md', 'MODEL.md', 'CHANGELOG.md', 'docs'], ['.md']);
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> };

const ran = new Map<string, Ran>();

/** What a command prints; the same command in the same folder is run once. */
function run(command: string, cwd: string): Ran {
  const known = ran.get(`${cwd} ${command}`);
  if (known !== undefined) return known;
  const result = program(argumentsOf(command) ?? [], { cwd });
  ran.set(`${cwd} ${command}`, result);
  return result;
}

/** Arguments for the program; null for a command that is not run here (installing, testing). */
function argumentsOf(command: string): string[] | null {
  const [first, second, ...rest] = words(command);
  if (first === 'spillway') return second === undefined ? [] : [second, ...rest];
  if (first === 'npx' && second === 'spillway') return rest;
  if (first === 'npm' && second === 'start') return ['matrix', ...rest.filter((word) => word !== '--')];
  return null;
}

/** npm scripts that a command line asks for. */
function npmScripts(command: string): string[] {
  return command.split('&&').flatMap((part) => {
    const [first, second, third] = words(part.trim());
    if (first !== 'npm') return [];
    if (second === 'run') return [third ?? ''];
    return second === 'start' || second === 'test' ? [second] : [];
  });
}

/** The file that a block stands for, by its first line. */
function fileOf({ text }: Block): string | null {
  return /^(?:#|\/\/) ([\w.-]+\.(?:ya?ml|ts|properties|jsonl))\s*\n/.exec(text)?.[1] ?? null;
}

/** JSON knows no comments: there the name is not part of the file. */
function contentsOf(file: string, { text }: Block): string {
  return file.endsWith('.jsonl') ? text.slice(text.indexOf('\n') + 1) : text;
}

describe.each(Object.entries(documents))('%s', (path, document) => {
  const blocks = blocksOf(document);

  test.runIf(blocks.some(({ language }) => language === 'console'))('shows what the program prints', { timeout: 600_000 }, () => {
    const cwd = mkdtempSync(join(tmpdir(), 'spillway-docs-'));
    let rewritten = document;
    let shift = 0;
    for (const block of blocks) {
      const file = fileOf(block);
      if (file !== null) writeFileSync(join(cwd, file), contentsOf(file, block));
      if (block.language !== 'console') continue;
      const commands = commandsOf(block.text);
      const actual = commands.map((shown) => {
        if (argumentsOf(shown.command) === null) return shown;
        const { out, err } = run(shown.command, cwd);
        const printed = out + err;
        return shown.output.trim() === '' || agrees(shown.output, printed)
          ? shown
          : { ...shown, output: `${printed.trimEnd()}\n` };
      });
      const text = printCommands(actual);
      if (!rewriting) expect(text, `${path}:${block.line} shows another output`).toBe(printCommands(commands));
      rewritten = rewritten.slice(0, block.offset + shift) + text + rewritten.slice(block.offset + shift + block.text.length);
      shift += text.length - block.text.length;
    }
    if (rewriting && rewritten !== document) writeFileSync(`${root}/${path}`, rewritten);
  });

  test('names npm scripts that exist', () => {
    const lines = blocks
      .filter(({ language }) => ['console', 'bash', 'sh'].includes(language))
      .flatMap(({ text }) => text.split('\n'));
    const asked = lines.flatMap((line) => npmScripts(line.replace(/^\$ /, '')));
    expect(asked.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('shows TypeScript that compiles', { timeout: 120_000 }, () => {
    const typescript = blocks.filter(({ language }) => language === 'ts' || language === 'typescript');
    expect(compile(path, typescript)).toEqual([]);
  });

  test('shows scenarios that are valid', () => {
    const scenarios = blocks.filter(({ language, text }) => /^ya?ml$/.test(language) && /^claim:/m.test(text));
    for (const { text, line } of scenarios) {
      expect(parseScenarioText(text, `${path}:${line}`).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('links to files that exist', () => {
    const prose = document.replace(/^(```+)[\s\S]*?^\1[ \t]*$/gm, '');
    const links = [...prose.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
  });
});

/** Compiles the blocks together, each as a module of its own beside the sources. */
function compile(path: string, blocks: readonly Block[]): string[] {
  if (blocks.length === 0) return [];
  const config = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const texts = new Map(blocks.map(({ text, line }) => [`${root}/docs-block-${line}.ts`, `${text}\nexport {};\n`]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version, true);
  };
  const unused = { noUnusedLocals: false, noUnusedParameters: false };
  const checked = ts.createProgram([...texts.keys()], { ...options, ...unused, noEmit: true }, host);
  return [...texts.keys()].flatMap((name) => {
    const source = checked.getSourceFile(name);
    const found = [...checked.getSyntacticDiagnostics(source), ...checked.getSemanticDiagnostics(source)];
    const block = /(\d+)\.ts$/.exec(name)?.[1] ?? '?';
    return found.map(({ messageText }) => `${path}:${block} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

describe('the harness', () => {
  const text =
    '# a\n\n```console\n$ spillway list\n one\n$ npx spillway new x\n…\n two\n```\n\n```ts\nconst a: number = 1;\n```\n';

  test('finds blocks and their commands', () => {
    const [first, second] = blocksOf(text);
    expect(commandsOf(first?.text ?? '')).toEqual([
      { command: 'spillway list', output: ' one\n' },
      { command: 'npx spillway new x', output: '…\n two\n' },
    ]);
    expect(second?.language).toBe('ts');
    expect(text.slice(first?.offset, (first?.offset ?? 0) + (first?.text.length ?? 0))).toBe(first?.text);
  });

  test('compares outputs, with … for lines left out', () => {
    expect(agrees(' one\n', ' one\n')).toBe(true);
    expect(agrees(' one\n', ' other\n')).toBe(false);
    expect(agrees(' one\n…\n three\n', ' one\n two\n three\n')).toBe(true);
    expect(agrees(' one\n…\n four\n', ' one\n two\n three\n')).toBe(false);
  });

  test('refuses TypeScript that does not compile', () => {
    expect(compile('x.md', [{ language: 'ts', text: "const a: number = 'one';", line: 3, offset: 0 }])).toHaveLength(1);
    expect(
      compile('x.md', [
        { language: 'ts', text: "import { defineScenario } from 'spillway';\nvoid defineScenario;", line: 3, offset: 0 },
      ]),
    ).toEqual([]);
  });

  test('knows the npm scripts of a command line', () => {
    expect(npmScripts('npm install && npm start')).toEqual(['start']);
    expect(npmScripts('npm run golden')).toEqual(['golden']);
  });
});
