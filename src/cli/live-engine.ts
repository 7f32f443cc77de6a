/** The real engine behind the command line's interface: cases of scenarios, and the cells of the matrix. */

import { compile } from '../cluster/compile.ts';
import { mutantNamed, mutants } from '../cluster/mutants.ts';
import { kafkaRules, type Rules } from '../cluster/rules.ts';
import { explore, planned } from '../explore/explore.ts';
import { type FindingKind, type Fingerprint, same } from '../explore/finding.ts';
import { type Arrival, Expander } from '../explore/search/expander.ts';
import type { Scope } from '../explore/search/scope.ts';
import { tellSteps } from '../explore/search/tell.ts';
import { shrink } from '../explore/shrink.ts';
import { Swarm } from '../explore/swarm.ts';
import { whatIf } from '../explore/what-if.ts';
import { replayWitness, witnessOf } from '../explore/witness.ts';
import { scenarioYaml, witnessScenario } from '../explore/witness-file.ts';
import { ReplayChoices } from '../kernel/replay-choices.ts';
import type { SmallWitness } from '../report/explore-text.ts';
import { type Catalogue, type Section, say, sayCode } from '../report/messages/catalogue.ts';
import { en } from '../report/messages/en.ts';
import type { RunOutcome, RunResult } from '../report/run-result.ts';
import { choicesOf } from '../scenario/choices.ts';
import { type Evaluated, evaluate, evaluateCase } from '../scenario/evaluate-case.ts';
import { type CellTally, type CellTask, campaignTasks, findCell, runCell, tableResult } from '../scenario/matrix/campaign.ts';
import { publishTable } from '../scenario/matrix/publish-table.ts';
import { harmsOf, isAnomaly, type TableName } from '../scenario/matrix/result.ts';
import type { Cell } from '../scenario/matrix/table.ts';
import { definitionOf, planOf } from '../scenario/plan-of.ts';
import { settingsOf } from '../scenario/settings-of.ts';
import type {
  CaseTask,
  CellRun,
  Engine,
  ExploreTask,
  MatrixRequest,
  PlannedRun,
  SearchTask,
  ShrunkRun,
  ToldRun,
  WitnessTask,
} from './engine.ts';
import { searchOn } from './searching.ts';
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

function tellCase({ scenario, case: name, seed, mutant, again }: CaseTask, trace: 'hash' | 'full', dirtyAtUs?: number): ToldRun {
  const asked = dirtyAtUs === undefined ? {} : { dirtyAtUs };
  const evaluated = evaluateCase(scenario, name, { seed, trace, rules: rulesOf(mutant), ...asked });
  const { outcome, expect, inconclusive } = evaluated.outcome;
  const about = { scenario: scenario.name, case: name, claim: scenario.definition.claim, seed, outcome, expect, inconclusive };
  return told(evaluated, { ...about, replay: `${again} --seed ${seed}` });
}

/** What a result has that does not come from the run. */
type About = Pick<RunResult, 'scenario' | 'case' | 'claim' | 'seed' | 'outcome' | 'expect' | 'inconclusive' | 'replay'>;

function told({ compiled, run, judgement, dirty }: Evaluated, about: About): ToldRun {
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
    anomalies: judgement.anomalies.map(({ recordId: _, ...anomaly }) => anomaly),
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
    dirty,
    undelivered: run.undelivered,
    hosts: compiled.hostNames,
    topics: compiled.topics.map(({ plan }) => plan.name),
    groups: compiled.groups.map(({ plan }) => plan.name),
    faults: compiled.plan.faults.map(({ name }) => name),
  };
}

