/** `spillway run` as a campaign: a task is one seed of one case. */
import { runCheck } from '../../report/run-checks.ts';
import type { RunResult } from '../../report/run-result.ts';
import { manyText, nameOf, runLine, runMark, runText, summaryText } from '../../report/run-text.ts';
import type { LoadedScenario } from '../../scenario/parse-scenario.ts';
import type { CaseTask } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { quoted } from '../flags.ts';
import type { CampaignVerb, Outcome, Reporter, ReporterOptions } from './campaign.ts';
import { runRequest, runResult } from './request-schemas.ts';
import { stoppedText } from './stopped.ts';

/** Which runs. */
export interface RunRequest {
  readonly scenarios: readonly LoadedScenario[];
  readonly cases: readonly RequestedCase[];
  readonly seeds: readonly string[];
  readonly mutant: string | null;
  /** Flags that a command about one of the runs needs, each after a blank. */
  readonly flags: string;
  /** Nothing is run after the first broken expectation. */
  readonly bail: boolean;
}

/** A case to run. */
export interface RequestedCase {
  /** The place of its scenario. */
  readonly scenario: number;
  readonly case: string | null;
  /** What to call it on a command line: `name/case`. */
  readonly name: string;
  /** Where the user wrote it; null for shipped ones. */
  readonly file: string | null;
  readonly line: number | null;
}

function tasksOf({ scenarios, cases, seeds, mutant, flags }: RunRequest): CaseTask[] {
  return cases.flatMap(({ scenario, case: one, name }) => {
    const again = `spillway run ${quoted(name)}${flags}`;
    return seeds.map((seed): CaseTask => ({ scenario: scenarios[scenario]!, case: one, seed, mutant, again }));
  });
}

function present({ results }: Outcome<RunResult>): RunResult[] {
  return results.filter((result) => result !== undefined);
}

/** A few runs are told whole, many by one line each; what went wrong is always told whole. */
function textOf(results: readonly RunResult[], manySeeds: boolean, { paint, quiet }: ReporterOptions): string {
  if (manySeeds) return manyText(results, paint) + summaryText(results, paint);
  if (results.length <= 2 && !quiet)
    return [...results.map((result) => runText(result, paint)), summaryText(results, paint)].join('\n');
  const width = Math.max(0, ...results.map((result) => nameOf(result).length));
  const lines = quiet ? [] : results.map((result) => `${runLine(result, width, paint)}\n`);
  const wrong = results.filter((result) => result.outcome !== 'as-expected').map((result) => `\n${runText(result, paint)}`);
  return [...lines, ...wrong, lines.length + wrong.length > 0 ? '\n' : '', summaryText(results, paint)]
    .join('')
    .replace(/^\n/, '');
}

/** One mark a run, eighty on a line; then the first run of each case that went wrong, and how many came to what. */
function terse(_request: RunRequest, { paint }: ReporterOptions): Reporter<RunResult> {
  const perLine = 80;
  let marks = 0;
  return {
    each: (result) => runMark(result.outcome, paint) + (++marks % perLine === 0 ? '\n' : ''),
    end: (outcome) => {
      const results = present(outcome);
      const first = new Map<string, RunResult>();
      for (const result of results)
        if (result.outcome !== 'as-expected' && !first.has(nameOf(result))) first.set(nameOf(result), result);
      const wrong = [...first.values()].map((result) => `\n${runText(result, paint)}`);
      const ended = marks % perLine === 0 ? '' : '\n';
      return `${ended}${wrong.join('')}\n${summaryText(results, paint)}${stoppedText(outcome, paint)}`;
    },
  };
}

/** Bad news first: a broken expectation, then a run that shows nothing. */
export function exitCodeOf(results: readonly RunResult[]): ExitCode {
  if (results.some((result) => result.outcome === 'expectation-broken')) return ExitCode.broken;
  return results.some((result) => result.outcome === 'inconclusive') ? ExitCode.inconclusive : ExitCode.ok;
}

/** The verb. */
export const runVerb: CampaignVerb<RunRequest, CaseTask, RunResult> = {
  name: 'run',
  progress: 'progress-runs',
  request: runRequest,
  result: runResult,
  campaign: (request) => ({
    tasks: tasksOf(request),
    weightOf: ({ again }) => ({ runs: 1, kind: again }),
    job: 'case',
    ...(request.bail ? { isLast: ({ outcome }: RunResult) => outcome === 'expectation-broken' } : {}),
  }),
  reporters: {
    text: ({ seeds }, options) => ({
      end: (outcome) => textOf(present(outcome), seeds.length > 1, options) + stoppedText(outcome, options.paint),
    }),
    terse,
    whole: (_request, { paint }) => ({
      end: (outcome) =>
        present(outcome)
          .map((result) => runText(result, paint))
          .join('\n') + stoppedText(outcome, paint),
    }),
    json: () => ({ end: (outcome) => `${JSON.stringify(present(outcome), null, 2)}\n` }),
    ndjson: () => ({ each: (result) => `${JSON.stringify(result)}\n`, end: () => '' }),
  },
  forms: { '.json': 'json', '.ndjson': 'ndjson', '.txt': 'whole', '.xml': 'junit' },
  json: 'ndjson',
  checks: ({ cases, seeds }, { results }) =>
    results.flatMap((result, index) => {
      const { file = null, line = null } = cases[Math.floor(index / seeds.length)] ?? {};
      return result === undefined ? [] : [runCheck(result, { file, line })];
    }),
  exitCode: (_request, outcome) => exitCodeOf(present(outcome)),
};
