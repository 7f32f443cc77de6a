/**
 * `spillway run --watch`: runs, and runs again whenever a scenario changes, until ^C. What is wrong with a scenario is told, and then it is
 * waited for.
 */
import { say } from '../../report/messages/catalogue.ts';
import { type Context, tell } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { BadInput, badInput } from '../failure.ts';
import { kindOf } from '../files.ts';
import { splitCase } from '../selection.ts';
import { watchFolders } from '../watched-folders.ts';

/** Flags that cannot stand beside `--watch`: what they keep is of one campaign, and every change makes another. */
const notBeside = ['shard', 'resume'] as const;

/** Runs `once` again and again. @throws BadInput where there is nothing to watch */
export async function watchCommand(
  names: readonly string[],
  options: Readonly<Partial<Record<(typeof notBeside)[number], string>>>,
  once: () => Promise<ExitCode>,
  context: Context,
): Promise<ExitCode> {
  const { terminal, quiet } = context;
  for (const flag of notBeside) if (options[flag] !== undefined) throw badInput('not-with-watch', { flag: `--${flag}` });
  const files = names
    .map((name) => splitCase(name, terminal.cwd).scenario)
    .filter((name) => kindOf(terminal.cwd, name) !== 'missing');
  if (files.length === 0) throw badInput('nothing-to-watch');
  const stop = context.interruption.heed();
  const folders = watchFolders(terminal.cwd, files);
  try {
    for (let first = true; !stop.aborted; first = false) {
      try {
        await once();
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        // A flag does not get right by waiting.
        if (first && error.problems.every(({ file }) => file === null)) throw error;
        tell(context, error.problems);
      }
      if (stop.aborted) break;
      if (!quiet) terminal.err(`${say('commandLine', 'watching', { files: files.join(', ') })}\n`);
      await folders.changed(stop);
    }
    return ExitCode.interrupted;
  } finally {
    folders.close();
  }
}
