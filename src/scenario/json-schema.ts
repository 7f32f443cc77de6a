/**
 * The JSON Schema of a scenario, for editors: derived from the schema that checks scenarios, with every Kafka setting in its
 * `config` blocks.
 */
import * as z from 'zod';
import { scenarioSchema } from './schema.ts';
import { registryOf, settingProperties } from './settings-input.ts';

/** A JSON Schema (draft 2020-12) as plain data. */
export function scenarioJsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const registry = registryOf.get(zodSchema);
      if (registry === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key];
      const prefixes = Object.keys(registry).filter((name) => name.endsWith('*'));
      const patterns = prefixes.map((name) => [`^${name.slice(0, -1).replaceAll('.', '\\.')}.`, {}]);
      Object.assign(jsonSchema, {
        type: 'object',
        properties: settingProperties(registry),
        ...(patterns.length === 0 ? {} : { patternProperties: Object.fromEntries(patterns) }),
        additionalProperties: false,
      });
    },
  });
  return { title: 'Spillway scenario', ...schema };
}
