/**
 * Runs what the canon shows, and keeps what is printed of it: for every case of a scenario the counts over a few seeds, and, where logs
 * are short, what they hold in the end.
 */
import { assert } from '../../base/assert.ts';
import { mutantNamed } from '../../cluster/mutants.ts';
import { kafkaRules, type Rules } from '../../cluster/rules.ts';
import type { History } from '../../history/history.ts';
import { harms } from '../../oracle/verdict.ts';
import { evaluateCase } from '../../scenario/evaluate-case.ts';
import { type CountName, expectationOf } from '../../scenario/expectation.ts';
import { type LoadedScenario, withSet } from '../../scenario/parse-scenario.ts';
import { caseNames } from '../../scenario/plan-of.ts';
import type { BrokenForm } from './canon-case.ts';

/** How many seeds are run of a case, from 1 on. */
export const canonSeeds = 3;

/** A count over several seeds. */
export interface Spread {
  readonly name: CountName;
  readonly least: number;
  readonly most: number;
}

/** What the runs of one case of a scenario came to. */
export interface CaseRuns {
  readonly caseName: string | null;
  /** What the case expects, and what happened beside. */
  readonly counts: readonly Spread[];
  /** The leaders' logs at the end, each once: records by name. */
  readonly logs: readonly string[];
  /** Seeds whose run was not as expected. */
  readonly unexpected: readonly string[];
}

/** What is always said of a run, in this order; harms follow where they happened or are expected. */
const outcomes: readonly CountName[] = ['sent', 'acknowledged', 'failed', 'unknown'];

/** Runs every case of a scenario. */
export function runCanonScenario(scenario: LoadedScenario, seeds: number = canonSeeds): CaseRuns[] {
  return caseNames(scenario).map((caseName) => runCanonCase(scenario, caseName, seeds));
}

/** Runs a case as it was before Kafka mended it. The mutant must exist */
export function runAsItWas(scenario: LoadedScenario, form: BrokenForm, seeds: number = canonSeeds): CaseRuns {
  if ('truncation' in form) {
    const { scenario: older } = withSet(scenario, 'cluster.truncation', form.truncation);
    assert(older !== null, 'a scenario takes every truncation');
    return runCanonCase(older, form.caseName, seeds);
  }
  const mutant = mutantNamed(form.mutant);
  assert(mutant !== undefined, `there is a mutant ${form.mutant}`);
  return runCanonCase(scenario, form.caseName, seeds, mutant.rules);
}

/** Runs one case of a scenario, by Kafka's rules or by a mutant's. */
export function runCanonCase(
  scenario: LoadedScenario,
  caseName: string | null,
  seeds: number = canonSeeds,
  rules: Rules = kafkaRules,
): CaseRuns {
  const expected = Object.keys(expectationOf(scenario, caseName).expect) as CountName[];
  const runs = Array.from({ length: seeds }, (_, i) => {
    const seed = String(i + 1);
    return { seed, ...evaluateCase(scenario, caseName, { seed, trace: 'off', rules }) };
  });
  const names = [...new Set([...outcomes, ...expected, ...harms])].filter((name) => name in runs[0]!.counts);
  const spreads = names.map((name) => {
    const found = runs.map(({ counts }) => counts[name]);
    return { name, least: Math.min(...found), most: Math.max(...found) };
  });
  return {
    caseName,
    counts: spreads.filter(({ name, most }) => most > 0 || expected.includes(name)),
    logs: [...new Set(runs.map(({ run }) => leadersLogs(run.history)))],
    unexpected: runs.filter(({ outcome }) => outcome.outcome !== 'as-expected').map(({ seed }) => seed),
  };
}

/** What the leader of every partition holds that producers write to: names of records in the order of offsets, `-` for none. */
function leadersLogs({ audits, partitions, producers, sends }: History): string {
  const written = audits.filter(({ partition }) => !partitions[partition]!.startsWith('__'));
  const logs = written.map(({ partition, leader, replicas }) => {
    const log = replicas.find(({ broker }) => broker === leader)?.log;
    const named = Array.from(log?.records ?? [], (id) =>
      id < 0 ? '-' : `${producers[sends.producer[id]!]!.name}#${sends.ordinal[id]}`,
    );
    return `${partitions[partition]}: ${log === undefined ? 'no leader' : named.join(', ')}`;
  });
  return logs.join('; ');
}
