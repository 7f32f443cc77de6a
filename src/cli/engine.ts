/**
 * What the command line asks of the engine, as one thin interface: it keeps the commands free of how runs are made, and lets their tests
 * bring an engine of their own. `live-engine.ts` is the real one.
 */

import type { Undelivered } from '../cluster/causal-kernel.ts';
import type { DirtyLog } from '../cluster/dirty.ts';
import type { RunResult as ClusterRun } from '../cluster/run.ts';
import type { Exploration } from '../explore/explore.ts';
import type { FindingKind, Fingerprint } from '../explore/finding.ts';
import type { PathAfter } from '../explore/search/expander.ts';
import type { Scope } from '../explore/search/scope.ts';
import type { Progress as SearchProgress, SearchResult } from '../explore/search/search.ts';
import type { Step } from '../explore/search/walk.ts';
import type { Shrunk } from '../explore/shrink.ts';
import type { Counted, WhatIf } from '../explore/what-if.ts';
import type { Witness } from '../explore/witness.ts';
import type { History } from '../history/history.ts';
import type { ChoiceEntry } from '../kernel/replay-choices.ts';
import type { TraceEntry } from '../kernel/trace.ts';
import type { Anomaly } from '../oracle/verdict.ts';
import type { Plan } from '../plan/plan.ts';
import type { SmallWitness } from '../report/explore-text.ts';
import type { Values } from '../report/messages/template.ts';
import type { Names } from '../report/note-row.ts';
import type { RunResult } from '../report/run-result.ts';
import type { ToldFinding } from '../report/search-text.ts';
import type { CampaignRequest, CellTally, CellTask } from '../scenario/matrix/campaign.ts';
import type { MatrixAbout, TableName, TableResult } from '../scenario/matrix/result.ts';
import type { LoadedScenario } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What a matrix is made of; plain data. */
export interface MatrixRequest extends CampaignRequest {
  /** The flags that ask for the same matrix, each after a blank: what a command about a cell needs besides the cell and a seed. */
  readonly flags: string;
}

/** One run of a case; plain data, so that a worker can be given it. */
export interface CaseTask {
  readonly scenario: LoadedScenario;
  readonly case: string | null;
  readonly seed: string;
  readonly mutant: string | null;
  /** The command that does the run again, but for its seed. */
  readonly again: string;
}

/** A run with everything kept that its story needs. */
export interface ToldRun extends Names {
  readonly result: RunResult;
  readonly history: History;
  readonly anomalies: readonly Anomaly[];
  /** When the first send was due: the times that people are told count from here, as those of a scenario do. */
  readonly startedAtUs: number;
  /** The claim as people are told it, where it is not the scenario's own; the result keeps the one for machines. */
  readonly claim?: string;
  /** The full trace, notes among it, in the order of events. */
  readonly trace: readonly TraceEntry[];
  /** What a loss of power would have taken at the time that was asked for. */
  readonly dirty: readonly DirtyLog[];
  /** Messages that never arrived; known where the whole trace is kept. */
  readonly undelivered: readonly Undelivered[];
}

/** Whether what a run is about was felt in a run of a plan like its own. */
export type Felt = (plan: Plan, run: ClusterRun) => boolean;

/** A cell's run, or why there is none. */
export type CellRun =
  | {
      readonly kind: 'run';
      readonly seed: string;
      readonly plan: Plan;
      readonly felt: Felt;
      tell(mode: 'hash' | 'full', dirtyAtUs?: number): ToldRun;
    }
  | { readonly kind: 'unknown-cell' }
  | { readonly kind: 'cell-has-no-runs' }
  /** Kafka refuses the row's settings: the code of the sentence that says why, and its values. */
  | { readonly kind: 'row-is-refused'; readonly code: string; readonly values: Values }
  | { readonly kind: 'cell-has-no-witness'; readonly runs: number };

