/**
 * Kafka settings as a scenario writes them: dotted names, checked by the compiler in TypeScript and by an editor in YAML.
 * Whether a value is right is Kafka's to say (`kafka/config/resolve.ts`); here are only the shapes.
 */
import * as z from 'zod';
import type { Registry, Setting } from '../kafka/config/setting.ts';
import { settingNames } from '../kafka/config/setting.ts';

type RawOf<S extends Setting> = S['type'] extends 'acks'
  ? 'all' | '-1' | '0' | '1' | -1 | 0 | 1
  : S['type'] extends 'boolean'
    ? boolean | 'true' | 'false'
    : S['type'] extends 'short' | 'int' | 'long' | 'double'
      ? number | `${number}`
      : S extends { readonly allowed: readonly (infer A)[] }
        ? A
        : string;

/** What a `config` block of a TypeScript scenario may hold. */
export type SettingsInput<R extends Registry> = { readonly [Name in keyof R]?: RawOf<R[Name]> };

/** The metadata key under which a `config` schema names its registry, for the JSON Schema. */
export const registryOf: WeakMap<object, Registry> = new WeakMap();

/** Schema of a `config` block, of names and scalar values. `described` gives the type, `registry` the names for editors. */
export function settingsSchema<R extends Registry>(
  described: R,
  registry: Registry,
): z.ZodType<SettingsInput<R>, SettingsInput<R>> {
  const schema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
  registryOf.set(schema, { ...described, ...registry });
  return schema as unknown as z.ZodType<SettingsInput<R>, SettingsInput<R>>;
}

/** JSON Schema `properties` of a registry: type, default and one sentence for every setting that Kafka has. */
export function settingProperties(registry: Registry): Record<string, object> {
  const properties: Record<string, object> = {};
  for (const name of settingNames(registry)) {
    const setting = registry[name]!;
    const byVersion = typeof setting.default === 'object' && setting.default !== null;
    properties[name] = {
      description: `${setting.doc}${setting.modelled === 'later' ? ' (Known to Spillway, not modelled yet.)' : ''}`,
      ...(setting.default === null || byVersion ? {} : { default: setting.default }),
      ...typeOf(setting),
    };
  }
  return properties;
}

function typeOf(setting: Setting): object {
  switch (setting.type) {
    case 'acks':
      return { enum: ['all', '-1', '0', '1', -1, 0, 1] };
    case 'boolean':
      return { enum: [true, false, 'true', 'false'] };
    case 'short':
    case 'int':
    case 'long':
    case 'double':
      return { type: ['number', 'string'] };
    default:
      return setting.allowed === undefined ? { type: ['string', 'number', 'boolean'] } : { enum: [...setting.allowed] };
  }
}
