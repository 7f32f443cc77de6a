/** `spillway diff`: the first event at which two runs part, both lines. With one run: that run without and with `--set`. */
import { diffText, partingOf } from '../../report/diff-text.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { askedRun, type ToldOptions } from './told-run.ts';

/** Flags of the verb. */
export interface DiffOptions extends ToldOptions {
  readonly json?: boolean;
}

/** Compares two runs. @throws BadInput */
export async function diffCommand(runs: readonly string[], options: DiffOptions, context: Context): Promise<ExitCode> {
  const { terminal, paint } = context;
  const changes = options.set ?? [];
  const [first = '', second = first] = runs;
  if (runs.length > 2) throw badInput('diff-has-two', { found: runs.length });
  if (runs.length < 2 && changes.length === 0) throw badInput('diff-needs-two', {});
  const compared = async (name: string, set: readonly string[]) => {
    const [run = '', seed] = name.split('@');
    const asked = await askedRun(run, { ...options, set, ...(seed === undefined ? {} : { seed }) }, context);
    return { ...asked.tell('full'), name: set.length === 0 ? name : `${name} ${set.join(' ')}` };
  };
  const a = await compared(first, []);
  const b = await compared(second, changes);
  const parting = partingOf(a, b);
  if (options.json === true) {
    const told = [a, b].map(({ name, result }) => ({
      name,
      traceHash: result.traceHash,
      counts: result.counts,
      replay: result.replay,
    }));
    terminal.out(`${JSON.stringify({ schema: 1, runs: told, same: parting === null, ...parting })}\n`);
  } else terminal.out(diffText(a, b, parting, paint));
  return ExitCode.ok;
}
