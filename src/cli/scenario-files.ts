/**
 * Finds scenarios: those that come with Spillway, by name, and files and folders of the user's. Everything wrong with any of them is told
 * at once. TypeScript files are compiled in memory; nothing is written.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shipped } from 'spillway-scenarios';
import type { ShownProblem } from '../report/problem-text.ts';
import { nearest } from '../scenario/nearest.ts';
import { type LoadedScenario, type ParsedScenario, parseScenarioData, parseScenarioText } from '../scenario/parse-scenario.ts';
import { BadInput, badInput, problem } from './failure.ts';
import { kindOf, readText } from './files.ts';

/** Where the program was installed, as far as scenarios need it. */
export interface Installation {
  /** What `import 'spillway'` in a scenario file means. */
  readonly libraryFile: string;
}

export interface Found {
  readonly scenarios: readonly LoadedScenario[];
  /** Warnings only; errors are thrown. */
  readonly warnings: readonly ShownProblem[];
}

const endings = /\.(ts|mts|ya?ml)$/;

/** Every scenario that comes with Spillway, in the order of their names. */
export function shippedScenarios(): LoadedScenario[] {
  return shipped.map(({ file, definition, text }) => {
    const parsed = text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file);
    if (parsed.scenario === null) throw new BadInput(parsed.problems);
    return parsed.scenario;
  });
}

/** Names of the shipped scenarios, without parsing them. */
export function shippedNames(): string[] {
  return shipped.map(({ file }) => file.replace(/^.*\//, '').replace(/\.[^.]*$/, ''));
}

/**
 * The scenarios that the arguments name: `name` of a shipped one, a file, or a folder; all shipped ones where there is no argument.
 * @throws BadInput with everything that is wrong with any of them
 */
export async function findScenarios(names: readonly string[], cwd: string, installation: Installation): Promise<Found> {
  if (names.length === 0) return { scenarios: shippedScenarios(), warnings: [] };
  const scenarios: LoadedScenario[] = [];
  const problems: ShownProblem[] = [];
  for (const parsed of await Promise.all(names.map((name) => parseNamed(name, cwd, installation)))) {
    for (const { scenario, problems: found } of parsed) {
      problems.push(...found);
      if (scenario !== null) scenarios.push(scenario);
    }
  }
  if (problems.some(({ severity }) => severity === 'error')) throw new BadInput(problems);
  return { scenarios, warnings: problems };
}

/** A name, a file or a folder becomes scenarios or problems; nothing is thrown for either. */
export async function parseNamed(name: string, cwd: string, installation: Installation): Promise<readonly Parsed[]> {
  const kind = kindOf(cwd, name);
  if (kind === 'folder') {
    const files = readdirSync(resolve(cwd, name), { recursive: true }).map((file) => join(name, String(file)));
    const ours = files.filter((file) => endings.test(file) && !file.endsWith('.d.ts')).sort((a, b) => (a < b ? -1 : 1));
    if (ours.length === 0) return [{ scenario: null, problems: [problem('no-scenario-in-folder', { folder: name })] }];
    return Promise.all(ours.map((file) => parseFile(file, cwd, installation)));
  }
  if (kind === 'file') return [await parseFile(name, cwd, installation)];
  const known = shippedNames();
  const scenario = known.includes(name) ? shippedScenarios().find((candidate) => candidate.name === name) : undefined;
  if (scenario !== undefined) return [{ scenario, problems: [] }];
  return [{ scenario: null, problems: [problem('unknown-scenario', { found: name }, { nearest: nearest(name, known) })] }];
}

type Parsed = Pick<ParsedScenario, 'scenario'> & { readonly problems: readonly ShownProblem[] };

async function parseFile(file: string, cwd: string, installation: Installation): Promise<Parsed> {
  if (!endings.test(file)) return { scenario: null, problems: [problem('not-a-scenario', { file })] };
  const text = readText(cwd, file);
  if (!/\.m?ts$/.test(file)) return parseScenarioText(text, file);
  const loaded = await load(resolve(cwd, file), file, installation);
  return 'problem' in loaded ? { scenario: null, problems: [loaded.problem] } : parseScenarioData(loaded.data, file, text);
}

/** The default export of a TypeScript file. */
async function load(
  path: string,
  file: string,
  { libraryFile }: Installation,
): Promise<{ readonly data: unknown } | { readonly problem: ShownProblem }> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(path, { fsCache: false, moduleCache: false, alias: { spillway: libraryFile } });
  try {
    const module = await jiti.import<Record<string, unknown>>(path);
    if (!('default' in module)) return { problem: problem('no-default-export', {}, { file }) };
    return { data: module['default'] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [first = ''] = message.replaceAll(path, file).split('\n');
    return { problem: problem('does-not-load', { why: first }, { file }) };
  }
}

/** One scenario of several, when a verb takes just one. @throws BadInput */
export function theOnly(scenarios: readonly LoadedScenario[], name: string): LoadedScenario {
  const [first] = scenarios;
  if (first === undefined) throw badInput('unknown-scenario', { found: name });
  return first;
}
