/**
 * The campaign of a matrix: which cells there are, the runs of one cell, and the result of them all. A cell's runs are counted here;
 * spreading them over threads is somebody else's.
 */

import { type CompiledPlan, compile } from '../../cluster/compile.ts';
import { mutantNamed } from '../../cluster/mutants.ts';
import { kafkaRules } from '../../cluster/rules.ts';
import { run } from '../../cluster/run.ts';
import { countHarms } from '../../oracle/counts.ts';
import { publishHarms } from '../../oracle/verdict.ts';
import type { KafkaVersion } from '../../plan/plan.ts';
import { cellPlan, defaultWorkload, type MatrixWorkload } from './cell-plan.ts';
import { type ColumnDefinition, columnDefinitions, outageUs, shrinkingLagMs } from './columns.ts';
import type { CellHarm, MatrixCell, MatrixResult } from './result.ts';
import { isDefaultRow, type OwnSettings, ownRow, type RowDefinition, rowDefinitions, settingsOfRow } from './rows.ts';
import { claimFor } from './truth.ts';

/** What a campaign is made of; plain data, so that a worker can be given it. */
export interface CampaignRequest {
  readonly kafka: KafkaVersion;
  readonly firstSeed: number;
  /** Seeds a cell. */
  readonly seeds: number;
  readonly full: boolean;
  /** Name of a deliberate bug, null for Kafka as it is. */
  readonly mutant: string | null;
  readonly own: OwnSettings | null;
  /** @defaultValue {@link defaultWorkload} */
  readonly workload?: MatrixWorkload;
}

