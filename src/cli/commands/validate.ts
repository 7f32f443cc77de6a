/** `spillway validate`: checks scenarios without running them; every problem of every file is told, with its place. */
import { say } from '../../report/messages/catalogue.ts';
import { problemText } from '../../report/problem-text.ts';
import { caseNames } from '../../scenario/plan-of.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { parseNamed, shippedNames } from '../scenario-files.ts';

/** Flags of the verb. */
export interface ValidateOptions {
  readonly json?: boolean;
}

/** Checks scenarios; what is wrong with them is printed, not thrown. */
export async function validateCommand(names: readonly string[], options: ValidateOptions, context: Context): Promise<ExitCode> {
  const { terminal, paint, quiet } = context;
  const asked = names.length === 0 ? shippedNames() : names;
  let wrong = false;
  for (const name of asked) {
    for (const { scenario, problems } of await parseNamed(name, terminal.cwd, context.installation)) {
      wrong ||= scenario === null;
      if (options.json === true) {
        terminal.out(
          `${JSON.stringify({ schema: 1, name, file: scenario?.file ?? name, valid: scenario !== null, problems })}\n`,
        );
        continue;
      }
      for (const problem of problems) terminal.err(`${problemText(problem, paint)}\n`);
      if (scenario === null || quiet) continue;
      const cases = caseNames(scenario).length;
      terminal.out(` ${paint.good('✓')} ${say('commandLine', 'valid', { file: scenario.file, cases })}\n`);
    }
  }
  return wrong ? ExitCode.badInput : ExitCode.ok;
}
