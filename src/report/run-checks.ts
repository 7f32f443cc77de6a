/** Runs as checks. */
import type { Check } from './checks.ts';
import { say, sayCode, sayWord } from './messages/catalogue.ts';
import type { RunResult } from './run-result.ts';
import { runText } from './run-text.ts';

/** A run as a check; `place` is where its case is written. */
export function runCheck(result: RunResult, place: Pick<Check, 'file' | 'line'>): Check {
  const fine = result.outcome === 'as-expected';
  return {
    group: result.scenario,
    name: say('run', 'check', { seed: result.seed, ...(result.case === null ? {} : { case: result.case }) }),
    outcome: result.outcome,
    message: fine ? '' : messageOf(result),
    details: fine ? '' : runText(result).trimEnd(),
    again: result.replay,
    ...place,
  };
}

/** The expectations that were broken, or why the run shows nothing. */
function messageOf({ outcome, expect, inconclusive }: RunResult): string {
  if (outcome === 'inconclusive' && inconclusive !== null) return sayCode('run', inconclusive, {});
  return expect
    .filter(({ held }) => !held)
    .map(({ that, found }) => `${sayWord(that)}: ${say('run', 'broken', { found: sayWord(found) })}`)
    .join(say('punctuation', 'clauses', {}));
}
