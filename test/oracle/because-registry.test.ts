/** The registry of reasons: complete sentences, and rules that cover what they may. */
import { expect, test } from 'vitest';
import { becauseCodes } from '../../src/oracle/because.ts';
import { permissionRules } from '../../src/oracle/permission.ts';

test('every rule covers reasons of the registry, every definition is one sentence', () => {
  for (const rule of permissionRules) for (const reason of rule.reasons) expect(becauseCodes[reason]).toBeDefined();
  for (const [code, { definition, source, params }] of Object.entries(becauseCodes)) {
    expect(definition, code).toMatch(/^[A-Z].*\.$|^acks.*\.$/);
    expect(source.length, code).toBeGreaterThan(0);
    expect(new Set(params).size, code).toBe(params.length);
  }
});

test('no rule covers what "no Kafka does"', () => {
  const covered = new Set(permissionRules.flatMap(({ reasons }) => reasons as readonly string[]));
  for (const [code, { definition }] of Object.entries(becauseCodes)) {
    if (definition.includes('no Kafka does this') || code === 'unexplained') expect(covered.has(code), code).toBe(false);
  }
});
