/** The real engine behind the command line's interface: cases of scenarios, and the cells of the matrix. */

import { mutantNamed, mutants } from '../cluster/mutants.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { publishHarms } from '../oracle/verdict.ts';
import { say, sayCode } from '../report/messages/catalogue.ts';
import type { Values } from '../report/messages/template.ts';
import type { RunOutcome, RunResult } from '../report/run-result.ts';
import { type Evaluated, evaluate, evaluateCase } from '../scenario/evaluate-case.ts';
import {
  type CellTally,
  type CellTask,
  campaignResult,
  campaignTasks,
  cellPlans,
  findColumn,
  findRow,
  isApplicable,
  runCell,
} from '../scenario/matrix/campaign.ts';
import { settingsOfRow } from '../scenario/matrix/rows.ts';
import { claimFor } from '../scenario/matrix/truth.ts';
import { settingsOf } from '../scenario/settings-of.ts';
import type { CaseTask, CellRun, Engine, MatrixRequest, ToldRun } from './engine.ts';
import { engineVersion } from './version.ts';

function rulesOf(mutant: string | null): Rules {
  return (mutant === null ? undefined : mutantNamed(mutant)?.rules) ?? kafkaRules;
}

function runCase(task: CaseTask): RunResult {
  try {
    return tellCase(task, 'hash').result;
  } catch (error) {
    throw failed(error, `${task.scenario.name}${task.case === null ? '' : `/${task.case}`}`, `${task.again} --seed ${task.seed}`);
  }
}

function tellCase({ scenario, case: name, seed, mutant, again }: CaseTask, trace: 'hash' | 'full'): ToldRun {
  const evaluated = evaluateCase(scenario, name, { seed, trace, rules: rulesOf(mutant) });
  const { outcome, expect, inconclusive } = evaluated.outcome;
  const about = { scenario: scenario.name, case: name, claim: scenario.definition.claim, seed, outcome, expect, inconclusive };
  return told(evaluated, { ...about, replay: `${again} --seed ${seed}` });
}

/** What a result has that does not come from the run. */
type About = Pick<RunResult, 'scenario' | 'case' | 'claim' | 'seed' | 'outcome' | 'expect' | 'inconclusive' | 'replay'>;

function told({ compiled, run, judgement }: Evaluated, about: About): ToldRun {
  const result: RunResult = {
    schema: 1,
    scenario: about.scenario,
    case: about.case,
    claim: about.claim,
    engine: engineVersion,
    kafka: compiled.plan.kafka,
    seed: about.seed,
    traceHash: run.traceHash,
    events: run.events,
    virtualMs: Math.round(run.virtualUs / 1000),
    outcome: about.outcome,
    settings: settingsOf(compiled.plan),
    counts: { ...judgement.counts, unavailable: judgement.unavailable },
    anomalies: judgement.anomalies.map(({ kind, record, partition, offset, permitted, because, events }) => {
      return { kind, record, partition, offset, permitted, because, events };
    }),
    faults: run.faults.map(({ name, targets, atUs, bit }) => {
      const first = atUs[0];
      return { name, target: targets.join(', '), atMs: first === undefined ? null : (first - run.startedAtUs) / 1000, bit };
    }),
    expect: about.expect,
    inconclusive: about.inconclusive,
    replay: about.replay,
  };
  return {
    result,
    history: run.history,
    anomalies: judgement.anomalies,
    startedAtUs: run.startedAtUs,
    trace: run.trace,
    hosts: compiled.hostNames,
    topics: compiled.topics.map(({ plan }) => plan.name),
    faults: compiled.plan.faults.map(({ name }) => name),
  };
}

/** Seeds that are looked through at a time for the first with a harm. */
const seedsAtATime = 10;

