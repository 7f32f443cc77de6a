/** Where a result goes besides stdout: `--output-file`, whose ending says the form. */
import { say } from '../report/messages/catalogue.ts';
import type { Context } from './context.ts';
import { badInput } from './failure.ts';
import { assertWritable, writeWhole } from './files.ts';

/** Texts by the ending of the file that gets them, made only when asked for. */
export type Forms = Readonly<Record<string, () => string>>;

/** Tells before a long run that its output could not be written. @throws BadInput */
export function checkOutput(file: string | undefined, endings: readonly string[], { terminal }: Context): void {
  if (file === undefined) return;
  if (!endings.some((ending) => file.endsWith(ending)))
    throw badInput('not-a-format', { found: file, known: endings.join(', ') });
  assertWritable(terminal.cwd, file);
}

/** Writes the file whole, and says so on stderr. @throws BadInput */
export function writeOutput(file: string | undefined, forms: Forms, context: Context): void {
  if (file === undefined) return;
  const ending = Object.keys(forms).find((candidate) => file.endsWith(candidate)) ?? '';
  writeWhole(context.terminal.cwd, file, forms[ending]?.() ?? '');
  if (!context.quiet) context.terminal.err(`${say('commandLine', 'written', { file })}\n`);
}
