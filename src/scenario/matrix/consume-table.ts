/** The consume table: rows, columns and plans of `consume-plan.ts`, rules of `consume-truth.ts`, and the user's own rows. */
import type { KafkaVersion, RawSettings } from '../../plan/plan.ts';
import { wasFelt } from './consume-felt.ts';
import { ownConsumeRows, ownNotes } from './consume-own.ts';
import { type ConsumeColumn, type ConsumeRow, consumeCellPlan, consumeColumns, consumeRows } from './consume-plan.ts';
import { consumeCellHarms, consumeClaimFor } from './consume-truth.ts';
import type { CellTruth, MatrixRow } from './result.ts';
import type { Cell, OwnSettings, Table } from './table.ts';

/** The table; rows of the user's own come last. */
export function consumeTable({ kafka, own }: { readonly kafka: KafkaVersion; readonly own: OwnSettings | null }): Table {
  const mine = own === null ? [] : ownConsumeRows(own, kafka);
  const cell = (row: ConsumeRow, shown: MatrixRow, column: ConsumeColumn | null): Cell => ({
    id: row.id + (column?.letter ?? ''),
    row: shown,
    column,
    applicable: true,
    truth: truthOf(row.id, column?.letter ?? ''),
    plans: () => (column?.placements ?? [[]]).map((_, placement) => consumeCellPlan(row, column, placement, kafka)),
    bit: wasFelt,
  });
  const cells = consumeRows.flatMap((row) => {
    const shown = shownRow(row);
    return [...consumeColumns, null].map((column) => cell(row, shown, column));
  });
  return {
    name: 'consume',
    rows: [...consumeRows.map(shownRow), ...mine.map(({ row }) => row)],
    columns: consumeColumns.map(({ letter, name, title }) => ({ letter, name, title })),
    cells: [...cells, ...mine.flatMap((row) => row.cells)],
    workload: workloadOf(kafka),
    notes: own === null ? [] : ownNotes(own, kafka),
  };
}

function shownRow(row: ConsumeRow): MatrixRow {
  const { id, label, commit, where, sink } = row;
  const settings: Record<string, string> = {};
  if (commit !== 'auto') {
    settings['consumer.enable.auto.commit'] = 'false';
    settings['application.commit'] = commit;
  }
  if (where !== 'poll-loop') settings['application.handler'] = where;
  if (sink !== 'plain') settings['application.sink'] = sink;
  return { id, label, settings, isDefault: Object.keys(settings).length === 0 };
}

function truthOf(row: string, column: string): CellTruth {
  return Object.fromEntries(
    consumeCellHarms.map((harm) => [harm, consumeClaimFor(row, column, harm) === null ? 'impossible' : 'possible']),
  );
}

/** The workload in numbers, read from the plans themselves. */
function workloadOf(kafka: KafkaVersion): Readonly<Record<string, number | string>> {
  const [inLoop, inWorkers] = (['poll-loop', 'workers'] as const).map((where) => {
    const row = consumeRows.find((candidate) => candidate.where === where)!;
    return consumeCellPlan(row, null, 0, kafka);
  });
  const group = inLoop!.groups![0]!;
  const { burst, everyUs } = inLoop!.producers[0]!.send;
  const takes = ({ groups }: typeof inLoop & object): string => {
    const { baseUs, jitterUs } = groups![0]!.handler.takes;
    return `${baseUs / 1000}-${(baseUs + jitterUs) / 1000}`;
  };
  const config: RawSettings = group.config;
  return {
    client: 'java',
    protocol: 'classic',
    brokers: inLoop!.brokers,
    members: group.memberStartsUs.length,
    partitions: inLoop!.topics[0]!.partitions,
    recordsPerSecond: (burst * 1_000_000) / everyUs,
    handlerMs: takes(inLoop!),
    workersMs: takes(inWorkers!),
    sessionTimeoutSeconds: Number(config['session.timeout.ms'] ?? 45_000) / 1000,
    flushMessages: Number(inLoop!.topics[0]!.config['flush.messages']),
  };
}
