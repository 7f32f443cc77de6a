/**
 * `set`: one value of a scenario, by its path. `producers.p1.config.acks` reaches into a `config` whose keys are dotted
 * themselves, and into topics whose names may be; `*` stands for every entry (`producers.*.config.acks`). The result is a new
 * scenario, to be checked like any other.
 */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { scenarioSchema } from './schema.ts';
import { keysOf, kindOf, step, unwrap } from './schema-walk.ts';
import { registryOf } from './settings-input.ts';

/** Where a path went wrong. */
export interface PathProblem {
  /** The step that leads nowhere. */
  readonly found: string;
  readonly allowed: readonly string[];
  readonly nearest: string | null;
}

/** A copy of `scenario` with `value` at `path`, or where the path goes wrong. */
export function setPath<T>(
  scenario: T,
  path: string,
  value: unknown,
): { readonly scenario: T } | { readonly problem: PathProblem } {
  const copy = copyOf(scenario);
  // A version is a number to YAML and to a command line.
  const spelt = path === 'kafka' && typeof value === 'number' ? String(value) : copyOf(value);
  const problem = put(copy, scenarioSchema, path.split('.'), spelt);
  return problem === null ? { scenario: copy } : { problem };
}

type Node = Record<string, unknown>;

function put(node: unknown, schema: z.ZodType, steps: readonly string[], value: unknown): PathProblem | null {
  const plain = unwrap(schema);
  if (typeof node !== 'object' || node === null) return nowhere(steps[0] ?? '', []);
  if (Array.isArray(node)) {
    const index = Number(steps[0]);
    if (!Number.isInteger(index) || index < 0 || index >= node.length)
      return nowhere(
        steps[0]!,
        node.map((_, i) => String(i)),
      );
    return into(node as unknown as Node, plain, String(index), steps.slice(1), value);
  }
  const object = node as Node;
  if (kindOf(plain) === 'record') return putRecord(object, plain, steps, value);
  // Features have dotted names, too.
  const rest = steps.join('.');
  if (step(plain, node, rest) !== undefined) return into(object, plain, rest, [], value);
  const key = steps[0]!;
  if (step(plain, node, key) === undefined) {
    const keys = kindOf(plain) === 'union' ? Object.keys(object) : keysOf(plain);
    return nowhere(key, keys);
  }
  return into(object, plain, key, steps.slice(1), value);
}

function putRecord(object: Node, schema: z.ZodType, steps: readonly string[], value: unknown): PathProblem | null {
  // A config's keys are dotted settings: all that is left is one key.
  if (registryOf.has(schema)) {
    object[steps.join('.')] = value;
    return null;
  }
  if (steps[0] === '*') {
    for (const key of Object.keys(object)) {
      const problem = into(object, schema, key, steps.slice(1), value);
      if (problem !== null) return problem;
    }
    return null;
  }
  const rest = steps.join('.');
  const key = Object.keys(object)
    .filter((name) => rest === name || rest.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
  if (key === undefined) return nowhere(steps[0]!, Object.keys(object));
  const left = rest.slice(key.length + 1);
  return into(object, schema, key, left === '' ? [] : left.split('.'), value);
}

function into(object: Node, schema: z.ZodType, key: string, steps: readonly string[], value: unknown): PathProblem | null {
  if (steps.length === 0) {
    object[key] = value;
    return null;
  }
  object[key] ??= {};
  const next = step(schema, object, key);
  return next === undefined ? nowhere(key, []) : put(object[key], next, steps, value);
}

function nowhere(found: string, allowed: readonly string[]): PathProblem {
  return { found, allowed, nearest: nearest(found, allowed) };
}

/** A deep copy of plain data. */
function copyOf<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(copyOf) as T;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, copyOf(value)])) as T;
}
