/** Walks the schema beside the data: what may stand where. For messages that name what is allowed, and for paths of `set`. */
import type { z } from 'zod';
import type { Path } from './problem.ts';

/** The parts of a zod schema's definition that scenarios use. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly entries?: Readonly<Record<string, string>>;
}

function definition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** The schema without `optional`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (definition(inner).innerType !== undefined) inner = definition(inner).innerType!;
  return inner;
}

export function kindOf(schema: z.ZodType): string {
  return definition(schema).type;
}

/** Keys of an object schema; empty for anything else. */
export function keysOf(schema: z.ZodType): readonly string[] {
  return Object.keys(definition(schema).shape ?? {});
}

/** What a union of shapes is told apart by: the first key of each object, and the words that stand alone. */
export function alternatives(union: z.ZodType): {
  kinds: readonly string[];
  words: readonly string[];
  shared: readonly string[];
} {
  const options = definition(union).options ?? [];
  const objects = options.map(keysOf).filter((keys) => keys.length > 0);
  const kinds = objects.map((keys) => keys[0]!);
  return {
    kinds,
    words: options.flatMap((option) => Object.values(definition(option).entries ?? {})),
    shared: [...new Set(objects.flatMap((keys) => keys.slice(1)))],
  };
}

/**
 * The index of the alternative that the data means: by its kind key where the alternatives are objects, else by its type. -1
 * for none.
 */
export function chosen(union: z.ZodType, data: unknown): number {
  const options = definition(union).options ?? [];
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const objects = options.filter((option) => kindOf(option) === 'object');
    if (objects.length === 1) return options.indexOf(objects[0]!);
    const present = objects.filter((option) => Object.hasOwn(data, keysOf(option)[0]!));
    return present.length === 1 ? options.indexOf(present[0]!) : -1;
  }
  return options.findIndex((option) => kindOf(option) !== 'object');
}

/** The schema of one step down, or undefined where there is none. `data` is what stands at this schema now. */
export function step(schema: z.ZodType, data: unknown, key: string | number): z.ZodType | undefined {
  const plain = unwrap(schema);
  const { type, shape, valueType, element, options } = definition(plain);
  if (type === 'object') return shape !== undefined && Object.hasOwn(shape, key) ? shape[key] : undefined;
  if (type === 'record') return valueType;
  if (type === 'array') return element;
  if (type === 'union') {
    const index = chosen(plain, data);
    return index < 0 ? undefined : step(options![index]!, data, key);
  }
  return undefined;
}

/** The schema at a path, following what the data chose; undefined when the path leaves the schema. */
export function schemaAt(root: z.ZodType, data: unknown, path: Path): z.ZodType | undefined {
  let schema: z.ZodType | undefined = root;
  let at = data;
  for (const key of path) {
    schema = step(schema, at, key);
    if (schema === undefined) return undefined;
    at = valueAt(at, [key]);
  }
  return unwrap(schema);
}

/** The value at a path, undefined when it leads nowhere. */
export function valueAt(data: unknown, path: Path): unknown {
  let at = data;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}
