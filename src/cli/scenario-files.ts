/**
 * Finds scenarios: those that come with Spillway, by name, and files and folders of the user's. Everything wrong with any of them is told
 * at once. TypeScript files are compiled in memory; nothing is written.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shipped } from 'spillway-scenarios';
import type { ShownProblem } from '../report/problem-text.ts';
import { nearest } from '../scenario/nearest.ts';
import { type LoadedScenario, parseScenarioData, parseScenarioText } from '../scenario/parse-scenario.ts';
import type { Installation } from './context.ts';
import { BadInput, problem } from './failure.ts';
import { kindOf, readText } from './files.ts';

/** A scenario, and what to call it on a command line: a shipped one by its name, a user's by its file. */
export interface Chosen {
  readonly name: string;
  readonly scenario: LoadedScenario;
}

/** What was found under the names that were asked for. */
export interface Found {
  readonly chosen: readonly Chosen[];
  /** Warnings only; errors are thrown. */
  readonly warnings: readonly ShownProblem[];
}

/** As far as scenarios need to know where the program lies. */
type Library = Pick<Installation, 'libraryFile'>;

const endings = /\.(ts|mts|ya?ml)$/;

/** Names of the shipped scenarios, in the order of their files, without parsing them. */
export function shippedNames(): string[] {
  return shipped.map(({ file }) => nameOf(file));
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
}

function shippedNamed(name: string): Parsed | null {
  const found = shipped.find(({ file }) => nameOf(file) === name);
  if (found === undefined) return null;
  const { file, definition, text } = found;
  const parsed = text === undefined ? parseScenarioData(definition, file) : parseScenarioText(text, file);
  return { ...parsed, name, problems: parsed.problems.filter(({ severity }) => severity === 'error') };
}

/**
 * The scenarios that the arguments name: `name` of a shipped one, a file, or a folder; all shipped ones where there is no argument.
 * @throws BadInput with everything that is wrong with any of them
 */
export async function findScenarios(names: readonly string[], cwd: string, library: Library): Promise<Found> {
  const asked = names.length === 0 ? shippedNames() : names;
  const parsed = (await Promise.all(asked.map((name) => parseNamed(name, cwd, library)))).flat();
  const problems = parsed.flatMap((one) => one.problems);
  if (problems.some(({ severity }) => severity === 'error')) throw new BadInput(problems);
  const chosen = parsed.flatMap(({ name, scenario }) => (scenario === null ? [] : [{ name, scenario }]));
  return { chosen, warnings: problems };
}

/** A scenario that was looked for: found, or what is wrong with it. */
export interface Parsed {
  /** See {@link Chosen.name}. */
  readonly name: string;
  readonly scenario: LoadedScenario | null;
  readonly problems: readonly ShownProblem[];
}

/** A name, a file or a folder becomes scenarios or problems; nothing is thrown for either. */
export async function parseNamed(name: string, cwd: string, library: Library): Promise<readonly Parsed[]> {
  const wrong = (one: ShownProblem): Parsed[] => [{ name, scenario: null, problems: [one] }];
  const kind = kindOf(cwd, name);
  if (kind === 'folder') {
    const files = readdirSync(resolve(cwd, name), { recursive: true }).map((file) => join(name, String(file)));
    const ours = files.filter((file) => endings.test(file) && !file.endsWith('.d.ts')).sort((a, b) => (a < b ? -1 : 1));
    if (ours.length === 0) return wrong(problem('no-scenario-in-folder', { folder: name }));
    return Promise.all(ours.map((file) => parseFile(file, cwd, library)));
  }
  if (kind === 'file') return [await parseFile(name, cwd, library)];
  const found = shippedNamed(name);
  return found !== null
    ? [found]
    : wrong(problem('unknown-scenario', { found: name }, { nearest: nearest(name, shippedNames()) }));
}

async function parseFile(file: string, cwd: string, library: Library): Promise<Parsed> {
  if (!endings.test(file)) return { name: file, scenario: null, problems: [problem('not-a-scenario', { file })] };
  const text = readText(cwd, file);
  if (!/\.m?ts$/.test(file)) return { name: file, ...parseScenarioText(text, file) };
  const loaded = await load(resolve(cwd, file), file, library);
  if ('problem' in loaded) return { name: file, scenario: null, problems: [loaded.problem] };
  return { name: file, ...parseScenarioData(loaded.data, file, text) };
}

/** The default export of a TypeScript file. */
async function load(
  path: string,
  file: string,
  { libraryFile }: Library,
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
