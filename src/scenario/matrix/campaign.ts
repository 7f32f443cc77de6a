/**
 * The campaign of a matrix: which tables and cells there are, the runs of one cell, and the result of them all. A cell's runs are counted
 * here; spreading them over threads is somebody else's.
 */

import { type CompiledPlan, compile } from '../../cluster/compile.ts';
import { mutantNamed } from '../../cluster/mutants.ts';
import { kafkaRules } from '../../cluster/rules.ts';
import { run } from '../../cluster/run.ts';
import { countHarms } from '../../oracle/counts.ts';
import { consumeTable } from './consume-table.ts';
import { type PublishRequest, publishTable } from './publish-table.ts';
import { type CellHarm, eachHarm, harmsOf, isAnomaly, type MatrixCell, type TableName, type TableResult } from './result.ts';
import type { Cell, Table } from './table.ts';

/** What a campaign is made of; plain data, so that a worker can be given it. */
export interface CampaignRequest extends PublishRequest {
  /** In the order in which they are run. */
  readonly tables: readonly TableName[];
  readonly firstSeed: number;
  /** Seeds a cell. */
  readonly seeds: number;
  /** Name of a deliberate bug, null for Kafka as it is. */
  readonly mutant: string | null;
}

/** Some seeds of one cell, or of a row's control. */
export interface CellTask {
  readonly request: CampaignRequest;
  readonly table: TableName;
  /** See `Cell`. */
  readonly cell: string;
  readonly firstSeed: number;
  readonly seeds: number;
}

/** What some seeds of a cell gave. */
export interface CellTally {
  runs: number;
  bit: number;
  harmed: number;
  /** For each harm the number of harmed records of every run that had one. */
  readonly records: Record<CellHarm, number[]>;
  /** Lowest seed with any anomaly, and with only a price. */
  witness: number | null;
  priceWitness: number | null;
  /** Runs that ended by their event budget or never came to rest while nothing was wrong with them otherwise. */
  cutOff: number;
}

/** Seeds of a task: enough to make a thread worth its while, few enough to show progress. */
const seedsPerTask = 20;

/** The table of this name. */
export function tableOf(name: TableName, request: PublishRequest): Table {
  return name === 'publish' ? publishTable(request) : consumeTable(request);
}

/**
 * Everything that is to be run, table by table; in a table one seed of every cell, then more of every cell. So a thread has met what is
 * rare before V8 compiles for what is common, which it would have to take back and compile anew: a seventh of the time of a matrix.
 */
export function campaignTasks(request: CampaignRequest): CellTask[] {
  const tasks: CellTask[] = [];
  for (const table of request.tables) {
    const cells = tableOf(table, request).cells.filter(({ applicable }) => applicable);
    for (let from = 0; from < request.seeds; ) {
      const seeds = from === 0 ? 1 : Math.min(seedsPerTask, request.seeds - from);
      for (const { id: cell } of cells) tasks.push({ request, table, cell, firstSeed: request.firstSeed + from, seeds });
      from += seeds;
    }
  }
  return tasks;
}

/** The cell of this id in any table, also one that only `full` shows; undefined when there is none. */
export function findCell(request: PublishRequest, id: string): { readonly table: TableName; readonly cell: Cell } | undefined {
  for (const table of ['publish', 'consume'] as const) {
    const cell = tableOf(table, { ...request, full: true }).cells.find((candidate) => candidate.id === id);
    if (cell !== undefined) return { table, cell };
  }
  return undefined;
}

/** The cells of one request that were run already, ready for more seeds. */
interface Prepared {
  readonly request: string;
  readonly tables: Map<TableName, Table>;
  readonly cells: Map<string, { readonly cell: Cell; readonly plans: readonly CompiledPlan[] }>;
}

/** Of this thread. Compiling a cell's plans takes as long as a few runs of it. */
let prepared: Prepared = { request: '', tables: new Map(), cells: new Map() };

