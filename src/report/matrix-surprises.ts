/**
 * Up to three sentences on what surprises in a table of the matrix. Each is looked for in the cells and said only where they show it, with
 * their counts; a column or row is found by its stable name and its settings.
 */
import type { CellHarm, MatrixCell, MatrixRow, TableName, TableResult } from '../scenario/matrix/result.ts';
import { say, sayWord } from './messages/catalogue.ts';

type Look = (table: TableResult) => string | null;

/** The sentences of a table, the most surprising first. */
export function surprises(table: TableResult): string[] {
  const found = looks[table.name].map((look) => look(table));
  return found.filter((sentence) => sentence !== null).slice(0, 3);
}

const looks: Readonly<Record<TableName, readonly Look[]>> = {
  publish: [defaultLoses, plannedMoveLoses, retriesDuplicate, minIsrRefuses],
  consume: [handedOverMisses, flushedRepeats, everyRecordRepeats, throwingMisses],
};

/** The setting of a row, by its dotted name without scope; rows list only what differs from the default. */
function setting(row: MatrixRow, name: string): string | undefined {
  return Object.entries(row.settings).find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
}

function isOwn({ label }: MatrixRow): boolean {
  return 'files' in label;
}

function cellAt(table: TableResult, row: MatrixRow | undefined, columnName: string): MatrixCell | undefined {
  const column = table.columns.find((candidate) => candidate.name === columnName);
  if (row === undefined || column === undefined) return undefined;
  return table.cells.find((cell) => cell.row === row.id && cell.column === column.name && cell.applicable && cell.bit > 0);
}

function byCount(harm: CellHarm): (a: MatrixCell, b: MatrixCell) => number {
  return (a, b) => b.verdicts[harm] / b.bit - a.verdicts[harm] / a.bit;
}

/** The setting that everybody trusts still loses. */
function defaultLoses(table: TableResult): string | null {
  const row = table.rows.find((candidate) => candidate.isDefault);
  const losing = table.cells.filter((cell) => cell.row === row?.id && cell.verdicts.lost > 0);
  const worst = losing.toSorted(byCount('lost'))[0];
  if (worst === undefined) return null;
  const columns = list(losing.map((cell) => titleOf(table, cell)));
  return say('surprises', 'default-loses', { columns, count: worst.verdicts.lost, n: worst.bit });
}

/** Loss without any failure. */
function plannedMoveLoses(table: TableResult): string | null {
  const rows = table.rows.filter((row) => setting(row, 'acks') === '1');
  const cells = rows.map((row) => cellAt(table, row, 'leader-moved')).filter((cell) => cell !== undefined);
  const worst = cells.filter((cell) => cell.verdicts.lost > 0).toSorted(byCount('lost'))[0];
  return worst === undefined
    ? null
    : say('surprises', 'planned-move-loses', { acks: '1', count: worst.verdicts.lost, n: worst.bit });
}

/** The cure that harms: retries without idempotence. */
function retriesDuplicate(table: TableResult): string | null {
  const off = table.rows.filter((row) => setting(row, 'enable.idempotence') === 'false');
  const standard = table.rows.find((row) => row.isDefault);
  const cells = off.map((row) => cellAt(table, row, 'ack-lost')).filter((cell) => cell !== undefined);
  const worst = cells.filter((cell) => cell.verdicts.duplicated > 0).toSorted(byCount('duplicated'))[0];
  const cured = cellAt(table, standard, 'ack-lost');
  if (worst === undefined || cured === undefined || cured.verdicts.duplicated > 0) return null;
  return say('surprises', 'retries-duplicate', { count: worst.verdicts.duplicated, n: worst.bit });
}

/** min.insync.replicas=2 refuses writes, and is no cure for the last in-sync replica's power loss. */
function minIsrRefuses(table: TableResult): string | null {
  const row = table.rows.find((candidate) => setting(candidate, 'min.insync.replicas') === '2' && !isOwn(candidate));
  const cells = table.cells.filter((cell) => cell.row === row?.id && cell.verdicts.unavailable > 0 && cell.verdicts.lost > 0);
  const worst = cells.toSorted(byCount('lost'))[0];
  if (worst === undefined) return null;
  return say('surprises', 'min-isr-refuses', { count: worst.verdicts.lost, n: worst.bit, column: titleOf(table, worst) });
}

/** The default misses records as soon as the handler is elsewhere. */
function handedOverMisses(table: TableResult): string | null {
  const auto = table.rows.filter((row) => setting(row, 'application.commit') === undefined && !isOwn(row));
  const [inLoop, inWorkers] = [undefined, 'workers'].map((where) => {
    const row = auto.find((candidate) => setting(candidate, 'application.handler') === where);
    return cellAt(table, row, 'member-crash');
  });
  if (inLoop === undefined || inWorkers === undefined) return null;
  if (inLoop.verdicts.missed > 0 || inWorkers.verdicts.missed === 0) return null;
  return say('surprises', 'handed-over-misses', { count: inWorkers.verdicts.missed, n: inWorkers.bit });
}

/** Data that is flushed is kept, and done again: the offsets are not flushed. */
function flushedRepeats(table: TableResult): string | null {
  const cells = table.cells.filter((cell) => cell.column === 'all-power-loss' && cell.bit > 0 && !isOwnCell(table, cell));
  const repeating = cells.filter((cell) => cell.verdicts.appliedTwice > 0).toSorted(byCount('appliedTwice'));
  const worst = repeating[0];
  if (worst === undefined || cells.some((cell) => cell.verdicts.lost > 0)) return null;
  const rows = list(cells.filter((cell) => repeating.includes(cell)).map(({ row }) => row));
  return say('surprises', 'flushed-repeats', { rows, count: worst.verdicts.appliedTwice, n: worst.bit });
}

/** The commit that everybody thinks exact; and what makes it so. */
function everyRecordRepeats(table: TableResult): string | null {
  const rows = table.rows.filter((row) => setting(row, 'application.commit') === 'after-record');
  const [plain, keyed] = [undefined, 'unique-key'].map((sink) =>
    cellAt(
      table,
      rows.find((row) => setting(row, 'application.sink') === sink),
      'member-crash',
    ),
  );
  if (plain === undefined || keyed === undefined) return null;
  if (plain.verdicts.appliedTwice === 0 || keyed.verdicts.appliedTwice > 0) return null;
  return say('surprises', 'every-record-repeats', { count: plain.verdicts.appliedTwice, n: plain.bit, none: keyed.bit });
}

/** No way of committing helps a record that was thrown away. */
function throwingMisses(table: TableResult): string | null {
  const cells = table.cells.filter((cell) => cell.column === 'handler-throws' && cell.bit > 0 && !isOwnCell(table, cell));
  const least = cells.toSorted(byCount('missed')).at(-1);
  if (least === undefined || least.verdicts.missed === 0) return null;
  return say('surprises', 'throwing-misses', { rows: cells.length, count: least.verdicts.missed, n: least.bit });
}

function isOwnCell({ rows }: TableResult, cell: MatrixCell): boolean {
  return rows.some((row) => row.id === cell.row && isOwn(row));
}

/** `e (ISR→1, power)`. */
function titleOf(table: TableResult, cell: MatrixCell): string {
  const column = table.columns.find((candidate) => candidate.name === cell.column);
  return column === undefined ? cell.column : `${column.letter} (${column.title.map(sayWord).join(' ').trim()})`;
}

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  const most = words.slice(0, -1).join(say('punctuation', 'list', {}));
  return say('punctuation', 'list-end', { most, last: words.at(-1) ?? '' });
}
