/** A matrix result with invented numbers, for tests of renderers: `L 122` in a cell becomes counts. Nothing here is simulated. */
import {
  type CellHarm,
  eachHarm,
  harmsOf,
  isAnomaly,
  type MatrixCell,
  type MatrixColumn,
  type MatrixResult,
  type MatrixRow,
  type TableName,
  type TableResult,
} from '../../src/scenario/matrix/result.ts';

const byLetter: Readonly<Record<string, CellHarm>> = {
  L: 'lost',
  S: 'swallowed',
  M: 'missed',
  D: 'duplicated',
  r: 'reprocessed',
  R: 'appliedTwice',
  O: 'reordered',
  P: 'phantom',
  G: 'dirtyRead',
  X: 'diverged',
  Z: 'stuck',
  u: 'unavailable',
};

const columns: readonly MatrixColumn[] = [
  { letter: 'a', name: 'leader-crash', title: ['leader', 'crash'] },
  { letter: 'b', name: 'leader-power-loss', title: ['leader', 'power'] },
  { letter: 'c', name: 'zombie-leader', title: ['leader', 'zombie'] },
  { letter: 'd', name: 'isr-shrunk-crash', title: ['ISR→1,', 'crash'] },
  { letter: 'e', name: 'isr-shrunk-power-loss', title: ['ISR→1,', 'power'] },
  { letter: 'f', name: 'ack-lost', title: ['ack', 'lost'] },
  { letter: 'g', name: 'leader-moved', title: ['leader', 'moved'] },
  { letter: 'h', name: 'all-power-loss', title: ['all', 'power'] },
];

type Line = readonly [row: MatrixRow, cells: string];

const lines: readonly Line[] = [
  [row('P1', ['0', 'any', 'off'], { 'producer.acks': '0' }), 'L200|L200|L200|L200|L200|L62|L76|L200'],
  [row('P2', ['1', '0', 'off'], { 'producer.acks': '1', 'producer.retries': '0' }), 'Lu122|Lu122|L200|u200|Lu176|u200|Lu44|L200'],
  [
    row('P3', ['1', 'max', 'off'], { 'producer.acks': '1', 'producer.enable.idempotence': 'false' }),
    'LDO148|LDO148|LD200|D18|LSDO176|DO166|L44|LDO200',
  ],
  [row('P6', ['all', 'max', 'on'], {}, true), '.|.|.|.|L176|.|.|L200'],
  [
    { id: 'P7', label: { change: 'min ISR 2' }, settings: { 'topic.min.insync.replicas': '2' }, isDefault: false },
    '.|.|.|u200|Lu120|.|.|L200',
  ],
  [
    { id: 'P8', label: { change: 'RF 1' }, settings: { 'topic.replication.factor': '1' }, isDefault: false },
    '.|L194|?|-|-|.|-|LSDOPGXZu194',
  ],
  [
    { id: 'PY', label: { files: 3 }, settings: { 'producer.acks': '1' }, isDefault: false },
    'LDO148|LDO148|LD200|D18|LD176|DO166|L44|L200',
  ],
];

function row(
  id: string,
  [acks, retries, idempotence]: readonly [string, string, string],
  settings: Record<string, string>,
  isDefault = false,
): MatrixRow {
  return { id, label: { acks, retries, idempotence }, settings, isDefault };
}

const consumeColumns: readonly MatrixColumn[] = [
  { letter: 'a', name: 'member-crash', title: ['member', 'crash'] },
  { letter: 'b', name: 'member-paused', title: ['paused', '>sess.'] },
  { letter: 'c', name: 'handler-past-poll-interval', title: ['handler', '>poll'] },
  { letter: 'd', name: 'member-joins', title: ['member', 'joins'] },
  { letter: 'e', name: 'handler-throws', title: ['handler', 'throws'] },
  { letter: 'f', name: 'all-power-loss', title: ['all', 'power'] },
];