function prepare(
  request: CampaignRequest,
  name: TableName,
  id: string,
): { readonly cell: Cell; readonly plans: readonly CompiledPlan[] } {
  const asked = JSON.stringify(request);
  if (prepared.request !== asked) prepared = { request: asked, tables: new Map(), cells: new Map() };
  const { tables, cells } = prepared;
  let ready = cells.get(id);
  if (ready === undefined) {
    const table = tables.get(name) ?? tableOf(name, { ...request, full: true });
    tables.set(name, table);
    const cell = table.cells.find((candidate) => candidate.id === id)!;
    ready = { cell, plans: cell.plans().map(compile) };
    cells.set(id, ready);
  }
  return ready;
}

/** Runs some seeds of a cell. */
export function runCell({ request, table, cell: id, firstSeed, seeds }: CellTask): CellTally {
  const { cell, plans } = prepare(request, table, id);
  const rules = request.mutant === null ? kafkaRules : mutantNamed(request.mutant)!.rules;
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const compiled = plans[seed % plans.length]!;
    const result = run(compiled, { seed: String(seed), trace: 'off', rules });
    tally.runs++;
    if (result.ended === 'event-budget') tally.cutOff++;
    if (!cell.bit(compiled.plan, result)) continue;
    tally.bit++;
    const counts = countHarms(result.history, result.faults);
    let harmed = false;
    for (const harm of harmsOf[table]) {
      if (counts[harm] === 0) continue;
      tally.records[harm].push(counts[harm]);
      if (isAnomaly(harm)) harmed = true;
    }
    if (harmed) {
      tally.harmed++;
      tally.witness ??= seed;
    } else if (table === 'publish' && counts.unavailable > 0) tally.priceWitness ??= seed;
  }
  return tally;
}

function emptyTally(): CellTally {
  return { runs: 0, bit: 0, harmed: 0, records: eachHarm(() => []), witness: null, priceWitness: null, cutOff: 0 };
}

/** Two tallies of one cell; `a` has the lower seeds. */
function joined(a: CellTally, b: CellTally): CellTally {
  return {
    runs: a.runs + b.runs,
    bit: a.bit + b.bit,
    harmed: a.harmed + b.harmed,
    records: eachHarm((harm) => [...a.records[harm], ...b.records[harm]]),
    witness: a.witness ?? b.witness,
    priceWitness: a.priceWitness ?? b.priceWitness,
    cutOff: a.cutOff + b.cutOff,
  };
}

/**
 * The result of one table: `tallies` in the order of `tasks`, of which those of other tables are passed over. A part that was not run has
 * none.
 */
export function tableResult(
  name: TableName,
  request: CampaignRequest,
  tasks: readonly CellTask[],
  tallies: readonly (CellTally | undefined)[],
): TableResult {
  const { rows, columns, cells, workload, notes } = tableOf(name, request);
  const byCell = new Map<string, CellTally>();
  for (const [i, { table, cell }] of tasks.entries()) {
    const tally = tallies[i];
    if (table !== name || tally === undefined) continue;
    const before = byCell.get(cell);
    byCell.set(cell, before === undefined ? tally : joined(before, tally));
  }
  const tallyOf = ({ id }: Cell): CellTally => byCell.get(id) ?? emptyTally();
  const controls = cells.filter(({ column }) => column === null).map(tallyOf);
  const sum = (of: 'runs' | 'harmed'): number => controls.reduce((total, tally) => total + tally[of], 0);
  return {
    name,
    rows,
    columns,
    cells: cells.flatMap((cell) => (cell.column === null ? [] : [cellResult(cell, cell.column.name, tallyOf(cell))])),
    control: { runs: sum('runs'), harmed: sum('harmed') },
    workload,
    notes,
  };
}

function cellResult({ id, row, applicable, truth }: Cell, column: string, tally: CellTally): MatrixCell {
  const seed = tally.witness ?? tally.priceWitness;
  return {
    id,
    row: row.id,
    column,
    applicable,
    runs: tally.runs,
    bit: tally.bit,
    harmed: tally.harmed,
    verdicts: eachHarm((harm) => tally.records[harm].length),
    medianRecords: eachHarm((harm) => median(tally.records[harm])),
    truth,
    witnessSeed: seed === null ? null : String(seed),
  };
}

/** The lower median; 0 of nothing. */
function median(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
