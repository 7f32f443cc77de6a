/** `spillway list`: the scenarios that come with Spillway, what each claims, and what its cases expect. */
import { say } from '../../report/messages/catalogue.ts';
import { wrap, wrapText } from '../../report/wrap.ts';
import type { LoadedScenario } from '../../scenario/parse-scenario.ts';
import { caseNames } from '../../scenario/plan-of.ts';
import type { ExpectationInput } from '../../scenario/schema.ts';
import { type Context, tell } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { findScenarios } from '../scenario-files.ts';
import { matching } from '../selection.ts';

/** Flags of the verb. */
export interface ListOptions {
  readonly json?: boolean;
  readonly grep?: string;
}

const width = 80;

/** Where the cases of the canon lie among the scenarios that come with the program. */
const canonFolder = 'scenarios/canon/';

/** Lists scenarios. @throws BadInput */
export async function listCommand(names: readonly string[], options: ListOptions, context: Context): Promise<ExitCode> {
  const { terminal, paint } = context;
  const found = await findScenarios(names, terminal.cwd, context.installation);
  tell(context, found.warnings);
  const scenarios = matching(found.chosen, options.grep).map(({ scenario }) => scenario);
  if (options.json === true) {
    for (const scenario of scenarios) terminal.out(`${JSON.stringify(described(scenario))}\n`);
    return ExitCode.ok;
  }
  let inCanon = false;
  for (const scenario of scenarios) {
    const { name, claim, cases, file } = described(scenario);
    if (!inCanon && file.startsWith(canonFolder)) {
      inCanon = true;
      terminal.out(`\n ${say('list', 'canon', {})}\n\n`);
    }
    terminal.out(` ${paint.strong(name)}\n`);
    for (const line of wrapText(claim, width - 3)) terminal.out(`   ${line}\n`);
    const told = cases.map((one) => [one.name, one.expect].filter((part) => part !== null && part !== '').join(': '));
    const lines = wrap(told, ' · ', width - 3).flatMap((line) => wrapText(line, width - 3));
    for (const line of lines) terminal.out(`   ${paint.faint(line)}\n`);
  }
  return ExitCode.ok;
}

interface Described {
  readonly name: string;
  readonly file: string;
  readonly claim: string;
  readonly source: string | null;
  readonly tags: readonly string[];
  readonly cases: readonly { readonly name: string | null; readonly expect: string }[];
}

function described(scenario: LoadedScenario): Described {
  const { definition, name, file } = scenario;
  const cases = caseNames(scenario).map((one) => {
    const expect = (one === null ? undefined : definition.cases?.[one]?.expect) ?? definition.expect ?? {};
    return { name: one, expect: inWords(expect) };
  });
  return { name, file, claim: definition.claim, source: definition.source ?? null, tags: definition.tags ?? [], cases };
}

function inWords(expect: ExpectationInput): string {
  return Object.entries(expect)
    .filter(([name]) => name !== 'because')
    .map(([name, wanted]) => `${name} ${/^\s*\d+\s*$/.test(String(wanted)) ? '= ' : ''}${String(wanted).trim()}`)
    .join(', ');
}
