/** Failures that the command line tells its user about; every other exception is a bug and ends with {@link ExitCode.internal}. */
import type { Values } from '../report/messages/template.ts';
import type { ShownProblem } from '../report/problem-text.ts';

/** Something is wrong with the input: all of it is told at once, and nothing was written. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  constructor(readonly problems: readonly ShownProblem[]) {
    super(problems.map((problem) => problem.code).join(', '));
  }
}

/** What {@link badInput} may add to a code: a place, a key, what was meant. */
export type Place = Partial<Pick<ShownProblem, 'file' | 'line' | 'column' | 'key' | 'found' | 'allowed' | 'nearest'>>;

/** A {@link BadInput} with one problem. `code` is one of the catalogue's section `commandLine`. */
export function badInput(code: string, params: Values = {}, place: Place = {}): BadInput {
  return new BadInput([problem(code, params, place)]);
}

/** One problem that stops the command. */
export function problem(code: string, params: Values = {}, place: Place = {}): ShownProblem {
  return { severity: 'error', code, file: null, line: null, column: null, key: null, params, ...place };
}
