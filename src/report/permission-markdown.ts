/** Which harm is permitted, as `docs/permissions.md`: one row a rule, from the rules themselves. */
import { permissionRules } from '../oracle/permission.ts';
import { type Harm, harms } from '../oracle/verdict.ts';
import { markdownTable } from './markdown-table.ts';
import { say } from './messages/catalogue.ts';

/** The document. */
export function permissionMarkdown(): string {
  const permitted = harms.filter((harm) => permissionRules.some((rule) => rule.harm === harm));
  const never = harms.filter((harm) => !permitted.includes(harm));
  return [
    '# Which harm is permitted',
    '',
    'A harm that a run shows is *permitted* when one of these rules covers it: the rule is for this harm and for its reason, and its',
    'condition holds of the settings, of the faults that bit and of what was seen. Any other harm is a bug of Spillway or a discovery, and',
    'reports say so loudly. The rules are data in `src/oracle/permission.ts` and `permission-groups.ts`; this file is generated from them',
    '(`npm run golden`). Mutants prove that they bite.',
    '',
    ...permitted.flatMap(section),
    `## ${never.map(titleOf).join(', ')}`,
    '',
    'No rule: never permitted.',
    '',
  ].join('\n');
}

function titleOf(harm: Harm): string {
  return say('harms', harm, {}).toUpperCase();
}

function section(harm: Harm): string[] {
  const rows = permissionRules
    .filter((rule) => rule.harm === harm)
    .map(({ id, allows, reasons, source }) => [`\`${id}\``, allows, reasons.map((reason) => `\`${reason}\``).join(', '), source]);
  return [
    `## ${titleOf(harm)}`,
    '',
    `${say('meanings', harm, {})}.`,
    '',
    ...markdownTable(['rule', 'permitted by', 'for the reasons', 'source'], rows),
    '',
  ];
}
