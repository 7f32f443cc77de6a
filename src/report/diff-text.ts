/**
 * Where two runs part: the lines of their traces that are the same, the first that is not, and the first turn after it that people can read
 * more of. Two runs with the same dice are the same until what is different between them matters for the first time.
 */
import { harms } from '../oracle/verdict.ts';
import { say } from './messages/catalogue.ts';
import type { NoteRow } from './note-row.ts';
import { thousands } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import type { RunResult } from './run-result.ts';
import { columnsFor, isTurn, type TraceNames, traceText } from './trace-text.ts';
import { wrapText } from './wrap.ts';

/** A run to compare: its name as the user gave it, its full trace, and what came of it. */
export interface Compared extends TraceNames {
  readonly name: string;
  readonly trace: readonly NoteRow[];
  readonly result: RunResult;
}

/** Where two traces part. */
export interface Parting {
  /** How many lines are the same. */
  readonly same: number;
  /** The first lines that differ; null where a trace has ended. */
  readonly lines: readonly [NoteRow | null, NoteRow | null];
  /** The first turns that differ, from there on. */
  readonly turns: readonly [NoteRow | null, NoteRow | null];
}

/** Finds where two runs part; null when they never do. */
export function partingOf(a: Compared, b: Compared): Parting | null {
  const same = commonLength(a.trace, b.trace, (x, y) => x.event === y.event && x.atUs === y.atUs && saysSame(a, x, b, y));
  const lines = [a.trace[same] ?? null, b.trace[same] ?? null] as const;
  if (lines[0] === null && lines[1] === null) return null;
  const [later, other] = [a.trace.slice(same).filter(isTurn), b.trace.slice(same).filter(isTurn)];
  // Every number of an event is another one from here on, and every time may be: a turn differs in what it says.
  const turn = commonLength(later, other, (x, y) => saysSame(a, x, b, y));
  return { same, lines, turns: [later[turn] ?? null, other[turn] ?? null] };
}

/** How many entries two lists have in common at their beginning. */
function commonLength(left: readonly NoteRow[], right: readonly NoteRow[], isSame: (x: NoteRow, y: NoteRow) => boolean): number {
  const length = Math.min(left.length, right.length);
  let i = 0;
  while (i < length && isSame(left[i]!, right[i]!)) i++;
  return i;
}

function saysSame(a: Compared, x: NoteRow, b: Compared, y: NoteRow): boolean {
  if (a.hosts[x.host] !== b.hosts[y.host] || x.code !== y.code) return false;
  return x.a === y.a && x.b === y.b && x.c === y.c && x.d === y.d;
}

const width = 80;
/** How many of the last common turns are shown. */
const shared = 3;

/** Two runs, and where they part. They are called A and B. */
export function diffText(a: Compared, b: Compared, parting: Parting | null, paint: Paint = plain): string {
  const lines: string[] = [];
  const label = (name: string): string => ` ${paint.strong(name)}  `;
  const add = (text: string): void => {
    lines.push(...wrapText(text, width - 1).map((line) => ` ${line}`));
  };
  for (const [name, run] of [['A', a] as const, ['B', b] as const]) {
    const [first = '', ...rest] = wrapText(run.name, width - 4);
    lines.push(label(name) + first, ...rest.map((line) => `    ${line}`));
  }
  lines.push('');
  if (parting === null) {
    add(say('diff', 'same', { lines: a.trace.length, hash: a.result.traceHash }));
    return `${lines.join('\n')}\n`;
  }
  const { same } = parting;
  add(same === 0 ? say('diff', 'at-once', {}) : say('diff', 'same-for', { lines: same }));
  lines.push('');
  const common = a.trace.slice(0, same).filter(isTurn).slice(-shared);
  const columns = columnsFor([...common, ...parting.lines, ...parting.turns], [a, b]);
  for (const row of common) lines.push(paint.faint(`    ${traceText([row], a, plain, columns).trimEnd()}`));
  if (common.length > 0) lines.push('');
  const both = ([first, second]: Parting['lines']): void => {
    for (const [name, run, row] of [['A', a, first] as const, ['B', b, second] as const]) {
      lines.push(label(name) + (row === null ? say('diff', 'ended', {}) : traceText([row], run, plain, columns).trimEnd()));
    }
  };
  both(parting.lines);
  const isTold = parting.turns.every((turn, i) => turn === parting.lines[i]);
  if (!isTold && parting.turns.some((turn) => turn !== null)) {
    lines.push('');
    add(say('diff', 'first-turn', {}));
    lines.push('');
    both(parting.turns);
  }
  lines.push('');
  for (const [name, { result }] of [['A', a] as const, ['B', b] as const]) {
    const seen = harms.filter((harm) => result.counts[harm] > 0);
    const happened = seen.map((harm) => `${say('harms', harm, {})} ${thousands(result.counts[harm])}`);
    const what = happened.length === 0 ? say('run', 'nothing-happened', {}) : happened.join(say('punctuation', 'list', {}));
    lines.push(label(name) + (happened.length === 0 ? paint.good(what) : paint.harm(what)));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
