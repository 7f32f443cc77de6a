/**
 * What is wrong with an input, one line a problem: `file:line:column: error: sentence; did you mean name? allowed: a, b`. The form that
 * editors and terminals make clickable.
 */
import { type Section, say, sayCode, sayWord } from './messages/catalogue.ts';
import { en } from './messages/en.ts';
import type { Values } from './messages/template.ts';
import { type Paint, plain } from './paint.ts';

/** A problem with its place; the shape that scenarios and settings report it in. */
export interface ShownProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** As the user gave it; null for what came from the command line itself. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The key, or the setting, that it is about; null when it is about the whole. */
  readonly key: string | null;
  /** The case of a scenario that it was found in. */
  readonly case?: string | null;
  readonly found?: string | null;
  readonly allowed?: readonly string[];
  readonly nearest?: string | null;
  readonly params: Values;
}

/** At most this many allowed values are listed. */
const listed = 12;

/** The problem on one line. */
export function problemText(problem: ShownProblem, paint: Paint = plain): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  const severity =
    problem.severity === 'error' ? paint.harm(say('commandLine', 'error', {})) : paint.price(say('commandLine', 'warning', {}));
  return `${place === '' ? '' : `${place}: `}${severity}: ${sentence(problem)}`;
}

function sentence(problem: ShownProblem): string {
  const key = problem.key ?? '';
  const name = key.split('.config.').at(-1) ?? key;
  const values = { key, setting: name, ...(problem.found == null ? {} : { found: problem.found }), ...problem.params };
  const parts = [sayCode(sectionOf(problem.code), problem.code, values)];
  if (problem.nearest != null) parts.push(say('commandLine', 'did-you-mean', { name: problem.nearest }));
  // What zod and the registries call a type is a word; whatever else is allowed is written as it stands.
  const allowed = problem.code === 'wrong-type' ? (problem.allowed ?? []).map(sayWord) : (problem.allowed ?? []);
  if (allowed.length > 0 && problem.nearest == null) {
    const more = allowed.length > listed ? ', …' : '';
    parts.push(say('commandLine', 'allowed', { list: allowed.slice(0, listed).join(', ') + more }));
  }
  const where = problem.case == null ? '' : ` (${say('commandLine', 'in-case', { case: problem.case })})`;
  return parts.join(say('punctuation', 'sentences', {})) + where;
}

/** The section that knows the code: a file's form, a setting, the command line. */
function sectionOf(code: string): Section {
  if (Object.hasOwn(en.inputs, code)) return 'inputs';
  return Object.hasOwn(en.problems, code) ? 'problems' : 'commandLine';
}