const consumeLines: readonly Line[] = [
  [
    { id: 'C1', label: { commit: 'auto', handler: 'in the poll loop' }, settings: {}, isDefault: true },
    'Rr122|R200|R200|r40|M200|R120',
  ],
  [
    {
      id: 'C2',
      label: { commit: 'auto', handler: 'handed to workers' },
      settings: { 'application.handler': 'workers' },
      isDefault: false,
    },
    'MR200|RO200|.|O70|M200|R120',
  ],
  [
    {
      id: 'C5',
      label: { commit: 'after', handler: 'every record' },
      settings: { 'application.commit': 'after-record' },
      isDefault: false,
    },
    'R38|R200|R200|.|M200|R120',
  ],
  [
    {
      id: 'C6',
      label: { commit: 'after', handler: '+ unique key in sink' },
      settings: { 'application.commit': 'after-record', 'application.sink': 'unique-key' },
      isDefault: false,
    },
    'r38|.|.|.|M190|.',
  ],
  [
    {
      id: 'CY',
      label: { files: 1, handler: 'every batch' },
      settings: { 'consumer.enable.auto.commit': 'false' },
      isDefault: false,
    },
    'R122|?|-|.|M200|R120',
  ],
];

const none = eachHarm(() => 0);

function cell(table: TableName, of: MatrixRow, column: MatrixColumn, text: string): MatrixCell {
  const common = { id: of.id + column.letter, row: of.id, column: column.name, runs: 200 };
  const ruled = (harmsOf[table] as readonly CellHarm[]).filter((harm) => harm !== 'reprocessed' && !('files' in of.label));
  const truth: MatrixCell['truth'] = Object.fromEntries(
    ruled.map((harm) => [harm, text.includes('!') ? 'impossible' : 'possible']),
  );
  if (text === '-')
    return {
      ...common,
      runs: 0,
      applicable: false,
      bit: 0,
      harmed: 0,
      verdicts: none,
      medianRecords: none,
      truth,
      witnessSeed: null,
    };
  if (text === '?')
    return { ...common, applicable: true, bit: 7, harmed: 0, verdicts: none, medianRecords: none, truth, witnessSeed: null };
  const seen = [...text].map((letter) => byLetter[letter]).filter((harm) => harm !== undefined);
  const count = Number(/\d+/.exec(text)?.[0] ?? 0);
  const verdicts = { ...none, ...Object.fromEntries(seen.map((harm) => [harm, count])) };
  const medianRecords = { ...none, ...Object.fromEntries(seen.map((harm) => [harm, 3])) };
  const harmed = seen.some(isAnomaly) ? count : 0;
  return {
    ...common,
    applicable: true,
    bit: 200,
    harmed,
    verdicts,
    medianRecords,
    truth,
    witnessSeed: seen.some((harm) => harm !== 'reprocessed') ? '17' : null,
  };
}

const refused: MatrixRow = {
  id: 'R1',
  label: { acks: '0', retries: 'max', idempotence: 'on' },
  settings: { 'producer.enable.idempotence': 'true', 'producer.acks': '0' },
  isDefault: false,
  refused: 'idempotence-needs-acks-all',
};

/** `change` replaces single cells by id: `{ P6a: 'L3!' }` is a loss that the truth table rules out. */
export function fixture(change: Readonly<Record<string, string>> = {}): MatrixResult {
  const cellsOf = (table: TableName, of: readonly Line[], under: readonly MatrixColumn[]): MatrixCell[] =>
    of.flatMap(([row, texts]) => {
      const parts = texts.split('|');
      return under.map((column, i) => cell(table, row, column, change[row.id + column.letter] ?? parts[i] ?? '.'));
    });
  const publish: TableResult = {
    name: 'publish',
    rows: [...lines.map(([of]) => of), refused],
    columns,
    cells: cellsOf('publish', lines, columns),
    notes: [],
    control: { runs: 1400, harmed: 0 },
    workload: {
      client: 'java',
      brokers: 3,
      replicationFactor: 3,
      recordsPerSecond: 1000,
      outageSeconds: 20,
      shrinkingLagSeconds: 10,
      shrunkSeconds: 60,
      refusedSeconds: 122,
    },
  };
  const consume: TableResult = {
    name: 'consume',
    rows: consumeLines.map(([of]) => of),
    columns: consumeColumns,
    cells: cellsOf('consume', consumeLines, consumeColumns),
    notes: [{ code: 'own-after-batch', values: { rows: 'CY', like: 'C4' } }],
    control: { runs: 1000, harmed: 0 },
    workload: { client: 'java', protocol: 'classic', members: 2, recordsPerSecond: 50, handlerMs: '5-15' },
  };
  return { schema: 1, engine: '0.1.0', kafka: '3.9', seeds: 200, tables: [publish, consume] };
}
