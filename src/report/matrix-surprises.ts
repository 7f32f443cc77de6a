/**
 * Up to three sentences on what surprises in a matrix. Each is looked for in the cells and said only where they show it, with their
 * counts; a column or row is found by its stable name and its settings.
 */
import type { MatrixCell, MatrixResult, MatrixRow } from '../scenario/matrix/result.ts';
import { ownRow } from './matrix-cell.ts';
import { say, sayWord } from './messages/catalogue.ts';

/** The sentences, the most surprising first. */
export function surprises(result: MatrixResult): string[] {
  const found = [defaultLoses, plannedMoveLoses, retriesDuplicate, minIsrRefuses].map((look) => look(result));
  return found.filter((sentence) => sentence !== null).slice(0, 3);
}

/** The setting of a row, by its dotted name without scope; rows list only what differs from the default. */
function setting(row: MatrixRow, name: string): string | undefined {
  return Object.entries(row.settings).find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
}

function cellAt(result: MatrixResult, row: MatrixRow | undefined, columnName: string): MatrixCell | undefined {
  const column = result.columns.find((candidate) => candidate.name === columnName);
  if (row === undefined || column === undefined) return undefined;
  return result.cells.find((cell) => cell.row === row.id && cell.column === column.name && cell.applicable && cell.bit > 0);
}

function byCount(harm: 'lost' | 'duplicated'): (a: MatrixCell, b: MatrixCell) => number {
  return (a, b) => b.verdicts[harm] / b.bit - a.verdicts[harm] / a.bit;
}

/** The setting that everybody trusts still loses. */
function defaultLoses(result: MatrixResult): string | null {
  const row = result.rows.find((candidate) => candidate.isDefault);
  const losing = result.cells.filter((cell) => cell.row === row?.id && cell.verdicts.lost > 0);
  const worst = losing.toSorted(byCount('lost'))[0];
  if (worst === undefined) return null;
  const columns = list(losing.map((cell) => titleOf(result, cell)));
  return say('surprises', 'default-loses', { columns, count: worst.verdicts.lost, n: worst.bit });
}

/** Loss without any failure. */
function plannedMoveLoses(result: MatrixResult): string | null {
  const rows = result.rows.filter((row) => setting(row, 'acks') === '1');
  const cells = rows.map((row) => cellAt(result, row, 'leader-moved')).filter((cell) => cell !== undefined);
  const worst = cells.filter((cell) => cell.verdicts.lost > 0).toSorted(byCount('lost'))[0];
  return worst === undefined
    ? null
    : say('surprises', 'planned-move-loses', { acks: '1', count: worst.verdicts.lost, n: worst.bit });
}

/** The cure that harms: retries without idempotence. */
function retriesDuplicate(result: MatrixResult): string | null {
  const off = result.rows.filter((row) => setting(row, 'enable.idempotence') === 'false');
  const standard = result.rows.find((row) => row.isDefault);
  const cells = off.map((row) => cellAt(result, row, 'ack-lost')).filter((cell) => cell !== undefined);
  const worst = cells.filter((cell) => cell.verdicts.duplicated > 0).toSorted(byCount('duplicated'))[0];
  const cured = cellAt(result, standard, 'ack-lost');
  if (worst === undefined || cured === undefined || cured.verdicts.duplicated > 0) return null;
  return say('surprises', 'retries-duplicate', { count: worst.verdicts.duplicated, n: worst.bit });
}

/** min.insync.replicas=2 refuses writes, and is no cure for the last in-sync replica's power loss. */
function minIsrRefuses(result: MatrixResult): string | null {
  const row = result.rows.find((candidate) => setting(candidate, 'min.insync.replicas') === '2' && candidate.id !== ownRow);
  const cells = result.cells.filter((cell) => cell.row === row?.id && cell.verdicts.unavailable > 0 && cell.verdicts.lost > 0);
  const worst = cells.toSorted(byCount('lost'))[0];
  if (worst === undefined) return null;
  return say('surprises', 'min-isr-refuses', { count: worst.verdicts.lost, n: worst.bit, column: titleOf(result, worst) });
}

/** `e (ISR→1, power)`. */
function titleOf(result: MatrixResult, cell: MatrixCell): string {
  const column = result.columns.find((candidate) => candidate.name === cell.column);
  return column === undefined ? cell.column : `${column.letter} (${column.title.map(sayWord).join(' ').trim()})`;
}

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  const most = words.slice(0, -1).join(say('punctuation', 'list', {}));
  return say('punctuation', 'list-end', { most, last: words.at(-1) ?? '' });
}