function cell(request: MatrixRequest, id: string, seed: string | null): CellRun {
  const row = findRow(request, id.slice(0, -1));
  const column = findColumn(id.slice(-1));
  if (row === undefined || column === undefined) return { kind: 'unknown-cell' };
  if (row.refused !== undefined) return { kind: 'row-is-refused', code: row.refused, values: row.producer as Values };
  if (!isApplicable(row, column)) return { kind: 'cell-has-no-runs' };
  const chosen = seed ?? firstWitness(request, row.id, column.letter);
  if (chosen === null) return { kind: 'cell-has-no-witness', runs: request.seeds };
  const plans = cellPlans(request, row, column);
  const compiled = plans[Number(chosen) % plans.length];
  if (compiled === undefined) return { kind: 'unknown-cell' };
  const settings = Object.entries(settingsOfRow(row)).map(([name, value]) => `${name}=${value}`);
  const claimed = (fault: string): string => `${settings.join(' ')}: ${fault}`;
  const replay = `spillway replay ${id}${request.flags} --seed ${chosen}`;
  const tell = (trace: 'hash' | 'full'): ToldRun => {
    const evaluated = evaluate(compiled, { seed: chosen, trace, rules: rulesOf(request.mutant) });
    const ran = told(evaluated, {
      scenario: id,
      case: null,
      claim: claimed(column.describe),
      seed: chosen,
      replay,
      ...againstTruth(evaluated, row.id, column.letter),
    });
    return { ...ran, claim: claimed(sayCode('columns', column.name, {})) };
  };
  return { kind: 'run', seed: chosen, tell };
}

/** A run of a cell against the truth table: what it rules out must be 0. The user's own row has no truth. */
function againstTruth(
  { run, judgement }: Evaluated,
  row: string,
  column: string,
): Pick<About, 'outcome' | 'expect' | 'inconclusive'> {
  const ruledOut = row === 'PY' ? [] : publishHarms.filter((harm) => claimFor(row, column, harm) === null);
  const broken = ruledOut.filter((harm) => judgement.counts[harm] > 0);
  const expect = broken.map((harm) => ({ that: `${harm} = 0`, held: false, found: String(judgement.counts[harm]) }));
  if (broken.length > 0) return { outcome: 'expectation-broken', expect, inconclusive: null };
  const last = run.faults.at(-1);
  const idle = last !== undefined && !last.bit;
  const outcome: RunOutcome = idle ? 'inconclusive' : 'as-expected';
  return { outcome, expect, inconclusive: idle ? 'a-fault-never-bit' : null };
}

/** The seed that the matrix names: the lowest with an anomaly, or else the lowest with a price. */
function firstWitness(request: MatrixRequest, row: string, column: string): string | null {
  let price: number | null = null;
  for (let from = 0; from < request.seeds; from += seedsAtATime) {
    const seeds = Math.min(seedsAtATime, request.seeds - from);
    const tally = runCell({ request, row, column, firstSeed: request.firstSeed + from, seeds });
    if (tally.witness !== null) return String(tally.witness);
    price ??= tally.priceWitness;
  }
  return price === null ? null : String(price);
}

/** The runs of a cell; when one of them fails, the failure names it and how to have it again. */
function runPart(task: CellTask): CellTally {
  try {
    return runCell(task);
  } catch (error) {
    if (task.seeds === 1) throw error;
    for (let seed = task.firstSeed; seed < task.firstSeed + task.seeds; seed++) {
      try {
        runCell({ ...task, firstSeed: seed, seeds: 1 });
      } catch (one) {
        const cell = `${task.row}${task.column ?? ''}`;
        throw failed(one, `${cell}, seed ${seed}`, `spillway replay ${cell} --seed ${seed}`);
      }
    }
    throw error;
  }
}

/** A bug of ours, with the run that shows it; the stack stays that of the bug. */
function failed(error: unknown, about: string, again: string): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  failure.message = say('commandLine', 'run-failed', { run: about, why: failure.message, again });
  return failure;
}

/** The engine that simulates. */
export const engine: Engine = {
  mutants: mutants.map(({ name }) => name),
  async matrix(request, pool, onPart) {
    const tasks = campaignTasks(request);
    let done = 0;
    const tallies = await pool.run<CellTask, CellTally>(tasks, () => onPart(++done, tasks.length));
    return campaignResult(request, tasks, tallies, engineVersion);
  },
  runCase,
  tellCase,
  cell,
  jobs: { matrix: runPart, case: runCase },
};
