/**
 * Turns what the schema found wrong into findings that name the key, what was found, what is allowed, and the nearest right
 * name.
 */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { type Finding, type Path, printFound, type ScenarioProblemCode, scenarioProblemCodes } from './problem.ts';
import { spellings } from './schema.ts';
import { alternatives, chosen, keysOf, kindOf, schemaAt, valueAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** What people call a fault that scenarios call otherwise. */
const otherWords: Readonly<Record<string, string>> = {
  partition: 'isolate',
  shutdown: 'controlledShutdown',
  gc: 'pause',
};

/** Findings of `issues` about `data`, checked by `schema`. */
export function findingsOf(issues: readonly Issue[], schema: z.ZodType, data: unknown): Finding[] {
  return issues.flatMap((issue) => findings(issue, [], schema, data));
}

function findings(issue: Issue, base: Path, schema: z.ZodType, data: unknown): Finding[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const value = valueAt(data, path);
  const found = printFound(value);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const here = schemaAt(schema, data, path);
      const allowed = here === undefined ? [] : kindOf(here) === 'union' ? branchKeys(here, value) : keysOf(here);
      return issue.keys.map((key) => unknownKey([...path, key], key, allowed));
    }
    case 'invalid_type':
      if (value === undefined) return [{ severity: 'error', code: 'missing-key', path, found }];
      return [wrongType(schemaAt(schema, data, path), path, found, typeName(issue.expected))];
    case 'invalid_value':
      return [notInList(path, found, issue.values.map(String))];
    case 'too_small':
    case 'too_big': {
      if (issue.origin !== 'number' && issue.origin !== 'int') return [{ severity: 'error', code: 'missing-key', path, found }];
      const here = schemaAt(schema, data, path) as unknown as { minValue?: number; maxValue?: number } | undefined;
      const bound = issue.code === 'too_small' ? { atLeast: Number(issue.minimum) } : { atMost: Number(issue.maximum) };
      const other = bounds(here);
      return [{ severity: 'error', code: 'number-out-of-range', path, found, params: { ...other, ...bound } }];
    }
    case 'invalid_format': {
      const code = (Object.hasOwn(scenarioProblemCodes, issue.message) ? issue.message : 'wrong-type') as ScenarioProblemCode;
      return [{ severity: 'error', code, path, found }];
    }
    case 'invalid_union':
      return unionFindings(issue, path, schema, data, value);
    default:
      return [{ severity: 'error', code: 'wrong-type', path, found }];
  }
}

function unionFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  schema: z.ZodType,
  data: unknown,
  value: unknown,
): Finding[] {
  const union = schemaAt(schema, data, path);
  const found = printFound(value);
  if (value === undefined) return [{ severity: 'error', code: 'missing-key', path, found }];
  if (union === undefined || kindOf(union) !== 'union') return [{ severity: 'error', code: 'wrong-type', path, found }];
  const { kinds, words, shared } = alternatives(union);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const branch = chosen(union, value);
  if (isObject && branch < 0) {
    if (kinds.length === 0) return [{ severity: 'error', code: 'wrong-type', path, found }];
    const present = Object.keys(value);
    const known = present.filter((key) => kinds.includes(key));
    if (known.length > 1) return [{ severity: 'error', code: 'needs-one-of', path, found: known.join(', '), allowed: kinds }];
    const stray = present.filter((key) => !shared.includes(key));
    const meant = stray.map((key) => otherWords[key] ?? nearest(key, kinds)).find((name) => name !== null) ?? null;
    return [
      { severity: 'error', code: 'needs-one-of', path, found: stray.join(', ') || 'nothing', allowed: kinds, nearest: meant },
    ];
  }
  if (typeof value === 'string' && words.length > 0)
    return [notInList(path, found, [...words, ...kinds.map((kind) => `{ ${kind}: … }`)], words)];
  const errors = branch < 0 ? [] : (issue.errors[branch] ?? []);
  if (errors.length === 0) return [{ severity: 'error', code: 'wrong-type', path, found, allowed: kinds }];
  return errors.flatMap((inner) => findings(inner, path, schema, data));
}

function wrongType(here: z.ZodType | undefined, path: Path, found: string, expected: string): Finding {
  const code = here === undefined ? undefined : spellings.get(here);
  if (code !== undefined) return { severity: 'error', code, path, found };
  return { severity: 'error', code: 'wrong-type', path, found, allowed: [expected] };
}

function unknownKey(path: Path, key: string, allowed: readonly string[]): Finding {
  return { severity: 'error', code: 'unknown-key', path, atKey: true, found: key, allowed, nearest: nearest(key, allowed) };
}

function notInList(path: Path, found: string, allowed: readonly string[], candidates = allowed): Finding {
  return { severity: 'error', code: 'value-not-in-list', path, found, allowed, nearest: nearest(found, candidates) };
}

function branchKeys(union: z.ZodType, value: unknown): readonly string[] {
  const branch = chosen(union, value);
  const options = (union._zod.def as unknown as { options: readonly z.ZodType[] }).options;
  return branch < 0 ? [] : keysOf(options[branch]!);
}

/** Both bounds of a number schema, where they are not those of a safe integer. */
function bounds(schema: { minValue?: number; maxValue?: number } | undefined): Record<string, number> {
  const result: Record<string, number> = {};
  const { minValue, maxValue } = schema ?? {};
  if (typeof minValue === 'number' && minValue > Number.MIN_SAFE_INTEGER) result['atLeast'] = minValue;
  if (typeof maxValue === 'number' && maxValue < Number.MAX_SAFE_INTEGER) result['atMost'] = maxValue;
  return result;
}

/** How people call what zod expected. */
function typeName(expected: string): string {
  return expected === 'int' ? 'whole number' : expected === 'record' ? 'object' : expected;
}