function shrinkRun(
  { plan, seed, choices, mutant, again }: PlannedRun,
  harm: FindingKind | null,
  onRun: (runs: number) => void,
): ShrunkRun | null {
  const rules = rulesOf(mutant);
  const wanted = harm === null ? undefined : ({ kind }: Fingerprint): boolean => kind === harm;
  const first = witnessOf(plan, choices === null ? seed : new ReplayChoices(choices), rules, wanted);
  if (first === null) return null;
  const shrunk = shrink(first, { rules, onRun });
  const replayed = replayWitness(shrunk.witness, rules, 'full');
  const about = {
    scenario: plan.name,
    case: null,
    claim: '',
    seed,
    outcome: 'as-expected',
    expect: [],
    inconclusive: null,
  } as const;
  const from = [...(choices === null ? [`seed ${seed}`] : []), ...(mutant === null ? [] : [`mutant ${mutant}`])];
  const scenario = witnessScenario(shrunk.witness, replayed, {
    claim: claimOf(shrunk.witness.fingerprint, replayed),
    source: [plan.name, ...from, `Spillway ${engineVersion}`].join(', '),
  });
  return { ...shrunk, first, told: told(replayed, { ...about, replay: again }), scenario };
}

/** Runs that shrinking one of many findings may take. */
const runsForOne = 5_000;

function smallWitness({ scenario, case: one, strategy, seed, mutant, fingerprint, again }: WitnessTask): SmallWitness | null {
  const rules = rulesOf(mutant);
  const { plan, choices } = planned(new Swarm(scenario, one), strategy, seed);
  const first = witnessOf(plan, choices, rules, (found) => same(found, fingerprint));
  if (first === null) return null;
  const { witness, minimal } = shrink(first, { rules, runs: runsForOne });
  const replayed = replayWitness(witness, rules);
  const about = { claim: claimOf(fingerprint, replayed), source: `${again} --seed ${seed}, Spillway ${engineVersion}` };
  return { witness, minimal, yaml: scenarioYaml(witnessScenario(witness, replayed, about)) };
}

/** In English, so that a file is the same whatever is spoken. */
function claimOf({ kind, because }: Fingerprint, { judgement }: Evaluated): string {
  const anomaly = judgement.anomalies.find((one) => one.kind === kind && one.because.code === because);
  if (anomaly !== undefined) return sayCode('because', anomaly.because.code, anomaly.because.params, en);
  return sayCode('explore', kind === 'invariant' ? 'claim-invariant' : 'claim-unavailable', { because }, en);
}

/** Seeds that are looked through at a time for the first with a harm. */
const seedsAtATime = 10;

/** Where the faults of a table's columns are described. */
const faultsOf = { publish: 'columns', consume: 'consumeColumns' } as const satisfies Record<TableName, Section>;

function cell(request: MatrixRequest, id: string, seed: string | null): CellRun {
  const refused = refusedRow(request, id.slice(0, -1));
  if (refused !== null) return refused;
  const found = findCell(request, id);
  if (found === undefined || found.cell.column === null) return { kind: 'unknown-cell' };
  const { table, cell: asked } = found;
  if (!asked.applicable) return { kind: 'cell-has-no-runs' };
  const chosen = seed ?? firstWitness(request, table, id);
  if (chosen === null) return { kind: 'cell-has-no-witness', runs: request.seeds };
  const plans = asked.plans();
  const plan = plans[Number(chosen) % plans.length];
  if (plan === undefined) return { kind: 'unknown-cell' };
  const compiled = compile(plan);
  const { name } = found.cell.column;
  const fault = (language?: Catalogue): string => {
    const { lastsSeconds: seconds } = asked;
    if (seconds !== undefined) return sayCode('ownColumns', name, { seconds }, language);
    return sayCode(faultsOf[table], name, {}, language);
  };
  const settings = Object.entries(asked.row.settings).map(([setting, value]) => `${setting}=${value}`);
  const claimed = (text: string): string => (settings.length === 0 ? text : `${settings.join(' ')}: ${text}`);
  const replay = `spillway replay ${id}${request.flags} --seed ${chosen}`;
  const tell = (trace: 'hash' | 'full', dirtyAtUs?: number): ToldRun => {
    const also = dirtyAtUs === undefined ? {} : { dirtyAtUs };
    const evaluated = evaluate(compiled, { seed: chosen, trace, rules: rulesOf(request.mutant), ...also });
    const ran = told(evaluated, {
      scenario: id,
      case: null,
      claim: claimed(fault(en)),
      seed: chosen,
      replay,
      ...againstTruth(evaluated, table, asked),
    });
    return { ...ran, claim: claimed(fault()) };
  };
  return { kind: 'run', seed: chosen, plan, felt: asked.bit, tell };
}

