/**
 * What could have been wrong, one check a run or a cell, whichever verb ran it: the form from which every report for a CI is made. The
 * details of a check that is not as expected end with the command that reproduces it.
 */
import type { RunOutcome } from './run-result.ts';

/** One thing that was looked at. */
export interface Check {
  /** What it belongs to: a scenario, a table. */
  readonly group: string;
  /** Unique within the group. */
  readonly name: string;
  readonly outcome: RunOutcome;
  /** In a few words what is wrong; empty where nothing is. */
  readonly message: string;
  /** Everything about it, plain, on many lines; empty where it is as expected. */
  readonly details: string;
  /** The command that does it again. */
  readonly again: string;
  /** Where in the user's files it was written, null where that is not known. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Those that are not as expected, the broken ones first. */
export function wrong(checks: readonly Check[]): Check[] {
  const of = (outcome: RunOutcome): Check[] => checks.filter((check) => check.outcome === outcome);
  return [...of('expectation-broken'), ...of('inconclusive')];
}