/** Some seeds of one cell; `column` null is the control, without a fault. */
export interface CellTask {
  readonly request: CampaignRequest;
  readonly row: string;
  readonly column: string | null;
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

/** Every harm a cell counts. */
export const cellHarms: readonly CellHarm[] = [...publishHarms, 'unavailable'];

/** Seeds of a task: enough to make a thread worth its while, few enough to show progress. */
const seedsPerTask = 50;

/** Rows of a campaign, refused ones included. */
export function campaignRows({ full, own }: CampaignRequest): readonly RowDefinition[] {
  const rows = rowDefinitions.filter((row) => full || row.extra !== true || row.refused !== undefined);
  return own === null ? rows : [...rows, ownRow(own)];
}

/** Columns of a campaign. */
export function campaignColumns({ full }: CampaignRequest): readonly ColumnDefinition[] {
  return columnDefinitions.filter((column) => full || column.extra !== true);
}

/** Whether a column's fault has a meaning for a row. */
export function isApplicable(row: RowDefinition, column: ColumnDefinition): boolean {
  if (column.needsReplicas && row.replicationFactor === 1) return false;
  return (
    !column.needsFlush || row.topic['flush.messages'] !== undefined || row.broker['log.flush.interval.messages'] !== undefined
  );
}

/** Everything that is to be run. */
export function campaignTasks(request: CampaignRequest): CellTask[] {
  const tasks: CellTask[] = [];
  const add = (row: RowDefinition, column: string | null, seeds: number): void => {
    for (let from = 0; from < seeds; from += seedsPerTask) {
      tasks.push({
        request,
        row: row.id,
        column,
        firstSeed: request.firstSeed + from,
        seeds: Math.min(seedsPerTask, seeds - from),
      });
    }
  };
  for (const row of campaignRows(request)) {
    if (row.refused !== undefined) continue;
    for (const column of campaignColumns(request)) if (isApplicable(row, column)) add(row, column.letter, request.seeds);
    add(row, null, request.seeds);
  }
  return tasks;
}

/** The plans of a cell, one for each placement of its fault. */
export function cellPlans(request: CampaignRequest, row: RowDefinition, column: ColumnDefinition | null): CompiledPlan[] {
  const workload = request.workload ?? defaultWorkload;
  if (column === null) return [compile(cellPlan(row, columnDefinitions[0]!, -1, request.kafka, workload))];
  return column.placements.map((_, placement) => compile(cellPlan(row, column, placement, request.kafka, workload)));
}

/** The definitions behind a row's id and a column's letter; undefined for what the campaign does not have. */
export function findRow(request: CampaignRequest, id: string): RowDefinition | undefined {
  return campaignRows({ ...request, full: true }).find((row) => row.id === id);
}

/** See {@link findRow}. */
export function findColumn(letter: string): ColumnDefinition | undefined {
  return columnDefinitions.find((column) => column.letter === letter);
}

/** Runs some seeds of a cell. */
export function runCell(task: CellTask): CellTally {
  const { request } = task;
  const row = findRow(request, task.row)!;
  const column = task.column === null ? null : findColumn(task.column)!;
  const plans = cellPlans(request, row, column);
  const rules = request.mutant === null ? kafkaRules : mutantNamed(request.mutant)!.rules;
  const tally = emptyTally();
  for (let seed = task.firstSeed; seed < task.firstSeed + task.seeds; seed++) {
    const result = run(plans[seed % plans.length]!, { seed: String(seed), trace: 'off', rules });
    tally.runs++;
    if (result.ended === 'event-budget') tally.cutOff++;
    const last = result.faults[result.faults.length - 1];
    if (last !== undefined && !last.bit) continue;
    tally.bit++;
    const counts = countHarms(result.history, result.faults);
    let harmed = false;
    for (const harm of publishHarms) {
      if (counts[harm] === 0) continue;
      tally.records[harm].push(counts[harm]);
      harmed = true;
    }
    if (counts.unavailable > 0) tally.records.unavailable.push(counts.unavailable);
    if (harmed) {
      tally.harmed++;
      tally.witness ??= seed;
    } else if (counts.unavailable > 0) tally.priceWitness ??= seed;
  }
  return tally;
}

function emptyTally(): CellTally {
  const records = Object.fromEntries(cellHarms.map((harm) => [harm, []])) as unknown as Record<CellHarm, number[]>;
  return { runs: 0, bit: 0, harmed: 0, records, witness: null, priceWitness: null, cutOff: 0 };
}

/** Two tallies of one cell; `a` has the lower seeds. */
function joined(a: CellTally, b: CellTally): CellTally {
  const records = Object.fromEntries(
    cellHarms.map((harm) => [harm, [...a.records[harm], ...b.records[harm]]]),
  ) as unknown as Record<CellHarm, number[]>;
  return {
    runs: a.runs + b.runs,
    bit: a.bit + b.bit,
    harmed: a.harmed + b.harmed,
    records,
    witness: a.witness ?? b.witness,
    priceWitness: a.priceWitness ?? b.priceWitness,
    cutOff: a.cutOff + b.cutOff,
  };
}

/** The result of a campaign: `tallies` in the order of `tasks`. */
export function campaignResult(
  request: CampaignRequest,
  tasks: readonly CellTask[],
  tallies: readonly CellTally[],
  engine: string,
): MatrixResult {
  const byCell = new Map<string, CellTally>();
  let control = emptyTally();
  tasks.forEach((task, i) => {
    if (task.column === null) control = joined(control, tallies[i]!);
    else {
      const id = task.row + task.column;
      const before = byCell.get(id);
      byCell.set(id, before === undefined ? tallies[i]! : joined(before, tallies[i]!));
    }
  });
  const rows = campaignRows(request);
  const columns = campaignColumns(request);
  const cells: MatrixCell[] = [];
  for (const row of rows) {
    if (row.refused !== undefined) continue;
    for (const column of columns) cells.push(cellOf(row, column, byCell.get(row.id + column.letter) ?? emptyTally()));
  }
  const workload = request.workload ?? defaultWorkload;
  return {
    schema: 1,
    engine,
    kafka: request.kafka,
    seeds: request.seeds,
    rows: rows.map((row) => ({
      id: row.id,
      label: row.label,
      settings: settingsOfRow(row),
      isDefault: isDefaultRow(row, request.kafka),
      ...(row.refused === undefined ? {} : { refused: row.refused }),
    })),
    columns: columns.map(({ letter, name, title }) => ({ letter, name, title })),
    cells,
    control: { runs: control.runs, harmed: control.harmed },
    workload: {
      client: 'java',
      metadata: '3.9 KRaft',
      brokers: 3,
      replicationFactor: 3,
      recordsPerSecond: workload.recordsPerSecond,
      clientLatencyMs: `0.5-${workload.clientLatencyMs + 0.5}`,
      followerLagMs: `0-${workload.followerLagMs}`,
      outageSeconds: outageUs / 1_000_000,
      shrinkingLagSeconds: shrinkingLagMs / 1000,
    },
  };
}

function cellOf(row: RowDefinition, column: ColumnDefinition, tally: CellTally): MatrixCell {
  const each = <T>(of: (harm: CellHarm) => T): Record<CellHarm, T> =>
    Object.fromEntries(cellHarms.map((harm) => [harm, of(harm)])) as Record<CellHarm, T>;
  const seed = tally.witness ?? tally.priceWitness;
  return {
    id: row.id + column.letter,
    row: row.id,
    column: column.name,
    applicable: isApplicable(row, column),
    runs: tally.runs,
    bit: tally.bit,
    harmed: tally.harmed,
    verdicts: each((harm) => tally.records[harm].length),
    medianRecords: each((harm) => median(tally.records[harm])),
    truth: each((harm) => (claimFor(row.id, column.letter, harm) === null ? 'impossible' : 'possible')),
    witnessSeed: seed === null ? null : String(seed),
  };
}

/** The lower median; 0 of nothing. */
function median(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
