/** `spillway new`: writes a scenario to begin with. A file that exists stays as it is. */
import { say, sayCode } from '../../report/messages/catalogue.ts';
import { wrapText } from '../../report/wrap.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { readName } from '../flags.ts';
import { templates } from '../templates.ts';

const width = 80;

/** Flags of the verb. */
export interface NewOptions {
  readonly yaml?: boolean;
}

/** Writes a template, or lists them. @throws BadInput */
export function newCommand(name: string | undefined, file: string | undefined, options: NewOptions, context: Context): ExitCode {
  const { terminal, paint } = context;
  if (name === undefined) {
    const widest = Math.max(...Object.keys(templates).map((key) => key.length));
    for (const key of Object.keys(templates)) {
      const lines = wrapText(sayCode('templates', key, {}), width - widest - 3);
      for (const [i, line] of lines.entries()) terminal.out(` ${paint.strong((i === 0 ? key : '').padEnd(widest))}  ${line}\n`);
    }
    return ExitCode.ok;
  }
  const template = templates[readName('unknown-template', name, Object.keys(templates))];
  const target = file ?? `${name}.${options.yaml === true ? 'yaml' : 'ts'}`;
  if (!/\.(m?ts|ya?ml)$/.test(target)) throw badInput('not-a-scenario', { file: target });
  const text = /\.ya?ml$/.test(target) ? template?.yaml : template?.typescript;
  writeWhole(terminal.cwd, target, text ?? '', { keep: true });
  terminal.out(` ${say('commandLine', 'created', { file: target })}\n`);
  return ExitCode.ok;
}
