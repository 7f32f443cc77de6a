/**
 * A campaign: much work of one kind, cut into tasks that have a stable order and give a result each. What is printed at the end is made
 * from the results by their tasks' places, so it matters neither who did a task, nor when, nor on which machine. A verb that is written
 * this way gets threads, shards, merging, resuming, time limits and a good end after ^C from `conduct.ts`, and its reporters from
 * `present.ts`.
 */
import type { ZodType } from 'zod';
import type { Check } from '../../report/checks.ts';
import type { Paint } from '../../report/paint.ts';
import type { Engine } from '../engine.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Weight } from './shard.ts';

/** The tasks that a request comes to. */
export interface Campaign<Task, Result> {
  readonly tasks: readonly Task[];
  /** What shards are balanced by. */
  readonly weightOf: (task: Task) => Weight;
  /** Which of the engine's jobs does a task. */
  readonly job: string;
  /** Where it is given tasks are done in their order, and none after a result for which it is true. */
  readonly isLast?: (result: Result, task: Task) => boolean;
}

/** Why a campaign ended. */
export type Ending = 'complete' | 'time-limit' | 'interrupted';

/** What a campaign came to. */
export interface Outcome<Result> {
  /** By the place of the task; missing where it was not done, or is not wanted. */
  readonly results: readonly (Result | undefined)[];
  readonly ended: Ending;
  /** How many tasks are done, of how many. */
  readonly done: number;
  readonly of: number;
}

/** How a reporter is to speak. */
export interface ReporterOptions {
  readonly paint: Paint;
  /** True for `--quiet`. */
  readonly quiet: boolean;
  /** True where stdout is for machines (`--json`). */
  readonly forMachines: boolean;
  readonly engine: Engine;
}

/** Makes one form of a campaign's results. */
export interface Reporter<Result> {
  /** Said of a result once all before it are there; results come in the order of their tasks. */
  each?(result: Result, index: number): string;
  /** Said at the end. */
  end(outcome: Outcome<Result>): string;
}

/** A verb whose work is a campaign. `Request` is plain data: all that decides what is done and how it is told. */
export interface CampaignVerb<Request, Task, Result> {
  readonly name: string;
  /** What is shown while it runs: a code of the catalogue. */
  readonly progress: 'progress-matrix' | 'progress-runs' | 'progress-exploring';
  /** These check what a file holds; what they give is not used, so that no order of keys changes. */
  readonly request: ZodType;
  readonly result: ZodType;
  campaign(request: Request, engine: Engine): Campaign<Task, Result>;
  /** Its reporters by name; each call makes one for one use. Those that every verb has are in `present.ts`. */
  readonly reporters: Readonly<Record<string, (request: Request, options: ReporterOptions) => Reporter<Result>>>;
  /** The reporter that each ending of `--output-file` stands for. */
  readonly forms: Readonly<Record<string, string>>;
  /** What `--json` stands for. */
  readonly json: string;
  /** Each thing that could have been wrong, for JUnit and GitHub. */
  checks(request: Request, outcome: Outcome<Result>, engine: Engine): readonly Check[];
  exitCode(request: Request, outcome: Outcome<Result>, engine: Engine): ExitCode;
  /** Files by name that it leaves in a folder, beside what reporters say; null where it was not asked to. */
  leaves?(request: Request, outcome: Outcome<Result>, engine: Engine): Leavings | null;
}

/** Files of one folder. */
export interface Leavings {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}