/** What a run is made from. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly seed: string;
  /** Where the choices are written down instead of drawn by a seed. */
  readonly choices: readonly ChoiceEntry[] | null;
  readonly mutant: string | null;
  /** The command that does what is asked of it once more. */
  readonly again: string;
}

/** A part of an exploration; plain data, so that a worker can be given it. */
export interface ExploreTask extends Exploration {
  readonly mutant: string | null;
}

/** What an exploration found with a seed. */
export interface WitnessTask extends Pick<Exploration, 'scenario' | 'case' | 'strategy'> {
  readonly seed: string;
  readonly mutant: string | null;
  readonly fingerprint: Fingerprint;
  /** The command that explores the case, but for its seeds. */
  readonly again: string;
}

/** A run whose single changes are asked about. */
export interface ChangedRun extends Omit<PlannedRun, 'again'> {
  /** Null where the faults of the plan say it. */
  readonly felt: Felt | null;
}

/** A witness before and after it was shrunk, and the smallest one's run. */
export interface ShrunkRun extends Shrunk {
  readonly first: Witness;
  readonly told: ToldRun;
  /** The witness as a scenario that expects what it shows. */
  readonly scenario: Scenario;
}

/** What is to be searched. */
export interface SearchRequest {
  readonly scope: Scope;
  readonly mutant: string | null;
  /** One finding of each kind, not only the first. */
  readonly all: boolean;
}

/** A part of the open states of a search; plain data, so that a worker can be given it. */
export interface SearchTask {
  readonly scope: Scope;
  readonly mutant: string | null;
  readonly paths: readonly PathAfter[];
}

/** What a search came to, its findings told. */
export interface SearchedScope {
  readonly result: SearchResult;
  readonly told: readonly ToldFinding[];
}

/** The port. */
export interface Engine {
  /** Names of the deliberate bugs that tests switch on. */
  readonly mutants: readonly string[];
  /** The parts of a matrix, table by table, each for the job `matrix`. */
  matrixTasks(request: MatrixRequest): readonly CellTask[];
  /** A table, from the tallies of as many parts as were done, by their places. */
  matrixTable(name: TableName, request: MatrixRequest, tallies: readonly (CellTally | undefined)[]): TableResult;
  /** What all tables of a matrix have in common. */
  matrixAbout(request: MatrixRequest): MatrixAbout;
  /** One run of a case, judged against what its scenario expects. */
  runCase(task: CaseTask): RunResult;
  /** The same run with its story kept. */
  tellCase(task: CaseTask, mode: 'hash' | 'full', dirtyAtUs?: number): ToldRun;
  /** The run of a cell: with a seed that one, otherwise the first seed that shows the cell's harm. */
  cell(request: MatrixRequest, cell: string, seed: string | null): CellRun;
  /** The plan of a case. */
  planOf(task: CaseTask): Plan;
  /** The choices that its scenario writes down; null when it leaves them to dice. */
  choicesOf(task: CaseTask): readonly ChoiceEntry[] | null;
  /** The smallest witness of a run's first finding, or of its first of this kind; null when there is none. */
  shrink(run: PlannedRun, harm: FindingKind | null, onRun: (runs: number) => void): ShrunkRun | null;
  /** The smallest run that shows a finding; null when the run of its seed does not show it any more. */
  witness(task: WitnessTask): SmallWitness | null;
  /** What single changes would have made of a run's harms. */
  whatIf(run: ChangedRun, asked: readonly Counted[]): readonly WhatIf[];
  /**
   * Every behaviour of a small scope. `onProgress` is asked now and then whether to stop. Where there is much to do it is done in the pool,
   * whose job is `search`.
   */
  search(request: SearchRequest, onProgress: (progress: SearchProgress) => boolean, pool: WorkerPool): Promise<SearchedScope>;
  /** One behaviour of a scope, by its steps; null when there is no such behaviour. */
  tellBehaviour(scope: Scope, steps: readonly Step[], mutant: string | null): ToldFinding | null;
  /** The jobs that workers know, by name. */
  readonly jobs: Readonly<Record<string, (task: never) => unknown>>;
}
