/** `spillway judge`: judges a history of operations, of this or any other system, by the published definitions. */
import { OperationJudge } from '../../oracle/operations/operation-judge.ts';
import { judgingJson } from '../../report/judging-json.ts';
import { judgingText } from '../../report/judging-text.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { readName } from '../flags.ts';
import { readHistory } from '../history-file.ts';
import { progressFor } from '../progress.ts';

/** Flags of the verb. */
export interface JudgeFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly readBy?: string;
  /** False after `--no-ww-deps`. */
  readonly wwDeps: boolean;
}

/** How consumers may come by their keys. */
export const waysOfReading = ['assign', 'subscribe'] as const;

/** Judges a history. @throws BadInput */
export async function judgeCommand(file: string, flags: JudgeFlags, context: Context): Promise<ExitCode> {
  const { terminal, paint, quiet } = context;
  const readBy = flags.readBy === undefined ? null : readName('not-a-way-of-reading', flags.readBy, waysOfReading);
  const judge = new OperationJudge({
    ...(readBy === null ? {} : { subscribed: readBy === 'subscribe' }),
    wwDependencies: flags.wwDeps,
  });
  const progress = await progressFor(terminal, quiet, 'progress-reading');
  try {
    await readHistory(
      terminal.cwd,
      file,
      (operation) => judge.add(operation),
      (bytes, of) => progress.at(Math.round(bytes / 1e6), Math.round(of / 1e6)),
    );
  } finally {
    progress.end();
  }
  const verdict = judge.verdict();
  if (verdict.counts.operations === 0) throw badInput('no-operations', { file });
  terminal.out(
    flags.json === true
      ? `${JSON.stringify(judgingJson(file, verdict))}\n`
      : judgingText(file, verdict, flags.all === true, paint),
  );
  return verdict.valid ? ExitCode.ok : ExitCode.broken;
}
