/**
 * A scenario from YAML text or from data (a TypeScript file's default export): checked whole, every case with its `set`
 * applied, or told what is wrong and where. Nothing is thrown for bad input, nothing is read from disk.
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { checkScenario } from './check-scenario.ts';
import { withClients } from './defaults.ts';
import { findingsOf } from './issues.ts';
import { type Locate, textPlaces, yamlPlaces } from './positions.ts';
import { type Finding, type Path, printFound, printPath, type ScenarioProblem } from './problem.ts';
import { type Scenario, type ScenarioCase, scenarioSchema } from './schema.ts';
import { setPath } from './set-path.ts';

/** A scenario whose shape and references are right. */
export interface LoadedScenario {
  /** Its file's name without folder and extension. */
  readonly name: string;
  readonly file: string;
  /** As it was written, with a topic and a producer where it named none. */
  readonly definition: Scenario;
}

export interface ParsedScenario {
  /** Null when there is an error among the problems. */
  readonly scenario: LoadedScenario | null;
  readonly problems: readonly ScenarioProblem[];
}

/** Parses a YAML scenario. `file` is used for its name and for problems. */
export function parseScenarioText(text: string, file: string): ParsedScenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, problem: Pick<ScenarioProblem, 'code' | 'key' | 'found' | 'params'>): ScenarioProblem => {
    const { line, col } = lines.linePos(offset);
    return { severity: 'error', file, line, column: col, case: null, allowed: [], nearest: null, ...problem };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): ScenarioProblem => {
      const duplicate = error.code === 'DUPLICATE_KEY';
      const name = duplicate ? (/^[^:\s]*/.exec(text.slice(error.pos[0]))?.[0] ?? '') : '';
      return at(error.pos[0], {
        code: duplicate ? 'duplicate-key' : 'not-yaml',
        key: name,
        found: duplicate ? name : null,
        params: duplicate ? {} : { reason: error.message },
      });
    });
    return { scenario: null, problems };
  }
  const problems = unusable(document).map(({ offset, reason, found }) =>
    reason === null
      ? at(offset, { code: 'unknown-key', key: found, found, params: {} })
      : at(offset, { code: 'not-yaml', key: '', found: null, params: { reason } }),
  );
  if (problems.length > 0) return { scenario: null, problems };
  keepSpelling(document);
  // Counted above, and larger than what the library takes by itself.
  return check(document.toJS({ maxAliasCount: -1 }), file, yamlPlaces(document, lines));
}

/** How many values aliases may stand for; beyond, a small text is a flood of data. */
const mostAliased = 10_000;

/**
 * What is YAML and becomes no data: an alias of nothing or of what it stands in, aliases that multiply, a list or a map as a key. `reason`
 * is null for a key.
 */
function unusable(document: Document): { readonly offset: number; readonly reason: string | null; readonly found: string }[] {
  const found: { offset: number; reason: string | null; found: string }[] = [];
  const sizes = new Map<Node, number>();
  let aliased = 0;
  let excess = false;
  // Aliases stand behind their anchors: what one stands for has been counted when it is met, unless the alias is within.
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) {
      const offset = node.range?.[0] ?? 0;
      const target = node.resolve(document);
      const size = target === undefined ? undefined : sizes.get(target);
      if (size !== undefined) {
        aliased += size;
        if (aliased > mostAliased && !excess) {
          excess = true;
          found.push({ offset, reason: 'Excessive alias count', found: '' });
        }
        return size;
      }
      const reason = target === undefined ? `Unresolved alias ${node.source}` : `Alias ${node.source} within what it stands for`;
      found.push({ offset, reason, found: node.source });
      return 1;
    }
    let size = 1;
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        // A tag can make an object of a scalar.
        if (isCollection(key) || isAlias(key) || (isScalar(key) && typeof key.value === 'object' && key.value !== null)) {
          const range = (key as Node).range;
          found.push({ offset: range?.[0] ?? 0, reason: null, found: printFound(String(key)) });
        }
        size += sizeOf(value);
      }
    } else if (isSeq(node)) for (const item of node.items) size += sizeOf(item);
    if (isNode(node)) sizes.set(node, size);
    return size;
  };
  sizeOf(document.contents);
  return found;
}

/** The line on which a file writes a case; of a scenario without cases, the line of its claim. Null when it cannot be found. */
export function lineOfCase(text: string, file: string, name: string | null): number | null {
  const lines = new LineCounter();
  const places = /\.ya?ml$/.test(file)
    ? yamlPlaces(parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines)
    : textPlaces(text);
  return places(name === null ? ['claim'] : ['cases', name], true)?.line ?? null;
}

/** Checks a scenario that is already data. With the `text` it came from, problems get a line. */
export function parseScenarioData(data: unknown, file: string, text?: string): ParsedScenario {
  return check(data, file, text === undefined ? () => null : textPlaces(text));
}

