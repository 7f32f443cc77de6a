/**
 * Histories of operations, as clients of a Kafka-like system see them: drawn steps are carried out against logs in memory, one a key, so
 * that a history is sound by itself, and what is wrong in it is there because a step was told to be.
 */
import * as fc from 'fast-check';
import type { Operation, OperationType, Poll, PolledRecord, Send } from '../../history/operations.ts';
import type { Range } from './bounds.ts';

/** What a step may do wrong; each is what the name says of its record. */
export const wrongs = ['lose', 'duplicate', 'skip', 'rewind', 'invent', 'move'] as const;
export type Wrong = (typeof wrongs)[number];

/** How large histories get, and what may be wrong with them. */
export interface HistoryBounds {
  /** Operations, each an invocation and its completion. @defaultValue 0 to 40 */
  readonly operations?: Range;
  /** @defaultValue 3 */
  readonly processes?: number;
  /** @defaultValue 2 */
  readonly keys?: number;
  /**
   * What steps may do wrong: an acknowledged record is not there (`lose`) or there twice (`duplicate`), a poll leaves one out
   * (`skip`), goes back (`rewind`), returns what nobody sent (`invent`) or at another offset (`move`). @defaultValue nothing
   */
  readonly wrong?: readonly Wrong[];
}

interface RawStep {
  readonly f: 'send' | 'poll' | 'txn' | 'assign' | 'subscribe';
  readonly process: number;
  readonly keys: readonly number[];
  readonly outcome: Exclude<OperationType, 'invoke'>;
  /** Of a send that nobody knows about: whether it was written. */
  readonly written: boolean;
  /** Of a send: whether the client is told the offset. */
  readonly told: boolean;
  /** How many records a poll returns at most. */
  readonly most: number;
  readonly wrong: Wrong | null;
}

/** Histories in which nothing is wrong but what `wrong` allows. They shrink to fewer operations with fewer wrongs. */
export function histories({
  operations = { min: 0, max: 40 },
  processes = 3,
  keys = 2,
  wrong = [],
}: HistoryBounds = {}): fc.Arbitrary<readonly Operation[]> {
  const step: fc.Arbitrary<RawStep> = fc.record({
    f: fc.constantFrom('send', 'poll', 'send', 'poll', 'txn', 'assign', 'subscribe'),
    process: fc.nat({ max: processes - 1 }),
    keys: fc.array(fc.nat({ max: keys - 1 }), { minLength: 1, maxLength: 3 }),
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'fail', 'info'),
    written: fc.boolean(),
    told: fc.boolean(),
    most: fc.integer({ min: 1, max: 4 }),
    wrong: wrong.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...wrong), { freq: 3 }),
  });
  return fc
    .array(step, { minLength: operations.min, maxLength: operations.max })
    .map((steps) => new Carrying().carriedOut(steps));
}

/** Logs in memory, and who has read how far. */
class Carrying {
  private readonly logs = new Map<string, number[]>();
  private readonly positions = new Map<string, number>();
  private values = 0;

  carriedOut(steps: readonly RawStep[]): Operation[] {
    return steps.flatMap((step, i): Operation[] => {
      const { process, f, outcome } = step;
      const keys = f === 'assign' || f === 'subscribe' ? [...new Set(step.keys.map(keyName))] : [];
      const actions = keys.length > 0 ? [] : step.keys.map((key, at) => this.action(step, keyName(key), at));
      const base = { process: String(process), f, keys, rebalanced: [], timeNs: null };
      if (keys.length > 0) this.assigned(process, keys);
      return [
        { ...base, index: 2 * i, type: 'invoke', actions: actions.map(asked) },
        { ...base, index: 2 * i + 1, type: outcome, actions: outcome === 'ok' ? actions : actions.map(asked) },
      ];
    });
  }

  /** Who no longer reads a key begins anew when it comes back to it; in what it keeps it goes on. */
  private assigned(process: number, keys: readonly string[]): void {
    for (const own of [...this.positions.keys()]) {
      const [reader, key = ''] = own.split(' ');
      if (reader === String(process) && !keys.includes(key)) this.positions.delete(own);
    }
  }

  private action(step: RawStep, key: string, at: number): Send | Poll {
    // A transaction reads first: what it sends itself it cannot have read as committed.
    const sends = step.f === 'send' || (step.f === 'txn' && 2 * at >= step.keys.length);
    return sends ? this.sent(step, key) : this.polled(step, key);
  }

  private sent({ outcome, written, told, wrong }: RawStep, key: string): Send {
    const value = ++this.values;
    const log = this.logs.get(key) ?? [];
    this.logs.set(key, log);
    const offset = log.length;
    const kept = outcome === 'ok' || (outcome === 'info' && written);
    // What is lost leaves its place empty, as it was told to somebody.
    if (kept) log.push(wrong === 'lose' ? missing : value);
    if (kept && wrong === 'duplicate') log.push(value);
    return { kind: 'send', key, value, offset: told ? offset : null };
  }

  private polled({ process, outcome, most, wrong }: RawStep, key: string): Poll {
    const log = this.logs.get(key) ?? [];
    const own = `${process} ${key}`;
    let from = this.positions.get(own) ?? 0;
    if (wrong === 'skip') from = Math.min(log.length, from + 1);
    if (wrong === 'rewind') from = Math.max(0, from - 1);
    const to = Math.min(log.length, from + most);
    // What a poll that did not end well returned nobody saw, and the consumer stays where it was.
    if (outcome === 'ok') this.positions.set(own, to);
    const records = Array.from(
      { length: to - from },
      (_, i): PolledRecord => ({ offset: from + i, value: log[from + i]! }),
    ).filter(({ value }) => value !== missing);
    const last = records.at(-1);
    if (wrong === 'invent') records.push({ offset: log.length + 1000, value: -++this.values });
    if (wrong === 'move' && last !== undefined) records[records.length - 1] = { ...last, offset: last.offset! + 1 };
    return { kind: 'poll', keys: [{ key, records }] };
  }
}

const missing = 0;

function keyName(key: number): string {
  return `k${key}`;
}

/** An action as it is before anybody knows what came of it. */
function asked(action: Send | Poll): Send | Poll {
  return action.kind === 'send' ? { ...action, offset: null } : { kind: 'poll', keys: [] };
}
