/** `spillway init`: writes a small project to begin with, all of it or nothing. A file that exists stays as it is. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { say } from '../../report/messages/catalogue.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { BadInput, problem } from '../failure.ts';
import { assertWritable, kindOf, writeWhole } from '../files.ts';
import { quoted } from '../flags.ts';
import { startingProject } from '../starting-project.ts';

/** Writes the project into a folder. @throws BadInput */
export function initCommand(folder: string | undefined, { terminal }: Context): ExitCode {
  const { cwd } = terminal;
  const files = Object.entries(startingProject).map(([path, text]) => ({ file: join(folder ?? '', path), text }));
  const taken = files.filter(({ file }) => kindOf(cwd, file) !== 'missing');
  if (taken.length > 0) throw new BadInput(taken.map(({ file }) => problem('file-exists', { file })));
  for (const { file } of files) assertWritable(cwd, file);
  const written: string[] = [];
  try {
    for (const { file, text } of files) {
      writeWhole(cwd, file, text, { keep: true });
      written.push(file);
    }
  } catch (error) {
    for (const file of written) rmSync(resolve(cwd, file), { force: true });
    throw error;
  }
  for (const { file } of files) terminal.out(` ${say('commandLine', 'written', { file })}\n`);
  const inFolder = folder === undefined ? '' : `cd ${quoted(folder)} && `;
  terminal.out(`\n ${say('commandLine', 'init-next', { install: `${inFolder}npm install --save-dev spillway vitest` })}\n`);
  return ExitCode.ok;
}