/** A scenario with one value replaced (`--set producers.p1.config.acks=1`), checked again. */
export function withSet(scenario: LoadedScenario, path: string, value: unknown): ParsedScenario {
  const result = setPath(scenario.definition, path, value);
  if ('scenario' in result) return check(result.scenario, scenario.file, () => null);
  const { found, allowed, nearest } = result.problem;
  const problem: ScenarioProblem = {
    severity: 'error',
    code: 'no-such-path',
    file: scenario.file,
    line: null,
    column: null,
    key: path,
    case: null,
    found,
    allowed,
    nearest,
    params: {},
  };
  return { scenario: null, problems: [problem] };
}

/** Numbers that would not survive being numbers stay text: a version (`3.9`), and integers beyond a double. */
function keepSpelling(document: Document): void {
  const version = document.getIn(['kafka'], true);
  if (isScalar(version) && typeof version.value === 'number') version.value = version.source ?? String(version.value);
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && !Number.isSafeInteger(node.value) && /^[+-]?\d+$/.test(node.source ?? '')) {
        node.value = node.source;
      }
    },
  });
}

function check(data: unknown, file: string, locate: Locate): ParsedScenario {
  const problems: ScenarioProblem[] = [];
  const tell = (finding: Finding, inCase: string | null, path: Path = finding.path): void => {
    const problem = placed(finding, inCase, file, locate, path);
    const same = (other: ScenarioProblem): boolean =>
      other.code === problem.code &&
      other.key === problem.key &&
      other.found === problem.found &&
      (other.case === null || other.case === inCase);
    if (!problems.some(same)) problems.push(problem);
  };
  const shape = scenarioSchema.safeParse(data);
  if (!shape.success) {
    for (const finding of findingsOf(shape.error.issues, scenarioSchema, data)) tell(finding, null);
    return { scenario: null, problems };
  }
  const definition = withClients(data as Scenario);
  const cases = Object.entries(definition.cases ?? {});
  // What only a case makes right or wrong is said of the case; a scenario without cases is checked as it stands.
  if (cases.length === 0) for (const finding of checkScenario(definition)) tell(finding, null);
  for (const [name, scenarioCase] of cases) checkCase(definition, name, scenarioCase, tell);
  const failed = problems.some((problem) => problem.severity === 'error');
  const name = file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return { scenario: failed ? null : { name, file, definition }, problems };
}

/** Checks the scenario as a case makes it. A problem is told at the path of `set` that brought it, or where the scenario has it. */
function checkCase(
  definition: Scenario,
  name: string,
  scenarioCase: ScenarioCase,
  tell: (finding: Finding, inCase: string | null, path?: Path) => void,
): void {
  const applied = applySet(definition, scenarioCase);
  const at: Path = ['cases', name, 'set'];
  for (const problem of applied.problems) {
    const { found, allowed, nearest } = problem;
    tell({ severity: 'error', code: 'no-such-path', path: [...at, problem.path], atKey: true, found, allowed, nearest }, name);
  }
  if (applied.problems.length > 0) return;
  const shape = scenarioSchema.safeParse(applied.scenario);
  const findings = shape.success
    ? checkScenario(applied.scenario)
    : findingsOf(shape.error.issues, scenarioSchema, applied.scenario);
  for (const finding of findings) {
    const own = dependsOnCase(definition, finding);
    if (own) tell(finding, name, [...at, ...bringing(Object.keys(scenarioCase.set ?? {}), finding)]);
    else tell(finding, null);
  }
}

/** The path of `set` that a problem comes from: the one at or above its key, or one that sets the same config. */
function bringing(paths: readonly string[], finding: Finding): Path {
  const key = printPath(finding.path);
  const config = printPath(finding.path.slice(0, finding.path.indexOf('config') + 1));
  const exact = paths.find((path) => key === path || key.startsWith(`${path}.`));
  const near = exact ?? paths.find((path) => config !== '' && path.startsWith(`${config}.`)) ?? paths[0];
  return near === undefined ? [] : [near];
}

/** True when the scenario without the case does not have this problem. */
function dependsOnCase(definition: Scenario, finding: Finding): boolean {
  return !checkScenario(definition).some(
    (other) => other.code === finding.code && printPath(other.path) === printPath(finding.path),
  );
}

/** A scenario with the `set` of a case applied, in the order it is written. */
export function applySet(
  definition: Scenario,
  scenarioCase: ScenarioCase,
): {
  scenario: Scenario;
  problems: readonly { path: string; found: string; allowed: readonly string[]; nearest: string | null }[];
} {
  let scenario = definition;
  const problems: { path: string; found: string; allowed: readonly string[]; nearest: string | null }[] = [];
  for (const [path, value] of Object.entries(scenarioCase.set ?? {})) {
    const result = setPath(scenario, path, value);
    if ('scenario' in result) scenario = result.scenario;
    else problems.push({ path, ...result.problem });
  }
  return { scenario, problems };
}

function placed(finding: Finding, inCase: string | null, file: string, locate: Locate, path: Path): ScenarioProblem {
  const place = locate(path, finding.atKey ?? false);
  return {
    severity: finding.severity,
    code: finding.code,
    file,
    line: place?.line ?? null,
    column: place?.column ?? null,
    key: printPath(finding.path),
    case: inCase,
    found: finding.found === undefined ? null : printFound(finding.found),
    allowed: finding.allowed ?? [],
    nearest: finding.nearest ?? null,
    params: finding.params ?? {},
  };
}