function refusedRow(request: MatrixRequest, id: string): CellRun | null {
  const row = publishTable({ ...request, full: true }).rows.find((candidate) => candidate.id === id);
  if (row?.refused === undefined) return null;
  const values = Object.entries(row.settings).map(([name, value]) => [name.replace(/^[a-z]+\./, ''), value]);
  return { kind: 'row-is-refused', code: row.refused, values: Object.fromEntries(values) };
}

/** A run of a cell against the truth table: what it rules out must be 0. The user's own rows have no truth. */
function againstTruth(
  { compiled, run, judgement }: Evaluated,
  table: TableName,
  { truth, bit }: Cell,
): Pick<About, 'outcome' | 'expect' | 'inconclusive'> {
  const broken = harmsOf[table].filter(isAnomaly).filter((harm) => truth[harm] === 'impossible' && judgement.counts[harm] > 0);
  const expect = broken.map((harm) => ({ that: `${harm} = 0`, held: false, found: String(judgement.counts[harm]) }));
  if (broken.length > 0) return { outcome: 'expectation-broken', expect, inconclusive: null };
  const idle = !bit(compiled.plan, run);
  const outcome: RunOutcome = idle ? 'inconclusive' : 'as-expected';
  return { outcome, expect, inconclusive: idle ? 'a-fault-never-bit' : null };
}

/** The seed that the matrix names: the lowest with an anomaly, or else the lowest with a price. */
function firstWitness(request: MatrixRequest, table: TableName, cell: string): string | null {
  let price: number | null = null;
  for (let from = 0; from < request.seeds; from += seedsAtATime) {
    const seeds = Math.min(seedsAtATime, request.seeds - from);
    const tally = runCell({ request, table, cell, firstSeed: request.firstSeed + from, seeds });
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
        throw failed(one, `${task.cell}, seed ${seed}`, `spillway replay ${task.cell} --seed ${seed}`);
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

/** The expander of the scope that was searched last: a worker is given one part of it after the other. */
let expander: { readonly scope: string; readonly mutant: string | null; readonly expander: Expander } | null = null;

function expanderOf(scope: Scope, mutant: string | null): Expander {
  const text = JSON.stringify(scope);
  if (expander?.scope !== text || expander.mutant !== mutant)
    expander = { scope: text, mutant, expander: new Expander(scope, rulesOf(mutant)) };
  return expander.expander;
}

function searchPart({ scope, mutant, paths }: SearchTask): Arrival[][] {
  return expanderOf(scope, mutant).expand(paths);
}

/** The engine that simulates. */
export const engine: Engine = {
  mutants: mutants.map(({ name }) => name),
  matrixTasks: campaignTasks,
  matrixTable: (name, request, tallies) => tableResult(name, request, campaignTasks(request), tallies),
  matrixAbout: ({ kafka, seeds }) => ({ schema: 1, engine: engineVersion, kafka, seeds }),
  runCase,
  tellCase,
  cell,
  planOf: ({ scenario, case: name }) => planOf(scenario, name),
  choicesOf: ({ scenario, case: name }) => choicesOf(definitionOf(scenario, name)),
  shrink: shrinkRun,
  witness: smallWitness,
  whatIf: ({ plan, seed, choices, mutant, felt }, asked) =>
    whatIf({
      plan,
      seed,
      asked,
      rules: rulesOf(mutant),
      ...(choices === null ? {} : { choices: () => new ReplayChoices(choices) }),
      ...(felt === null ? {} : { felt }),
    }),
  jobs: {
    matrix: runPart,
    case: runCase,
    explore: (task: ExploreTask) => explore(task, rulesOf(task.mutant)),
    search: searchPart,
  },
  async search(request, onProgress, pool) {
    const { scope, mutant } = request;
    const rules = rulesOf(mutant);
    const result = await searchOn(pool, request, expanderOf(scope, mutant), onProgress);
    const told = result.findings.map((finding) => {
      return { finding, steps: finding.steps, told: tellSteps(scope, finding.steps, finding.atRest, rules) };
    });
    return { result, told };
  },
  tellBehaviour(scope, steps, mutant) {
    try {
      return { finding: null, steps, told: tellSteps(scope, steps, true, rulesOf(mutant)) };
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  },
};
