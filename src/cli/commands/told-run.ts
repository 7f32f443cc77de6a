/** The run that `replay` and `explain` are asked about: a cell of the matrix, or a case of a scenario. */
import type { ChoiceEntry } from '../../kernel/replay-choices.ts';
import type { Plan } from '../../plan/plan.ts';
import { sayCode } from '../../report/messages/catalogue.ts';
import type { Context } from '../context.ts';
import type { CellRun, Engine, Felt, ToldRun } from '../engine.ts';
import { badInput } from '../failure.ts';
import { printFlags, quoted, readName, readSeed } from '../flags.ts';
import { type MatrixFlags, requestOf } from './matrix.ts';
import { casesOf } from './run.ts';

/** Flags that `replay` and `explain` share. */
export interface ToldOptions extends MatrixFlags {
  readonly seed?: string;
  readonly set?: readonly string[];
}

/** A run that can be told. */
export interface Asked {
  /** As the user named it. */
  readonly name: string;
  tell(mode: 'hash' | 'full', dirtyAtUs?: number): ToldRun;
  /** What it is made from. */
  plan(): Plan;
  /** Its choices, where they are written down instead of drawn by the seed. */
  choices(): readonly ChoiceEntry[] | null;
  readonly seed: string;
  readonly mutant: string | null;
  /** Whether what it is about was felt; null where the faults of the plan say it. */
  readonly felt: Felt | null;
  /** The command that compares it with itself and one change; null where there is none. */
  readonly compare: ((change: string) => string) | null;
  /** Set when a cell showed nothing in so many runs; `tell` is then its first. */
  readonly harmlessRuns?: number;
}

/** A cell's name: a row and a column. */
const cellPattern = /^[PC](\d{1,2}|Y\d?)[a-z]$/;

/** Finds the run; says what is wrong with the name when there is none. @throws BadInput */
export async function askedRun(name: string, options: ToldOptions, context: Context): Promise<Asked> {
  const engine = await context.engine();
  const seed = options.seed === undefined ? null : readSeed(options.seed);
  const isCell = cellPattern.test(name);
  if (isCell && (options.set?.length ?? 0) > 0) throw badInput('set-on-a-cell', { cell: name });
  return isCell ? cellRun(name, seed, options, engine, context) : caseRun(name, seed ?? '1', options, engine, context);
}

function cellRun(name: string, seed: string | null, options: ToldOptions, engine: Engine, context: Context): Asked {
  const request = requestOf(options, engine, context);
  const cell = engine.cell(request, name, seed);
  switch (cell.kind) {
    case 'unknown-cell':
      throw badInput('unknown-cell', { found: name });
    case 'cell-has-no-runs':
      throw badInput('cell-has-no-runs', { cell: name });
    case 'row-is-refused':
      throw badInput('row-is-refused', { row: name.slice(0, -1), why: sayCode('problems', cell.code, cell.values) });
    case 'cell-has-no-witness': {
      const first = engine.cell(request, name, String(request.firstSeed));
      if (first.kind !== 'run') throw badInput('cell-has-no-runs', { cell: name });
      return { ...askedCell(first), harmlessRuns: cell.runs };
    }
    default:
      return askedCell(cell);
  }

  function askedCell(found: CellRun & { readonly kind: 'run' }): Asked {
    const { tell, plan, felt } = found;
    const { seed: chosen } = found;
    return {
      name,
      tell,
      plan: () => plan,
      choices: () => null,
      seed: chosen,
      mutant: request.mutant,
      felt,
      compare: null,
    };
  }
}

async function caseRun(name: string, seed: string, options: ToldOptions, engine: Engine, context: Context): Promise<Asked> {
  const [first] = await casesOf([name], options, context);
  if (first === undefined) throw badInput('unknown-scenario', { found: name });
  const mutant = options.mutant === undefined ? null : readName('not-a-mutant', options.mutant, engine.mutants);
  const again = `spillway run ${quoted(first.name)}${printFlags({ '--set': options.set, '--mutant': options.mutant })}`;
  const task = { scenario: first.scenario, case: first.case, seed, mutant, again };
  const flags = { '--seed': seed === '1' ? undefined : seed, '--mutant': options.mutant };
  const compare = (change: string): string => `spillway diff ${quoted(first.name)}${printFlags({ '--set': change, ...flags })}`;
  return {
    name: first.name,
    tell: (mode, dirtyAtUs) => engine.tellCase(task, mode, dirtyAtUs),
    plan: () => engine.planOf(task),
    choices: () => engine.choicesOf(task),
    seed,
    mutant,
    felt: null,
    // A diff takes every change away from one side.
    compare: (options.set?.length ?? 0) > 0 ? null : compare,
  };
}
